/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * posttls-finger is started like any other child, up to four side by side,
 * and its lines are compared with a table. It tries each server of a domain
 * until one works, so a line about an established connection outweighs the
 * complaints before it. A wave of four shares what is left of the time; each
 * child's deadline is a little later than its neighbour's, so that one that
 * hangs does not take the answers of the others with it.
 */
#include "tls/probe.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "command.h"

#define PROBES_AT_ONCE 4
/* posttls-finger's own: 30 seconds for each connection and each reply. */
#define STEP_SECONDS "5"

/* What a line of posttls-finger means, and how much it outweighs others. */
enum meaning {
	MEANS_NOTHING,
	MEANS_UNREACHED, /* no server, or none that talks SMTP */
	MEANS_BROKEN,    /* it talks, but not TLS */
	MEANS_DISABLED,  /* we don't talk TLS */
	MEANS_REASON,    /* why a certificate does not pass */
	MEANS_UNTRUSTED,
	MEANS_ANONYMOUS,
	MEANS_TRUSTED,
	MEANS_VERIFIED,
};

/* posttls-finger/posttls-finger.c, tls/tls_client.c, tls/tls_verify.c */
static const struct {
	const char *words;
	bool start; /* at the start of the line, else anywhere */
	enum meaning meaning;
} meanings[] = {
	{ "Verified TLS connection established to ", true, MEANS_VERIFIED },
	{ "Trusted TLS connection established to ", true, MEANS_TRUSTED },
	{ "Anonymous TLS connection established to ", true, MEANS_ANONYMOUS },
	{ "Untrusted TLS connection established to ", true, MEANS_UNTRUSTED },
	{ "certificate verification failed for ", true, MEANS_REASON },
	{ "server certificate verification failed for ", true, MEANS_REASON },
	{ "CA certificate verification failed for ", true, MEANS_REASON },
	{ "STARTTLS rejected: ", true, MEANS_BROKEN },
	{ "SSL_connect error to ", true, MEANS_BROKEN },
	{ " while sending STARTTLS", false, MEANS_BROKEN },
	{ "Failed to establish session to ", true, MEANS_UNREACHED },
	{ "Destination address lookup failed: ", true, MEANS_UNREACHED },
	{ "SMTP service not available: ", true, MEANS_UNREACHED },
	{ "fatal: ", true, MEANS_UNREACHED },
	{ " while sending ", false, MEANS_UNREACHED },
	{ " while reading server greeting", false, MEANS_UNREACHED },
	{ " rejected: ", false, MEANS_UNREACHED },
	{ "disabling TLS support", false, MEANS_DISABLED },
};

/* What posttls-finger said, in copies. */
struct finding {
	enum meaning best;
	char *line;    /* the line that says so */
	char *reason;  /* why a certificate does not pass */
	bool fallback; /* dane became secure: no usable TLSA records */
};

void
probe_release(struct probe *probe)
{
	free(probe->sentence);
	*probe = (struct probe){ .verdict = PROBE_NOT_DONE };
}

static bool
is_level(const struct policy *policy, const char *name)
{
	return strcasecmp(policy->level, name) == 0;
}

static bool
wants_names(const struct policy *policy)
{
	return policy_level_needs_authority(policy->level) ||
		is_level(policy, "fingerprint");
}

/*
 * Without TLS there would be nothing to see, so none is tested as may; an
 * entry with an error, as what it probably should be.
 */
static const char *
level_to_test(const struct policy *policy)
{
	struct error error;

	if (is_level(policy, "none"))
		return "may";
	return policy_check(policy->level, 0, &error) == 0 ? policy->level
							   : "secure";
}

/* What attributes of an entry posttls-finger knows by an option. */
static void
add_attributes(const struct policy *policy, struct sentences *arguments)
{
	static const struct {
		const char *attribute, *option;
	} options[] = {
		{ "ciphers", "-g" },
		{ "protocols", "-p" },
		{ "tafile", "-A" },
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		char *value = policy_attribute(policy->attributes,
			options[i].attribute);

		if (value != NULL && *value != '\0')
			sentences_add(arguments, "%s%s", options[i].option,
				value);
		free(value);
	}
	if (*policy->server_name != '\0')
		sentences_add(arguments, "-s%s", policy->server_name);
	if (is_level(policy, "fingerprint") && *policy->digest != '\0')
		sentences_add(arguments, "-d%s", policy->digest);
	if (policy->wrapped)
		sentences_add(arguments, "-w");
}

