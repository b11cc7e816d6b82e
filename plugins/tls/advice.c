/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One row a cause: what it asks of people, and which command helps them.
 * Commands are put together as arguments first and quoted one by one, since
 * their domains and next-hops come out of a queue that strangers fill.
 */
#include "tls/advice.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tls/engine.h"
#include "tls/policy_entry.h"
#include "tls/probe.h"
#include "tls/remedy.h"
#include "tls/sentences.h"

enum advice_command {
	COMMAND_TEST,  /* posttls-finger: talk to the server */
	COMMAND_DANE,  /* the same at the level dane-only */
	COMMAND_ENTRY, /* postmap -q: see the entry */
	COMMAND_FILES, /* postconf: the client's files */
	COMMAND_LEVEL, /* postconf: the level without an entry */
	COMMAND_RETRY, /* postqueue -i: try this message again */
	COMMAND_WAYS,  /* postconf: what leads mail elsewhere */
};

static const struct {
	const char *sentence;
	enum advice_command command;
} rows[CAUSE_TLS_COUNT] = {
	[CAUSE_CERT_UNTRUSTED] = { "No CA that Postfix knows vouches for the server: see who "
				   "signed its certificate, then add that CA, or have the other "
				   "side send its whole chain",
		COMMAND_TEST },
	[CAUSE_CERT_UNVERIFIED] = { "The certificate does not pass the policy: see whether it is "
				    "the issuer, the date or the name, and tell the other side or "
				    "correct match= in the policy",
		COMMAND_TEST },
	[CAUSE_NOT_OFFERED] = { "The policy wants TLS and the server offers none: see whether "
				"STARTTLS is missing from what the test lists, and ask the "
				"other side, or a firewall in between, why",
		COMMAND_TEST },
	[CAUSE_STARTTLS_REFUSED] = { "The server knows TLS but refused it this time: try again "
				     "later, and tell the other side if it stays so",
		COMMAND_TEST },
	[CAUSE_STARTTLS_LOST] = { "The connection broke at STARTTLS: see whether it does again; "
				  "a firewall that looks into SMTP does this too",
		COMMAND_TEST },
	[CAUSE_HANDSHAKE_FAILED] = { "The two sides found no common protocol or cipher, or the "
				     "port speaks no TLS: see what the server can, and compare "
				     "smtp_tls_mandatory_protocols",
		COMMAND_TEST },
	[CAUSE_ENGINE_UNAVAILABLE] = { "Postfix's own TLS does not start: check that these files are "
				       "there and fit each other, and look for 'disabling TLS "
				       "support' in the mail log",
		COMMAND_FILES },
	[CAUSE_POLICY_ERROR] = { "Postfix can't use the policy of this destination: look at "
				 "the entry, and at the warning about it in the mail log",
		COMMAND_ENTRY },
	[CAUSE_DANE_LOOKUP] = { "DNS gave no answer about the TLSA records: see whether it "
				"still does not; a resolver that validates is needed here, "
				"and healthy DNSSEC on the other side",
		COMMAND_DANE },
	[CAUSE_DANE_POLICY] = { "The policy wants DANE, but the domain has no usable TLSA "
				"records or no DNSSEC: ask the other side, or lower the level "
				"to dane",
		COMMAND_DANE },
	[CAUSE_REQUIRETLS] = { "The sender asked for TLS all the way, and the next server "
			       "can't promise it: see what that server can",
		COMMAND_TEST },
	[CAUSE_REMOTE_REQUIRES_TLS] = { "The server takes mail by TLS only: set "
					"smtp_tls_security_level to may or more",
		COMMAND_LEVEL },
	[CAUSE_REMOTE_TLS_FAILURE] = { "The other side reports a TLS failure of its own: tell its "
				       "postmaster, and try again when it is mended",
		COMMAND_RETRY },
	[CAUSE_CUSTOM] = { "A rule of yours counts this as TLS: try again when its "
			   "reason is mended",
		COMMAND_RETRY },
};
/* Better than the row of the cause, when the log says what it was. */
static const char *const found[LOG_FINDING_COUNT] = {
	[LOG_UNTRUSTED_ISSUER] =
		"The issuer is unknown here: if you trust it, add its "
		"certificate to the CA file; else the other side has to send "
		"its whole chain, or to change its CA",
	[LOG_SELF_SIGNED] =
		"Nobody vouches for this certificate: the other side needs one "
		"of a CA, or the policy has to pin it: the level fingerprint, "
		"and match= with the fingerprint that the test shows",
	[LOG_EXPIRED] = "Tell the other side to renew its certificate; the "
			"mail leaves by itself afterwards",
	[LOG_NOT_YET_VALID] = "Look at this machine's clock first; if it is "
			      "right, tell the other side",
	[LOG_NAME_MISMATCH] =
		"See which names the certificate has, by giving what this "
		"prints to 'openssl x509 -noout -ext subjectAltName': if one "
		"of them is the right one, add match= with it to the policy, "
		"else tell the other side",
	[LOG_FINGERPRINT_MISMATCH] =
		"The server has another certificate than the policy pins: ask "
		"the other side whether it is theirs, then put the fingerprint "
		"that the test shows into the policy",
	[LOG_FINGERPRINT_UNUSABLE] =
		"No fingerprint of the policy has the digest that Postfix "
		"compares (smtp_tls_fingerprint_digest): put the one that the "
		"test shows into the policy",
	[LOG_TLSA_MISMATCH] =
		"The server's certificate and its TLSA records in DNS "
		"disagree: tell the other side to correct one of them",
	[LOG_WRONG_PURPOSE] = "The certificate is not made for a server: tell "
			      "the other side",
	[LOG_CHAIN_TOO_LONG] =
		"Allow a longer chain by smtp_tls_scert_verifydepth, or tell "
		"the other side to shorten it",
	[LOG_STS_POLICY] = "Ask the MTA-STS policy service on this machine "
			   "why: it could not get the domain's policy",
};
static const char lost[] =
	"The mail met another server than the next-hop's: find out by which "
	"way (a content filter, a route of its address or sender, a fallback "
	"relay), for the TLS policy is looked up by that next-hop";
