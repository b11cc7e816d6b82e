/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each entry is read as Postfix reads it; then its key is compared with the
 * next-hops that the configuration names, and at last mail for its domain is
 * followed to where it goes. Entries that don't apply for one and the same
 * reason are told of together.
 */
#include "tls/entries.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tls/map_text.h"
#include "tls/needs.h"
#include "tls/next_hop.h"
#include "tls/policy_entry.h"
#include "tls/postfix_map.h"

/* Whether an entry applies may take several processes to find out. */
#define ROUTES_LIMIT   50
#define ROUTES_SECONDS 2.0
/* A table of a million lines is not one that people write by hand. */
#define ENTRIES_LIMIT  20000
#define ENTRY_WARNINGS 20

/* One entry of a policy table, and whose it is. */
struct entry {
	const struct policy_client *client;
	const char *file;
	const struct map_text *text;
	struct groups *groups;
};

/* Entries of a table that don't apply for one and the same reason. */
struct group {
	char *elsewhere; /* owned: where their mail goes, and by what */
	char *next_hop;  /* owned: the key that would apply */
	char *table;     /* owned: the parameter of its table; NULL: this one */
	char *key;       /* owned: the first of them */
	unsigned long line, count;
};

struct groups {
	struct group *list; /* owned */
	size_t count;
};

/* Would a lookup for this next-hop come by this key? */
static bool
hop_uses_key(const char *hop, const char *key)
{
	for (; hop != NULL; hop = policy_key_next(hop))
		if (strcasecmp(hop, key) == 0)
			return true;
	return false;
}

/* A next-hop of those who look into the entry's table? */
static bool
is_for(const struct hop *hop, const struct entry *entry)
{
	return hop->lmtp == entry->client->lmtp;
}

/* ":587" of "[mx.example]:587"; NULL: none. */
static const char *
port_of(const char *key)
{
	const char *bracket = *key == '[' ? strchr(key, ']') : NULL;

	return strchr(bracket != NULL ? bracket : key, ':');
}

/* Another port is another server. */
static bool
same_server(const char *one, const char *other)
{
	const char *port = port_of(one), *other_port = port_of(other);
	char *host = policy_key_host(one), *other_host = policy_key_host(other);
	bool same = strcasecmp(host, other_host) == 0;

	free(host);
	free(other_host);
	return same &&
		(port == NULL || other_port == NULL ||
			strcmp(port, other_port) == 0);
}

/* A key with [] or :port must be written just as the next-hop is. */
static void
find_misspelt(struct entries *entries, const struct entry *entry)
{
	const struct hops *hops = entries->hops;
	const char *key = entry->text->key;
	const char *alike = NULL;

	for (size_t i = 0; i < hops->count; i++)
		if (is_for(&hops->list[i], entry) &&
			same_server(hops->list[i].key, key))
			alike = hops->list[i].key;
	if (alike != NULL)
		sentences_once(entries->warnings,
			"%s, line %lu: the entry %s does not apply to the "
			"next-hop %s, because the two are compared as they "
			"are written: write it %s",
			entry->file, entry->text->line, key, alike, alike);
}

/* The parameter of the table that is asked there; NULL: it is this one. */
static char *
other_table(const struct entries *entries, const struct entry *entry,
	const struct policy_client *client)
{
	char *source;
	const char *maps = policy_parameter(entries->postfix, client,
		"tls_policy_maps", &source);
	bool same = false;
	char *map;

	while ((map = postfix_word(&maps)) != NULL) {
		same = same ||
			strcmp(postfix_map_of(map).name, entry->file) == 0;
		free(map);
	}
	if (!same)
		return source;
	free(source);
	return NULL;
}

static void
groups_add(const struct entries *entries, const struct entry *entry,
	const struct next_hop *hop, const struct policy_client *client)
{
	struct groups *groups = entry->groups;
	const char *hops = policy_key_first(hop->destination);
	char *elsewhere =
		sentence_format("%s by %s", hop->destination, hop->source);
	struct group *group = groups->list;

	for (size_t i = 0; i < groups->count; i++, group++)
		if (strcmp(group->elsewhere, elsewhere) == 0) {
			group->count++;
			free(elsewhere);
			return;
		}
	groups->list = xrealloc(groups->list, groups->count + 1,
		sizeof(*groups->list));
	groups->list[groups->count++] = (struct group){
		.elsewhere = elsewhere,
		.next_hop = postfix_word(&hops),
		.table = other_table(entries, entry, client),
		.key = xstrdup(entry->text->key),
		.line = entry->text->line,
		.count = 1,
	};
}

