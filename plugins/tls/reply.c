/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reply is taken apart into code, enhanced code and phrase. The phrase is
 * in lower case, with a mark for the codes that each line of a longer reply
 * repeats and without what servers put in front of their words. Then two
 * tables are asked: enhanced codes that mean TLS by themselves, and wordings.
 */
#include "tls/reply.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "tls/words.h"

/* What a reply means is said in its beginning; the rest is not looked at. */
#define PHRASE_LIMIT 4096

/*
 * Where a line begins, behind the blank: a sentence, or one that begins in
 * lower case and may go on with that of the line before.
 */
#define NEW_SENTENCE  '\n'
#define SAME_SENTENCE '\r'
#define LINE_MARKS    "\n\r"

struct reply {
	const char *code; /* three digits, not terminated */
	char class;       /* first digit of the enhanced code; '\0': none */
	char enhanced[8]; /* the rest of it, "7.29"; or "none" */
	char text[PHRASE_LIMIT]; /* lower case */
};

/* Lists for words_contain(), each with a blank behind, so that two make one. */
#define TRANSPORT_WORDS "tls ssl starttls tlsv1* sslv2 sslv3 "
#define TLS_WORDS                                                              \
	TRANSPORT_WORDS                                                        \
	"requiretls tlsa dane dnssec encrypt* certificate certificates "

/* What speaks of these speaks of a message; "s/mime" is no word. */
#define CONTENT_WORDS                                                          \
	"attachment attachments smime pgp gpg openpgp dkim dmarc spf spam "    \
	"scam phishing virus malware "
#define MESSAGE_WORDS CONTENT_WORDS "message messages "
#define FILE_WORDS                                                             \
	"file files document documents archive archives card cards sensitive " \
	"confidential "
#define LOGIN_WORDS                                                            \
	"auth authentication authenticate log login logon sasl password "
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
	 * REQUIRETLS it is Postfix's own for the next hop, handed through.
	 */
	{ .cause = CAUSE_REMOTE_REQUIRES_TLS,
		.enhanced = "7.10",
		.name = "X.7.10",
		.words = TRANSPORT_WORDS "encrypt*",
		.veto = MESSAGE_WORDS LOGIN_WORDS "requiretls" },
	/* Gmail, for bulk senders; in RFC 8617 it is about ARC */
	{ .cause = CAUSE_REMOTE_REQUIRES_TLS,
		.enhanced = "7.29",
		.name = "X.7.29",
		.words = TRANSPORT_WORDS,
		.veto = CONTENT_WORDS "arc" },
	/* Microsoft 365: the release of TLS is too old */
	{ .cause = CAUSE_REMOTE_REQUIRES_TLS,
		.enhanced = "7.66",
		.name = "X.7.66",
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
};

/* What makes a wording believable, and which words may come behind it. */
struct kind {
	enum cause cause;
	const char *codes;    /* a list */
	const char *enhanced; /* a list, in which "none" is for no code */
	const char *next;     /* see ends_well() */
};

/*
 * 5.5.1 is OpenSMTPD's, 5.7.7 Yandex's; 451 with 5.7.3 is Exchange's: see
 * class_fits().
 */
static const struct kind demand = {
	CAUSE_REMOTE_REQUIRES_TLS,
	"421 450 451 452 454 501 502 503 523 530 550 551 553 554 571",
	"none 0.0 5.1 7.0 7.1 7.3 7.4 7.5 7.7 7.10 7.29",
	"for to by before first from on at when here in with using via over "
	"please but",
};
/* RFC 4954 has 538 for authentication: it takes more than "required". */
static const struct kind obliged = {
	CAUSE_REMOTE_REQUIRES_TLS,
	"538",
	"none 7.0",
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
	"with for from due after during while because",
};
/* 4.3.3 is Sendmail's. */
static const struct kind unavailable = {
	CAUSE_REMOTE_TLS_FAILURE,
	"454",
	"none 0.0 7.0 3.0 3.3",
	"due after at because on for right",
};
static const struct kind too_many = {
	CAUSE_REMOTE_TLS_FAILURE,
	"421 454",
	"none 7.0",
	"from for",
};
/* Exchange, which wants the certificate of a partner; others have messages'. */
static const struct kind certificate = {
	CAUSE_REMOTE_TLS_FAILURE,
	"454",
	"7.5",
	"",
};