static const char unclassified[] =
	"Postfix says something about TLS that this program does not know: "
	"read the reason, test the server, and please report the text";

char *
advice_quote(const char *argument)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789._:/=,@%+-";
	char *text, *end;

	for (const char *at = argument; *at != '\0'; at++)
		if (*at < ' ' || *at > '~' || strchr("|<>&$`\\", *at) != NULL)
			return NULL;
	if (*argument != '\0' && argument[strspn(argument, plain)] == '\0')
		return xstrdup(argument);
	text = end = xcalloc(strlen(argument) * 5 + 3, 1);
	*end++ = '\'';
	for (; *argument != '\0'; argument++) {
		/* Out of the quotes, one quote in double quotes, back in. */
		for (const char *at = *argument == '\'' ? "'\"'\"" : "";
			*at != '\0'; at++)
			*end++ = *at;
		*end++ = *argument;
	}
	*end = '\'';
	return text;
}

/* All arguments on one line; NULL when one of them can't be shown. */
static char *
quote_all(const struct sentences *arguments)
{
	struct sentences words = { 0 };
	char *line = NULL;

	for (size_t i = 0; i < arguments->count; i++) {
		char *word = advice_quote(arguments->list[i]);

		if (word != NULL)
			sentences_add(&words, "%s", word);
		free(word);
	}
	if (words.count == arguments->count)
		line = sentences_join(&words, " ");
	sentences_release(&words);
	return line;
}

/* Letters, digits and what else stands in a next-hop; no option. */
static bool
is_safe_host(const char *host)
{
	static const char more[] = ".-_[]:/";

	if (*host == '\0' || *host == '-')
		return false;
	for (; *host != '\0'; host++)
		if (!isalnum((unsigned char)*host) &&
			strchr(more, *host) == NULL)
			return false;
	return true;
}

