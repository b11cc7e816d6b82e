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

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "tls/engine.h"
#include "tls/mail_log_text.h"
#include "tls/policy_entry.h"

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
	{ "fatal: Failed to load trust anchor file: ", true, MEANS_DISABLED },
	{ "fatal: ", true, MEANS_UNREACHED },
	{ " while sending ", false, MEANS_UNREACHED },
	{ " while reading server greeting", false, MEANS_UNREACHED },
	{ " rejected: ", false, MEANS_UNREACHED },
	{ "disabling TLS support", false, MEANS_DISABLED },
	{ "Invalid TLS protocol list ", false, MEANS_DISABLED },
	{ "invalid cipher grade: ", false, MEANS_DISABLED },
};

/* What becomes of dane at the server that was reached. */
enum trust {
	TRUST_AS_ASKED,
	TRUST_NO_RECORDS, /* no usable TLSA records: no certificate counts */
	TRUST_NO_MX,      /* the MX records are not signed: the same */
	TRUST_HALF,       /* the same, but TLSA records count: "Trusted" */
};

/* posttls-finger/posttls-finger.c: dane_host_level(), for each server. */
static const struct {
	const char *words;
	enum trust trust;
} trusts[] = {
	{ "resorting to \"secure\"", TRUST_NO_RECORDS },
	{ "MX RRset is insecure: try to encrypt", TRUST_NO_MX },
	{ "MX RRset insecure: just encrypt", TRUST_NO_MX },
	{ "MX RRset insecure: log verified as trusted", TRUST_HALF },
	{ "Failed to establish session to ", TRUST_AS_ASKED },
};

/* What posttls-finger said, in copies. */
struct finding {
	enum meaning best;
	char *line;    /* the line that says so */
	char *reason;  /* why a certificate does not pass */
	char *library; /* the TLS library's first complaint */
	enum trust trust;
};

