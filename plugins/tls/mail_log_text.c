/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What Postfix's delivery agents and tlsproxy say in the log about TLS, from
 * 2.5 to 3.11, and which reason in the queue it belongs to. A message counts
 * only when it starts with one of these texts; most of them end in words that
 * the remote server chose.
 */
#include "tls/mail_log_text.h"

#include <string.h>
#include <strings.h>

#include "tls/cause.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define UNTRUSTED   (1U << LOG_REASON_NOT_TRUSTED)
#define UNVERIFIED  (1U << LOG_REASON_NOT_VERIFIED)
#define UNMATCHED   (1U << LOG_REASON_NOT_MATCHED)
#define CERTIFICATE (UNTRUSTED | UNVERIFIED)
#define HANDSHAKE   (1U << LOG_REASON_HANDSHAKE)
#define POLICY      (1U << LOG_REASON_POLICY)
#define DANE        (1U << LOG_REASON_DANE)
#define UNAVAILABLE (1U << LOG_REASON_UNAVAILABLE)
#define ENGINE      (1U << LOG_REASON_ENGINE)

static const struct {
	const char *name;
	unsigned explains;
	const char *sentence;
} findings[] = {
	[LOG_NOTHING] = { "nothing", 0, "the log says nothing" },
	[LOG_UNTRUSTED_ISSUER] = { "untrusted_issuer", CERTIFICATE,
		"the certificate's issuer is not trusted here" },
	[LOG_SELF_SIGNED] = { "self_signed", CERTIFICATE,
		"the certificate is self-signed" },
	[LOG_EXPIRED] = { "expired", CERTIFICATE,
		"the certificate has expired" },
	[LOG_NOT_YET_VALID] = { "not_yet_valid", CERTIFICATE,
		"the certificate is not valid yet" },
	[LOG_NAME_MISMATCH] = { "name_mismatch", UNVERIFIED | UNMATCHED,
		"the certificate is for another name" },
	[LOG_FINGERPRINT_MISMATCH] = { "fingerprint_mismatch",
		CERTIFICATE | UNMATCHED,
		"the certificate has another fingerprint than the policy" },
	[LOG_TLSA_MISMATCH] = { "tlsa_mismatch", CERTIFICATE | UNMATCHED,
		"the certificate fits none of the TLSA records" },
	[LOG_FINGERPRINT_UNUSABLE] = { "fingerprint_unusable",
		CERTIFICATE | UNMATCHED,
		"no fingerprint of the policy is one of the digest in use" },
	[LOG_KEY_MISMATCH] = { "key_mismatch", CERTIFICATE | UNMATCHED,
		"the certificate fits no fingerprint or TLSA record" },
	[LOG_MISMATCH] = { "mismatch", UNVERIFIED | UNMATCHED,
		"the certificate has another name, or fits no fingerprint or "
		"TLSA record" },
	[LOG_WRONG_PURPOSE] = { "wrong_purpose", CERTIFICATE,
		"the certificate is not meant for this use" },
	[LOG_CHAIN_TOO_LONG] = { "chain_too_long", CERTIFICATE,
		"the certificate chain is longer than our limit" },
	[LOG_NO_LOCAL_TRUST] = { "no_local_trust", CERTIFICATE | UNMATCHED,
		"no trust anchor, fingerprint or TLSA record fits" },
	[LOG_VERIFICATION] = { "verification", CERTIFICATE,
		"the certificate could not be verified" },
	[LOG_STS_POLICY] = { "sts_policy", CERTIFICATE,
		"the MTA-STS policy could not be had" },
	[LOG_STS_MX_MISMATCH] = { "sts_mx_mismatch", UNAVAILABLE,
		"the MX host is not one that the MTA-STS policy names" },
	[LOG_WRAPPERMODE_LEVEL] = { "wrappermode_level", UNAVAILABLE,
		"wrapper mode needs the security level encrypt or more" },
	[LOG_HANDSHAKE] = { "handshake", HANDSHAKE,
		"the TLS handshake broke off" },
	[LOG_DANE_LOOKUP] = { "dane_lookup", DANE,
		"the TLSA records could not be looked up" },
	[LOG_POLICY_TABLE] = { "policy_table", POLICY,
		"the TLS policy for the destination can't be used" },
	[LOG_ENGINE] = { "engine", ENGINE | HANDSHAKE,
		"our own TLS set-up failed" },
};

