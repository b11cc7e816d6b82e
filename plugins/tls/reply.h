/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a remote server's reply says about TLS. The remote server chooses each
 * word of it, so that only code, enhanced code and wording together count.
 */
#ifndef TLS_REPLY_H
#define TLS_REPLY_H

#include "tls/cause.h"

/*
 * The reply in a reason, from its code on, when the reason is one of those
 * in which the SMTP client reports a reply: "host H said: REPLY" or "host H
 * refused to talk to me: REPLY" (smtp/smtp_proto.c). NULL otherwise.
 */
const char *reply_in(const char *reason);

/* Judges such a reply: a remote cause with its row, or CAUSE_OTHER. */
struct cause_match reply_judge(const char *reply);

#endif