/* Those of all tables: most replies have another and are read no further. */
#define ENHANCED_CODES "0.0 3.0 3.3 4.2 5.1 7.*"

/*
 * Wordings, from the phrase's first word on. One of "a|b" stands there; a
 * word with '?' behind it may be missing; '%' is one of ways, and '&' one
 * that is said of connections only.
 */
#define TLS    "tls|starttls|ssl|tls/ssl|ssl/tls|tls/starttls|starttls/tls"
#define NEEDED "required|needed|mandatory|necessary"
#define LINK   "connection|connections|session|sessions|conversation"
#define BEGIN  "issue|use|send|run|do|initiate|start|enable|perform|support"
#define MUST   "must|need|needs|have|has"
#define SENDER                                                                 \
	"you|client|clients|sender|senders|please|your|the|remote|sending? "   \
	"remote|sending|mail|smtp? client|server|host|system|mta?"
#define RECEIVER                                                               \
	"this|our|the|we? recipient|recipient's|destination|security? "        \
	"mail|smtp? server|host|system|site|domain|mailbox|recipient|gateway|" \
	"policy|delivery?"
#define MAIL    "mail|email|message|messages"
#define SENT    "sent|delivered|submitted|transmitted over|via|with|using"
#define TAKEN   "allowed|accepted|permitted|supported"
#define REFUSED "rejected|refused|denied|forbidden|prohibited"
#define PLAIN                                                                  \
	"unencrypted|insecure|unsecured|plaintext|plain-text|cleartext|"       \
	"clear-text|non-tls|non-ssl|non-encrypted|plain|clear text? smtp? " LINK

/* What a connection has to be; the last is said of messages as well. */
static const char *const ways[] = {
	"a|an|the? " TLS " encryption|command|support|" LINK "?",
	"a|an|the? encrypted|secure|secured smtp|" TLS
	"? transport|channel|" LINK,
	"session|transport|connection|channel|link|smtp encryption",
	"transport layer security",
	"mandatory|strong? encryption",
};

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
		       " to? encrypt|secure the|this|your? smtp? " LINK },
	{ &demand, "please start TLS",
		"please? issue|use|enable|start & first?" },
	{ &demand, "STARTTLS first", "starttls command? first" },
	/*
	 * Postfix smtpd/smtpd_check.c, Exim's access lists, X.7.10, Exchange,
	 * Postini, Mimecast, Proofpoint, Maddy
	 */
	{ &demand, "TLS is required",
		"smtp|force|forced|enforced|mandatory? over|via? % is|are? " NEEDED },
	{ &demand, "TLS must be used",
		"% must be used|issued|sent|enabled first?" },
	{ &demand, "TLS 1.2 or higher is required",
		"minimum? tls|tlsv1.2|tlsv1.3 minimum? version? "
		"1.2|1.3|v1.2|v1.3? or? "
		"higher|later|newer|above|better? is? " NEEDED },
	{ &demand, "this server requires TLS",
		RECEIVER " requires|require|demands the? use? of? %" },
	/* Qsmtp */
	{ &demand, "this server requires encrypted transmission",
		RECEIVER " requires encrypted " MAIL
			 "? transmission|transfer|delivery" },
	/* VIPRE */
	{ &demand, "you are required to send over TLS",
		"your? sender|sending? domain|server|host is required to send " MAIL
		"? over|via|with|using &" },
	{ &demand, "we accept mail over TLS only",
		RECEIVER " only? accepts|accept only? " MAIL "|" LINK
			 "? only? over|via|with &" },
	{ &demand, "we accept TLS connections only",
		RECEIVER " only accepts|accept|allows|allow &" },
	{ &demand, "we accept only TLS connections",
		RECEIVER " accepts|accept|allows|allow only &" },
	{ &demand, "only TLS connections are accepted",
		"only & is|are? " TAKEN },
	{ &demand, "mail must be sent over TLS",
		"this|the|your|all? " MAIL " must be " SENT " &" },
	{ &demand, "mail was not sent over TLS",
		"this|the|your? " MAIL " was|is not " SENT " &" },
	{ &demand, "the connection must be encrypted",
		"the|this|your|all? smtp? " LINK " must be encrypted|secured" },
	{ &demand, "the connection is not encrypted",
		"the|this|your? " LINK " is|are? not encrypted" },
	{ &demand, "unencrypted connections are not allowed",
		PLAIN " is|are? not " TAKEN },
	{ &demand, "unencrypted connections are refused",
		PLAIN " is|are? " REFUSED },
	{ &demand, "we accept no unencrypted connections",
		RECEIVER " do|does not accept|allow|permit|support " PLAIN },
	{ &demand, "we accept no mail without TLS",
		RECEIVER " do|does not accept|allow|permit " MAIL "|" LINK
			 " without &" },
	/* Yandex */
	{ &demand, "mail without TLS is not accepted",
		MAIL "|smtp? " MAIL "|sending|delivery|delivering|" LINK
		     " without & is|are? not " TAKEN },
	{ &demand, "mail without TLS is refused",
		MAIL "|smtp? " MAIL "|sending|delivery|delivering|" LINK
		     " without & is|are|will? be? " REFUSED },
	{ &obliged, "you must start TLS",
		"must issue a? starttls command? first" },
	{ &weak, "encryption too weak", "encryption too weak" },
	{ &handshake, "TLS handshake failed",
		"temporary? " TLS
		" handshake|negotiation|session|connection|setup? setup? "
		"failed|failure|error" },
	/* Postfix smtpd/smtpd.c, Sendmail; Exim */
	{ &unavailable, "TLS not available",
		TLS " is? currently|temporarily? not currently? available" },
	{ &unavailable, "TLS temporarily unavailable",
		TLS " is? currently|temporarily? unavailable" },
	/* Postfix smtpd/smtpd.c: the rate limit of new sessions */
	{ &too_many, "too many new TLS sessions", "too many new tls sessions" },
	/* Exchange */
	{ &too_many, "maximum TLS rate exceeded",
		"cannot accept tls as maximum tls rate exceeded" },
	{ &certificate, "certificate validation failed",
		"certificate validation failed|failure" },
};