_Static_assert(COUNT(findings) == LOG_FINDING_COUNT, "a finding has no name");

static const struct {
	const char *level;
	enum log_finding mismatch;
} levels[] = {
	{ "verify", LOG_NAME_MISMATCH },
	{ "secure", LOG_NAME_MISMATCH },
	{ "fingerprint", LOG_FINGERPRINT_MISMATCH },
	{ "dane", LOG_TLSA_MISMATCH },
	{ "dane-only", LOG_TLSA_MISMATCH },
};

enum log_finding
mail_log_finding_at(enum log_finding kind, const char *level)
{
	for (size_t i = 0; i < COUNT(levels); i++) {
		enum log_finding exact = levels[i].mismatch;

		if (strcasecmp(level, levels[i].level) != 0)
			continue;
		if (kind == LOG_MISMATCH ||
			(kind == LOG_KEY_MISMATCH &&
				exact != LOG_NAME_MISMATCH))
			return exact;
	}
	return kind;
}

enum log_finding
log_finding_of_features(enum log_finding kind, struct log_span features)
{
	char level[16] = "";

	log_span_skip(&features, "!");
	for (size_t i = 0; i < features.length && i + 1 < sizeof(level) &&
		strchr(":/?", features.at[i]) == NULL;
		i++)
		level[i] = features.at[i];
	return mail_log_finding_at(kind, level);
}

const char *
mail_log_finding_name(enum log_finding kind)
{
	return findings[kind].name;
}

const char *
mail_log_finding_sentence(enum log_finding kind)
{
	return findings[kind].sentence;
}

bool
log_finding_explains(enum log_finding kind, enum log_reason reason)
{
	return (findings[kind].explains >> reason & 1) != 0;
}

/* How a text ends. */
enum ending {
	END,         /* there */
	DETAIL,      /* with the detail */
	PARENTHESIS, /* with "DETAIL)" */
	REST,        /* with what need not be said again */
};

/* tls/tls_verify.c: tls_log_verify_error(), behind "failed for HOST: ". */
static const struct {
	const char *text;
	enum ending ending;
	enum log_finding kind;
} faults[] = {
	{ "untrusted issuer ", DETAIL, LOG_UNTRUSTED_ISSUER },
	{ "self-signed certificate", END, LOG_SELF_SIGNED },
	{ "certificate has expired", END, LOG_EXPIRED },
	{ "certificate not yet valid", END, LOG_NOT_YET_VALID },
	{ "not designated for use as a ", DETAIL, LOG_WRONG_PURPOSE },
	{ "certificate chain longer than limit(", PARENTHESIS,
		LOG_CHAIN_TOO_LONG },
	{ "not trusted by local or TLSA policy", END, LOG_NO_LOCAL_TRUST },
	{ "external policy failure (", PARENTHESIS, LOG_STS_POLICY },
	/* X509_V_ERR_HOSTNAME_MISMATCH; Postfix checks names so since 3.6 */
	{ "num=62:", DETAIL, LOG_NAME_MISMATCH },
	/* X509_V_ERR_IP_ADDRESS_MISMATCH, of a next-hop like [192.0.2.1] */
	{ "num=64:", DETAIL, LOG_NAME_MISMATCH },
	/* X509_V_ERR_DANE_NO_MATCH; fingerprints are checked so, too */
	{ "num=65:", REST, LOG_KEY_MISMATCH },
	{ "num=", DETAIL, LOG_VERIFICATION },
};

struct log_span
log_endpoint_of(struct log_span host)
{
	struct log_span name, rest = host;

	if (!log_span_until(&rest, "[", &name))
		return (struct log_span){ "", 0 };
	return (struct log_span){ rest.at - 1, rest.length + 1 };
}

/* "NAME[ADDRESS]:PORT" or, for a Unix socket, "NAME[PATH]", then ": ". */
static bool
host_take(struct log_span *rest, struct log_notice *notice)
{
	if (!log_span_until(rest, ": ", &notice->host))
		return false;
	notice->key = log_endpoint_of(notice->host);
	return notice->key.length != 0;
}

