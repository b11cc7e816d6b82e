/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The entries of policy tables, as far as their text can be read: which have
 * an error, lack what their level needs, or never apply.
 */
#ifndef TLS_ENTRIES_H
#define TLS_ENTRIES_H

#include <stdbool.h>

#include "deadline.h"
#include "tls/hops.h"
#include "tls/policy.h"
#include "tls/postfix.h"
#include "tls/sentences.h"

struct entries {
	struct postfix *postfix;    /* borrowed */
	struct sentences *warnings; /* borrowed */
	const struct hops *hops;    /* borrowed */
	struct sentences read;      /* tables that were looked at */
	bool blind;                 /* mail may go where nobody can tell */
	int routes;                 /* entries that may still be followed */
	struct deadline routes_until;
};

/*
 * Collects the next-hops, and borrows all three until entries_release(). The
 * tables of routes have been asked before: where one is broken, mail may go
 * anywhere.
 */
void entries_open(struct entries *entries, struct postfix *postfix,
	struct hops *hops, struct sentences *warnings);

/* Adds a sentence for each fault in a client's tables, the first time each. */
void entries_find(struct entries *entries, const struct policy_client *client);

void entries_release(struct entries *entries);

#endif
