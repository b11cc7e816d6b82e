/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The escaper goes through a text once, character by character: a character
 * stays, or one '?' or look-alike takes its place, so the result is never
 * longer than the text. Then the result is cut, and last its state words are
 * looked for, because only then no later step can make new ones.
 */
#define _XOPEN_SOURCE 700 /* wcwidth */
#include "text.h"

#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

#include "error.h"

/* The longest character in UTF-8. */
#define CHARACTER_LIMIT 4

/* Characters that command a terminal, end a line, or can't be seen. */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{ 0x0001, 0x001F },   /* C0 */
	{ 0x007F, 0x009F },   /* DEL, C1 */
	{ 0x00AD, 0x00AD },   /* soft hyphen */
	{ 0x034F, 0x034F },   /* grapheme joiner */
	{ 0x061C, 0x061C },   /* Arabic letter mark */
	{ 0x115F, 0x1160 },   /* Hangul fillers */
	{ 0x180B, 0x180F },   /* Mongolian selectors, vowel separator */
	{ 0x200B, 0x200F },   /* zero width; directional marks */
	{ 0x2028, 0x202E },   /* line, paragraph; embeddings, overrides */
	{ 0x2060, 0x206F },   /* word joiner; isolates; deprecated ones */
	{ 0x3164, 0x3164 },   /* Hangul filler */
	{ 0xFE00, 0xFE0F },   /* variation selectors */
	{ 0xFEFF, 0xFEFF },   /* byte order mark */
	{ 0xFFA0, 0xFFA0 },   /* Hangul filler */
	{ 0xFFF9, 0xFFFB },   /* interlinear annotation */
	{ 0xE0000, 0xE0FFF }, /* tags, more selectors */
};

static const char *const state_words[] = {
	"OK",
	"WARNING",
	"CRITICAL",
	"UNKNOWN",
	"PENDING",
	"UP",
	"DOWN",
	"UNREACHABLE",
};

/* Checkmk's: "(!!)" becomes a badge that says CRIT. */
static const char *const state_marks[] = { ".", "!", "!!", "?" };

/* Older Checkmk looks for the bracket that closes this one and fails. */
static const char checkmk_cluster[] = "[running on";

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* False for surrogates, noncharacters and what is beyond Unicode. */
static bool
code_is_character(uint32_t code)
{
	return code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF) &&
		(code < 0xFDD0 || code > 0xFDEF) && (code & 0xFFFE) != 0xFFFE;
}

/* The bytes of the character at text, 0 when they are no valid UTF-8. */
static size_t
character_scan(const char *text, uint32_t *code)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t least; /* a smaller code has a shorter form */
	} forms[CHARACTER_LIMIT] = {
		{ 0x80, 0x00, 0x0 },
		{ 0xE0, 0xC0, 0x80 },
		{ 0xF0, 0xE0, 0x800 },
		{ 0xF8, 0xF0, 0x10000 },
	};
	const unsigned char *bytes = (const unsigned char *)text;
	size_t form = 0;

	while ((bytes[0] & forms[form].mask) != forms[form].lead)
		if (++form == CHARACTER_LIMIT)
			return 0;
	*code = bytes[0] & (forms[form].mask ^ 0xFFu);
	for (size_t i = 1; i <= form; i++) {
		if ((bytes[i] & 0xC0) != 0x80)
			return 0;
		*code = *code << 6 | (bytes[i] & 0x3Fu);
	}
	return *code >= forms[form].least && code_is_character(*code) ? form + 1
								      : 0;
}

