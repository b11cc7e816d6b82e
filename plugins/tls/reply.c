/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two tables are asked: enhanced codes that mean TLS by themselves, when some
 * word of the text agrees, and wordings, when the codes agree.
 */
#include "tls/reply.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "tls/reply_text.h"
#include "tls/wording.h"
#include "tls/words.h"

/* Lists for words_contain(), each with a blank behind, so that two make one. */
#define TRANSPORT_WORDS "tls ssl starttls tlsv1* sslv2 sslv3 "
#define CONNECTION_WORDS                                                       \
	"connection connections session sessions transport channel "
#define TLS_WORDS                                                              \
	TRANSPORT_WORDS                                                        \
	"requiretls tlsa dane dnssec encrypt* certificate certificates "

/* What speaks of these speaks of a message; "s/mime" is no word. */
#define PGP_WORDS "mime smime pgp gpg gnupg openpgp "
#define CONTENT_WORDS                                                          \
	PGP_WORDS                                                              \
	"attachment attachments dkim dmarc spf spam scam phishing virus "      \
	"malware "
#define MESSAGE_WORDS CONTENT_WORDS "message messages "
#define SECRET_WORDS  "attachment attachments card cards sensitive confidential "
#define FILE_WORDS                                                             \
	SECRET_WORDS                                                           \
	"file files document documents archive archives "
#define LOGIN_WORDS                                                            \
	"auth authenticat* authentifi* autentic* anmeld* log logging login "   \
	"logins logon sign signing sasl password passwords credentials "
/* "Required for authentication", "for attachments": no matter of transport. */
#define UNRELATED_WORDS LOGIN_WORDS FILE_WORDS CONTENT_WORDS

/* Enhanced codes that are about TLS when the text is, too. */
static const struct code_row {
	enum cause cause;
	const char *enhanced; /* a list */
	const char *name;     /* for people */
	const char *words;    /* one of which must be there */
	const char *veto;     /* words that speak against it */
	const char *terms[2]; /* both of which will do instead, if any */
} code_rows[] = {
	/*
	 * RFC 5248's registry; X.7.11 is the one for authentication. With
	 * REQUIRETLS it is Postfix's own for the next hop, handed through, with
	 * "unsupported by MX" Maddy's, and with "no commands allowed to pipeline
	 * after STARTTLS" it is Google's.
	 */
	{ .cause = CAUSE_REMOTE_REQUIRES_TLS,
		.enhanced = "7.10",
		.name = "X.7.10",
		.words = TRANSPORT_WORDS "encrypt*",
		.veto = MESSAGE_WORDS LOGIN_WORDS "requiretls commands mx" },
	/* Gmail, for bulk senders; in RFC 8617 it is about ARC */
	{ .cause = CAUSE_REMOTE_REQUIRES_TLS,
		.enhanced = "7.29",
		.name = "X.7.29",
		.words = TRANSPORT_WORDS,
		.veto = CONTENT_WORDS "arc" },
	/* Microsoft 365: the release of TLS is too old */
	{ .cause = CAUSE_REMOTE_REQUIRES_TLS,
		.enhanced = "7.66 7.67",
		.name = "X.7.66 and X.7.67",
		.words = TRANSPORT_WORDS,
		.veto = MESSAGE_WORDS },
	/* Microsoft 365: a connector that wants the sender's certificate */
	{ .cause = CAUSE_REMOTE_REQUIRES_TLS,
		.enhanced = "7.51",
		.name = "X.7.51",
		.words = TLS_WORDS,
		.veto = CONTENT_WORDS,
		.terms = { "tenantinboundattribution",
			"restrictdomainstocertificate" } },
	/* Sophos: the release of TLS is too old, or there is no TLS */
	{ .cause = CAUSE_REMOTE_REQUIRES_TLS,
		.enhanced = "7.4",
		.name = "X.7.4 with XGEMAIL_0006",
		.words = "",
		.veto = "",
		.terms = { "xgemail_0006", "mismatch in tls versions" } },
	/* RFC 8689: REQUIRETLS; Gmail has it for DKIM */
	{ .cause = CAUSE_REMOTE_TLS_FAILURE,
		.enhanced = "7.30",
		.name = "X.7.30",
		.words = TRANSPORT_WORDS "requiretls",
		.veto = CONTENT_WORDS },
	/* Exchange Online on its own next hop: STARTTLS, certificate, DANE */
	{ .cause = CAUSE_REMOTE_TLS_FAILURE,
		.enhanced = "7.321 7.322 7.323 7.324 7.325",
		.name = "X.7.321 to X.7.325",
		.words = TLS_WORDS,
		.veto = CONTENT_WORDS },
	/* the same, on the MTA-STS policy: the name of the server, its certificate */
	{ .cause = CAUSE_REMOTE_TLS_FAILURE,
		.enhanced = "4.8",
		.name = "X.4.8 with MTA-STS",
		.words = "",
		.veto = "",
		.terms = { "mx hosts of ", "failed mta-sts validation" } },
	{ .cause = CAUSE_REMOTE_TLS_FAILURE,
		.enhanced = "7.5",
		.name = "X.7.5 with MTA-STS",
		.words = "",
		.veto = "",
		.terms = { "remote certificate ",
			"failed mta-sts validation" } },
};