/* What servers put before a phrase that is not theirs. */
static const char *const prefixes[] = {
	"invalid command: ",            /* OpenSMTPD */
	"administrative prohibition: ", /* Exim */
	"authentication required. ",
	"bad sequence of commands: ",
	"error: ", /* Postfix */
	"rejected by policy: ",
	"service unavailable; ",
	"sorry, ",
};

static const char *
skip_start(const char *text, const char *start)
{
	size_t length = strlen(start);

	return strncmp(text, start, length) == 0 ? text + length : NULL;
}

static char
line_mark(char first)
{
	return first >= 'a' && first <= 'z' ? SAME_SENTENCE : NEW_SENTENCE;
}

static bool
is_line_mark(char byte)
{
	return byte == NEW_SENTENCE || byte == SAME_SENTENCE;
}

/* A loop of its own: strspn(3) is slow to begin. */
static const char *
skip_blanks(const char *text)
{
	while (*text == ' ' || is_line_mark(*text))
		text++;
	return text;
}

const char *
reply_in(const char *reason)
{
	static const char *const wrappers[] = {
		" said: ",
		" refused to talk to me: ",
	};
	const char *host = skip_start(reason, "host ");
	size_t length = host != NULL ? strcspn(host, " \t") : 0;

	for (size_t i = 0; length > 0 && i < 2; i++) {
		const char *reply = skip_start(host + length, wrappers[i]);

		if (reply != NULL)
			return reply;
	}
	return NULL;
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* "4.7.29", with up to three digits each: its length, or 0. */
static size_t
enhanced_length(const char *text)
{
	size_t length = 1;

	if (strchr("245", text[0]) == NULL || text[0] == '\0')
		return 0;
	for (int part = 0; part < 2; part++) {
		size_t digits = 0;

		if (text[length] != '.')
			return 0;
		while (digits < 4 && is_digit(text[length + 1 + digits]))
			digits++;
		if (digits == 0 || digits > 3)
			return 0;
		length += 1 + digits;
	}
	return length;
}

/* "4.7.29 ", "#5.7.0 " or "5.7.10: ": its length, or 0. */
static size_t
enhanced_part(const char *text)
{
	size_t hash = text[0] == '#';
	size_t length = enhanced_length(text + hash);

	if (length == 0 || strchr(" :", text[hash + length]) == NULL)
		return 0;
	length += hash;
	return length + strspn(text + length, ": ");
}

/* Whether another line of the reply begins there, behind a blank. */
static bool
begins_line(const char *text, const char *code)
{
	return text[-1] == ' ' && code[3] == '-' &&
		strncmp(text, code, 3) == 0 &&
		(text[3] == ' ' || text[3] == '-');
}

/* Behind the code of a line and of empty ones before it: "530- 530 ". */
static const char *
skip_code(const char *text, const char *code)
{
	do
		text += 4 + strspn(text + 4, " ");
	while (begins_line(text, code));
	return text;
}

/* Where the codes of lines, "421-4.7.29 ", end; text when it has none. */
static const char *
skip_codes(const char *text, const char *code)
{
	while (begins_line(text, code)) {
		text = skip_code(text, code);
		text += enhanced_part(text);
	}
	return text;
}

/* The end of a reply without " (in reply to MAIL FROM command)". */
static const char *
reply_end(const char *reply)
{
	static const char start[] = " (in reply to ";
	static const char stop[] = " command)";
	const char *end = reply + strlen(reply);
	const char *open = end;

	if ((size_t)(end - reply) < sizeof(start) + sizeof(stop) ||
		memcmp(end - (sizeof(stop) - 1), stop, sizeof(stop) - 1) != 0)
		return end;
	while (open > reply && *open != '(')
		open--;
	if (open > reply && skip_start(open - 1, start) != NULL)
		return open - 1;
	return end;
}

/*
 * Copies the phrase in lower case. A reply of several lines has them joined
 * by blanks (smtp/smtp_proto.c: translit()), each with its codes, for which a
 * mark stands in the copy. A phrase that does not fit ends in a letter, which
 * is no end of a wording.
 */
static void
copy_text(struct reply *reply, const char *from, const char *end)
{
	size_t length = 0;

	from = skip_codes(from, reply->code);
	while (from < end && length < sizeof(reply->text) - 3) {
		const char *line;

		reply->text[length++] = words_to_lower(*from++);
		line = skip_codes(from, reply->code);
		if (line != from)
			reply->text[length++] = line_mark(*line);
		from = line;
	}
	if (from < end)
		reply->text[length++] = 'x';
	reply->text[length] = '\0';
}

static void
set_enhanced(struct reply *reply, const char *code, size_t length)
{
	reply->class = code[0];
	memcpy(reply->enhanced, code + 2, length - 2);
	reply->enhanced[length - 2] = '\0';
}

/* netqmail and others have the enhanced code at the end: " (#5.7.0)". */
static void
take_trailing_code(struct reply *reply)
{
	char *hash = strrchr(reply->text, '#');
	size_t length = hash != NULL ? enhanced_length(hash + 1) : 0;
	bool open = length > 0 && hash > reply->text && hash[-1] == '(';

	if (length == 0 || strcmp(hash + 1 + length, open ? ")" : "") != 0)
		return;
	set_enhanced(reply, hash + 1, length);
	hash[open ? -1 : 0] = '\0';
}

/* Behind "<anything>: ", where a quoted part may hold a '>'; or NULL. */
static const char *
skip_angle(const char *text)
{
	bool quoted = false;

	if (*text != '<')
		return NULL;
	for (text++; *text != '\0' && (quoted || *text != '>'); text++) {
		if (*text == '"')
			quoted = !quoted;
		else if (quoted && *text == '\\' && text[1] != '\0')
			text++;
	}
	return *text == '>' ? skip_start(text + 1, ": ") : NULL;
}

static size_t
letters_length(const char *text)
{
	size_t length = 0;

	while ((text[length] >= 'a' && text[length] <= 'z') ||
		text[length] == '-')
		length++;
	return length;
}

/* Behind words that end in a refusal and one of the marks, or NULL. */
static const char *
skip_refusal(const char *text, const char *const *marks)
{
	const char *word = text;
	size_t length;

	while ((length = letters_length(word)) > 0 && word - text < 60) {
		const char *end = word + length;

		if (words_list_has("rejected denied refused", word, length))
			for (int i = 0; marks[i] != NULL; i++)
				if (skip_start(end, marks[i]) != NULL)
					return skip_start(end, marks[i]);
		word = skip_blanks(end);
	}
	return NULL;
}

/*
 * Behind a sentence that only refuses: "access denied. ". It may be half of
 * a wording: "plaintext connections refused, ...".
 */
static const char *
skip_sentence(const char *text)
{
	static const char *const marks[] = { ". ", "! ", ", ", "; ", " - ",
		" (", " \n", " \r", NULL };

	return skip_refusal(text, marks);
}

/* Behind "[tls01] ", or NULL. */
static const char *
skip_tag(const char *text)
{
	size_t length = *text == '[' ? strcspn(text, " ]") : 0;

	return length > 0 ? skip_start(text + length, "] ") : NULL;
}

/* Behind a server's own name: a word with a dot inside; or NULL. */
static const char *
skip_host(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-");
	size_t colon = text[length] == ':';

	/* "tlsv1.2" is none: a name ends in a letter. */
	if (length == 0 || text[length + colon] != ' ' ||
		text[length - 1] == '.' || text[0] == '.' ||
		is_digit(text[length - 1]) || memchr(text, '.', length) == NULL)
		return NULL;
	return text + length + colon + 1;
}

static const char *
skip_prefix(const char *text)
{
	static const char *const colon[] = { ": ", NULL };
	const char *next = skip_angle(text);

	if (next == NULL)
		next = skip_refusal(text, colon);
	if (next == NULL)
		next = skip_tag(text);
	for (size_t i = 0;
		next == NULL && i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		next = skip_start(text, prefixes[i]);
	return next;
}

/* Three prefixes: "<a>: client host rejected: error: ". */
static const char *
skip_prefixes(const char *text)
{
	for (int i = 0; i < 3; i++) {
		const char *next = skip_prefix(text);

		if (next == NULL)
			break;
		text = next + strspn(next, LINE_MARKS);
	}
	return text + strspn(text, "(" LINE_MARKS);
}

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

/* No wording has a letter of another script: those may be a dash, too. */
static bool
is_ascii_inner(char byte)
{
	return words_is_inner(byte) && ((unsigned char)byte & 0x80) == 0;
}

static bool
is_quote(char byte)
{
	return byte == '\'' || byte == '"' || byte == '`';
}

static bool
is_word_byte(const char *at)
{
	return is_ascii_inner(*at) || strchr("-_/'@", *at) != NULL ||
		(*at == '.' && is_ascii_inner(at[1]));
}

/* The length of a word: up to the quote that closes it, if there is one. */
static size_t
word_length(const char *text, char quote)
{
	size_t length = 0;

	while (text[length] != '\0' && is_word_byte(text + length))
		length++;
	if (length > 0 && text[length - 1] == quote)
		length--;
	return length;
}

/*
 * One of "a|b|c" at the text, which may be in quotes of its own: the place
 * behind it, or NULL. What opens is no word's end, so more in quotes is none.
 */
static const char *
match_word(const char *text, const char *options, size_t length)
{
	const char *end = options + length;
	char quote = is_quote(*text) ? *text++ : '\0';
	size_t word = word_length(text, quote);

	if (quote != '\0' && text[word] != quote)
		return NULL;
	while (options < end) {
		const char *bar = memchr(options, '|', (size_t)(end - options));
		const char *stop = bar != NULL ? bar : end;

		if ((size_t)(stop - options) == word &&
			memcmp(options, text, word) == 0)
			return text + word + (quote != '\0' ? 1 : 0);
		options = stop + 1;
	}
	return NULL;
}

static const char *match_wording(const char *text, const char *wording);

/* The place behind one of the ways and the rest of a wording, or NULL. */
static const char *
match_way(const char *text, char sign, const char *rest)
{
	size_t count = sizeof(ways) / sizeof(ways[0]) - (sign == '&' ? 1 : 0);

	for (size_t i = 0; i < count; i++) {
		const char *end = match_wording(text, ways[i]);

		if (end != NULL)
			end = match_wording(end, rest);
		if (end != NULL)
			return end;
	}
	return NULL;
}

/*
 * The place behind a wording, or NULL when the text goes on otherwise. A word
 * that may be missing is looked for first, then done without.
 */
static const char *
match_wording(const char *text, const char *wording)
{
	size_t length = strcspn(wording, " ");
	const char *next = wording + length + strspn(wording + length, " ");
	const char *found, *end = NULL;
	bool optional;

	if (length == 0)
		return text;
	if (*wording == '%' || *wording == '&')
		return match_way(text, *wording, next);
	optional = wording[length - 1] == '?';
	found = match_word(skip_blanks(text), wording,
		length - (optional ? 1 : 0));
	if (found != NULL)
		end = match_wording(found, next);
	if (end == NULL && optional)
		end = match_wording(text, next);
	return end;
}

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
};

static bool
is_handed_through(const char *end)
{
	size_t rows = sizeof(handed_through) / sizeof(handed_through[0]);

	end += strspn(end, " ,;" LINE_MARKS);
	if (skip_start(end, "but ") == NULL)
		return false;
	for (size_t i = 0; i < rows; i++)
		if (match_wording(end, handed_through[i]) != NULL)
			return true;
	return false;
}

static bool
ends_clause(const char *at)
{
	return *at == '\0' || *at == NEW_SENTENCE ||
		strchr(";!?(", *at) != NULL ||
		(strchr(".:", *at) != NULL && !words_is_inner(at[1]));
}

/* Whether the first length bytes have a word of the list; as many as fit. */
static bool
part_has(const char *text, size_t length, const char *list)
{
	char part[256];

	if (length > sizeof(part) - 1)
		length = sizeof(part) - 1;
	memcpy(part, text, length);
	part[length] = '\0';
	return words_contain(part, list);
}

/* Whether the text has a word of the list before its first clause ends. */
static bool
clause_has(const char *text, const char *list)
{
	size_t length = 0;

	while (!ends_clause(text + length))
		length++;
	return part_has(text, length, list);
}

/*
 * The end or a mark behind a wording, where showq(8) has a '?' for each byte
 * of a dash. "required / STARTTLS", but no "required /optional".
 */
static bool
is_mark(const char *at)
{
	return strchr(",.;:!?()[{<#*|-", *at) != NULL ||
		((unsigned char)*at & 0x80) != 0 ||
		(at[0] == '/' && at[1] == ' ');
}

/*
 * What may follow: nothing, a mark, another line, where help is found, or a
 * word that goes on with the same thought. "for authentication" and "for
 * attachments" are no matter of transport.
 */
static bool
ends_well(const char *end, const char *next)
{
	const char *word = skip_blanks(end);
	size_t length = strcspn(word, " .,;:!");

	if (is_handed_through(end))
		return false;
	if (word > end && words_list_has(next, word, length))
		return !clause_has(word, UNRELATED_WORDS);
	return is_mark(word) ||
		strcspn(end, LINE_MARKS) < (size_t)(word - end) ||
		words_list_has("see visit http https", word, length);
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

/* False for what is no reply, or one whose codes say that it is not on TLS. */
static bool
parse(struct reply *reply, const char *text)
{
	const char *end = reply_end(text);
	size_t length;

	if ((text[0] != '4' && text[0] != '5') || !is_digit(text[1]) ||
		!is_digit(text[2]) || (text[3] != ' ' && text[3] != '-'))
		return false;
	reply->code = text;
	reply->class = '\0';
	memcpy(reply->enhanced, "none", sizeof("none"));
	text = skip_code(text, text);
	length = enhanced_part(text);
	if (length > 0) {
		const char *code = text + (*text == '#');

		set_enhanced(reply, code, enhanced_length(code));
		text += length;
		if (!words_list_has(ENHANCED_CODES, reply->enhanced,
			    strlen(reply->enhanced)))
			return false;
	}
	copy_text(reply, text, end);
	if (reply->class == '\0')
		take_trailing_code(reply);
	return true;
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
wording_fits(const struct phrase_row *row, const char *phrase)
{
	const char *end = match_wording(phrase, row->wording);

	return end != NULL && ends_well(end, row->kind->next);
}

static const struct phrase_row *
find_phrase(const struct reply *reply, const char *phrase)
{
	bool fits = false;

	for (size_t i = 0; i < sizeof(phrase_rows) / sizeof(phrase_rows[0]);
		i++) {
		const struct phrase_row *row = &phrase_rows[i];

		if (begins_kind(i))
			fits = kind_fits(row->kind, reply);
		if (fits && wording_fits(row, phrase))
			return row;
	}
	return NULL;
}

/* The row of the phrase, or of the one behind a sentence that refuses. */
static const struct phrase_row *
find_row(const struct reply *reply)
{
	const char *host = skip_host(reply->text);
	const char *phrase = skip_prefixes(host != NULL ? host : reply->text);
	const struct phrase_row *row = find_phrase(reply, phrase);

	if (row == NULL && (phrase = skip_sentence(phrase)) != NULL) {
		phrase = skip_prefixes(phrase);
		row = find_phrase(reply, phrase);
	}
	if (row != NULL &&
		part_has(reply->text, (size_t)(phrase - reply->text),
			CONTENT_WORDS))
		return NULL;
	return row;
}

struct cause_match
reply_judge(const char *text)
{
	const struct phrase_row *row;
	struct reply reply;

	if (!parse(&reply, text) || !class_fits(&reply))
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
