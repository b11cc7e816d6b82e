/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A literal next-hop has one server, and a domain's MX host is never called
 * by an address; a name may be an alias of another, so that two names that
 * differ say nothing.
 */
#include "tls/detour.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tls/cause.h"
#include "tls/policy_entry.h"

/* "NAME[ADDRESS]", and what stands behind. */
struct server {
	char *name, *address; /* owned */
	size_t length;        /* of the whole */
};

/* smtp/smtp_proto.c, smtp_connect.c, smtp_trouble.c: before the server. */
static const char *const starts[] = {
	"TLS is required, but was not offered by host ",
	"TLS is required, but host ",
	"lost connection with ",
	"conversation with ",
	"host ",
};

const char *
detour_server(const char *reason)
{
	reason = cause_bare(reason);
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (strncmp(reason, starts[i], strlen(starts[i])) == 0)
			return reason + strlen(starts[i]);
	return NULL;
}

/* Returns whether it is one; a Unix socket's path is no address. */
static bool
server_parse(const char *text, struct server *server)
{
	size_t name = strcspn(text, "[ ");
	size_t address = text[name] == '[' ? strcspn(text + name + 1, "] ") : 0;

	if (name == 0 || address == 0 || text[name + 1 + address] != ']')
		return false;
	if (memchr(text + name, '/', address) != NULL)
		return false;
	*server = (struct server){ xstrndup(text, name),
		xstrndup(text + name + 1, address), name + address + 2 };
	return true;
}

static void
server_release(struct server *server)
{
	free(server->name);
	free(server->address);
}

static bool
hop_names(const char *hop, const struct server *server)
{
	char *host = policy_key_host(hop);
	bool same = strcasecmp(host, server->name) == 0 ||
		strcasecmp(host, server->address) == 0;

	free(host);
	return same;
}

static bool
is_literal(const char *host)
{
	return strchr(host, ':') != NULL ||
		host[strspn(host, "0123456789.")] == '\0';
}

/* Can this server be one of the next-hop? */
static bool
hop_may_have(const char *hop, const struct server *server)
{
	char *host = policy_key_host(hop);
	bool literals = is_literal(host) || is_literal(server->name);

	free(host);
	return !literals || hop_names(hop, server);
}

static bool
policy_may_have(const struct policy *policy, const struct server *server)
{
	const char *hops = policy->next_hop.destination;
	bool may = false;
	char *hop;

	if (*policy->level == '\0')
		return false;
	while (!may && (hop = postfix_word(&hops)) != NULL) {
		may = hop_may_have(policy_key_first(hop), server);
		free(hop);
	}
	return may;
}

/* Mail for the domain may go there; of a domain's route it is known. */
static bool
is_open_to(const struct hop *hop, const char *domain)
{
	const char *at = hop->user != NULL ? strrchr(hop->user, '@') : NULL;

	return !hop->routed || (at != NULL && strcasecmp(at + 1, domain) == 0);
}

static const struct hop *
find_hop(const struct hops *hops, const struct server *server,
	const char *domain)
{
	for (size_t i = 0; i < hops->count; i++)
		if (is_open_to(&hops->list[i], domain) &&
			hop_names(hops->list[i].key, server))
			return &hops->list[i];
	return NULL;
}

static void
follow(struct postfix *postfix, const struct hop *hop, const char *server,
	struct policy *policy)
{
	struct next_hop way = { xstrdup(hop->service), xstrdup(hop->key),
		hop->user == NULL ? xstrdup(hop->source)
				  : sentence_format("%s, key %s", hop->source,
					    hop->user) };
	struct policy other;
	struct error error;

	if (policy_of_next_hop(postfix, policy->domain, &way, &other, &error) <
		0)
		return;
	sentences_once(&other.notes,
		"the mail went to %s, not to %s: by %s, it seems, unless the "
		"configuration has changed since",
		server, policy->next_hop.destination, way.source);
	policy_release(policy);
	*policy = other;
}

void
detour_take(struct postfix *postfix, struct hops *hops, const char *text,
	struct policy *policy)
{
	struct server server;
	const struct hop *hop;
	char *shown;

	if (!server_parse(text, &server))
		return;
	if (!policy_may_have(policy, &server)) {
		shown = xstrndup(text, server.length);
		hops_collect(postfix, hops);
		hop = find_hop(hops, &server, policy->domain);
		policy->lost = hop == NULL;
		if (hop != NULL)
			follow(postfix, hop, shown, policy);
		else
			sentences_once(&policy->notes,
				"the mail went to %s, which is not a server of "
				"this next-hop: another way was taken, or the "
				"configuration has changed since",
				shown);
		free(shown);
	}
	server_release(&server);
}