static bool
fault_take(struct log_span rest, struct log_notice *notice)
{
	if (!host_take(&rest, notice))
		return false;
	for (size_t i = 0; i < COUNT(faults); i++) {
		if (!log_span_skip(&rest, faults[i].text))
			continue;
		notice->kind = faults[i].kind;
		if (faults[i].ending != REST)
			notice->detail = rest;
		if (faults[i].ending == PARENTHESIS)
			return log_span_cut(&notice->detail, ")");
		return faults[i].ending != END || rest.length == 0;
	}
	return false;
}

/*
 * "error:CODE:LIBRARY:FUNCTION:REASON:FILE:LINE:", in older releases with the
 * process id in front: the reason, or all of it when it has another shape.
 */
static struct log_span
library_reason(struct log_span text)
{
	struct log_span rest = text, reason;

	if (!log_span_until(&rest, "error:", NULL))
		return text;
	for (int fields = 0; fields < 3; fields++)
		if (!log_span_until(&rest, ":", NULL))
			return text;
	if (!log_span_until(&rest, ":", &reason) || reason.length == 0)
		return text;
	return reason;
}

static bool
library_take(struct log_span rest, struct log_notice *notice)
{
	notice->type = LOG_NOTICE_LIBRARY;
	notice->detail = library_reason(rest);
	return true;
}

/*
 * tls/tls_client.c: a number says nothing, and the library's error follows;
 * a system error or "lost connection" is all there is.
 */
static bool
connect_take(struct log_span rest, struct log_notice *notice)
{
	if (!host_take(&rest, notice))
		return false;
	notice->kind = LOG_HANDSHAKE;
	if (!log_span_is(rest, "-1") && !log_span_is(rest, "0"))
		notice->detail = rest;
	return true;
}

/* tlsproxy/tlsproxy.c: the library's error came before; no host name. */
static bool
proxy_take(struct log_span rest, struct log_notice *notice)
{
	if (!log_span_until(&rest, " peer=", NULL))
		return false;
	notice->kind = LOG_HANDSHAKE;
	notice->key = log_endpoint_of(rest);
	return notice->key.length != 0;
}

/*
 * Until 3.5 no line says that a name, a fingerprint or a TLSA record does not
 * fit: it is what remains when no other fault was logged. Of an issuer that
 * is not trusted there would be one, where the issuer counts.
 */
static bool
trusted_take(struct log_span rest, struct log_notice *notice)
{
	notice->type = LOG_NOTICE_SESSION;
	notice->kind = LOG_MISMATCH;
	return host_take(&rest, notice);
}

static bool
untrusted_take(struct log_span rest, struct log_notice *notice)
{
	notice->type = LOG_NOTICE_SESSION;
	notice->kind = LOG_KEY_MISMATCH;
	return host_take(&rest, notice);
}

/* tls/tls_dane.c, with the DNS client's words: "... name=_25._tcp.HOST " */
static bool
dane_take(struct log_span rest, struct log_notice *notice)
{
	notice->kind = LOG_DANE_LOOKUP;
	notice->detail = rest;
	if (log_span_until(&rest, " name=_", NULL) &&
		log_span_until(&rest, "._tcp.", NULL))
		log_span_until(&rest, " type=TLSA", &notice->key);
	return true;
}

/* smtp/smtp_tls_policy.c: WHAT_MAPS, next-hop destination "KEY": PROBLEM */
static bool
table_take(struct log_span rest, struct log_notice *notice)
{
	notice->kind = LOG_POLICY_TABLE;
	notice->detail = rest;
	return log_span_until(&rest, "\"", NULL) &&
		log_span_until(&rest, "\": ", &notice->key);
}

static bool
nexthop_take(struct log_span rest, struct log_notice *notice)
{
	notice->type = LOG_NOTICE_NEXTHOP;
	notice->kind = LOG_POLICY_TABLE;
	return log_span_until(&rest, "/", &notice->key);
}

/* smtp/smtp_connect.c, since 3.10.5: "M' does not match ... for 'D'" */
static bool
pattern_take(struct log_span rest, struct log_notice *notice)
{
	notice->kind = LOG_STS_MX_MISMATCH;
	return log_span_until(&rest, "' does not match STS MX pattern for '",
		       &notice->detail) &&
		log_span_until(&rest, "'", &notice->key);
}

