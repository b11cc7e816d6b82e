/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each word of a wording is matched, and then the rest of it, so that a word
 * that may be missing can be tried both ways.
 */
#include "tls/wording.h"

#include <string.h>

#include "tls/reply_text.h"
#include "tls/words.h"

/* What TLS makes of a connection; the last, which '&' leaves out, of messages. */
static const char *const ways[] = {
	"a|an|the? " TLS_NAMES " or? " TLS_NAMES
	"? encryption|command|support|negotiation|handshake|" LINK_NAMES "?",
	"tls version? " TLS_RELEASES " " OR_HIGHER " " LINK_NAMES "?",
	TLS_NAMED_RELEASES " " OR_HIGHER " " LINK_NAMES "?",
	"a|an|the? encrypted|secure|secured smtp|" TLS_NAMES
	"? transport|channel|transmission|communication|smtp|" LINK_NAMES,
	"a|an|the? " TLS_NAMES
	" encrypted|secured smtp? transport|channel|" LINK_NAMES,
	"a|an|the? tls-encrypted|tls-secured|ssl-encrypted|ssl-secured "
	"smtp? transport|channel|" LINK_NAMES,
	"session|transport|connection|channel|link|smtp encryption",
	"transport layer security|encryption",
	"mandatory|strong? encryption",
};

/*
 * No wording has a letter of another script, for those may be a dash, too;
 * and the text is in lower case.
 */
static bool
is_ascii_inner(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

static bool
is_quote(char byte)
{
	return byte == '\'' || byte == '"' || byte == '`';
}

/* The end of a text is none. */
static bool
is_word_byte(const char *at)
{
	switch (*at) {
	case '-':
	case '_':
	case '/':
	case '\'':
	case '@':
	case '+':
		return true;
	case '.':
		return is_ascii_inner(at[1]);
	default:
		return is_ascii_inner(*at);
	}
}

/* The length of a word: up to the quote that closes it, '\0' for none. */
static size_t
word_length(const char *text, char quote)
{
	size_t length = 0;

	while (is_word_byte(text + length))
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

/* Behind "encrypted connection" in "encrypted connection (TLS)", or NULL. */
static const char *
skip_name(const char *text)
{
	const char *end = reply_skip_blanks(text);

	if (*end != '(')
		return NULL;
	end = wording_match(end + 1, TLS_NAMES);
	return end != NULL && *end == ')' ? end + 1 : NULL;
}

/* wording_firsts() of a way, which is asked once. */
static uint64_t
way_firsts(size_t way)
{
	static uint64_t firsts[sizeof(ways) / sizeof(ways[0])];

	if (firsts[way] == 0)
		firsts[way] = wording_firsts(ways[way]);
	return firsts[way];
}

/* The later of two places, either of which may be NULL. */
static const char *
later(const char *one, const char *other)
{
	return one == NULL || (other != NULL && other > one) ? other : one;
}

/*
 * The place behind one of the ways and the rest of a wording, or NULL. The
 * longest counts: "a tls" is also the beginning of "a tls encrypted session".
 */
static const char *
match_way(const char *text, char sign, const char *rest)
{
	size_t count = sizeof(ways) / sizeof(ways[0]) - (sign == '&' ? 1 : 0);
	uint64_t first = wording_first(text);
	const char *longest = NULL;

	for (size_t i = 0; i < count; i++) {
		const char *way = (first & way_firsts(i)) != 0
			? wording_match(text, ways[i])
			: NULL;
		const char *name = way != NULL ? skip_name(way) : NULL;
		const char *end = NULL;

		if (name != NULL)
			end = wording_match(name, rest);
		if (way != NULL && end == NULL)
			end = wording_match(way, rest);
		longest = later(longest, end);
	}
	return longest;
}

/* The place behind "example.net" or "<user@example.net>", or NULL. */
static const char *
match_name(const char *text)
{
	bool open = *text == '<';
	size_t length;

	text += open ? 1 : 0;
	length = word_length(text, '\0');
	if (memchr(text, '.', length) == NULL &&
		memchr(text, '@', length) == NULL)
		return NULL;
	if (open && text[length] != '>')
		return NULL;
	return text + length + (open ? 1 : 0);
}

/* A word that may be missing is looked for first, then done without. */
const char *
wording_match(const char *text, const char *wording)
{
	size_t length = strcspn(wording, " ");
	const char *next = wording + length + strspn(wording + length, " ");
	const char *found, *end = NULL;
	bool optional;

	if (length == 0)
		return text;
	if (*wording == '%' || *wording == '&')
		return match_way(text, *wording, next);
	if (*wording == '$') {
		found = match_name(reply_skip_blanks(text));
		return found != NULL ? wording_match(found, next) : NULL;
	}
	optional = wording[length - 1] == '?';
	found = match_word(reply_skip_blanks(text), wording,
		length - (optional ? 1 : 0));
	if (found != NULL)
		end = wording_match(found, next);
	if (end == NULL && optional)
		end = wording_match(text, next);
	return end;
}

/* A word's bit, by FNV-1a; words that share it are only slow. */
static uint64_t
word_bit(const char *word, size_t length)
{
	uint32_t hash = UINT32_C(2166136261);

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)word[i]) * UINT32_C(16777619);
	return UINT64_C(1) << (hash >> 16) % 64;
}

uint64_t
wording_first(const char *text)
{
	char quote;

	text = reply_skip_blanks(text);
	quote = is_quote(*text) ? *text++ : '\0';
	return word_bit(text, word_length(text, quote));
}

uint64_t
wording_firsts(const char *wording)
{
	size_t length = strcspn(wording, " ");
	const char *next = wording + length + strspn(wording + length, " ");
	bool optional = length > 0 && wording[length - 1] == '?';
	const char *end = wording + length - (optional ? 1 : 0);
	uint64_t firsts = 0;

	if (length == 0 || *wording == '$')
		return UINT64_MAX;
	if (*wording == '%' || *wording == '&') {
		for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
			firsts |= wording_firsts(ways[i]);
		return firsts;
	}
	while (wording < end) {
		length = strcspn(wording, "|? ");
		firsts |= word_bit(wording, length);
		wording += length + 1;
	}
	return optional ? firsts | wording_firsts(next) : firsts;
}

static bool
ends_clause(const char *at)
{
	return *at == '\0' || strchr(REPLY_NEW_SENTENCE ";!?(", *at) != NULL ||
		(strchr(".:", *at) != NULL && !words_is_inner(at[1]));
}

/* Whether the text has a word of the list before its first clause ends. */
static bool
clause_has(const char *text, const char *list)
{
	size_t length = 0;

	while (!ends_clause(text + length))
		length++;
	return words_part_contains(text, length, list);
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

/* What Gmail once had behind its words: "u14sm10399872gvf.1", " - gsmtp". */
static bool
is_id(const char *word)
{
	size_t letters = 0, digits = 0;

	for (; words_is_inner(*word) || *word == '.' || *word == '-'; word++)
		if (words_is_digit(*word))
			digits++;
		else if (*word >= 'a' && *word <= 'z')
			letters++;
	return letters > 0 && digits > 3 &&
		(*word == '\0' || strncmp(word, " - ", 3) == 0);
}

bool
wording_ends(const char *end, const char *next, const char *veto)
{
	const char *word = reply_skip_blanks(end);
	size_t length = strcspn(word, " .,;:!");

	if (word > end && words_list_has(next, word, length))
		return !clause_has(word, veto);
	return is_mark(word) || (word > end && is_id(word)) ||
		strcspn(end, REPLY_LINE_MARKS) < (size_t)(word - end) ||
		words_list_has("see visit http https", word, length);
}
