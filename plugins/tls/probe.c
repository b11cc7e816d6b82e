/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * posttls-finger is started like any other child, up to four side by side. A
 * wave of four shares what is left of the time; each child's deadline is a
 * little later than its neighbour's, so that one that hangs does not take the
 * answers of the others with it.
 */
#include "tls/probe.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "tls/engine.h"
#include "tls/policy_entry.h"
#include "tls/probe_finding.h"

#define PROBES_AT_ONCE 4
/* posttls-finger's own: 30 seconds for each connection and each reply. */
#define STEP_SECONDS "5"

void
probe_release(struct probe *probe)
{
	free(probe->sentence);
	*probe = (struct probe){ .verdict = PROBE_NOT_DONE };
}

static struct probe
not_done(const char *why)
{
	return (struct probe){ .verdict = PROBE_NOT_DONE,
		.sentence = sentence_format("not tested: %s", why) };
}

/* Where our own TLS does not start, a server that does tells nothing. */
static int
check_engine(const struct postfix *postfix, const struct policy *policy,
	struct error *error)
{
	struct policy_client client;
	struct engine_fault fault;

	if (!policy_client_of(postfix, policy->next_hop.transport, &client) ||
		!engine_find_fault(postfix, &client, &fault))
		return 0;
	error_set(error, "our own TLS does not start: %s = %s: %s",
		fault.source, fault.value, fault.problem);
	engine_fault_release(&fault);
	return -1;
}

/* posttls-finger takes any certificate when it is given no fingerprint. */
static int
check_fingerprint(const struct policy *policy, struct error *error)
{
	if (policy_level_is(policy->level, "fingerprint") &&
		(!policy->valid || *policy->match == '\0'))
		return error_set(error,
			"the policy has no fingerprint that can be compared");
	return 0;
}

/* tls/tls_dane.c: tls_dane_load_trustfile(); without it, all mail waits. */
static int
check_files(const struct policy *policy, struct error *error)
{
	if (!policy_level_needs_authority(policy->level))
		return 0;
	for (size_t i = 0; i < policy->anchors.count; i++)
		if (access(policy->anchors.list[i], R_OK) != 0)
			return error_set(error,
				"our own trust anchor file %s can't be read: "
				"%s",
				policy->anchors.list[i], strerror(errno));
	if (policy->anchors.count == 0 && *policy->folder != '\0' &&
		access(policy->folder, R_OK | X_OK) != 0 && errno == EACCES)
		return error_set(error,
			"our own CA folder %s can't be read by this user",
			policy->folder);
	return 0;
}

/* smtp/smtp_tls_policy.c: dane_init() */
static int
check_dane(const struct policy *policy, struct error *error)
{
	if (policy_level_is(policy->level, "dane-only") && !policy->dnssec)
		return error_set(error,
			"the level dane-only needs %s_dns_support_level = "
			"dnssec",
			policy->lmtp ? "lmtp" : "smtp");
	return 0;
}

/* What speaks against a test, on this side. Returns 0, or -1 with *error. */
static int
check_all(const struct postfix *postfix, const struct policy *policy,
	struct error *error)
{
	if (postfix->finger == NULL)
		return error_set(error, "there is no posttls-finger program");
	if (check_engine(postfix, policy, error) < 0 ||
		check_fingerprint(policy, error) < 0 ||
		check_files(policy, error) < 0 || check_dane(policy, error) < 0)
		return -1;
	return 0;
}

/*
 * The same words as people are told, but for the program's path and for how
 * much it logs: one line a connection, and why a certificate does not pass.
 */
static int
finger_start(const struct postfix *postfix, const struct sentences *words,
	const struct deadline *deadline, struct command *command,
	struct error *error)
{
	static const char *const own[] = { "-L", "summary,untrusted", "-t",
		STEP_SECONDS, "-T", STEP_SECONDS };
	size_t count = sizeof(own) / sizeof(*own);
	const char **arguments =
		xcalloc(words->count + count + 1, sizeof(*arguments));
	int result;

	arguments[0] = postfix->finger;
	memcpy(arguments + 1, own, sizeof(own));
	memcpy(arguments + 1 + count, words->list + 1,
		(words->count - 1) * sizeof(*arguments));
	result = command_start(command, arguments, deadline, error);
	free(arguments);
	return result;
}

static int
probe_start(const struct postfix *postfix, const struct policy *policy,
	const struct deadline *deadline, struct command *command,
	struct error *error)
{
	struct sentences words = { 0 };
	int result;

	if (check_all(postfix, policy, error) < 0)
		return -1;
	probe_arguments(policy, &words);
	if (words.count > 0)
		result =
			finger_start(postfix, &words, deadline, command, error);
	else if (*policy->level != '\0')
		result = error_set(error,
			"posttls-finger does not talk to a Unix socket");
	else
		result = error_set(error, "%s is no TLS client",
			policy->next_hop.transport);
	sentences_release(&words);
	return result;
}

/* Its lines come on standard output, complaints before them on the other. */
static int
read_finding(struct command *command, struct probe_finding *finding,
	struct error *error)
{
	char *line;
	size_t length;
	int status, more;

	do {
		more = stream_line(&command->stream, &line, &length, error);
		if (more > 0)
			probe_finding_line(finding, line);
	} while (more > 0);
	if (more == 0)
		more = command_finish(command, &status, error);
	if (more == 0 && finding->best == MEANS_NOTHING)
		probe_finding_words(finding, command->stream.side_text);
	/* Silence means something, but not of a program that failed. */
	if (more == 0 && finding->best == MEANS_NOTHING && status != 0)
		return command_failed("posttls-finger", status,
			command->stream.side_text, error);
	return more;
}

static struct probe
probe_finish(const struct policy *policy, struct command *command,
	const struct deadline *deadline)
{
	struct probe_finding finding = { 0 };
	struct error error = { 0 };
	int result = read_finding(command, &finding, &error);
	struct probe probe = probe_of_finding(&finding, policy);

	if (result == 0)
		return probe;
	probe_release(&probe);
	return not_done(deadline_passed(deadline) ? "no answer within the time"
						  : error.text);
}

/* At most four, from the first of these policies on. */
static void
run_wave(const struct postfix *postfix, const struct policy *const policies[],
	size_t count, struct probe probes[], double seconds)
{
	struct command commands[PROBES_AT_ONCE] = { { .pid = 0 } };
	struct deadline deadlines[PROBES_AT_ONCE];
	bool started[PROBES_AT_ONCE] = { false };

	for (size_t i = 0; i < count; i++) {
		struct error error;

		deadlines[i] = deadline_share(&postfix->deadline,
			seconds * (0.8 + 0.05 * (double)i));
		started[i] = probe_start(postfix, policies[i], &deadlines[i],
				     &commands[i], &error) == 0;
		if (!started[i])
			probes[i] = not_done(error.text);
	}
	for (size_t i = 0; i < count; i++) {
		if (!started[i])
			continue;
		probes[i] =
			probe_finish(policies[i], &commands[i], &deadlines[i]);
		command_release(&commands[i]);
	}
}

void
probe_run(const struct postfix *postfix, const struct policy *const policies[],
	size_t count, struct probe probes[])
{
	for (size_t first = 0; first < count; first += PROBES_AT_ONCE) {
		size_t left = count - first;
		size_t waves = (left + PROBES_AT_ONCE - 1) / PROBES_AT_ONCE;
		double seconds = deadline_left(&postfix->deadline) / 1000.0;

		run_wave(postfix, policies + first,
			left < PROBES_AT_ONCE ? left : PROBES_AT_ONCE,
			probes + first, seconds / (double)waves);
	}
}