/* What makes a wording believable, and which words may come behind it. */
struct kind {
	enum cause cause;
	const char *codes;    /* a list */
	const char *enhanced; /* a list, in which "none" is for no code */
	const char *next;     /* see wording_ends() */
};

/*
 * 5.5.1 is OpenSMTPD's, 5.7.7 Yandex's; 451 with 5.7.3 is Exchange's: see
 * class_fits().
 */
#define DEMAND_CODES                                                           \
	"421 450 451 452 454 501 502 503 523 530 550 551 553 554 571"
#define DEMAND_ENHANCED "none 0.0 5.1 7.0 7.1 7.3 7.4 7.5 7.7 7.10 7.29"
static const struct kind demand = {
	CAUSE_REMOTE_REQUIRES_TLS,
	DEMAND_CODES,
	DEMAND_ENHANCED,
	"for to by before first from on at when here in with using via over "
	"please but per as and because unless if between during according due "
	"under",
};
/* The same in other languages; "f\303\274r" is German for "for". */
static const struct kind translated = {
	CAUSE_REMOTE_REQUIRES_TLS,
	DEMAND_CODES,
	DEMAND_ENHANCED,
	"fuer f\303\274r zum um von pour par para por per da voor",
};
/* RFC 4954 has 538 for authentication: it takes more than "required". */
static const struct kind obliged = {
	CAUSE_REMOTE_REQUIRES_TLS,
	"538",
	"none 7.0",
	"",
};
/* s/qmail, with a code for authentication. */
static const struct kind needed = {
	CAUSE_REMOTE_REQUIRES_TLS,
	"535",
	"7.1",
	"",
};
/* Chasquid, with the code for a security that can't be had. */
static const struct kind level = {
	CAUSE_REMOTE_REQUIRES_TLS,
	"550",
	"7.3",
	"",
};
/* Sendmail's ruleset tls_client, which goes on with the bits. */
static const struct kind weak = {
	CAUSE_REMOTE_REQUIRES_TLS,
	"403 454 503 550 554",
	"none 7.0",
	"0* 1* 2* 3* 4* 5* 6* 7* 8* 9*",
};
static const struct kind handshake = {
	CAUSE_REMOTE_TLS_FAILURE,
	"403 421 450 451 454 550 554",
	"none 0.0 3.0 4.2 7.0 7.1 7.5",
	"with for from due after during while because on",
};
/* These may be about any next hop, but for the codes. */
static const struct kind failure = {
	CAUSE_REMOTE_TLS_FAILURE,
	"421 454",
	"none 0.0 3.0 4.2 7.0 7.5",
	"with for from due after during while because on",
};
/* 4.3.3 is Sendmail's. */
static const struct kind unavailable = {
	CAUSE_REMOTE_TLS_FAILURE,
	"454",
	"none 0.0 7.0 3.0 3.3",
	"due after at because on for right",
};
/* 4.4.5 is Cisco's. */
static const struct kind too_many = {
	CAUSE_REMOTE_TLS_FAILURE,
	"421 454",
	"none 4.5 7.0",
	"from for at",
};
/* Exchange, which wants the certificate of a partner; others have messages'. */
static const struct kind certificate = {
	CAUSE_REMOTE_TLS_FAILURE,
	"454",
	"7.5",
	"",
};

