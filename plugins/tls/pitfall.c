/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A walk over what the other modules of this room read: first the parameters,
 * then each service that runs an SMTP or LMTP client with its tables, and
 * each table's entries as far as its text can be read. Services that share
 * their settings find the same things; a sentence is added only once.
 */
#include "tls/pitfall.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tls/engine.h"
#include "tls/hops.h"
#include "tls/map_text.h"
#include "tls/next_hop.h"
#include "tls/obstacle.h"
#include "tls/policy.h"
#include "tls/policy_entry.h"
#include "tls/running.h"

/* Whether an entry applies may take several processes to find out. */
#define ROUTES_LIMIT   50
#define ROUTES_SECONDS 2.0
/* A table of a million lines is not one that people write by hand. */
#define ENTRIES_LIMIT  20000
#define ENTRY_WARNINGS 20
/* A clock tick and the rounding of /proc. */
#define START_SLACK 2

struct pitfalls {
	struct postfix *postfix;
	struct sentences *warnings;
	struct hops hops;      /* next-hops that the configuration names */
	struct sentences read; /* tables whose entries were looked at */
	time_t since;          /* the last start or reload; 0: unknown */
	bool blind;            /* mail may go where nobody can tell */
	int routes;            /* entries that may still be followed */
	struct deadline routes_until;
};

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

static const char *
parameter(const struct pitfalls *pitfalls, const char *name)
{
	return postfix_parameter(pitfalls->postfix, name);
}

/* A parameter of the client, and where it is set. */
static const char *
client_parameter(const struct pitfalls *pitfalls,
	const struct policy_client *client, const char *name, char **source)
{
	return policy_parameter(pitfalls->postfix, client, name, source);
}

static bool
client_says_yes(const struct pitfalls *pitfalls,
	const struct policy_client *client, const char *name)
{
	return strcmp(client_parameter(pitfalls, client, name, NULL), "yes") ==
		0;
}

/* What master.cf sets for one service says nothing of main.cf's parameter. */
static bool
is_of_all(const struct pitfalls *pitfalls, const struct policy_client *client,
	const char *name)
{
	char *source;
	bool own;

	client_parameter(pitfalls, client, name, &source);
	own = strchr(source, '/') != NULL;
	free(source);
	return !own;
}

/* One that asks for TLS, and what has the last word in its place, if any. */
static void
report_obsolete(struct pitfalls *pitfalls, const struct policy_client *client,
	const char *name, const char *instead)
{
	const char *prefix = client->lmtp ? "lmtp" : "smtp";
	const char *last = instead != NULL ? instead : "tls_security_level";
	char *source, *unused = NULL;

	if (is_of_all(pitfalls, client, name) &&
		!is_of_all(pitfalls, client, last))
		return;
	client_parameter(pitfalls, client, name, &source);
	if (instead != NULL)
		sentences_once(pitfalls->warnings,
			"%s is obsolete and has no effect, because %s_%s is "
			"set: remove it",
			source, prefix, instead);
	else
		sentences_once(pitfalls->warnings,
			"%s is obsolete: set %s_tls_security_level = %s "
			"instead, which means the same",
			source, prefix,
			policy_global_level(pitfalls->postfix, client,
				&unused));
	free(unused);
	free(source);
}

static void
find_obsolete_table(struct pitfalls *pitfalls,
	const struct policy_client *client)
{
	const char *prefix = client->lmtp ? "lmtp" : "smtp";
	char *source;
	const char *table =
		client_parameter(pitfalls, client, "tls_per_site", &source);
	bool replaced = *client_parameter(pitfalls, client, "tls_policy_maps",
				NULL) != '\0';

	if (*table != '\0' && replaced)
		sentences_once(pitfalls->warnings,
			"%s is obsolete and not looked at, because "
			"%s_tls_policy_maps is set: move what is left of it "
			"there",
			source, prefix);
	else if (*table != '\0')
		sentences_once(pitfalls->warnings,
			"%s is obsolete: move its entries to "
			"%s_tls_policy_maps",
			source, prefix);
	free(source);
}

