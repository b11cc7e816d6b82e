/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keeps one client from TLS although its levels and tables are right. */
#ifndef TLS_OBSTACLE_H
#define TLS_OBSTACLE_H

#include "tls/policy.h"
#include "tls/postfix.h"
#include "tls/sentences.h"

/*
 * The client's list of words that it overlooks in a server's answer to EHLO or
 * LHLO, when it has starttls in it; else NULL. In *source the parameter's full
 * name, that the caller frees in both cases.
 */
const char *obstacle_hides_starttls(const struct postfix *postfix,
	const struct policy_client *client, char **source);

/* Adds a sentence for each one found, once. */
void obstacle_find(const struct postfix *postfix,
	const struct policy_client *client, struct sentences *warnings);

#endif