/* Those of all tables: most replies have another and are read no further. */
#define ENHANCED_CODES "0.0 3.0 3.3 4.2 4.5 4.8 5.1 7.*"

/* What several wordings (wording.h) have in common. */
#define NEEDED                                                                 \
	"required|needed|mandatory|necessary|enforced|expected|obligatory|"    \
	"compulsory"
#define BEGIN                                                                  \
	"issue|use|send|run|do|initiate|start|enable|perform|support|"         \
	"negotiate|establish"
#define MUST "must|need|needs|have|has"
#define SENDER                                                                 \
	"you|client|clients|sender|senders|please|your|the|this|remote|"       \
	"sending? remote|sending|mail|smtp? "                                  \
	"client|server|host|system|mta|sender?"
#define RECEIVER                                                               \
	"this|our|the|we|i? recipient|recipient's|destination|security|"       \
	"receiving|local|company? "                                            \
	"mail|smtp? server|host|system|site|domain|mailbox|recipient|gateway|" \
	"policy|delivery|route|organization|organisation?"
#define THERE                                                                  \
	"to|for our|this|that|the? "                                           \
	"domain|recipient|address|mailbox|user|server|host|system"
#define MAIL "mail|email|e-mail|message|messages|emails|e-mails"
#define SENT                                                                   \
	"sent|delivered|submitted|transmitted|received|encrypted "             \
	"over|via|with|using"
#define TAKEN   "allowed|accepted|permitted|supported"
#define REFUSED "rejected|refused|denied|forbidden|prohibited"
/* "not accepted", "are not", "can not be", "will not be" */
#define NOT_BE "is|are|can|will? not be?"
/* "do not accept", "will not accept", "unable to accept" */
#define NO_TAKER "do|does|can|could|will|am|are|is? not|unable to?"
#define PLAIN                                                                  \
	"unencrypted|insecure|unsecured|plaintext|plain-text|cleartext|"       \
	"clear-text|non-tls|non-ssl|non-encrypted|plain|clear text? "          \
	"smtp|mail? smtp|delivery|" LINK_NAMES
#define RELEASE  TLS_RELEASES "|" TLS_NAMED_RELEASES
#define RELEASES RELEASE "? " OR_HIGHER

