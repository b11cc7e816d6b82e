/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All next-hops that the configuration names, whoever's mail goes there: what
 * an entry of a policy table may be for.
 */
#ifndef TLS_HOPS_H
#define TLS_HOPS_H

#include <stdbool.h>

#include "tls/postfix.h"
#include "tls/sentences.h"

struct hops {
	struct sentences smtp, lmtp; /* keys of policies, by who delivers */
	bool open;                   /* there may be others: a table that can't
	                                be read from its start to its end */
};

/* Fills *hops, which is all zero. */
void hops_collect(const struct postfix *postfix, struct hops *hops);

/* Safe on one that is all zero, and twice. */
void hops_release(struct hops *hops);

/* Is there a text with a key at the start of each line? */
bool hops_has_entries(const char *map);

#endif