/* One, or several between commas, of which the first is tested. */
static bool
is_safe_hop(const char *hops)
{
	bool safe = true;

	while (safe && hops != NULL) {
		const char *end = strchr(hops, ',');
		char *hop;

		hops += strspn(hops, " ");
		hop = xstrndup(hops, strcspn(hops, ","));
		safe = is_safe_host(hop);
		free(hop);
		hops = end != NULL ? end + 1 : NULL;
	}
	return safe;
}

static bool
is_queue_id(const char *id)
{
	if (id == NULL || *id == '\0')
		return false;
	for (; *id != '\0'; id++)
		if (!isalnum((unsigned char)*id))
			return false;
	return true;
}

/* What there is for Unix sockets; Control-D ends it. */
static void
add_socket_test(const struct policy *policy, const char *path,
	struct sentences *arguments)
{
	static const char *const words[] = { "openssl", "s_client", "-brief",
		"-starttls", "lmtp" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		sentences_add(arguments, "%s", words[i]);
	if (*policy->authority != '\0') {
		sentences_add(arguments, "-CAfile");
		sentences_add(arguments, "%s", policy->authority);
	}
	if (*policy->folder != '\0') {
		sentences_add(arguments, "-CApath");
		sentences_add(arguments, "%s", policy->folder);
	}
	sentences_add(arguments, "-unix");
	sentences_add(arguments, "%s", path);
}

static void
add_test(const struct postfix *postfix, const struct policy *policy,
	const char *level, struct sentences *arguments)
{
	char *path = probe_socket(postfix, policy);

	if (path != NULL)
		add_socket_test(policy, path, arguments);
	else
		probe_arguments(policy, arguments);
	free(path);
	for (size_t i = 0; level != NULL && i + 1 < arguments->count; i++) {
		if (strcmp(arguments->list[i], "-l") == 0) {
			free(arguments->list[i + 1]);
			arguments->list[i + 1] = xstrdup(level);
			level = NULL;
		}
	}
}

static const char *
prefix_of(const struct policy *policy)
{
	return policy != NULL && policy->lmtp ? "lmtp" : "smtp";
}

static void
add_level(const struct postfix *postfix, const struct policy *policy,
	struct sentences *arguments)
{
	postfix_command_words(postfix, "postconf", arguments);
	sentences_add(arguments, "%s_tls_security_level", prefix_of(policy));
	sentences_add(arguments, "%s_tls_policy_maps", prefix_of(policy));
}

static void
add_ways(const struct postfix *postfix, struct sentences *arguments)
{
	static const char *const names[] = { "content_filter",
		"smtp_fallback_relay", "transport_maps", "relayhost" };

	postfix_command_words(postfix, "postconf", arguments);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		sentences_add(arguments, "%s", names[i]);
}

/* The files of master.cf's service, or, where it sets none, of main.cf. */
static void
add_files(const struct postfix *postfix, const struct policy *policy,
	struct sentences *arguments)
{
	const char *transport =
		policy != NULL ? policy->next_hop.transport : "";
	struct sentences own = { 0 }, all = { 0 };
	const struct sentences *shown = &all;

	for (size_t i = 0; engine_parameters[i] != NULL; i++) {
		sentences_add(&all, "%s_%s", prefix_of(policy),
			engine_parameters[i]);
		if (postfix_override(postfix, transport, all.list[i]) != NULL)
			sentences_add(&own, "%s/unix/%s", transport,
				all.list[i]);
	}
	postfix_command_words(postfix, "postconf", arguments);
	if (own.count > 0) {
		sentences_add(arguments, "-P");
		shown = &own;
	}
	for (size_t i = 0; i < shown->count; i++)
		sentences_add(arguments, "%s", shown->list[i]);
	sentences_release(&own);
	sentences_release(&all);
}

/* Returns 1 when a file is found that TLS does not start for. */
static int
blame_file(const struct postfix *postfix, const struct policy *policy,
	struct advice *advice, struct sentences *arguments)
{
	struct policy_client client;
	struct engine_fault fault;