static const struct phrase_row {
	const struct kind *kind;
	const char *name; /* for people: what it says in other words */
	const char *wording;
} phrase_rows[] = {
	/* Postfix smtpd/smtpd.c, Sendmail, OpenSMTPD, netqmail */
	{ &demand, "you must start TLS",
		SENDER " " MUST " to? first? " BEGIN " % first?" },
	{ &demand, "you must STARTTLS",
		SENDER " " MUST " to? starttls first?" },
	{ &demand, "you must encrypt the connection",
		SENDER " " MUST
		       " to? encrypt|secure the|this|your? smtp? " LINK_NAMES },
	{ &demand, "please start TLS",
		"please? issue|use|enable|start|activate|negotiate|speak & first?" },
	{ &demand, "please change to TLS", "please? upgrade|switch to &" },
	{ &demand, "please encrypt the connection",
		"please encrypt|secure the|this|your? smtp? " LINK_NAMES },
	{ &demand, "please send over TLS",
		"please? send|resend|retry|connect|reconnect|try again? "
		"your|this|the? " MAIL "? over|via|with|using &" },
	{ &demand, "you must send over TLS",
		SENDER " " MUST " to? connect|reconnect|send|deliver|submit "
		       "your|this|the|all? " MAIL "? over|via|with|using &" },
	{ &demand, "you need TLS", SENDER " need|needs & first?" },
	{ &demand, "you did not use TLS",
		"you|your mail|smtp|sending? "
		"server|client|host|system|mta|domain? "
		"did|do|does|are|is not use|using|support &" },
	{ &demand, "the sender did not use TLS",
		"the? sender|client did|does|is not use|using &" },
	{ &demand, "TLS was not used", "& is|was? not used|negotiated|issued" },
	{ &demand, "TLS only", "& only" },
	{ &demand, "STARTTLS first", "starttls|tls command? first" },
	/*
	 * Postfix smtpd/smtpd_check.c, Exim's access lists, X.7.10, Exchange,
	 * Postini, Mimecast, Proofpoint, Maddy
	 */
	{ &demand, "TLS is required",
		"smtp|force|forced|enforced|mandatory|inbound|incoming|verified|"
		"valid? over|via? % is|are? " NEEDED },
	{ &demand, "the use of TLS is required",
		"the? use|usage of % is? " NEEDED },
	{ &demand, "TLS must be used",
		"% must|has|needs to? be used|issued|sent|enabled|supported first?" },
	{ &demand, "TLS is not optional", "% is? not optional" },
	{ &demand, "TLS 1.2 or higher is required",
		"at? least? minimum? tls|" TLS_NAMED_RELEASES
		" minimum? version? " RELEASES " is? " NEEDED },
	/* A receiver of 2026, which has the release behind a colon */
	{ &demand, "TLS 1.2 is the minimum",
		"tls minimum version is? " RELEASE "?" },
	{ &demand, "TLS 1.2 is the minimum",
		"minimum tls version is? " RELEASE "?" },
	{ &demand, "the release of TLS is too old",
		"minimum? tls minimum? version " RELEASE "? is|was? not met" },
	{ &demand, "that domain requires TLS",
		"the|our|this|recipient? domain|recipient|user|address|mailbox|"
		"host|server? $ requires|demands|enforces the? use? of? %" },
	{ &demand, "mail to that domain requires TLS",
		MAIL "|delivery|sending to|for $ requires the? use? of? &" },
	{ &demand, "this server requires TLS",
		RECEIVER " requires|require|demands|demand|enforces|enforce|"
			 "mandates|mandate the? use? of? %" },
	{ &demand, "this server requires TLS",
		RECEIVER
		" requires|require you|senders|clients|everyone to " BEGIN
		" &" },
	{ &demand, "you are required to start TLS",
		SENDER " is|are required to " BEGIN " &" },
	{ &demand, "mail to this domain requires TLS",
		MAIL "|delivery|sending " THERE " requires the? use? of? &" },
	/* Mimecast */
	{ &demand, "this server requires TLS 1.2 or higher",
		RECEIVER " requires minimum? tls|" TLS_NAMED_RELEASES
			 " minimum? version? " RELEASES },
	{ &demand, "this server requires strong ciphers",
		RECEIVER " requires high-strength|strong|stronger ciphers" },
	/* Qsmtp */
	{ &demand, "this server requires encrypted transmission",
		RECEIVER " requires encrypted " MAIL
			 "? transmission|transfer|delivery" },
	/* VIPRE */
	{ &demand, "you are required to send over TLS",
		"your? sender|sending? domain|server|host is required to send " MAIL
		"? over|via|with|using &" },
	{ &demand, "we accept mail over TLS only",
		RECEIVER " only? accepts|accept only? " MAIL "|" LINK_NAMES
			 "? only? over|via|with & only?" },
	{ &demand, "we accept TLS connections only",
		RECEIVER " only accepts|accept|allows|allow &" },
	{ &demand, "we accept only TLS connections",
		RECEIVER " accepts|accept|allows|allow only &" },
	{ &demand, "only TLS connections are accepted",
		"only & is|are? " TAKEN },
	{ &demand, "mail must be sent over TLS",
		"this|the|your|all|inbound|incoming? " MAIL " must be " SENT
		" &" },
	{ &demand, "connections must use TLS",
		"this|the|your|all|inbound|incoming? smtp? " MAIL "|" LINK_NAMES
		" must use &" },
	{ &demand, "mail to this domain must be sent over TLS",
		"all? " MAIL " " THERE " must be " SENT " &" },
	{ &demand, "mail was not sent over TLS",
		"this|the|your? " MAIL " was|is? not " SENT " &" },
	{ &demand, "the connection must be encrypted",
		"the|this|your|all|inbound|incoming? smtp? " LINK_NAMES
		" must be encrypted|secured" },
	{ &demand, "the connection is not encrypted",
		"the|this|your? smtp? " LINK_NAMES
		"|transport|channel is|are? not encrypted|secured" },
	/* Postomaat and fuglu, policy daemons for Postfix */
	{ &demand, "the connection is unencrypted",
		"unencrypted|non-encrypted|insecure|unsecured|plaintext|"
		"cleartext|non-tls smtp? " LINK_NAMES },
	{ &demand, "unencrypted connections are not allowed",
		PLAIN " " NOT_BE " " TAKEN },
	{ &demand, "unencrypted connections are not allowed",
		"no " PLAIN " is|are? " TAKEN },
	{ &demand, "mail over unencrypted connections is not allowed",
		MAIL "|delivery over|via|with " PLAIN " " NOT_BE " " TAKEN },
	{ &demand, "mail over unencrypted connections is refused",
		MAIL "|delivery over|via|with " PLAIN " is|are? " REFUSED },
	{ &demand, "connections without TLS are refused",
		LINK_NAMES " without % is|are? " REFUSED },
	{ &demand, "unencrypted connections are refused",
		PLAIN " is|are? " REFUSED },
	{ &demand, "we accept no unencrypted connections",
		RECEIVER " " NO_TAKER " accept|allow|permit|support " PLAIN },
	{ &demand, "we refuse unencrypted connections",
		RECEIVER " refuses|refuse|rejects|reject " PLAIN },
	{ &demand, "we refuse mail without TLS",
		RECEIVER " refuses|refuse|rejects|reject all|any? " MAIL
			 "|" LINK_NAMES " without &" },
	{ &demand, "we accept no mail without TLS",
		RECEIVER " " NO_TAKER " accept|allow|permit|receive all|any? "
			 "incoming|inbound|this|your|the? " MAIL "|" LINK_NAMES
			 " without &" },
	{ &demand, "you can not send mail without TLS",
		SENDER " can|may not send|deliver|submit|connect|relay "
		       "this|your|the? " MAIL
		       "? to|for? us|me|here|our|this|the? "
		       "domain|recipient|server|host|system? without &" },
	{ &demand, "mail is not accepted without TLS",
		MAIL "|command|commands|delivery|" LINK_NAMES " " NOT_BE
		     " " TAKEN " without|before &" },
	/* Yandex */
	{ &demand, "mail without TLS is not accepted",
		MAIL "|smtp? " MAIL "|sending|delivery|delivering|" LINK_NAMES
		     " without & " NOT_BE " " TAKEN },
	{ &demand, "mail without TLS is refused",
		MAIL "|smtp? " MAIL "|sending|delivery|delivering|" LINK_NAMES
		     " without & is|are|will? be? " REFUSED },
	/* German; then French, Spanish, Italian, Dutch */
	{ &translated, "TLS is required",
		TLS_NAMES "|tls-verbindung|tls-verschluesselung ist? zwingend? "
			  "erforderlich|notwendig|zwingend|pflicht" },
	{ &translated, "TLS is required",
		"connexion|chiffrement|conexion|cifrado|connessione? " TLS_NAMES
		" est|es|is? requis|requise|obligatoire|requerido|requerida|"
		"obligatorio|obligatoria|richiesto|richiesta|obbligatorio|"
		"obbligatoria|vereist|verplicht" },
	{ &translated, "TLS is required",
		"se requiere una? conexion? " TLS_NAMES },
	{ &obliged, "you must start TLS",
		"must issue a? starttls command? first" },
	{ &needed, "STARTTLS required", "starttls required" },
	{ &level, "the security level is too low",
		"security level check failed" },
	{ &weak, "encryption too weak", "encryption too weak" },
	{ &handshake, "TLS handshake failed",
		"temporary? " TLS_NAMES
		" handshake|negotiation|session|connection|setup? setup? "
		"failed|failure|error|timeout|aborted" },
	{ &handshake, "TLS handshake timed out",
		TLS_NAMES " handshake|negotiation timed out" },
	/* Forward Email, of its own next hop */
	{ &handshake, "TLS failed at the next hop",
		"tls is required due to mta-sts policy" },
	{ &failure, "TLS handshake failed",
		"error|failure during|in tls|ssl|starttls "
		"handshake|negotiation" },
	{ &failure, "TLS handshake failed", "failed " TLS_NAMES " handshake" },
	/* No "cannot start": that is Postfix's smtp/smtp_proto.c */
	{ &failure, "TLS could not be started",
		"could? not|unable|failed to? start " TLS_NAMES },
	{ &failure, "TLS could not be started",
		"could|can? not|unable|failed to? negotiate|establish|"
		"initialize|initialise|complete a|the? " TLS_NAMES
		" handshake|negotiation|session|connection?" },
	{ &failure, "TLS could not be started",
		TLS_NAMES " session|connection? could not be "
			  "negotiated|started|established" },
	{ &failure, "TLS could not be started",
		"error starting|initializing|negotiating " TLS_NAMES },
	/* Postfix smtpd/smtpd.c, Sendmail; Exim */
	{ &unavailable, "TLS not available",
		TLS_NAMES
		" is? currently|temporarily? not currently? available" },
	{ &unavailable, "TLS initialization failed",
		TLS_NAMES " initialization|initialisation failed|error" },
	/* netqmail */
	{ &unavailable, "TLS has no certificate", "tls missing certificate" },
	{ &unavailable, "TLS temporarily unavailable",
		TLS_NAMES " is? currently|temporarily? unavailable" },
	/* Postfix smtpd/smtpd.c: the rate limit of new sessions */
	{ &too_many, "too many new TLS sessions", "too many new tls sessions" },
	/* Cisco */
	{ &too_many, "too many TLS sessions",
		"too many tls sessions|connections|handshakes" },
	/* Exchange */
	{ &too_many, "maximum TLS rate exceeded",
		"can not accept tls as maximum tls rate exceeded" },
	{ &certificate, "certificate validation failed",
		"certificate validation failed|failure" },
};

