/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a TLS level needs besides itself: CAs, a fingerprint, DNSSEC. */
#ifndef TLS_NEEDS_H
#define TLS_NEEDS_H

#include "tls/policy.h"
#include "tls/postfix.h"
#include "tls/sentences.h"

/*
 * Adds a sentence for what the client lacks, once. value: a level, and the
 * attributes behind it; where: who asks for it, a parameter or an entry.
 */
void needs_find(const struct postfix *postfix,
	const struct policy_client *client, const char *value,
	const char *where, struct sentences *warnings);

#endif
