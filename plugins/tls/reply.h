/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a remote server's reply says about TLS. The remote server chooses each
 * word of it, so that only code, enhanced code and wording together count.
 */
#ifndef TLS_REPLY_H
#define TLS_REPLY_H

#include "tls/cause.h"

/* Judges what reply_in() found: a remote cause with its row, or CAUSE_OTHER. */
struct cause_match reply_judge(const char *reply);

#endif