#define PHRASE_ROWS (sizeof(phrase_rows) / sizeof(phrase_rows[0]))

/*
 * So goes on a reason of the server's own SMTP client, which it hands through
 * instead of demanding something: "TLS is required, but was not offered by".
 */
static const char *const handed_through[] = {
	/* Postfix smtp/smtp_proto.c */
	"but it? was|is? not offered",
	"but our tls engine",
	"but is? unavailable",
	"but host",
	/* OpenSMTPD smtpd/mta_session.c */
	"but is? not supported by the? remote|server",
	/* Exim transports/smtp.c */
	"but the? remote? server did|does not",
	"but an attempt to start tls failed",
	/* Maddy target/remote/connect.go */
	"but unsupported or|by failed|mx|the",
	/* Forward Email helpers/send-email.js */
	"due to mta-sts policy",
};

/*
 * An enhanced code of another class than the code is an accident, but for
 * Exchange's 451 5.7.3 STARTTLS is required to send mail.
 */
static bool
class_fits(const struct reply *reply)
{
	return reply->class == '\0' || reply->class == reply->code[0] ||
		(memcmp(reply->code, "451", 3) == 0 && reply->class == '5' &&
			strcmp(reply->enhanced, "7.3") == 0);
}

static bool
is_handed_through(const char *end)
{
	size_t rows = sizeof(handed_through) / sizeof(handed_through[0]);

	end += strspn(end, " ,;" REPLY_LINE_MARKS);
	if (strncmp(end, "but ", 4) != 0 && strncmp(end, "due ", 4) != 0)
		return false;
	for (size_t i = 0; i < rows; i++)
		if (wording_match(end, handed_through[i]) != NULL)
			return true;
	return false;
}

