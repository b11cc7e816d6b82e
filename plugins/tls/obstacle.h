/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keeps one client from TLS although its levels and tables are right. */
#ifndef TLS_OBSTACLE_H
#define TLS_OBSTACLE_H

#include "tls/policy.h"
#include "tls/postfix.h"
#include "tls/sentences.h"

/* Adds a sentence for each one found, once. */
void obstacle_find(const struct postfix *postfix,
	const struct policy_client *client, struct sentences *warnings);

#endif
