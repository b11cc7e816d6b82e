/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * posttls-finger's lines are compared with a table. It tries each server of a
 * domain until one works, so a line about an established connection outweighs
 * the complaints before it. What it found is then held against the policy,
 * and what holds for the server against what is known of the mail.
 */
#include "tls/probe_finding.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tls/mail_log_text.h"
#include "tls/policy_entry.h"

/* posttls-finger/posttls-finger.c, tls/tls_client.c, tls/tls_verify.c */
static const struct {
	const char *words;
	bool start; /* at the start of the line, else anywhere */
	enum probe_meaning meaning;
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

/* posttls-finger/posttls-finger.c: dane_host_level(), for each server. */
static const struct {
	const char *words;
	enum probe_trust trust;
} trusts[] = {
	{ "resorting to \"secure\"", TRUST_NO_RECORDS },
	{ "MX RRset is insecure: try to encrypt", TRUST_NO_MX },
	{ "MX RRset insecure: just encrypt", TRUST_NO_MX },
	{ "MX RRset insecure: log verified as trusted", TRUST_HALF },
	{ "Failed to establish session to ", TRUST_AS_ASKED },
};

static bool
starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static enum probe_meaning
meaning_of(const char *line)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		const char *words = meanings[i].words;

		if (meanings[i].start ? starts_with(line, words)
				      : strstr(line, words) != NULL)
			return meanings[i].meaning;
	}
	return MEANS_NOTHING;
}

/* What the library says in a line of its own; NULL in others. */
static char *
library_words(const char *line)
{
	struct log_notice notice;

	if (!log_notice_parse(log_span_of(line), &notice) ||
		notice.type != LOG_NOTICE_LIBRARY)
		return NULL;
	return xstrndup(notice.detail.at, notice.detail.length);
}

/* What it says of a complaint's weight tells people nothing. */
static const char *
without_weight(const char *line)
{
	static const char *const heads[] = { "fatal: ", "warning: " };

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (starts_with(line, heads[i]))
			return line + strlen(heads[i]);
	return line;
}

void
probe_finding_line(struct probe_finding *finding, const char *line)
{
	static const char program[] = "posttls-finger: ";
	enum probe_meaning meaning;

	if (starts_with(line, program))
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
	finding->line = xstrdup(without_weight(line));
	finding->best = meaning;
}

void
probe_finding_words(struct probe_finding *finding, const char *words)
{
	while (*words != '\0') {
		size_t length = strcspn(words, "\n");
		char *line = xstrndup(words, length);

		probe_finding_line(finding, line);
		free(line);
		words += length + (words[length] == '\n');
	}
}