static bool
enhanced_is_in(const char *list, const struct reply *reply)
{
	return words_list_has(list, reply->enhanced, strlen(reply->enhanced));
}

static bool
kind_fits(const struct kind *kind, const struct reply *reply)
{
	return words_list_has(kind->codes, reply->code, 3) &&
		enhanced_is_in(kind->enhanced, reply);
}

/* The rows of a kind stand together, so that its codes are compared once. */
static bool
begins_kind(size_t row)
{
	return row == 0 || phrase_rows[row].kind != phrase_rows[row - 1].kind;
}

static bool
has_terms(const char *text, const char *const terms[2])
{
	return terms[0] != NULL && strstr(text, terms[0]) != NULL &&
		strstr(text, terms[1]) != NULL;
}

static bool
code_row_fits(const struct code_row *row, const struct reply *reply)
{
	if (reply->class == '\0' || !enhanced_is_in(row->enhanced, reply))
		return false;
	return has_terms(reply->text, row->terms) ||
		(words_contain(reply->text, row->words) &&
			!words_contain(reply->text, row->veto) &&
			strstr(reply->text, "s/mime") == NULL);
}

static bool
phrase_row_fits(const struct phrase_row *row, const char *phrase)
{
	const char *end = wording_match(phrase, row->wording);

	return end != NULL && !is_handed_through(end) &&
		wording_ends(end, row->kind->next, UNRELATED_WORDS);
}