/* smtp/smtp_tls_policy.c: global_tls_level() */
static void
find_obsolete(struct pitfalls *pitfalls, const struct policy_client *client)
{
	const char *level =
		client_parameter(pitfalls, client, "tls_security_level", NULL);
	const char *instead = *level != '\0' ? "tls_security_level" : NULL;

	if (client_says_yes(pitfalls, client, "enforce_tls")) {
		report_obsolete(pitfalls, client, "enforce_tls", instead);
		if (instead == NULL)
			instead = "enforce_tls";
	}
	if (client_says_yes(pitfalls, client, "use_tls"))
		report_obsolete(pitfalls, client, "use_tls", instead);
	find_obsolete_table(pitfalls, client);
}

/* smtpd_ is the way in, smtp_ the way out; people mix them up. */
static void
find_server_side(struct pitfalls *pitfalls)
{
	static const char *const server[] = { "smtpd_tls_security_level",
		"smtpd_use_tls", "smtpd_enforce_tls" };
	struct policy_client client = { "smtp", false };
	char *source;
	const char *level =
		policy_global_level(pitfalls->postfix, &client, &source);

	for (size_t i = 0; i < sizeof(server) / sizeof(*server); i++) {
		const char *value = parameter(pitfalls, server[i]);
		bool on = *value != '\0' && strcmp(value, "no") != 0 &&
			!policy_level_is(value, "none");

		if (!on || !policy_level_is(level, "none"))
			continue;
		sentences_once(pitfalls->warnings,
			"%s is about mail that comes in; mail that goes out "
			"uses no TLS by default: set smtp_tls_security_level = "
			"may",
			server[i]);
		break;
	}
	free(source);
}

static bool
has_dnssec(const struct pitfalls *pitfalls, const struct policy_client *client)
{
	const char *hosts = policy_parameter(pitfalls->postfix, client,
		"host_lookup", NULL);

	return strstr(hosts, "dns") != NULL &&
		strcmp(policy_parameter(pitfalls->postfix, client,
			       "dns_support_level", NULL),
			"dnssec") == 0;
}

static bool
has_fingerprint(const struct pitfalls *pitfalls,
	const struct policy_client *client, const char *attributes)
{
	char *match = policy_attribute(attributes, "match");
	bool given = match != NULL;

	free(match);
	return given ||
		*policy_parameter(pitfalls->postfix, client,
			"tls_fingerprint_cert_match", NULL) != '\0';
}

/* What a level needs besides itself; where says who asks for it. */
static void
find_needs(struct pitfalls *pitfalls, const struct policy_client *client,
	const char *value, const char *where)
{
	const char *prefix = client->lmtp ? "lmtp" : "smtp";
	const char *rest = value;
	char *level = postfix_word(&rest);

	if (level == NULL)
		return;
	if (policy_level_needs_authority(level) &&
		!policy_has_authority(pitfalls->postfix, client, rest))
		sentences_once(pitfalls->warnings,
			"%s wants the level %s, but Postfix is told of no CA, "
			"so that no certificate can pass: set %s_tls_CAfile "
			"or %s_tls_CApath",
			where, level, prefix, prefix);
	if (policy_level_is(level, "fingerprint") &&
		!has_fingerprint(pitfalls, client, rest))
		sentences_once(pitfalls->warnings,
			"%s wants the level fingerprint without a fingerprint, "
			"so Postfix defers all its mail: add match=",
			where);
	if ((policy_level_is(level, "dane") ||
		    policy_level_is(level, "dane-only")) &&
		!has_dnssec(pitfalls, client))
		sentences_once(pitfalls->warnings,
			"%s wants the level %s, which does not work without "
			"%s_dns_support_level = dnssec and %s_host_lookup = "
			"dns: %s",
			where, level, prefix, prefix,
			policy_level_is(level, "dane")
				? "the level falls back to may"
				: "all its mail is deferred");
	free(level);
}