static bool
code_is_hidden(uint32_t code)
{
	for (size_t i = 0; i < COUNT_OF(hidden); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return true;
	return false;
}

/* Of what a monitoring system would take for more than text. */
static char
look_alike_of(char character)
{
	switch (character) {
	case '|':
	case '\\':
		return '/';
	case '<':
		return '(';
	case '>':
		return ')';
	case '&':
		return '+';
	case '$':
		return 'S';
	case '`':
		return '\'';
	default:
		return character;
	}
}

/* Moves *text behind one character and writes what becomes of it. */
static size_t
character_copy(const char **text, enum text_reader reader, char *safe)
{
	char first = **text;
	uint32_t code;
	size_t length;

	/* Printable ASCII, as nearly all of it is. */
	if (first >= ' ' && first <= '~') {
		*safe = reader == TEXT_MONITORING ? look_alike_of(first)
						  : first;
		++*text;
		return 1;
	}
	length = character_scan(*text, &code);
	if (length == 0 || code_is_hidden(code)) {
		*text += length > 0 ? length : 1;
		*safe = '?';
		return 1;
	}
	memcpy(safe, *text, length);
	*text += length;
	return length;
}

static bool
continues_character(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Ends the text in dots so that it has at most limit bytes. */
static void
text_cut(char *text, size_t limit)
{
	size_t dots = limit < 3 ? limit : 3;
	size_t end = limit - dots;

	while (end > 0 && continues_character(text[end]))
		end--;
	memset(text + end, '.', dots);
	text[end + dots] = '\0';
}

/* The bracket that closes the one before a state word; NULL: none. */
static char *
state_word_end(char *text)
{
	text += strspn(text, " ");
	for (size_t i = 0; i < COUNT_OF(state_words); i++) {
		size_t length = strlen(state_words[i]);
		char *end = text + length;

		if (strncasecmp(text, state_words[i], length) != 0)
			continue;
		end += strspn(end, " ");
		if (*end == ']' || *end == ')')
			return end;
	}
	return NULL;
}

/* The bracket that closes the one before a mark; NULL: none. */
static char *
state_mark_end(char *text)
{
	char *end = text + strspn(text, ".!?");

	for (size_t i = 0; *end == ')' && i < COUNT_OF(state_marks); i++)
		if (strlen(state_marks[i]) == (size_t)(end - text) &&
			strncmp(text, state_marks[i], (size_t)(end - text)) ==
				0)
			return end;
	return NULL;
}

/*
 * Icinga DB Web, PluginOutput.php: [OK], (OK), [OK) become a state ball;
 * Checkmk, format_plugin_output(): (!) and its like become badges.
 */
static void
states_disarm(char *text)
{
	char *end;

	while ((text = strpbrk(text, "[(")) != NULL) {
		end = state_word_end(text + 1);
		if (end == NULL && *text == '(')
			end = state_mark_end(text + 1);
		if (end != NULL)
			*end = '}';
		if (end != NULL ||
			strncmp(text, checkmk_cluster,
				sizeof(checkmk_cluster) - 1) == 0)
			*text = '{';
		text++;
	}
}

char *
text_safe(const char *text, enum text_reader reader, size_t limit)
{
	size_t room = strlen(text), used = 0;
	char *safe;

	if (limit != 0 && limit < room)
		room = limit;
	safe = xcalloc(room + CHARACTER_LIMIT + 1, 1);
	while (*text != '\0' && used <= room)
		used += character_copy(&text, reader, safe + used);
	if (used > room)
		text_cut(safe, room);
	if (reader == TEXT_MONITORING)
		states_disarm(safe);
	return safe;
}

void
text_print(FILE *out, const char *text, enum text_reader reader, size_t limit)
{
	char *safe = text_safe(text, reader, limit);

	fputs(safe, out);
	free(safe);
}

static bool
text_is_ascii(const char *text)
{
	while (*text > 0 && *text < 0x7F)
		text++;
	return *text == '\0';
}

/* One column a character: what is left without a UTF-8 locale. */
static size_t
characters_count(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += !continues_character(*text);
	return count;
}

/* The columns of a text in the locale that is in use. */
static size_t
columns_count(const char *text)
{
	mbstate_t shift = { 0 };
	const char *end = text + strlen(text);
	size_t columns = 0;

	while (text < end) {
		wchar_t wide;
		size_t length =
			mbrtowc(&wide, text, (size_t)(end - text), &shift);
		int width = 1;

		if (length > CHARACTER_LIMIT) {
			length = 1;
			memset(&shift, 0, sizeof(shift));
		} else {
			width = wcwidth(wide);
		}
		columns += width < 0 ? 1 : (size_t)width;
		text += length;
	}
	return columns;
}

/* The locale is the calling thread's, for as long as it takes to count. */
size_t
text_width(const char *text)
{
	locale_t unicode, before;
	size_t columns;

	if (text_is_ascii(text))
		return strlen(text);
	unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (unicode == (locale_t)0)
		return characters_count(text);
	before = uselocale(unicode);
	columns = columns_count(text);
	uselocale(before);
	freelocale(unicode);
	return columns;
}
