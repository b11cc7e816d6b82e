/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Three questions in turn. Is the reason, as a whole, one of the texts that
 * Postfix writes about TLS? Is it a remote server's reply (reply.c)? Is it
 * Postfix's own and speaks of TLS in words that no table knows? A row of
 * local_texts is a text with %h for a host, %p for host:port and %t, at its
 * end, for any text.
 */
#include "tls/cause.h"

#include <stddef.h>
#include <string.h>

#include "tls/reply.h"
#include "tls/reply_text.h"
#include "tls/words.h"

static const struct {
	const char *name;
	const char *sentence;
} causes[CAUSE_COUNT] = {
	[CAUSE_CERT_UNTRUSTED] = { "cert_untrusted",
		"The server's certificate comes from no authority that you trust." },
	[CAUSE_CERT_UNVERIFIED] = { "cert_unverified",
		"The server's certificate could not be verified: wrong name, expired, untrusted, or no match with your policy." },
	[CAUSE_NOT_OFFERED] = { "not_offered",
		"The server does not offer STARTTLS, but your policy demands TLS." },
	[CAUSE_STARTTLS_REFUSED] = { "starttls_refused",
		"The server offers STARTTLS, but refused it when asked." },
	[CAUSE_STARTTLS_LOST] = { "starttls_lost",
		"The connection broke or went silent right after STARTTLS." },
	[CAUSE_HANDSHAKE_FAILED] = { "handshake_failed",
		"The two sides could not agree on a TLS connection." },
	[CAUSE_ENGINE_UNAVAILABLE] = { "engine_unavailable",
		"TLS does not work on this machine: every destination that needs it waits." },
	[CAUSE_POLICY_ERROR] = { "policy_error",
		"The TLS policy or TLS configuration on this machine has an error." },
	[CAUSE_DANE_LOOKUP] = { "dane_lookup",
		"The DNS gave no usable answer on the server's TLSA records." },
	[CAUSE_DANE_POLICY] = { "dane_policy",
		"Your policy demands DANE, but the destination has no usable TLSA records or no DNSSEC." },
	[CAUSE_REQUIRETLS] = { "requiretls",
		"The sender asked for TLS all the way, which this delivery can't promise." },
	[CAUSE_REMOTE_REQUIRES_TLS] = { "remote_requires_tls",
		"The server accepts mail over TLS only, and this mail came without." },
	[CAUSE_REMOTE_TLS_FAILURE] = { "remote_tls_failure",
		"The server says that TLS failed on its side." },
	[CAUSE_CUSTOM] = { "custom", "A rule of your own matched." },
	[CAUSE_UNCLASSIFIED] = { "unclassified",
		"Postfix says something about TLS that this program does not know." },
	[CAUSE_OTHER] = { "other", "The reason is not about TLS." },
};

/*
 * smtp/smtp_proto.c unless another file is named; from 2.3 on unless a
 * release is.
 */