/* At the level may, mail then goes out without TLS, and nobody notices. */
static void
find_engine_fault(struct pitfalls *pitfalls, const struct policy_client *client)
{
	struct engine_fault fault;
	char *sentence;

	if (!engine_find_fault(pitfalls->postfix, client, &fault))
		return;
	sentence = engine_fault_sentence(pitfalls->postfix, &fault);
	sentences_once(pitfalls->warnings, "%s", sentence);
	free(sentence);
	engine_fault_release(&fault);
}

static void
find_client_needs(struct pitfalls *pitfalls, const struct policy_client *client)
{
	struct error error = { 0 };
	char *source;
	const char *level =
		policy_global_level(pitfalls->postfix, client, &source);

	if (policy_check(level, 0, &error) < 0)
		sentences_once(pitfalls->warnings,
			"%s = %s: %s, so the client does not start", source,
			level, error.text);
	else
		find_needs(pitfalls, client, level, source);
	free(source);
}

/* An index that postmap(1) did not make anew after its text was changed. */
static void
find_old_index(struct pitfalls *pitfalls, const char *map, const char *index)
{
	const char *file = postfix_map_of(map).name;
	char *compiled = sentence_format("%s.%s", file, index);
	char *head = postfix_command(pitfalls->postfix, "postmap");
	struct stat text, made;
	bool written = stat(file, &text) == 0;

	if (stat(compiled, &made) != 0) {
		if (errno == ENOENT)
			sentences_once(pitfalls->warnings,
				"%s has no index %s: %srun '%s %s'", map,
				compiled,
				written ? "" : "write the text of it, then ",
				head, map);
	} else if (written && text.st_mtime > made.st_mtime) {
		sentences_once(pitfalls->warnings,
			"%s was changed after its index was made, so Postfix "
			"works with the old entries: run '%s %s' (a reload is "
			"not needed)",
			file, head, map);
	}
	free(compiled);
	free(head);
}

static void
find_unread(struct pitfalls *pitfalls, const char *file, const char *what)
{
	struct stat status;
	char *head;

	if (pitfalls->since == 0 || stat(file, &status) != 0 ||
		status.st_mtime <= pitfalls->since + START_SLACK)
		return;
	head = postfix_command(pitfalls->postfix, "postfix");
	sentences_once(pitfalls->warnings,
		"%s was changed after Postfix was last started or reloaded%s: "
		"run '%s reload'",
		file, what, head);
	free(head);
}

/* Is every map of a list there, of an age that works, and can it be asked? */
static void
find_in_maps(struct pitfalls *pitfalls, const char *maps)
{
	const struct postfix_question question = { maps,
		"check-tls-queue.invalid", POSTFIX_KEY_WHOLE };
	struct postfix_answer answer;
	struct error error;
	const char *list = maps;
	char *map;

	while ((map = postfix_word(&list)) != NULL) {
		const char *index = postfix_map_index(map);

		if (index != NULL)
			find_old_index(pitfalls, map, index);
		else if (postfix_map_is_text(map))
			find_unread(pitfalls, postfix_map_of(map).name,
				", and a table of this type is not read "
				"again by itself");
		free(map);
	}
	if (postfix_lookup(pitfalls->postfix, &question, &answer, &error) > 0)
		postfix_answer_release(&answer);
	postfix_note_broken(pitfalls->postfix, maps, pitfalls->warnings);
}

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

/* The name alone: "mx.example" of "[mx.example]:587". */
static size_t
bare_host(const char **hop)
{
	if (**hop == '[')
		(*hop)++;
	return strcspn(*hop, "]:");
}

/* Another port is another server. */
static bool
same_server(const char *one, const char *other)
{
	size_t length = bare_host(&one);

	if (length != bare_host(&other) || strncasecmp(one, other, length) != 0)
		return false;
	one = strrchr(one + length, ':');
	other = strrchr(other + length, ':');
	return one == NULL || other == NULL || strcmp(one, other) == 0;
}