/* A key with a blank: no host and no domain can be that. */
#define KEY_WRAPPERMODE "wrapper mode"
#define KEY_ENGINE      "TLS engine"

static bool
wrappermode_take(struct log_span rest, struct log_notice *notice)
{
	notice->kind = LOG_WRAPPERMODE_LEVEL;
	notice->detail = rest;
	notice->key = LOG_SPAN(KEY_WRAPPERMODE);
	return true;
}

/* tls/tls_client.c, tls_certkey.c, tls_misc.c: "...: disabling TLS support" */
static bool
engine_take(struct log_span rest, struct log_notice *notice)
{
	notice->kind = LOG_ENGINE;
	notice->key = LOG_SPAN(KEY_ENGINE);
	if (!log_span_cut(&rest, "disabling TLS support"))
		return false;
	notice->detail = rest;
	return log_span_cut(&notice->detail, ": ") ||
		log_span_cut(&notice->detail, ", ");
}

/* tls/tls_certkey.c: the file is named, and TLS goes off without a word. */
static bool
chain_take(struct log_span rest, struct log_notice *notice)
{
	notice->kind = LOG_ENGINE;
	notice->key = LOG_SPAN(KEY_ENGINE);
	notice->detail = rest;
	return true;
}

/* tls/tls_dane.c: the policy that wants the file is named afterwards. */
static bool
anchor_take(struct log_span rest, struct log_notice *notice)
{
	notice->kind = LOG_POLICY_TABLE;
	notice->detail = rest;
	return true;
}

/* smtp/smtp_tls_policy.c: dane_init(), "DESTINATION: dane-only ..." */
static bool
dane_level_take(struct log_span rest, struct log_notice *notice)
{
	static const char fault[] =
		"dane-only configured with dnssec lookups disabled";

	if (!log_span_until(&rest, ": ", &notice->key) ||
		!log_span_is(rest, fault))
		return false;
	notice->kind = LOG_POLICY_TABLE;
	notice->detail = rest;
	return true;
}

/* smtp/smtp_tls_policy.c: "..." specifies an invalid hostname */
static bool
server_name_take(struct log_span rest, struct log_notice *notice)
{
	notice->kind = LOG_POLICY_TABLE;
	notice->detail = rest;
	return true;
}

/* smtp/smtp_tls_policy.c: nexthop domain KEY: PROBLEM */
static bool
fingerprint_take(struct log_span rest, struct log_notice *notice)
{
	notice->kind = LOG_POLICY_TABLE;
	log_span_cut(&rest, ".");
	notice->detail = rest;
	return log_span_skip(&rest, "nexthop domain ") &&
		log_span_until(&rest, ": configured at ", &notice->key);
}

/* What is said of a server, behind its name: tls/tls_client.c. */
static const struct {
	const char *text;
	enum log_notice_type type;
	enum log_finding kind;
} remarks[] = {
	{ "re-using session with untrusted ", LOG_NOTICE_RESUMED, LOG_NOTHING },
	{ "Invalid TLS protocol list ", LOG_NOTICE_FINDING, LOG_HANDSHAKE },
	{ "invalid cipher grade: ", LOG_NOTICE_FINDING, LOG_HANDSHAKE },
	{ "all fingerprints unusable", LOG_NOTICE_FINDING,
		LOG_FINGERPRINT_UNUSABLE },
};

static bool
remark_take(struct log_span rest, struct log_notice *notice)
{
	if (!host_take(&rest, notice))
		return false;
	for (size_t i = 0; i < COUNT(remarks); i++) {
		struct log_span behind = rest;

		if (!log_span_skip(&behind, remarks[i].text))
			continue;
		notice->type = remarks[i].type;
		notice->kind = remarks[i].kind;
		if (notice->kind == LOG_HANDSHAKE)
			notice->detail = rest;
		return true;
	}
	return false;
}