	if (policy == NULL ||
		!policy_client_of(postfix, policy->next_hop.transport,
			&client) ||
		!engine_find_fault(postfix, &client, &fault))
		return 0;
	free(advice->sentence);
	advice->sentence = engine_fault_sentence(postfix, &fault);
	policy_source_words(postfix, fault.source, arguments);
	engine_fault_release(&fault);
	return 1;
}

/* Without an entry, which tables there are, and the level. */
static void
add_entry(const struct postfix *postfix, const struct policy *policy,
	struct sentences *arguments)
{
	if (*policy->table == '\0') {
		add_level(postfix, policy, arguments);
		return;
	}
	postfix_command_words(postfix, "postmap", arguments);
	sentences_add(arguments, "-q");
	sentences_add(arguments, "%s", policy->key);
	sentences_add(arguments, "%s", policy->table);
}

/*
 * posttls-finger's "-c" hides the SMTP dialogue. Another option takes its
 * place, or, for NULL, none.
 */
static void
replace_quiet(struct sentences *arguments, const char *option)
{
	char **list = arguments->list;
	size_t i = 0;

	while (i < arguments->count && strcmp(list[i], "-c") != 0)
		i++;
	if (i == arguments->count)
		return;
	free(list[i]);
	if (option != NULL)
		list[i] = xstrdup(option);
	else
		memmove(list + i, list + i + 1,
			(--arguments->count - i) * sizeof(*list));
}

/* The commands that need a policy, and a next-hop that can be shown. */
static void
add_of_policy(enum advice_command command, const struct postfix *postfix,
	const struct policy *policy, struct sentences *arguments)
{
	if (policy == NULL || !is_safe_hop(policy->next_hop.destination))
		return;
	if (command == COMMAND_ENTRY)
		add_entry(postfix, policy, arguments);
	else
		add_test(postfix, policy,
			command == COMMAND_DANE ? "dane-only" : NULL,
			arguments);
}

static bool
has_entry(const struct advice_case *what)
{
	return what->policy != NULL && *what->policy->table != '\0';
}

/* Of an entry with an error, a handshake that failed is a consequence. */
static enum cause
cause_behind(const struct advice_case *what)
{
	bool entry = has_entry(what) && !what->policy->valid;

	return entry && what->cause == CAUSE_HANDSHAKE_FAILED
		? CAUSE_POLICY_ERROR
		: what->cause;
}

/* The policy is of a next-hop that the mail did not take. */
static bool
is_lost(const struct advice_case *what, enum advice_command command)
{
	return what->policy != NULL && what->policy->lost &&
		command != COMMAND_RETRY && command != COMMAND_FILES;
}

/* An entry that has the level is to be looked at rather than main.cf. */
static enum advice_command
command_of(const struct advice_case *what)
{
	enum cause cause = cause_behind(what);
	enum advice_command command =
		cause < CAUSE_TLS_COUNT ? rows[cause].command : COMMAND_TEST;

	if (is_lost(what, command))
		return COMMAND_WAYS;

	return command == COMMAND_LEVEL && has_entry(what) ? COMMAND_ENTRY
							   : command;
}

/* At the level fingerprint, nothing else is looked at. */
static enum log_finding
finding_of(const struct advice_case *what)
{
	bool pinned = what->policy != NULL &&
		policy_level_is(what->policy->level, "fingerprint");

	return pinned && what->finding == LOG_NOTHING ? LOG_FINGERPRINT_MISMATCH
						      : what->finding;
}

static const char *
sentence_of(const struct advice_case *what)
{
	enum cause cause = cause_behind(what);
	enum log_finding finding = finding_of(what);

	if (cause >= CAUSE_TLS_COUNT)
		return unclassified;
	if (is_lost(what, rows[cause].command))
		return lost;
	if (cause <= CAUSE_CERT_UNVERIFIED && found[finding] != NULL)
		return found[finding];
	return rows[cause].sentence;
}

/* The fingerprint as Postfix would compare it. */
static void
add_digest(const struct policy *policy, struct sentences *arguments)
{
	size_t last = arguments->count;
	char *option;

	if (last == 0 || strcmp(arguments->list[0], "posttls-finger") != 0)
		return;
	sentences_add(arguments, "-d%s", policy->digest);
	option = arguments->list[last];
	memmove(arguments->list + 2, arguments->list + 1,
		(last - 1) * sizeof(option));
	arguments->list[1] = option;
}

/* What the test is there to show: names, or the answer to EHLO. */
static void
fit_test(const struct advice_case *what, struct sentences *arguments)
{
	if (what->cause == CAUSE_NOT_OFFERED || what->cause == CAUSE_REQUIRETLS)
		replace_quiet(arguments, NULL);
	else if (what->cause <= CAUSE_CERT_UNVERIFIED &&
		finding_of(what) == LOG_NAME_MISMATCH)
		replace_quiet(arguments, "-cC");
	else if (what->cause <= CAUSE_CERT_UNVERIFIED &&
		finding_of(what) == LOG_SELF_SIGNED)
		add_digest(what->policy, arguments);
}

static void
add_command(const struct postfix *postfix, const struct advice_case *what,
	struct advice *advice, struct sentences *arguments)
{
	enum advice_command command = command_of(what);