/* A key with [] or :port must be written just as the next-hop is. */
static void
find_misspelt(struct pitfalls *pitfalls, const struct entry *entry)
{
	const struct hops *hops = &pitfalls->hops;
	const char *key = entry->text->key;
	const char *alike = NULL;

	for (size_t i = 0; i < hops->count; i++)
		if (is_for(&hops->list[i], entry) &&
			same_server(hops->list[i].key, key))
			alike = hops->list[i].key;
	if (alike != NULL)
		sentences_once(pitfalls->warnings,
			"%s, line %lu: the entry %s does not apply to the "
			"next-hop %s, because the two are compared as they "
			"are written: write it %s",
			entry->file, entry->text->line, key, alike, alike);
}

/* The parameter of the table that is asked there; NULL: it is this one. */
static char *
other_table(const struct pitfalls *pitfalls, const struct entry *entry,
	const struct policy_client *client)
{
	char *source;
	const char *maps = policy_parameter(pitfalls->postfix, client,
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
groups_add(const struct pitfalls *pitfalls, const struct entry *entry,
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
		.table = other_table(pitfalls, entry, client),
		.key = xstrdup(entry->text->key),
		.line = entry->text->line,
		.count = 1,
	};
}

/* Is there an entry for where the mail really goes? */
static bool
has_own_entry(struct pitfalls *pitfalls, const struct entry *entry,
	const char *key)
{
	struct postfix_question question = { client_parameter(pitfalls,
						     entry->client,
						     "tls_policy_maps", NULL),
		key, POSTFIX_KEY_WHOLE };
	struct postfix_answer answer;
	struct error error;
	int found = 0;

	while (found == 0 && question.key != NULL) {
		found = postfix_lookup(pitfalls->postfix, &question, &answer,
			&error);
		postfix_answer_release(&answer);
		question.key = policy_key_next(question.key);
	}
	return found > 0;
}

/* What to do about a group, so that nothing is asked for that is there. */
static char *
group_mend(struct pitfalls *pitfalls, const struct entry *entry,
	const struct group *group)
{
	const char *next_hop = group->next_hop ? group->next_hop : "";

	if (group->table != NULL)
		return sentence_format("the policies there are those of %s",
			group->table);
	if (has_own_entry(pitfalls, entry, next_hop))
		return sentence_format("there, the entry for %s applies",
			next_hop);
	return sentence_format("write %s entry for %s",
		group->count == 1 ? "the" : "an", next_hop);
}

static void
group_report(struct pitfalls *pitfalls, const struct entry *entry,
	const struct group *group)
{
	char *mend = group_mend(pitfalls, entry, group);

	if (group->count == 1)
		sentences_once(pitfalls->warnings,
			"%s, line %lu: the entry %s never applies to mail for "
			"%s, which goes to %s: %s",
			entry->file, group->line, group->key, group->key,
			group->elsewhere, mend);
	else
		sentences_once(pitfalls->warnings,
			"%s: %lu entries, the first is %s in line %lu, never "
			"apply to mail for their domains, which goes to %s: %s",
			entry->file, group->count, group->key, group->line,
			group->elsewhere, mend);
	free(mend);
}

/* Said at the end of a table; behind a relayhost, it may be all of it. */
static void
groups_report(struct pitfalls *pitfalls, const struct entry *entry)
{
	struct groups *groups = entry->groups;

	for (size_t i = 0; i < groups->count; i++) {
		struct group *group = &groups->list[i];

		group_report(pitfalls, entry, group);
		free(group->elsewhere);
		free(group->next_hop);
		free(group->table);
		free(group->key);
	}
	free(groups->list);
	*groups = (struct groups){ 0 };
}

static void
report_elsewhere(struct pitfalls *pitfalls, const struct entry *entry,
	const struct next_hop *hop)
{
	const char *key = entry->text->key;
	struct policy_client client;

	if (!policy_client_of(pitfalls->postfix, hop->transport, &client)) {
		sentences_once(pitfalls->warnings,
			"%s, line %lu: the entry %s never applies to mail for "
			"%s, which is delivered by %s without a TLS policy: "
			"remove it",
			entry->file, entry->text->line, key, key,
			hop->transport);
		return;
	}
	groups_add(pitfalls, entry, hop, &client);
}

/* Does the configuration name a next-hop that it is for? */
static bool
is_of_a_hop(const struct pitfalls *pitfalls, const struct entry *entry)
{
	const struct hops *hops = &pitfalls->hops;

	for (size_t i = 0; i < hops->count; i++)
		if (is_for(&hops->list[i], entry) &&
			hop_uses_key(hops->list[i].key, entry->text->key))
			return true;
	return false;
}

/* Does mail for the domain of this entry go where the entry is looked up? */
static void
find_unused(struct pitfalls *pitfalls, const struct entry *entry)
{
	const char *key = entry->text->key;
	struct sentences ignored = { 0 };
	struct next_hop hop;
	struct error error;
	char *domain;

	if (is_of_a_hop(pitfalls, entry) || pitfalls->blind)
		return;
	if (strpbrk(key, "[]:/") != NULL) {
		find_misspelt(pitfalls, entry);
		return;
	}
	if (pitfalls->routes == 0 || deadline_passed(&pitfalls->routes_until))
		return;
	pitfalls->routes--;
	domain = sentence_format("%s%s", *key == '.' ? "any" : "", key);
	if (next_hop_of(pitfalls->postfix, domain, &hop, &ignored, &error) ==
		0) {
		if (!hop_uses_key(policy_key_first(hop.destination), key))
			report_elsewhere(pitfalls, entry, &hop);
		next_hop_release(&hop);
	}
	sentences_release(&ignored);
	free(domain);
}

/* "smtp:" or "inet:" before a next-hop; the length, or 0. */
static size_t
transport_before(const struct pitfalls *pitfalls, const char *key)
{
	size_t length = strcspn(key, ":");
	char *word = xstrndup(key, length);
	bool found = key[length] == ':' &&
		(*postfix_agent(pitfalls->postfix, word) != '\0' ||
			strcmp(word, "inet") == 0 || strcmp(word, "unix") == 0);

	free(word);
	return found ? length + 1 : 0;
}

/* A key that no next-hop ever is; *mend is freed by the caller. */
static const char *
impossible_key(const struct pitfalls *pitfalls, const char *key, char **mend)
{
	size_t length = strlen(key);
	size_t transport = transport_before(pitfalls, key);
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
find_impossible(struct pitfalls *pitfalls, const struct entry *entry)
{
	const char *key = entry->text->key;
	const char *prefix = entry->client->lmtp ? "lmtp" : "smtp";
	char *mend = NULL;
	const char *why = impossible_key(pitfalls, key, &mend);

	/* transport_maps knows it, and nobody else does. */
	if (strcmp(key, "*") == 0)
		sentences_once(pitfalls->warnings,
			"%s, line %lu: the entry * never applies, because no "
			"patterns are known here: set %s_tls_security_level "
			"for what has no entry",
			entry->file, entry->text->line, prefix);
	if (why != NULL)
		sentences_once(pitfalls->warnings,
			"%s, line %lu: the entry %s never applies, because %s: "
			"write it %s",
			entry->file, entry->text->line, key, why, mend);
	free(mend);
	return why != NULL || strcmp(key, "*") == 0;
}

static void
find_in_entry(struct pitfalls *pitfalls, const struct entry *entry)
{
	const struct map_text *text = entry->text;
	struct error error = { 0 };
	char *where;

	if (policy_check(text->value, postfix_version(pitfalls->postfix),
		    &error) < 0) {
		sentences_once(pitfalls->warnings,
			"%s, line %lu: the entry %s has an error, so Postfix "
			"defers all its mail: %s",
			entry->file, text->line, text->key, error.text);
		return;
	}
	where = sentence_format("an entry of %s", entry->file);
	find_needs(pitfalls, entry->client, text->value, where);
	free(where);
	if (!find_impossible(pitfalls, entry))
		find_unused(pitfalls, entry);
}

static void
find_in_text(struct pitfalls *pitfalls, const struct policy_client *client,
	const char *map)
{
	const char *file = postfix_map_of(map).name;
	size_t most = pitfalls->warnings->count + ENTRY_WARNINGS;
	struct map_text text;
	struct error error;
	struct groups groups = { 0 };
	struct entry entry = { client, file, &text, &groups };
	int left = ENTRIES_LIMIT;

	if (map_text_open(&text, file, &error) < 0) {
		if (errno == EACCES)
			sentences_once(pitfalls->warnings,
				"%s can't be read by this user, so its "
				"entries were not checked",
				file);
		return;
	}
	while (left > 0 && pitfalls->warnings->count < most &&
		map_text_next(&text) > 0) {
		find_in_entry(pitfalls, &entry);
		left = deadline_passed(&pitfalls->postfix->deadline) ? 0
								     : left - 1;
	}
	groups_report(pitfalls, &entry);
	if (left == 0 || pitfalls->warnings->count >= most)
		sentences_once(pitfalls->warnings,
			"%s was checked up to line %lu only", file, text.line);
	map_text_release(&text);
}

static void
find_in_client(struct pitfalls *pitfalls, const char *service)
{
	struct policy_client client;
	const char *maps;
	char *map;

	if (!policy_client_of(pitfalls->postfix, service, &client))
		return;
	find_obsolete(pitfalls, &client);
	find_client_needs(pitfalls, &client);
	find_engine_fault(pitfalls, &client);
	obstacle_find(pitfalls->postfix, &client, pitfalls->warnings);
	maps = policy_parameter(pitfalls->postfix, &client, "tls_policy_maps",
		NULL);
	find_in_maps(pitfalls, maps);
	while ((map = postfix_word(&maps)) != NULL) {
		size_t read = pitfalls->read.count;

		sentences_once(&pitfalls->read, "%s %s",
			client.lmtp ? "lmtp" : "smtp", map);
		if (hops_has_entries(map) && pitfalls->read.count > read)
			find_in_text(pitfalls, &client, map);
		free(map);
	}
}

static void
find_in_clients(struct pitfalls *pitfalls)
{
	const struct postfix_values *agents = &pitfalls->postfix->agents;

	for (size_t i = 0; i < agents->count; i++) {
		const char *name = agents->list[i].name;
		size_t length = strcspn(name, "/");
		char *service = xstrndup(name, length);

		if (strcmp(name + length, "/unix") == 0)
			find_in_client(pitfalls, service);
		free(service);
	}
}

static void
find_in_files(struct pitfalls *pitfalls)
{
	static const char *const names[] = { "main.cf", "master.cf" };
	const char *directory = parameter(pitfalls, "config_directory");

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char *file = sentence_format("%s/%s", directory, names[i]);

		find_unread(pitfalls, file, "");
		free(file);
	}
}

void
pitfall_find(struct postfix *postfix, struct sentences *warnings)
{
	struct pitfalls pitfalls = {
		.postfix = postfix,
		.warnings = warnings,
		.routes = ROUTES_LIMIT,
		.routes_until =
			deadline_share(&postfix->deadline, ROUTES_SECONDS),
	};

	pitfalls.since = running_since("/proc",
		postfix_parameter(postfix, "queue_directory"));
	find_in_files(&pitfalls);
	find_in_maps(&pitfalls, parameter(&pitfalls, "transport_maps"));
	hops_collect(postfix, &pitfalls.hops);
	pitfalls.blind = pitfalls.hops.open || postfix->broken.count > 0;
	find_in_clients(&pitfalls);
	find_server_side(&pitfalls);
	if (deadline_passed(&postfix->deadline))
		sentences_once(warnings,
			"the time was up before the whole configuration was "
			"looked at: give more by --timeout");
	hops_release(&pitfalls.hops);
	sentences_release(&pitfalls.read);
}