/* Is there an entry for where the mail really goes? */
static bool
has_own_entry(struct entries *entries, const struct entry *entry,
	const char *key)
{
	struct postfix_question question = { policy_parameter(entries->postfix,
						     entry->client,
						     "tls_policy_maps", NULL),
		key, POSTFIX_KEY_WHOLE };
	struct postfix_answer answer;
	struct error error;
	int found = 0;

	while (found == 0 && question.key != NULL) {
		found = postfix_lookup(entries->postfix, &question, &answer,
			&error);
		postfix_answer_release(&answer);
		question.key = policy_key_next(question.key);
	}
	return found > 0;
}

/* What to do about a group, so that nothing is asked for that is there. */
static char *
group_mend(struct entries *entries, const struct entry *entry,
	const struct group *group)
{
	const char *next_hop = group->next_hop ? group->next_hop : "";

	if (group->table != NULL)
		return sentence_format("the policies there are those of %s",
			group->table);
	if (has_own_entry(entries, entry, next_hop))
		return sentence_format("there, the entry for %s applies",
			next_hop);
	return sentence_format("write %s entry for %s",
		group->count == 1 ? "the" : "an", next_hop);
}

static void
group_report(struct entries *entries, const struct entry *entry,
	const struct group *group)
{
	char *mend = group_mend(entries, entry, group);

	if (group->count == 1)
		sentences_once(entries->warnings,
			"%s, line %lu: the entry %s never applies to mail for "
			"%s, which goes to %s: %s",
			entry->file, group->line, group->key, group->key,
			group->elsewhere, mend);
	else
		sentences_once(entries->warnings,
			"%s: %lu entries, the first is %s in line %lu, never "
			"apply to mail for their domains, which goes to %s: %s",
			entry->file, group->count, group->key, group->line,
			group->elsewhere, mend);
	free(mend);
}

/* Said at the end of a table; behind a relayhost, it may be all of it. */
static void
groups_report(struct entries *entries, const struct entry *entry)
{
	struct groups *groups = entry->groups;

	for (size_t i = 0; i < groups->count; i++) {
		struct group *group = &groups->list[i];

		group_report(entries, entry, group);
		free(group->elsewhere);
		free(group->next_hop);
		free(group->table);
		free(group->key);
	}
	free(groups->list);
	*groups = (struct groups){ 0 };
}

static void
report_elsewhere(struct entries *entries, const struct entry *entry,
	const struct next_hop *hop)
{
	const char *key = entry->text->key;
	struct policy_client client;

	if (!policy_client_of(entries->postfix, hop->transport, &client)) {
		sentences_once(entries->warnings,
			"%s, line %lu: the entry %s never applies to mail for "
			"%s, which is delivered by %s without a TLS policy: "
			"remove it",
			entry->file, entry->text->line, key, key,
			hop->transport);
		return;
	}
	groups_add(entries, entry, hop, &client);
}

/* Does the configuration name a next-hop that it is for? */
static bool
is_of_a_hop(const struct entries *entries, const struct entry *entry)
{
	const struct hops *hops = entries->hops;

	for (size_t i = 0; i < hops->count; i++)
		if (is_for(&hops->list[i], entry) &&
			hop_uses_key(hops->list[i].key, entry->text->key))
			return true;
	return false;
}

/* Does mail for the domain of this entry go where the entry is looked up? */
static void
find_unused(struct entries *entries, const struct entry *entry)
{
	const char *key = entry->text->key;
	struct sentences ignored = { 0 };
	struct next_hop hop;
	struct error error;
	char *domain;

	if (is_of_a_hop(entries, entry) || entries->blind)
		return;
	if (strpbrk(key, "[]:/") != NULL) {
		find_misspelt(entries, entry);
		return;
	}
	if (entries->routes == 0 || deadline_passed(&entries->routes_until))
		return;
	entries->routes--;
	domain = sentence_format("%s%s", *key == '.' ? "any" : "", key);
	if (next_hop_of(entries->postfix, domain, &hop, &ignored, &error) ==
		0) {
		if (!hop_uses_key(policy_key_first(hop.destination), key))
			report_elsewhere(entries, entry, &hop);
		next_hop_release(&hop);
	}
	sentences_release(&ignored);
	free(domain);
}

/* "smtp:" or "inet:" before a next-hop; the length, or 0. */
static size_t
transport_before(const struct entries *entries, const char *key)
{
	size_t length = strcspn(key, ":");
	char *word = xstrndup(key, length);
	bool found = key[length] == ':' &&
		(*postfix_agent(entries->postfix, word) != '\0' ||
			strcmp(word, "inet") == 0 || strcmp(word, "unix") == 0);

	free(word);
	return found ? length + 1 : 0;
}

