/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of what showq sends on its socket. */
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_reader(showq_socket_next, data, size);
	return 0;
}