static const struct local_text {
	enum cause cause;
	const char *text;
} local_texts[] = {
	/* 2.5 to 3.5 */
	{ CAUSE_CERT_UNTRUSTED, "Server certificate not trusted" },
	/* 2.5; since 3.6 for each failure to authenticate the server */
	{ CAUSE_CERT_UNVERIFIED, "Server certificate not verified" },
	{ CAUSE_NOT_OFFERED,
		"TLS is required, but was not offered by host %h" },
	{ CAUSE_STARTTLS_REFUSED,
		"TLS is required, but host %h refused to start TLS: %t" },
	/* smtp_trouble.c, when the reply is neither 4xx nor 5xx */
	{ CAUSE_STARTTLS_REFUSED,
		"Protocol error: TLS is required, but host %h refused to start TLS: %t" },
	/* smtp_trouble.c */
	{ CAUSE_STARTTLS_LOST,
		"lost connection with %h while receiving the STARTTLS response" },
	{ CAUSE_STARTTLS_LOST,
		"conversation with %h timed out while receiving the STARTTLS response" },
	{ CAUSE_HANDSHAKE_FAILED, "Cannot start TLS: handshake failure" },
	{ CAUSE_ENGINE_UNAVAILABLE,
		"TLS is required, but our TLS engine is unavailable" },
	{ CAUSE_ENGINE_UNAVAILABLE, "TLS is required, but unavailable" },
	/* 2.5; smtp_tls_policy.c since 2.11 */
	{ CAUSE_POLICY_ERROR, "client TLS configuration problem" },
	/* smtp_tls_policy.c: dane_init(), 2.11 */
	{ CAUSE_DANE_LOOKUP, "TLSA lookup error for %p" },
	{ CAUSE_DANE_POLICY, "no TLSA records found" },
	{ CAUSE_DANE_POLICY, "TLSA records unusable" },
	{ CAUSE_DANE_POLICY, "non DNSSEC destination" },
	{ CAUSE_DANE_POLICY,
		"Verification not possible, MX RRset is insecure" },
	/* 3.11 */
	{ CAUSE_REQUIRETLS,
		"Sender requested REQUIRETLS, but host %h refused to start TLS: %t" },
	{ CAUSE_REQUIRETLS,
		"Sender requested REQUIRETLS, but TLS service was not offered by host %h" },
	{ CAUSE_REQUIRETLS,
		"Sender requested REQUIRETLS, but no matching server certificate was found. The last attempted server was %h" },
	{ CAUSE_REQUIRETLS,
		"Sender requested REQUIRETLS, but no trusted server certificate was found. The last attempted server was %h" },
	{ CAUSE_REQUIRETLS,
		"Sender requested REQUIRETLS, but no server was found that supports REQUIRETLS. The last attempted server was %h" },
	{ CAUSE_REQUIRETLS,
		"Sender requested REQUIRETLS, but my configured TLS security level %h disables certificate matching. The last attempted server was %h" },
	{ CAUSE_REQUIRETLS,
		"Sender requested REQUIRETLS, but my configured TLS security level %h disables encryption. The last attempted server was %h" },
	{ CAUSE_REQUIRETLS, "REQUIRETLS policy configuration error" },
	{ CAUSE_REQUIRETLS,
		"REQUIRETLS policy configuration error. The last attempted server was %h" },
	/* Sendmail 8 in its own queue: ruleset tls_server */
	{ CAUSE_HANDSHAKE_FAILED, "Deferred: 403 4.7.0 TLS handshake failed." },
	/* OpenSMTPD in its own queue: smtpd/mta_session.c */
	{ CAUSE_NOT_OFFERED, "TLS required but not supported by remote host" },
	{ CAUSE_STARTTLS_REFUSED, "STARTTLS rejected: %t" },
	/* In this sentence a wording that is new is still this cause. */
	{ CAUSE_REQUIRETLS, "Sender requested REQUIRETLS, but %t" },
	/* snapshots before 3.11 */
	{ CAUSE_REQUIRETLS,
		"REQUIRETLS Failure: sender requested REQUIRETLS, but %t" },
	/* smtp_trouble.c, when the reply is neither 4xx nor 5xx */
	{ CAUSE_REQUIRETLS,
		"Protocol error: Sender requested REQUIRETLS, but %t" },
};

/*
 * Reasons in which others had their say: remote servers, the DNS, programs,
 * administrators (transport(5): "error:" and "retry:"), and names of users.
 */
static const char *const foreign_starts[] = {
	"(description unavailable",
	"Command ",
	"Deferred: ", /* Sendmail, whoever said what follows */
	"Host not found",
	"Host or domain name not found",
	"Name service error",
	"Protocol error: host ",
	"SASL authentication failed",
	"SMTPUTF8 is required",
	"cannot access ", /* local(8), virtual(8): mailboxes of users */
	"cannot append ",
	"cannot create ",
	"cannot find ",
	"cannot open ",
	"cannot update ",
	"connect to ",
	"mail for ",
	"mail forwarding loop for ",
	"message requires SMTPUTF8",
	"no MX host for ",
	"temporary failure",
	"unable to connect to ",
	"unable to create ",
	"unable to find ",
	"unable to look up ",
	"unable to open ",
};