/*
 * Whether a text that asks for encryption means that of messages, for it says
 * how or what, and nowhere names TLS or a connection: "encryption required
 * (PGP)", "encryption required, sensitive content". Last, chatmail's.
 */
static bool
is_of_messages(const char *text)
{
	return !words_contain(text, TRANSPORT_WORDS CONNECTION_WORDS) &&
		(words_contain(text, PGP_WORDS SECRET_WORDS) ||
			strstr(text, "s/mime") != NULL ||
			strstr(text, "invalid unencrypted mail") != NULL);
}

/* wording_firsts() of a row, which is asked once. */
static uint64_t
row_firsts(size_t row)
{
	static uint64_t firsts[PHRASE_ROWS];

	if (firsts[row] == 0)
		firsts[row] = wording_firsts(phrase_rows[row].wording);
	return firsts[row];
}

static const struct phrase_row *
find_phrase(const struct reply *reply, const char *phrase)
{
	uint64_t first = wording_first(phrase);
	bool fits = false;

	for (size_t i = 0; i < PHRASE_ROWS; i++) {
		const struct phrase_row *row = &phrase_rows[i];

		if (begins_kind(i))
			fits = kind_fits(row->kind, reply);
		if (fits && (first & row_firsts(i)) != 0 &&
			phrase_row_fits(row, phrase))
			return row;
	}
	return NULL;
}

/* The row of the phrase, or of the one behind a sentence that refuses. */
static const struct phrase_row *
find_row(const struct reply *reply)
{
	const char *phrase = reply_phrase(reply);
	const struct phrase_row *row = find_phrase(reply, phrase);

	if (row == NULL && (phrase = reply_next_phrase(phrase)) != NULL)
		row = find_phrase(reply, phrase);
	if (row != NULL &&
		(is_of_messages(reply->text) ||
			words_part_contains(reply->text,
				(size_t)(phrase - reply->text), CONTENT_WORDS)))
		return NULL;
	return row;
}

struct cause_match
reply_judge(const char *text)
{
	const struct phrase_row *row;
	struct reply reply;

	if (!reply_parse(&reply, text, ENHANCED_CODES) || !class_fits(&reply))
		return (struct cause_match){ CAUSE_OTHER, "" };
	for (size_t i = 0; i < sizeof(code_rows) / sizeof(code_rows[0]); i++)
		if (code_row_fits(&code_rows[i], &reply))
			return (struct cause_match){ code_rows[i].cause,
				code_rows[i].name };
	row = find_row(&reply);
	if (row != NULL)
		return (struct cause_match){ row->kind->cause, row->name };
	return (struct cause_match){ CAUSE_OTHER, "" };
}
