/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All next-hops that the configuration names, whoever's mail goes there: what
 * an entry of a policy table may be for.
 */
#ifndef TLS_HOPS_H
#define TLS_HOPS_H

#include <stdbool.h>
#include <stddef.h>

#include "tls/postfix.h"

struct hop {
	char *key;     /* owned: of its policy, "[relay.example]:587" */
	char *service; /* owned: who delivers, a TLS client of master.cf */
	bool lmtp;     /* the service runs lmtp(8), not smtp(8) */
	char *source;  /* owned: "content_filter", "transport_maps (MAP)" */
	char *user;    /* owned: the one address that is sent there, or NULL */
	bool routed;   /* mail of some domain or address is sent there; false:
	                  mail of any may be */
};

struct hops {
	struct hop *list; /* owned */
	size_t count;
	bool open; /* there may be others: a table that can't be read from its
	              start to its end */
	bool collected;
};

/*
 * Fills *hops, which is all zero at first; once is enough, so that who needs
 * them last does not read the tables anew.
 */
void hops_collect(const struct postfix *postfix, struct hops *hops);

/* Safe on one that is all zero, and twice. */
void hops_release(struct hops *hops);

#endif
