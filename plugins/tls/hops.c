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
#include "tls/policy_entry.h"
#include "tls/postfix_map.h"

/* More of them are not compared with. */
#define HOPS_LIMIT 1000

struct collection {
	const struct postfix *postfix;
	struct hops *hops;
	const char *name; /* the parameter that is read */
	const char *map;  /* its table; NULL: none */
	const char *key;  /* and the key there */
	bool routed;      /* for the recipients of the key or of a class */
};

enum place_kind {
	PLACE_FALLBACK,   /* next-hops of one client */
	PLACE_RELAY,      /* next-hops of what leaves the house */
	PLACE_TRANSPORT,  /* "transport:next-hop" */
	PLACE_CLASS,      /* the same, of a class of domains */
	PLACE_ROUTES,     /* tables of that, by recipient */
	PLACE_BY_SENDER,  /* tables of that, by sender */
	PLACE_RELAY_MAPS, /* tables of next-hops, by sender */
};

static const struct place {
	const char *name;
	enum place_kind kind;
} places[] = {
	{ "relayhost", PLACE_RELAY },
	{ "local_transport", PLACE_CLASS },
	{ "mailbox_transport", PLACE_TRANSPORT },
	{ "fallback_transport", PLACE_TRANSPORT },
	{ "virtual_transport", PLACE_CLASS },
	{ "relay_transport", PLACE_CLASS },
	{ "default_transport", PLACE_CLASS },
	{ "content_filter", PLACE_TRANSPORT },
	{ "smtp_fallback_relay", PLACE_FALLBACK },
	{ "lmtp_fallback_relay", PLACE_FALLBACK },
	{ "transport_maps", PLACE_ROUTES },
	{ "mailbox_transport_maps", PLACE_BY_SENDER },
	{ "fallback_transport_maps", PLACE_BY_SENDER },
	{ "sender_dependent_relayhost_maps", PLACE_RELAY_MAPS },
	{ "sender_dependent_default_transport_maps", PLACE_BY_SENDER },
};

/* Whether nothing that is still read can change the hops. */
static bool
is_full(const struct hops *hops)
{
	return hops->count == HOPS_LIMIT && hops->open;
}

static bool
is_user(const struct collection *collection)
{
	return collection->routed && collection->map != NULL &&
		strchr(collection->key, '@') != NULL;
}

static bool
is_known(const struct collection *collection, const char *key,
	const char *service)
{
	const struct hops *hops = collection->hops;

	for (size_t i = 0; i < hops->count && !is_user(collection); i++)
		if (hops->list[i].routed == collection->routed &&
			strcmp(hops->list[i].key, key) == 0 &&
			strcmp(hops->list[i].service, service) == 0)
			return true;
	return false;
}

static void
add_hop(struct collection *collection, const struct policy_client *client,
	const char *key)
{
	const char *map = collection->map;
	struct hops *hops = collection->hops;

	if (is_known(collection, key, client->transport))
		return;
	if (hops->count == HOPS_LIMIT) {
		hops->open = true;
		return;
	}
	hops->list = xrealloc(hops->list, hops->count + 1, sizeof(*hops->list));
	hops->list[hops->count++] = (struct hop){
		.key = xstrdup(key),
		.service = xstrdup(client->transport),
		.lmtp = client->lmtp,
		.source = sentence_format("%s%s%s%s", collection->name,
			map != NULL ? " (" : "", map != NULL ? map : "",
			map != NULL ? ")" : ""),
		.user = is_user(collection) ? xstrdup(collection->key) : NULL,
		.routed = collection->routed,
	};
}

/* smtp/smtp_connect.c: the words of a list of next-hops. */
static void
add_list(struct collection *collection, const char *service, const char *list)
{
	struct policy_client client;
	char *hop;

	if (!policy_client_of(collection->postfix, service, &client))
		return;
	while ((hop = postfix_word(&list)) != NULL) {
		add_hop(collection, &client, policy_key_first(hop));
		free(hop);
	}
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
		add_list(collection, service, list);
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
		add_list(collection, service, domain ? recipient : destination);
	free(service);
	free(destination);
	return domain;
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

	collection->key = key;
	if (kind == PLACE_ROUTES)
		add_transport(collection, value, at != NULL ? at + 1 : "");
	else if (kind == PLACE_RELAY_MAPS && strcasecmp(value, "DUNNO") != 0)
		add_relayed(collection, value);
	else if (kind == PLACE_RELAY_MAPS ||
		add_transport(collection, value, ""))
		collection->hops->open = true;
}

static void
add_map(struct collection *collection, enum place_kind kind)
{
	struct postfix_map parts = postfix_map_of(collection->map);
	struct map_text text;
	struct error error;

	if (strcmp(parts.type, "static") == 0) {
		add_entry(collection, kind, "", parts.name);
		return;
	}
	if (!postfix_map_has_keys(collection->map) ||
		map_text_open(&text, parts.name, &error) < 0) {
		collection->hops->open = true;
		return;
	}
	while (!is_full(collection->hops) && map_text_next(&text) > 0) {
		if (deadline_passed(&collection->postfix->deadline)) {
			collection->hops->open = true;
			break;
		}
		add_entry(collection, kind, text.key, text.value);
	}
	map_text_release(&text);
}

static void
add_maps(struct collection *collection, enum place_kind kind, const char *maps)
{
	char *map;

	while ((map = postfix_word(&maps)) != NULL) {
		collection->map = map;
		add_map(collection, kind);
		free(map);
	}
	collection->map = NULL;
}

/* "smtp/unix/smtp_fallback_relay", or main.cf's for the service "smtp". */
static void
add_fallback(struct collection *collection, const char *list)
{
	char *service =
		xstrndup(collection->name, strcspn(collection->name, "/_"));

	add_list(collection, service, list);
	free(service);
}

static void
add_place(struct collection *collection, enum place_kind kind,
	const char *value)
{
	collection->routed = kind == PLACE_CLASS || kind == PLACE_ROUTES;
	switch (kind) {
	case PLACE_FALLBACK:
		add_fallback(collection, value);
		break;
	case PLACE_RELAY:
		add_relayed(collection, value);
		break;
	case PLACE_TRANSPORT:
	case PLACE_CLASS:
		add_transport(collection, value, "");
		break;
	case PLACE_ROUTES:
	case PLACE_BY_SENDER:
	case PLACE_RELAY_MAPS:
		add_maps(collection, kind, value);
		break;
	}
}

/* "smtp/inet/content_filter": of one service of master.cf. */
static void
add_override(struct collection *collection, const struct postfix_value *own)
{
	const char *name = strrchr(own->name, '/');

	collection->name = own->name;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (name != NULL && strcmp(name + 1, places[i].name) == 0)
			add_place(collection, places[i].kind, own->value);
}

void
hops_collect(const struct postfix *postfix, struct hops *hops)
{
	struct collection collection = { .postfix = postfix, .hops = hops };

	if (hops->collected)
		return;
	hops->collected = true;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		collection.name = places[i].name;
		add_place(&collection, places[i].kind,
			postfix_parameter(postfix, places[i].name));
	}
	for (size_t i = 0; i < postfix->overrides.count; i++)
		add_override(&collection, &postfix->overrides.list[i]);
}

void
hops_release(struct hops *hops)
{
	for (size_t i = 0; i < hops->count; i++) {
		free(hops->list[i].key);
		free(hops->list[i].service);
		free(hops->list[i].source);
		free(hops->list[i].user);
	}
	free(hops->list);
	*hops = (struct hops){ 0 };
}