void
probe_release(struct probe *probe)
{
	free(probe->sentence);
	*probe = (struct probe){ .verdict = PROBE_NOT_DONE };
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

static struct log_span
span_of(const char *text)
{
	return (struct log_span){ text, strlen(text) };
}

/* What the library says in a line of its own; NULL in others. */
static char *
library_words(const char *line)
{
	struct log_notice notice;

	if (!log_notice_parse(span_of(line), &notice) ||
		notice.type != LOG_NOTICE_LIBRARY)
		return NULL;
	return xstrndup(notice.detail.at, notice.detail.length);
}

static void
take_line(struct finding *finding, char *line)
{
	static const char program[] = "posttls-finger: ";
	enum meaning meaning;

	if (strncmp(line, program, sizeof(program) - 1) == 0)
		line += sizeof(program) - 1;
	meaning = meaning_of(line);
	if (finding->library == NULL && finding->best == MEANS_BROKEN)
		finding->library = library_words(line);
	for (size_t i = 0; i < sizeof(trusts) / sizeof(*trusts); i++)
		if (strstr(line, trusts[i].words) != NULL)
			finding->trust = trusts[i].trust;
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

/* Why dane asks for no certificate; NULL when it does. */
static const char *
dane_excuse(const struct policy *policy, const struct finding *finding)
{
	if (!policy_level_is(policy->level, "dane"))
		return NULL;
	if (!policy->dnssec)
		return "which is may without smtp_dns_support_level = dnssec";
	if (finding->trust == TRUST_NO_RECORDS)
		return "which asks for no certificate where there are no TLSA "
		       "records";
	if (finding->trust == TRUST_NO_MX)
		return "which asks for no certificate where the MX records are "
		       "not signed";
	return NULL;
}

/* Is what was seen enough for the level? */
static bool
is_enough(const struct policy *policy, const struct finding *finding)
{
	if (policy_level_is(policy->level, "none") ||
		policy_level_is(policy->level, "may") ||
		policy_level_is(policy->level, "encrypt") ||
		dane_excuse(policy, finding) != NULL)
		return finding->best >= MEANS_UNTRUSTED;
	if (policy_level_is(policy->level, "dane") &&
		finding->trust == TRUST_HALF)
		return finding->best >= MEANS_TRUSTED;
	return finding->best == MEANS_VERIFIED;
}

/* No line at all: a server that talks, but knows no STARTTLS. */
static struct probe
judge_silence(const struct policy *policy)
{
	bool needed = !policy_level_is(policy->level, "none") &&
		!policy_level_is(policy->level, "may") &&
		!policy_level_is(policy->level, "dane");
	const char *hops = policy->next_hop.destination;
	char *hop = postfix_word(&hops);
	struct probe probe = { needed ? PROBE_FAILS : PROBE_UNSURE,
		sentence_format("%s offers no STARTTLS",
			hop != NULL ? hop : "it") };

	free(hop);
	return probe;
}

static struct probe
not_done(const char *why)
{
	return (struct probe){ PROBE_NOT_DONE,
		sentence_format("not tested: %s", why) };
}

/* Postfix has the same complaint, and no server is to blame. */
static struct probe
judge_disabled(const struct finding *finding)
{
	static const char *const heads[] = { "fatal: ", "warning: " };
	const char *line = finding->line;

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (strncmp(line, heads[i], strlen(heads[i])) == 0)
			line += strlen(heads[i]);
	return (struct probe){ PROBE_NOT_DONE,
		sentence_format("not tested: our own settings do not work: %s",
			line) };
}

/* Before 3.6 posttls-finger speaks of the issuer where only the key counts. */
static bool
is_of_issuer(enum log_finding kind)
{
	return kind == LOG_UNTRUSTED_ISSUER || kind == LOG_SELF_SIGNED;
}

/* The fault that a line is about, as it is called in the log, too. */
static enum log_finding
fault_of(const char *line, const struct policy *policy,
	struct log_notice *notice)
{
	enum log_finding kind;

	if (!log_notice_parse(span_of(line), notice))
		return LOG_NOTHING;
	if (policy_level_compares_key(policy->level) &&
		is_of_issuer(notice->kind)) {
		notice->kind = LOG_KEY_MISMATCH;
		notice->detail.length = 0;
	}
	kind = mail_log_finding_at(notice->kind, policy->level);
	/* A session by itself is a fault only where the level tells which. */
	if (notice->type == LOG_NOTICE_SESSION && kind == notice->kind)
		return LOG_NOTHING;
	return kind;
}

/* What an authority would be known by; NULL when there is something. */
static char *
authority_missing(const struct policy *policy)
{
	const char *prefix = policy->lmtp ? "lmtp" : "smtp";

	if (policy->anchors.count > 0 || *policy->authority != '\0')
		return NULL;
	if (*policy->folder == '\0')
		return sentence_format("Postfix is told of no CA by "
				       "%s_tls_CAfile or %s_tls_CApath",
			prefix, prefix);
	if (access(policy->folder, F_OK) == 0)
		return NULL;
	return sentence_format("there is no CA folder %s%s%s", policy->folder,
		*policy->root != '\0' ? ", for this smtp is chrooted to " : "",
		policy->root);
}

/* Why the level is not met: the fault by its name, or else the line. */
static char *
words_of(const struct finding *finding, const struct policy *policy)
{
	const char *line =
		finding->reason != NULL ? finding->reason : finding->line;
	struct log_notice notice;
	enum log_finding kind = fault_of(line, policy, &notice);
	struct log_span detail = notice.detail;
	char *missing, *words;

	if (kind == LOG_NOTHING)
		return xstrdup(line);
	if (detail.length == 0 && finding->library != NULL)
		detail = span_of(finding->library);
	missing =
		kind == LOG_UNTRUSTED_ISSUER ? authority_missing(policy) : NULL;
	if (missing != NULL)
		detail.length = 0;
	words = sentence_format("%s%s%.*s, %.*s",
		missing != NULL ? missing : mail_log_finding_sentence(kind),
		detail.length != 0 ? ": " : "", (int)detail.length, detail.at,
		(int)notice.host.length, notice.host.at);
	free(missing);
	return words;
}

static struct probe
judge_no_dane(const struct finding *finding)
{
	return (struct probe){ PROBE_FAILS,
		sentence_format("does not meet the level dane-only: %s",
			finding->trust == TRUST_NO_RECORDS
				? "there are no usable TLSA records"
				: "the MX records are not signed") };
}

/* Dane fell back, and TLS failed: whether it may depends on the records. */
static struct probe
judge_excused(const struct policy *policy, const struct finding *finding)
{
	return (struct probe){ PROBE_UNSURE,
		sentence_format("may meet the level dane, %s: %s",
			dane_excuse(policy, finding), finding->line) };
}

/* smtp/smtp_proto.c: TLS that may be is left out, or tried again without. */
static struct probe
judge_plain(const struct policy *policy, const struct finding *finding)
{
	return (struct probe){ PROBE_UNSURE,
		sentence_format("mail may leave without TLS at the level %s: "
				"%s",
			policy->level, finding->line) };
}

/* The server is right, and yet no mail leaves by an entry with an error. */
static struct probe
judge_pass(const struct policy *policy, const struct finding *finding)
{
	const char *but = policy->valid ? dane_excuse(policy, finding)
					: "but for the error in the entry";

	if (policy->valid && policy->doubts.count > 0)
		return (struct probe){ PROBE_UNSURE,
			sentence_format("the server meets the level %s, but %s",
				policy->level, policy->doubts.list[0]) };

	return (struct probe){
		policy->valid ? PROBE_PASSES : PROBE_UNSURE,
		sentence_format("meets the level %s%s%s: %s", policy->level,
			but != NULL ? ", " : "", but != NULL ? but : "",
			finding->line),
	};
}

static struct probe
judge_server(const struct policy *policy, const struct finding *finding)
{
	struct probe probe = { PROBE_FAILS, NULL };
	char *words;

	if (finding->best == MEANS_NOTHING)
		return judge_silence(policy);
	if (finding->best == MEANS_UNREACHED)
		return (struct probe){ PROBE_UNSURE,
			sentence_format("no server was reached: %s",
				finding->line) };
	if (finding->best == MEANS_DISABLED)
		return judge_disabled(finding);
	if (finding->trust != TRUST_AS_ASKED &&
		policy_level_is(policy->level, "dane-only"))
		return judge_no_dane(finding);
	if (is_enough(policy, finding))
		return judge_pass(policy, finding);
	if (dane_excuse(policy, finding) != NULL)
		return judge_excused(policy, finding);
	if (policy_level_is(policy->level, "may") ||
		policy_level_is(policy->level, "none"))
		return judge_plain(policy, finding);
	words = words_of(finding, policy);
	probe.sentence = sentence_format("does not meet the level %s: %s",
		policy->level, words);
	free(words);
	return probe;
}

static void
add_words(struct probe *probe, const char *before, const char *words)
{
	char *longer =
		sentence_format("%s%s%s", probe->sentence, before, words);

	free(probe->sentence);
	probe->sentence = longer;
}

/* The key is for root to read, and a server may want to see it. */
static bool
lacks_certificate(const struct policy *policy, const struct finding *finding)
{
	return policy->certificate && finding->best == MEANS_BROKEN &&
		strncmp(finding->line, "SSL_connect error", 17) == 0;
}

/* What is true of this server need not be true of the mail. */
static struct probe
judge(const struct policy *policy, const struct finding *finding)
{
	struct probe probe = judge_server(policy, finding);

	if (probe.verdict == PROBE_NOT_DONE)
		return probe;
	if (probe.verdict != PROBE_PASSES && *policy->others != '\0') {
		probe.verdict = PROBE_UNSURE;
		add_words(&probe, "; not tested: ", policy->others);
	}
	if (probe.verdict == PROBE_FAILS &&
		lacks_certificate(policy, finding)) {
		probe.verdict = PROBE_UNSURE;
		add_words(&probe, "; not tested: ", "our client certificate");
	}
	if (probe.verdict == PROBE_FAILS && policy->doubts.count > 0) {
		probe.verdict = PROBE_UNSURE;
		add_words(&probe, "; but ", policy->doubts.list[0]);
	}
	return probe;
}

/* Releases the finding. */
static struct probe
probe_of_finding(struct finding *finding, const struct policy *policy)
{
	struct probe probe = judge(policy, finding);

	free(finding->line);
	free(finding->reason);
	free(finding->library);
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
	if (check_engine(postfix, policy, error) < 0 ||
		check_fingerprint(policy, error) < 0 ||
		check_files(policy, error) < 0 || check_dane(policy, error) < 0)
		return -1;
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
