/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A walk over the configuration: the files, the tables of routes, then each
 * service that runs an SMTP or LMTP client, its parameters, its tables and, in
 * entries.c, what stands in them. Services that share their settings find the
 * same things; a sentence is added only once.
 */
#include "tls/pitfall.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tls/engine.h"
#include "tls/entries.h"
#include "tls/needs.h"
#include "tls/obsolete.h"
#include "tls/obstacle.h"
#include "tls/policy.h"
#include "tls/policy_entry.h"
#include "tls/postfix_map.h"
#include "tls/running.h"

/* A clock tick and the rounding of /proc. */
#define START_SLACK 2

struct pitfalls {
	struct postfix *postfix;
	struct sentences *warnings;
	struct entries entries;
	time_t since; /* the last start or reload; 0: unknown */
};

static const char *
parameter(const struct pitfalls *pitfalls, const char *name)
{
	return postfix_parameter(pitfalls->postfix, name);
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

/* smtp/smtp.c: the client ends, whoever the mail is for. */
static void
warn_of_no_level(struct pitfalls *pitfalls, const char *source,
	const char *level, const char *problem)
{
	char *set = policy_source_setting(pitfalls->postfix, source, "LEVEL");
	char *reload = postfix_reload(pitfalls->postfix);

	sentences_once(pitfalls->warnings,
		"%s = %s: %s, so the client does not start, and its mail stays "
		"in the active queue: correct the value by %s, then run %s",
		source, level, problem, set, reload);
	free(set);
	free(reload);
}

static void
find_client_needs(struct pitfalls *pitfalls, const struct policy_client *client)
{
	struct error error = { 0 };
	char *source;
	const char *level =
		policy_global_level(pitfalls->postfix, client, &source);

	if (policy_check(level, 0, &error) < 0)
		warn_of_no_level(pitfalls, source, level, error.text);
	else
		needs_find(pitfalls->postfix, client, level, source,
			pitfalls->warnings);
	free(source);
}

/* An index that postmap(1) did not make anew after its text was changed. */
static void
find_old_index(struct pitfalls *pitfalls, const char *map, const char *index)
{
	struct postfix_map parts = postfix_map_of(map);
	const char *file = parts.name;
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
				head, parts.whole);
	} else if (written && text.st_mtime > made.st_mtime) {
		sentences_once(pitfalls->warnings,
			"%s was changed after its index was made, so Postfix "
			"works with the old entries: run '%s %s' (a reload is "
			"not needed)",
			file, head, parts.whole);
	}
	free(compiled);
	free(head);
}

static void
find_unread(struct pitfalls *pitfalls, const char *file, const char *what)
{
	struct stat status;
	char *reload;

	if (pitfalls->since == 0 || stat(file, &status) != 0 ||
		status.st_mtime <= pitfalls->since + START_SLACK)
		return;
	reload = postfix_reload(pitfalls->postfix);
	sentences_once(pitfalls->warnings,
		"%s was changed after Postfix was last started or reloaded%s: "
		"run %s",
		file, what, reload);
	free(reload);
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

static void
find_in_client(struct pitfalls *pitfalls, const char *service)
{
	struct postfix *postfix = pitfalls->postfix;
	struct policy_client client;

	if (!policy_client_of(postfix, service, &client))
		return;
	obsolete_find(postfix, &client, pitfalls->warnings);
	find_client_needs(pitfalls, &client);
	find_engine_fault(pitfalls, &client);
	obstacle_find(postfix, &client, pitfalls->warnings);
	find_in_maps(pitfalls,
		policy_parameter(postfix, &client, "tls_policy_maps", NULL));
	entries_find(&pitfalls->entries, &client);
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
pitfall_find(struct postfix *postfix, struct hops *hops,
	struct sentences *warnings)
{
	struct pitfalls pitfalls = {
		.postfix = postfix,
		.warnings = warnings,
	};

	pitfalls.since = running_since("/proc",
		postfix_parameter(postfix, "queue_directory"));
	find_in_files(&pitfalls);
	find_in_maps(&pitfalls, parameter(&pitfalls, "transport_maps"));
	entries_open(&pitfalls.entries, postfix, hops, warnings);
	find_in_clients(&pitfalls);
	find_server_side(&pitfalls);
	if (deadline_passed(&postfix->deadline))
		sentences_once(warnings,
			"the time was up before the whole configuration was "
			"looked at: give more by --timeout");
	entries_release(&pitfalls.entries);
}
