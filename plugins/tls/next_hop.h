/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where Postfix sends mail for a domain, whoever wrote it: the service that
 * delivers, and the next-hop as it stands in the configuration, its [] and
 * :port included, because that is the key of the TLS policy.
 */
#ifndef TLS_NEXT_HOP_H
#define TLS_NEXT_HOP_H

#include <stdbool.h>

#include "error.h"
#include "tls/postfix.h"
#include "tls/sentences.h"

struct next_hop {
	char *transport;   /* owned: a service of master.cf, "smtp" */
	char *destination; /* owned: "example.com", "[relay.example]:587" */
	char *source;      /* owned: "relayhost", "transport_maps (MAP, key
	                      KEY)"; "" when it is the domain itself */
};

/*
 * Finds it as trivial-rewrite(8) does (trivial-rewrite/resolve.c), but for
 * what depends on the sender or on one address, and local(8) where it hands
 * its mail on (local/mailbox.c). The domain may be a [literal].
 * Returns 0, or -1 with *error: the domain can't be a domain, or the time is
 * up. Doubts are added to *notes.
 */
int next_hop_of(struct postfix *postfix, const char *domain,
	struct next_hop *next_hop, struct sentences *notes,
	struct error *error);

/* Safe on one that is all zero, and twice. */
void next_hop_release(struct next_hop *next_hop);

/*
 * The first of several, "[one]:25" of "[one]:25, two", which smtp(8) tries in
 * turn (smtp/smtp_connect.c); "" when there is none. The caller frees it.
 */
char *next_hop_first(const struct next_hop *next_hop);

/* Whether there are others behind the first. */
bool next_hop_has_others(const struct next_hop *next_hop);

/*
 * The key after this one in transport_maps: "a.example" after
 * "x.a.example" when parents match their subdomains, else ".a.example".
 * NULL at the end.
 */
const char *next_hop_parent(const char *key, bool parents_match);

/*
 * Splits "smtp:[relay.example]:587", the value of a transport parameter or
 * entry, at its first colon. Both parts may be "".
 */
void next_hop_split(const char *value, char **transport, char **destination);

#endif