/* A key that no next-hop ever is; *mend is freed by the caller. */
static const char *
impossible_key(const struct entries *entries, const char *key, char **mend)
{
	size_t length = strlen(key);
	size_t transport = transport_before(entries, key);
	const char *at = strchr(key, '@');

	if (at != NULL) {
		*mend = xstrdup(at + 1);
		return "a policy is for a next-hop, not for an address";
	}
	if (strncmp(key, "*.", 2) == 0) {
		*mend = xstrdup(key + 1);
		return "no patterns are known here";
	}
	if (transport != 0) {
		*mend = xstrdup(key + transport);
		return "the transport is no part of it";
	}
	if (length > 1 && key[length - 1] == '.') {
		*mend = xstrndup(key, length - 1);
		return "names have no dot at their end";
	}
	return NULL;
}

static bool
find_impossible(struct entries *entries, const struct entry *entry)
{
	const char *key = entry->text->key;
	const char *prefix = entry->client->lmtp ? "lmtp" : "smtp";
	char *mend = NULL;
	const char *why = impossible_key(entries, key, &mend);

	/* transport_maps knows it, and nobody else does. */
	if (strcmp(key, "*") == 0)
		sentences_once(entries->warnings,
			"%s, line %lu: the entry * never applies, because no "
			"patterns are known here: set %s_tls_security_level "
			"for what has no entry",
			entry->file, entry->text->line, prefix);
	if (why != NULL)
		sentences_once(entries->warnings,
			"%s, line %lu: the entry %s never applies, because %s: "
			"write it %s",
			entry->file, entry->text->line, key, why, mend);
	free(mend);
	return why != NULL || strcmp(key, "*") == 0;
}

static void
find_in_entry(struct entries *entries, const struct entry *entry)
{
	const struct map_text *text = entry->text;
	struct error error = { 0 };
	char *where;

	if (policy_check(text->value, postfix_version(entries->postfix),
		    &error) < 0) {
		sentences_once(entries->warnings,
			"%s, line %lu: the entry %s has an error, so Postfix "
			"defers all its mail: %s",
			entry->file, text->line, text->key, error.text);
		return;
	}
	where = sentence_format("an entry of %s", entry->file);
	needs_find(entries->postfix, entry->client, text->value, where,
		entries->warnings);
	free(where);
	if (!find_impossible(entries, entry))
		find_unused(entries, entry);
}

static void
find_in_text(struct entries *entries, const struct policy_client *client,
	const char *map)
{
	const char *file = postfix_map_of(map).name;
	size_t most = entries->warnings->count + ENTRY_WARNINGS;
	struct map_text text;
	struct error error;
	struct groups groups = { 0 };
	struct entry entry = { client, file, &text, &groups };
	int left = ENTRIES_LIMIT;

	if (map_text_open(&text, file, &error) < 0) {
		if (errno == EACCES)
			sentences_once(entries->warnings,
				"%s can't be read by this user, so its "
				"entries were not checked",
				file);
		return;
	}
	while (left > 0 && entries->warnings->count < most &&
		map_text_next(&text) > 0) {
		find_in_entry(entries, &entry);
		left = deadline_passed(&entries->postfix->deadline) ? 0
								    : left - 1;
	}
	groups_report(entries, &entry);
	if (left == 0 || entries->warnings->count >= most)
		sentences_once(entries->warnings,
			"%s was checked up to line %lu only", file, text.line);
	map_text_release(&text);
}

void
entries_open(struct entries *entries, struct postfix *postfix,
	struct hops *hops, struct sentences *warnings)
{
	hops_collect(postfix, hops);
	*entries = (struct entries){
		.postfix = postfix,
		.hops = hops,
		.warnings = warnings,
		.blind = hops->open || postfix->broken.count > 0,
		.routes = ROUTES_LIMIT,
		.routes_until =
			deadline_share(&postfix->deadline, ROUTES_SECONDS),
	};
}

void
entries_find(struct entries *entries, const struct policy_client *client)
{
	const char *maps = policy_parameter(entries->postfix, client,
		"tls_policy_maps", NULL);
	char *map;

	while ((map = postfix_word(&maps)) != NULL) {
		size_t read = entries->read.count;

		sentences_once(&entries->read, "%s %s",
			client->lmtp ? "lmtp" : "smtp", map);
		if (postfix_map_has_keys(map) && entries->read.count > read)
			find_in_text(entries, client, map);
		free(map);
	}
}

void
entries_release(struct entries *entries)
{
	sentences_release(&entries->read);
}