/* LMTP destinations may carry "inet:", and posttls-finger wants it so. */
static void
add_destination(const struct policy *policy, struct sentences *arguments)
{
	const char *hops = policy->next_hop.destination;
	char *hop = postfix_word(&hops);

	if (policy->lmtp)
		sentences_add(arguments, "inet:%s", policy_key_first(hop));
	else
		sentences_add(arguments, "%s", hop);
	free(hop);
}

char *
probe_socket(const struct postfix *postfix, const struct policy *policy)
{
	const char *hops = policy->next_hop.destination;
	char *hop = policy->lmtp ? postfix_word(&hops) : NULL;
	char *path = NULL;

	if (hop != NULL && strncmp(hop, "unix:", 5) == 0)
		path = hop[5] == '/'
			? xstrdup(hop + 5)
			: sentence_format("%s/%s",
				  postfix_parameter(postfix, "queue_directory"),
				  hop + 5);
	free(hop);
	return path;
}

/* Is there anybody who can be talked to? */
static bool
has_destination(const struct policy *policy)
{
	const char *hops = policy->next_hop.destination;

	hops += strspn(hops, ", \t");
	return *hops != '\0' &&
		!(policy->lmtp && strncmp(hops, "unix:", 5) == 0);
}

void
probe_arguments(const struct policy *policy, struct sentences *arguments)
{
	const char *match = policy->match;
	char *name;

	if (*policy->level == '\0' || !has_destination(policy))
		return;
	sentences_add(arguments, "posttls-finger");
	sentences_add(arguments, "-c");
	if (policy->lmtp)
		sentences_add(arguments, "-S");
	sentences_add(arguments, "-l");
	sentences_add(arguments, "%s", level_to_test(policy));
	sentences_add(arguments, policy->folder ? "-P" : "-F");
	sentences_add(arguments, "%s", policy->authority);
	add_attributes(policy, arguments);
	sentences_add(arguments, "--");
	add_destination(policy, arguments);
	while (wants_names(policy) && (name = postfix_word(&match)) != NULL) {
		sentences_add(arguments, "%s", name);
		free(name);
	}
}

static enum meaning
meaning_of(const char *line)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		const char *words = meanings[i].words;

		if (meanings[i].start ? strncmp(line, words, strlen(words)) == 0
				      : strstr(line, words) != NULL)
			return meanings[i].meaning;
	}
	return MEANS_NOTHING;
}

static void
take_line(struct finding *finding, char *line)
{
	static const char program[] = "posttls-finger: ";
	enum meaning meaning;

	if (strncmp(line, program, sizeof(program) - 1) == 0)
		line += sizeof(program) - 1;
	meaning = meaning_of(line);
	if (strstr(line, "resorting to \"secure\"") != NULL)
		finding->fallback = true;
	if (meaning == MEANS_REASON) {
		free(finding->reason);
		finding->reason = xstrdup(line);
	}
	if (meaning == MEANS_NOTHING || meaning < finding->best)
		return;
	free(finding->line);
	finding->line = xstrdup(line);
	finding->best = meaning;
}

static void
take_words(struct finding *finding, const char *words)
{
	while (*words != '\0') {
		size_t length = strcspn(words, "\n");
		char *line = xstrndup(words, length);

		take_line(finding, line);
		free(line);
		words += length + (words[length] == '\n');
	}
}

/* Is what was seen enough for the level? */
static bool
is_enough(const struct policy *policy, enum meaning best)
{
	bool any = is_level(policy, "none") || is_level(policy, "may") ||
		is_level(policy, "encrypt");

	return any ? best >= MEANS_UNTRUSTED : best == MEANS_VERIFIED;
}

/* No line at all: a server that talks, but knows no STARTTLS. */
static struct probe
judge_silence(const struct policy *policy)
{
	bool needed = !is_level(policy, "none") && !is_level(policy, "may") &&
		!is_level(policy, "dane");

	return (struct probe){
		needed ? PROBE_FAILS : PROBE_UNSURE,
		sentence_format("%s offers no STARTTLS",
			policy->next_hop.destination),
	};
}

