/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters of one client that newer ones have taken the place of. */
#ifndef TLS_OBSOLETE_H
#define TLS_OBSOLETE_H

#include "tls/policy.h"
#include "tls/postfix.h"
#include "tls/sentences.h"

/* Adds a sentence for each one that is set, once, with what to set instead. */
void obsolete_find(const struct postfix *postfix,
	const struct policy_client *client, struct sentences *warnings);

#endif
