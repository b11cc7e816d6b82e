/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of smtpctl show queue. */
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_reader(opensmtpd_text_next, data, size);
	return 0;
}