static struct probe
not_done(const char *why)
{
	return (struct probe){ PROBE_NOT_DONE,
		sentence_format("not tested: %s", why) };
}

static struct probe
judge(const struct policy *policy, const struct finding *finding)
{
	bool enough = is_enough(policy, finding->best);
	struct probe probe = { enough ? PROBE_PASSES : PROBE_FAILS, NULL };
	const char *reason = finding->reason;

	if (enough || finding->best == MEANS_REASON)
		reason = NULL;
	else if (reason == NULL && finding->best == MEANS_TRUSTED)
		reason = "the certificate has another name";
	if (finding->best == MEANS_NOTHING)
		return judge_silence(policy);
	if (finding->best == MEANS_UNREACHED)
		return (struct probe){ PROBE_UNSURE,
			sentence_format("no server was reached: %s",
				finding->line) };
	if (finding->best == MEANS_DISABLED)
		return not_done(finding->line);
	if (finding->fallback &&
		(is_level(policy, "dane-only") ||
			(is_level(policy, "dane") && !enough))) {
		probe.verdict =
			is_level(policy, "dane") ? PROBE_UNSURE : PROBE_FAILS;
		probe.sentence = sentence_format(
			"no usable TLSA records, so the level %s could not be "
			"tested; %s",
			policy->level, finding->line);
		return probe;
	}
	probe.sentence = sentence_format("%s the level %s: %s%s%s",
		enough ? "meets" : "does not meet", policy->level,
		reason != NULL ? reason : "", reason != NULL ? "; " : "",
		finding->line);
	return probe;
}

/* Releases the finding. */
static struct probe
probe_of_finding(struct finding *finding, const struct policy *policy)
{
	struct probe probe = judge(policy, finding);

	free(finding->line);
	free(finding->reason);
	*finding = (struct finding){ 0 };
	return probe;
}

struct probe
probe_of_words(const char *words, const struct policy *policy)
{
	struct finding finding = { 0 };

	take_words(&finding, words);
	return probe_of_finding(&finding, policy);
}

/*
 * The same words as people are told, but for the program's path and for how
 * much it logs: one line a connection, and why a certificate does not pass.
 */
static int
probe_start(const struct postfix *postfix, const struct policy *policy,
	const struct deadline *deadline, struct command *command,
	struct error *error)
{
	static const char *const own[] = { "-L", "summary,untrusted", "-t",
		STEP_SECONDS, "-T", STEP_SECONDS };
	struct sentences words = { 0 };
	const char **arguments;
	size_t count = sizeof(own) / sizeof(*own);
	int result;

	if (postfix->finger == NULL)
		return error_set(error, "there is no posttls-finger program");
	probe_arguments(policy, &words);
	if (words.count == 0 && *policy->level != '\0')
		return error_set(error,
			"posttls-finger does not talk to a Unix socket");
	if (words.count == 0)
		return error_set(error, "%s is no TLS client",
			policy->next_hop.transport);
	arguments = xcalloc(words.count + count + 1, sizeof(*arguments));
	arguments[0] = postfix->finger;
	memcpy(arguments + 1, own, sizeof(own));
	memcpy(arguments + 1 + count, words.list + 1,
		(words.count - 1) * sizeof(*arguments));
	result = command_start(command, arguments, deadline, error);
	free(arguments);
	sentences_release(&words);
	return result;
}

/* Its lines come on standard output, complaints before them on the other. */
static int
read_finding(struct command *command, struct finding *finding,
	struct error *error)
{
	char *line;
	size_t length;
	int status, more;

	do {
		more = stream_line(&command->stream, &line, &length, error);
		if (more > 0)
			take_line(finding, line);
	} while (more > 0);
	if (more == 0)
		more = command_finish(command, &status, error);
	if (more == 0 && finding->best == MEANS_NOTHING)
		take_words(finding, command->stream.side_text);
	return more;
}

static struct probe
probe_finish(const struct policy *policy, struct command *command,
	const struct deadline *deadline)
{
	struct finding finding = { 0 };
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
