/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mail that did not go where its recipient's domain says: to a content filter,
 * a fallback relay, by one address's or sender's own route. A queue names no
 * next-hop, but most reasons name the server.
 */
#ifndef TLS_DETOUR_H
#define TLS_DETOUR_H

#include "tls/hops.h"
#include "tls/policy.h"
#include "tls/postfix.h"

/*
 * Where "NAME[ADDRESS]" stands in a reason of Postfix's own; NULL when it
 * names none.
 */
const char *detour_server(const char *reason);

/*
 * When the server, "NAME[ADDRESS]" and perhaps ":PORT", can't be one of the
 * policy's next-hop, the policy becomes that of the next-hop that names it,
 * or, when there is no such, is marked as lost. A note says so. *hops are
 * collected when they are needed.
 */
void detour_take(struct postfix *postfix, struct hops *hops, const char *server,
	struct policy *policy);

#endif