/* How messages start, and who reads what comes behind. */
static const struct {
	const char *text;
	bool keep; /* the text is part of the detail */
	bool (*take)(struct log_span rest, struct log_notice *notice);
} starts[] = {
	{ "certificate verification failed for ", false, fault_take },
	{ "server certificate verification failed for ", false, fault_take },
	{ "CA certificate verification failed for ", false, fault_take },
	{ "SSL_connect error to ", false, connect_take },
	{ "TLS handshake failed for service=", false, proxy_take },
	{ "Trusted TLS connection established to ", false, trusted_take },
	{ "Untrusted TLS connection established to ", false, untrusted_take },
	{ "warning: TLS library problem: ", false, library_take },
	{ "warning: DANE TLSA lookup problem: ", false, dane_take },
	{ "warning: smtp_tls_policy_maps, ", true, table_take },
	{ "warning: lmtp_tls_policy_maps, ", true, table_take },
	{ "warning: TLS policy lookup for ", false, nexthop_take },
	{ "warning: TLS policy lookup error for ", false, nexthop_take },
	{ "warning: \"smtp_tls_servername = ", true, server_name_take },
	{ "warning: \"lmtp_tls_servername = ", true, server_name_take },
	{ "warning: nexthop domain ", true, fingerprint_take },
	{ "warning: MX name '", false, pattern_take },
	{ "warning: smtp_tls_wrappermode requires ", true, wrappermode_take },
	{ "warning: lmtp_tls_wrappermode requires ", true, wrappermode_take },
	{ "cannot load ", true, engine_take },
	{ "cannot set default OpenSSL ", true, engine_take },
	{ "warning: cannot ", true, engine_take },
	{ "warning: Cannot ", true, engine_take },
	{ "warning: Invalid TLS protocol list ", true, engine_take },
	{ "warning: OpenSSL DANE ", true, engine_take },
	{ "warning: error opening chain file: ", true, chain_take },
	{ "warning: error opening trust anchor file: ", true, anchor_take },
	{ "warning: error ", true, engine_take },
	{ "warning: no entropy ", true, engine_take },
	{ "warning: non-default ", true, engine_take },
};

bool
log_notice_parse(struct log_span message, struct log_notice *notice)
{
	*notice = (struct log_notice){ .detail = { "", 0 } };
	for (size_t i = 0; i < COUNT(starts); i++) {
		struct log_span rest = message, whole = message;

		if (!log_span_skip(&rest, starts[i].text))
			continue;
		log_span_skip(&whole, "warning: ");
		return starts[i].take(starts[i].keep ? whole : rest, notice);
	}
	log_span_skip(&message, "warning: ");
	return dane_level_take(message, notice) || remark_take(message, notice);
}

/* What the delivery agents put into the queue; cause.c has all of them. */
static const struct {
	const char *text;
	bool whole;
	enum log_reason reason;
	const char *key;
} reasons[] = {
	{ "Server certificate not trusted", true, LOG_REASON_NOT_TRUSTED, "" },
	{ "Server certificate not verified", true, LOG_REASON_NOT_VERIFIED,
		"" },
	{ "Cannot start TLS: handshake failure", true, LOG_REASON_HANDSHAKE,
		"" },
	{ "client TLS configuration problem", true, LOG_REASON_POLICY, "" },
	{ "TLSA lookup error for ", false, LOG_REASON_DANE, "" },
	{ MAIL_LOG_HIDING_TEXT, true, LOG_REASON_UNAVAILABLE, KEY_WRAPPERMODE },
	{ "TLS is required, but our TLS engine is unavailable", true,
		LOG_REASON_ENGINE, KEY_ENGINE },
};

enum log_reason
log_reason_of(struct log_span reason, bool *suspended, struct log_span *key)
{
	*suspended = false;
	*key = (struct log_span){ "", 0 };
	while (log_span_skip(&reason, CAUSE_SUSPENDED))
		*suspended = true;
	for (size_t i = 0; i < COUNT(reasons); i++) {
		struct log_span rest = reason;

		if (!log_span_skip(&rest, reasons[i].text))
			continue;
		if (reasons[i].whole && rest.length != 0)
			continue;
		/* "HOST:PORT" */
		log_span_until(&rest, ":", key);
		if (reasons[i].whole)
			*key = log_span_of(reasons[i].key);
		return reasons[i].reason;
	}
	return LOG_REASON_OTHER;
}

bool
mail_log_explains(enum log_finding kind, const char *text)
{
	struct log_span key;
	bool suspended;
	enum log_reason reason =
		log_reason_of(log_span_of(text), &suspended, &key);

	return log_finding_explains(kind, reason) ||
		(reason == LOG_REASON_NOT_VERIFIED &&
			log_finding_explains(kind, LOG_REASON_NOT_MATCHED));
}