/* Behind these, wherever they stand, others speak. */
static const char *const foreign_parts[] = {
	" said: ",
	" refused to talk to me: ",
	"Command output:",
	" does not accept mail (nullMX)",
	": host not found",
};

#define OWN_WORDS                                                              \
	"tls ssl starttls requiretls tlsa dane dnssec tlsv1* sslv2 sslv3 "     \
	"certificate certificates"

static bool
starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

const char *
cause_bare(const char *reason)
{
	while (starts_with(reason, CAUSE_SUSPENDED))
		reason += sizeof(CAUSE_SUSPENDED) - 1;
	return reason;
}

/* The length of "host:port" at a text, or 0. */
static size_t
port_length(const char *text)
{
	size_t length = strcspn(text, " \t");
	size_t port = length;

	while (port > 0 && words_is_digit(text[port - 1]))
		port--;
	if (port == length || port < 2 || text[port - 1] != ':')
		return 0;
	return length;
}

static bool
text_fits(const char *text, const char *row)
{
	for (; *row != '\0'; row++) {
		size_t length;

		if (*row != '%') {
			if (*text++ != *row)
				return false;
			continue;
		}
		row++;
		if (*row == 't')
			return true;
		length = *row == 'p' ? port_length(text)
				     : words_host_length(text);
		if (length == 0)
			return false;
		text += length;
	}
	return *text == '\0';
}

static const struct local_text *
find_local(const char *text)
{
	for (size_t i = 0; i < sizeof(local_texts) / sizeof(local_texts[0]);
		i++)
		if (text_fits(text, local_texts[i].text))
			return &local_texts[i];
	return NULL;
}

/* "450 " or "4.7.5 ": an administrator's own text for a transport. */
static bool
starts_with_code(const char *text)
{
	return words_is_digit(text[0]) &&
		(text[1] == '.' ||
			(words_is_digit(text[1]) && words_is_digit(text[2])));
}

/* The text behind the host when it begins with one, whose path has any words. */
static const char *
behind_host(const char *text)
{
	static const char *const starts[] = { "lost connection with ",
		"conversation with ", "local data error while talking to " };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (starts_with(text, starts[i])) {
			text += strlen(starts[i]);
			return text + words_host_length(text);
		}
	return text;
}

static bool
is_foreign(const char *text)
{
	size_t starts = sizeof(foreign_starts) / sizeof(foreign_starts[0]);
	size_t parts = sizeof(foreign_parts) / sizeof(foreign_parts[0]);

	for (size_t i = 0; i < starts; i++)
		if (starts_with(text, foreign_starts[i]))
			return true;
	for (size_t i = 0; i < parts; i++)
		if (strstr(text, foreign_parts[i]) != NULL)
			return true;
	return starts_with_code(text);
}

struct cause_match
cause_of(const char *reason)
{
	const char *text = cause_bare(reason);
	const struct local_text *local = find_local(text);
	const char *reply;

	if (local != NULL)
		return (struct cause_match){ local->cause, local->text };
	reply = reply_in(text);
	if (reply != NULL)
		return reply_judge(reply);
	if (!is_foreign(text) && words_contain(behind_host(text), OWN_WORDS))
		return (struct cause_match){ CAUSE_UNCLASSIFIED, "" };
	return (struct cause_match){ CAUSE_OTHER, "" };
}

const char *
cause_name(enum cause cause)
{
	return causes[cause].name;
}

const char *
cause_sentence(enum cause cause)
{
	return causes[cause].sentence;
}

enum cause
cause_of_name(const char *name)
{
	enum cause cause = 0;

	while (cause < CAUSE_COUNT && strcmp(name, causes[cause].name) != 0)
		cause++;
	return cause;
}
