/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What trivial-rewrite/resolve.c, smtp/smtp_connect.c, local/mailbox.c and
 * qmgr/qmgr_message.c (content filters) may take a next-hop from. A table of
 * patterns, of a database or of another program may name any.
 */
#include "tls/hops.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tls/map_text.h"
#include "tls/next_hop.h"
#include "tls/policy.h"

/* More of them are not compared with. */
#define HOPS_LIMIT 1000

struct collection {
	const struct postfix *postfix;
	struct hops *hops;
};

enum place_kind {
	PLACE_SMTP,       /* next-hops of smtp(8) */
	PLACE_LMTP,       /* next-hops of lmtp(8) */
	PLACE_RELAY,      /* next-hops of what leaves the house */
	PLACE_TRANSPORT,  /* "transport:next-hop" */
	PLACE_ROUTES,     /* tables of that, by recipient */
	PLACE_BY_SENDER,  /* tables of that, by sender */
	PLACE_RELAY_MAPS, /* tables of next-hops, by sender */
};

static const struct place {
	const char *name;
	enum place_kind kind;
} places[] = {
	{ "relayhost", PLACE_RELAY },
	{ "local_transport", PLACE_TRANSPORT },
	{ "mailbox_transport", PLACE_TRANSPORT },
	{ "fallback_transport", PLACE_TRANSPORT },
	{ "virtual_transport", PLACE_TRANSPORT },
	{ "relay_transport", PLACE_TRANSPORT },
	{ "default_transport", PLACE_TRANSPORT },
	{ "content_filter", PLACE_TRANSPORT },
	{ "smtp_fallback_relay", PLACE_SMTP },
	{ "lmtp_fallback_relay", PLACE_LMTP },
	{ "transport_maps", PLACE_ROUTES },
	{ "mailbox_transport_maps", PLACE_BY_SENDER },
	{ "fallback_transport_maps", PLACE_BY_SENDER },
	{ "sender_dependent_relayhost_maps", PLACE_RELAY_MAPS },
	{ "sender_dependent_default_transport_maps", PLACE_BY_SENDER },
};

/* smtp/smtp_connect.c: the words of a list of next-hops. */
static void
add_list(struct hops *hops, bool lmtp, const char *list)
{
	struct sentences *known = lmtp ? &hops->lmtp : &hops->smtp;
	char *hop;

	while ((hop = postfix_word(&list)) != NULL) {
		if (known->count < HOPS_LIMIT)
			sentences_once(known, "%s", policy_key_first(hop));
		else
			hops->open = true;
		free(hop);
	}
}

static void
add_of_service(struct collection *collection, const char *service,
	const char *list)
{
	struct policy_client client;

	if (policy_client_of(collection->postfix, service, &client))
		add_list(collection->hops, client.lmtp, list);
}

/* By the services that deliver what leaves the house. */
static void
add_relayed(struct collection *collection, const char *list)
{
	static const char *const names[] = { "default_transport",
		"relay_transport" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char *service, *destination;

		next_hop_split(postfix_parameter(collection->postfix, names[i]),
			&service, &destination);
		add_of_service(collection, service, list);
		free(service);
		free(destination);
	}
}

/* Returns whether the recipient's domain (may be "") is the next-hop. */
static bool
add_transport(struct collection *collection, const char *value,
	const char *recipient)
{
	char *service, *destination;
	bool domain;

	next_hop_split(value, &service, &destination);
	domain = *service != '\0' && *destination == '\0';
	if (*service == '\0')
		add_relayed(collection, destination);
	else
		add_of_service(collection, service,
			domain ? recipient : destination);
	free(service);
	free(destination);
	return domain;
}

bool
hops_has_entries(const char *map)
{
	return postfix_map_index(map) != NULL ||
		strcmp(postfix_map_of(map).type, "texthash") == 0;
}

/*
 * resolve.c: "DUNNO" of a sender sends by the recipient's domain, as does a
 * transport alone. Of a domain's own route, next_hop_of() knows.
 */
static void
add_entry(struct collection *collection, enum place_kind kind, const char *key,
	const char *value)
{
	const char *at = strrchr(key, '@');
	struct hops *hops = collection->hops;

	if (kind == PLACE_ROUTES)
		add_transport(collection, value, at != NULL ? at + 1 : "");
	else if (kind == PLACE_RELAY_MAPS && strcasecmp(value, "DUNNO") != 0)
		add_relayed(collection, value);
	else if (kind == PLACE_RELAY_MAPS ||
		add_transport(collection, value, ""))
		hops->open = true;
}

static void
add_map(struct collection *collection, enum place_kind kind, const char *map)
{
	struct postfix_map parts = postfix_map_of(map);
	struct map_text text;
	struct error error;

	if (strcmp(parts.type, "static") == 0) {
		add_entry(collection, kind, "", parts.name);
		return;
	}
	if (!hops_has_entries(map) ||
		map_text_open(&text, parts.name, &error) < 0) {
		collection->hops->open = true;
		return;
	}
	while (map_text_next(&text) > 0)
		add_entry(collection, kind, text.key, text.value);
	map_text_release(&text);
}

static void
add_place(struct collection *collection, const struct place *place,
	const char *value)
{
	char *map;

	switch (place->kind) {
	case PLACE_SMTP:
	case PLACE_LMTP:
		add_list(collection->hops, place->kind == PLACE_LMTP, value);
		return;
	case PLACE_RELAY:
		add_relayed(collection, value);
		return;
	case PLACE_TRANSPORT:
		add_transport(collection, value, "");
		return;
	case PLACE_ROUTES:
	case PLACE_BY_SENDER:
	case PLACE_RELAY_MAPS:
		break;
	}
	while ((map = postfix_word(&value)) != NULL) {
		add_map(collection, place->kind, map);
		free(map);
	}
}

/* "smtp/inet/content_filter": of one service of master.cf. */
static void
add_override(struct collection *collection, const struct postfix_value *own)
{
	const char *name = strrchr(own->name, '/');

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (name != NULL && strcmp(name + 1, places[i].name) == 0)
			add_place(collection, &places[i], own->value);
}

void
hops_collect(const struct postfix *postfix, struct hops *hops)
{
	struct collection collection = { postfix, hops };

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		add_place(&collection, &places[i],
			postfix_parameter(postfix, places[i].name));
	for (size_t i = 0; i < postfix->overrides.count; i++)
		add_override(&collection, &postfix->overrides.list[i]);
}

void
hops_release(struct hops *hops)
{
	sentences_release(&hops->smtp);
	sentences_release(&hops->lmtp);
	hops->open = false;
}
