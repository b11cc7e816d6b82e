/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the front: the code, the enhanced code, the text. The codes that each
 * further line repeats are cut out of the text while it is copied.
 */
#include "tls/reply_text.h"

#include <string.h>

#include "tls/words.h"

/* What servers put before a phrase that is not theirs. */
static const char *const prefixes[] = {
	"invalid command: ",            /* OpenSMTPD */
	"administrative prohibition: ", /* Exim */
	"authentication required. ",
	"bad sequence of commands: ",
	"bad sequence of commands, ",
	"bad sequence of commands (", /* AOL */
	"error: ",                    /* Postfix */
	"policy rejection: ",
	"policy violation: ",
	"policy violation, ",
	"rejected by policy: ",
	"requested action aborted: ", /* RFC 5321 */
	"requested action not taken: ",
	"requested mail action not taken: ",
	"service unavailable; ",
	"sorry, ",
	"transaction failed: ",
	NULL,
};

static const char *
skip_start(const char *text, const char *start)
{
	size_t length = strlen(start);

	return strncmp(text, start, length) == 0 ? text + length : NULL;
}

/* Behind the first of the starts, which NULL ends, that fits; or NULL. */
static const char *
skip_one_of(const char *text, const char *const *starts)
{
	const char *end = NULL;

	for (; end == NULL && *starts != NULL; starts++)
		end = skip_start(text, *starts);
	return end;
}

const char *
reply_in(const char *reason)
{
	const char *host = skip_start(reason, "host ");
	size_t length = host != NULL ? words_host_length(host) : 0;
	const char *reply;

	if (length == 0)
		return NULL;
	reply = skip_start(host + length, " said: ");
	if (reply == NULL)
		reply = skip_start(host + length, " refused to talk to me: ");
	return reply;
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
		while (digits < 4 && words_is_digit(text[length + 1 + digits]))
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

/* For a line that begins with this byte. */
static char
line_mark(char first)
{
	return first >= 'a' && first <= 'z' ? REPLY_SAME_SENTENCE[0]
					    : REPLY_NEW_SENTENCE[0];
}

/* "not" in one word with another, at the end of a word. */
static const struct {
	const char *word, *meaning;
	bool whole; /* no letter comes before */
} negations[] = {
	{ "cannot", "can not", true },
	{ "can't", "can not", true },
	{ "won't", "will not", true },
	{ "n't", " not", false },
};

/* Returns the length of the text when its last word is spelled out. */
static size_t
spell_out(char *text, size_t length)
{
	for (size_t i = 0; i < sizeof(negations) / sizeof(*negations); i++) {
		size_t size = strlen(negations[i].word);
		size_t longer = strlen(negations[i].meaning);
		char *start = text + length - size;

		if (length < size ||
			memcmp(start, negations[i].word, size) != 0)
			continue;
		if (negations[i].whole && length > size &&
			words_is_inner(start[-1]))
			continue;
		memcpy(start, negations[i].meaning, longer);
		return length - size + longer;
	}
	return length;
}

/*
 * A reply of several lines has them joined by blanks (smtp/smtp_proto.c:
 * translit()), each with its codes, for which a mark stands in the copy;
 * and "isn't" is "is not" there.
 */
static void
copy_text(struct reply *reply, const char *from, const char *end)
{
	char *text = reply->text;
	size_t length = 0;

	from = skip_codes(from, reply->code);
	while (from < end && length < sizeof(reply->text) - 6) {
		const char *line;

		text[length++] = words_to_lower(*from++);
		if (text[length - 1] == 't' && !words_is_inner(*from))
			length = spell_out(text, length);
		line = skip_codes(from, reply->code);
		if (line != from)
			text[length++] = line_mark(*line);
		from = line;
	}
	if (from < end)
		text[length++] = 'x';
	text[length] = '\0';
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

bool
reply_parse(struct reply *reply, const char *text, const char *enhanced)
{
	const char *end = reply_end(text);
	size_t length;

	if ((text[0] != '4' && text[0] != '5') || !words_is_digit(text[1]) ||
		!words_is_digit(text[2]) || (text[3] != ' ' && text[3] != '-'))
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
		if (!words_list_has(enhanced, reply->enhanced,
			    strlen(reply->enhanced)))
			return false;
	}
	copy_text(reply, text, end);
	if (reply->class == '\0')
		take_trailing_code(reply);
	return true;
}

/*
 * Behind Postfix's "<anything>: " or Sendmail's "<anything>... ", where a
 * quoted part may hold a '>'; or NULL.
 */
static const char *
skip_angle(const char *text)
{
	static const char *const marks[] = { ": ", "... ", NULL };
	bool quoted = false;

	if (*text != '<')
		return NULL;
	for (text++; *text != '\0' && (quoted || *text != '>'); text++) {
		if (*text == '"')
			quoted = !quoted;
		else if (quoted && *text == '\\' && text[1] != '\0')
			text++;
	}
	return *text == '>' ? skip_one_of(text + 1, marks) : NULL;
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
		const char *behind = NULL;

		if (words_list_has("rejected denied refused", word, length))
			behind = skip_one_of(end, marks);
		if (behind != NULL)
			return behind;
		word = reply_skip_blanks(end);
	}
	return NULL;
}

/* Behind a sentence that only refuses: "access denied. "; or NULL. */
static const char *
skip_sentence(const char *text)
{
	static const char *const marks[] = { ". ", "! ", ", ", "; ", " - ",
		" (", " " REPLY_NEW_SENTENCE, " " REPLY_SAME_SENTENCE, NULL };

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
		words_is_digit(text[length - 1]) ||
		memchr(text, '.', length) == NULL)
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
	if (next == NULL)
		next = skip_one_of(text, prefixes);
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
		text = next + strspn(next, REPLY_LINE_MARKS);
	}
	return text + strspn(text, "(" REPLY_LINE_MARKS);
}

const char *
reply_phrase(const struct reply *reply)
{
	const char *host = skip_host(reply->text);

	return skip_prefixes(host != NULL ? host : reply->text);
}

const char *
reply_next_phrase(const char *phrase)
{
	const char *next = skip_sentence(phrase);

	return next != NULL ? skip_prefixes(next) : NULL;
}