	if (command == COMMAND_LEVEL) {
		add_level(postfix, what->policy, arguments);
	} else if (command == COMMAND_WAYS) {
		add_ways(postfix, arguments);
	} else if (command == COMMAND_FILES) {
		if (!blame_file(postfix, what->policy, advice, arguments))
			add_files(postfix, what->policy, arguments);
	} else if (command != COMMAND_RETRY) {
		add_of_policy(command, postfix, what->policy, arguments);
		fit_test(what, arguments);
	} else if (is_queue_id(what->queue_id)) {
		postfix_command_words(postfix, "postqueue", arguments);
		sentences_add(arguments, "-i");
		sentences_add(arguments, "%s", what->queue_id);
	}
}

/* What this configuration's own parameters and files ask for. */
static void
take_remedy(const struct postfix *postfix, const struct advice_case *what,
	struct advice *advice, struct sentences *arguments)
{
	struct advice_case behind = *what;
	struct remedy remedy;
	bool safe;

	if (what->policy == NULL || what->policy->lost)
		return;
	behind.cause = cause_behind(what);
	if (!is_queue_id(what->queue_id))
		behind.queue_id = NULL;
	remedy = remedy_of(postfix, &behind);
	if (remedy.sentence != NULL) {
		free(advice->sentence);
		advice->sentence = xstrdup(remedy.sentence);
	}
	if (remedy.test) {
		add_of_policy(COMMAND_TEST, postfix, what->policy, arguments);
		replace_quiet(arguments, NULL);
	}
	safe = !remedy.keyed || is_safe_hop(what->policy->next_hop.destination);
	for (size_t i = 0; safe && i < remedy.command.count; i++)
		sentences_add(arguments, "%s", remedy.command.list[i]);
	remedy_release(&remedy);
}

struct advice
advice_of(const struct postfix *postfix, const struct advice_case *what)
{
	struct advice advice = { NULL, NULL };
	struct sentences arguments = { 0 };

	if (what->cause == CAUSE_OTHER) {
		advice.sentence = xstrdup("This is not about TLS");
		return advice;
	}
	advice.sentence = xstrdup(sentence_of(what));
	take_remedy(postfix, what, &advice, &arguments);
	if (arguments.count == 0)
		add_command(postfix, what, &advice, &arguments);
	if (arguments.count > 0)
		advice.command = quote_all(&arguments);
	sentences_release(&arguments);
	return advice;
}

void
advice_release(struct advice *advice)
{
	free(advice->sentence);
	free(advice->command);
	*advice = (struct advice){ 0 };
}