/* Why dane asks for no certificate; NULL when it does. */
static const char *
dane_excuse(const struct policy *policy, const struct probe_finding *finding)
{
	if (!policy_level_is(policy->level, "dane"))
		return NULL;
	if (!policy->dnssec)
		return policy->lmtp
			? "which is may without lmtp_dns_support_level = dnssec"
			: "which is may without smtp_dns_support_level = dnssec";
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
is_enough(const struct policy *policy, const struct probe_finding *finding)
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

static struct probe
probe_of(enum probe_verdict verdict, char *sentence)
{
	return (struct probe){ .verdict = verdict, .sentence = sentence };
}

/* No line at all: a server that talks, but knows no STARTTLS. */
static struct probe
judge_silence(const struct policy *policy)
{
	bool needed = !policy_level_is(policy->level, "none") &&
		!policy_level_is(policy->level, "may") &&
		!policy_level_is(policy->level, "dane");
	char *hop = next_hop_first(&policy->next_hop);
	struct probe probe = probe_of(needed ? PROBE_FAILS : PROBE_UNSURE,
		sentence_format("%s offers no STARTTLS",
			*hop != '\0' ? hop : "it"));

	free(hop);
	return probe;
}

/* Postfix has the same complaint, and no server is to blame. */
static struct probe
judge_disabled(const struct probe_finding *finding)
{
	return probe_of(PROBE_NOT_DONE,
		sentence_format("not tested: our own settings do not work: %s",
			finding->line));
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

	if (!log_notice_parse(log_span_of(line), notice))
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
	if (*policy->root == '\0')
		return sentence_format("there is no CA folder %s",
			policy->folder);
	return sentence_format("there is no CA folder %s, for this %s is "
			       "chrooted to %s",
		policy->folder, policy->next_hop.transport, policy->root);
}

/* Why the level is not met: the fault by its name, or else the line. */
static char *
words_of(const struct probe_finding *finding, const struct policy *policy,
	enum log_finding *fault)
{
	const char *line =
		finding->reason != NULL ? finding->reason : finding->line;
	struct log_notice notice;
	enum log_finding kind = fault_of(line, policy, &notice);
	struct log_span detail = notice.detail;
	char *missing, *words;

	*fault = kind;
	if (kind == LOG_NOTHING)
		return xstrdup(line);
	if (detail.length == 0 && finding->library != NULL)
		detail = log_span_of(finding->library);
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
judge_no_dane(const struct probe_finding *finding)
{
	return probe_of(PROBE_FAILS,
		sentence_format("does not meet the level dane-only: %s",
			finding->trust == TRUST_NO_RECORDS
				? "there are no usable TLSA records"
				: "the MX records are not signed"));
}

/* Dane fell back, and TLS failed: whether it may depends on the records. */
static struct probe
judge_excused(const struct policy *policy, const struct probe_finding *finding)
{
	return probe_of(PROBE_UNSURE,
		sentence_format("may meet the level dane, %s: %s",
			dane_excuse(policy, finding), finding->line));
}

/* smtp/smtp_proto.c: TLS that may be is left out, or tried again without. */
static struct probe
judge_plain(const struct policy *policy, const struct probe_finding *finding)
{
	return probe_of(PROBE_UNSURE,
		sentence_format("mail may leave without TLS at the level %s: "
				"%s",
			policy->level, finding->line));
}

/* The server is right, and yet no mail leaves by an entry with an error. */
static struct probe
judge_pass(const struct policy *policy, const struct probe_finding *finding)
{
	const char *but = policy->valid ? dane_excuse(policy, finding)
					: "but for the error in the entry";

	if (policy->valid && policy->doubts.count > 0)
		return probe_of(PROBE_UNSURE,
			sentence_format("the server meets the level %s, but %s",
				policy->level, policy->doubts.list[0]));

	return probe_of(policy->valid ? PROBE_PASSES : PROBE_UNSURE,
		sentence_format("meets the level %s%s%s: %s", policy->level,
			but != NULL ? ", " : "", but != NULL ? but : "",
			finding->line));
}

static struct probe
judge_server(const struct policy *policy, const struct probe_finding *finding)
{
	enum log_finding fault;
	struct probe probe;
	char *words;

	if (finding->best == MEANS_NOTHING)
		return judge_silence(policy);
	if (finding->best == MEANS_UNREACHED)
		return probe_of(PROBE_UNSURE,
			sentence_format("no server was reached: %s",
				finding->line));
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
	words = words_of(finding, policy, &fault);
	probe = probe_of(PROBE_FAILS,
		sentence_format("does not meet the level %s: %s", policy->level,
			words));
	probe.fault = fault;
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
lacks_certificate(const struct policy *policy,
	const struct probe_finding *finding)
{
	return policy->certificate && finding->best == MEANS_BROKEN &&
		starts_with(finding->line, "SSL_connect error");
}

/* What is true of this server need not be true of the mail. */
static struct probe
judge(const struct policy *policy, const struct probe_finding *finding)
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

struct probe
probe_of_finding(struct probe_finding *finding, const struct policy *policy)
{
	struct probe probe = judge(policy, finding);

	free(finding->line);
	free(finding->reason);
	free(finding->library);
	*finding = (struct probe_finding){ 0 };
	return probe;
}

struct probe
probe_of_words(const char *words, const struct policy *policy)
{
	struct probe_finding finding = { 0 };

	probe_finding_words(&finding, words);
	return probe_of_finding(&finding, policy);
}
