/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text is decoded one character at a time and written safe into memory;
 * for monitoring systems that memory is then searched for state words, so
 * that no replacement can make a new one.
 */
#include "text.h"

#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

#include "error.h"

/* XSI, not base POSIX. */
int wcwidth(wchar_t character);

#define REPLACEMENT '?'
#define CUT_MARK    "..."

/* First and last of what is printed nowhere: invisible, or it moves text. */
static const struct {
	uint32_t first, last;
} unsafe[] = {
	{ 0x0000, 0x001f },   /* C0 controls */
	{ 0x007f, 0x009f },   /* DEL and C1 controls */
	{ 0x00ad, 0x00ad },   /* soft hyphen */
	{ 0x061c, 0x061c },   /* Arabic letter mark */
	{ 0x180e, 0x180e },   /* Mongolian vowel separator */
	{ 0x200b, 0x200f },   /* zero width, left-to-right marks */
	{ 0x2028, 0x202e },   /* line and paragraph ends, bidi embeddings */
	{ 0x2060, 0x206f },   /* word joiner, bidi isolates */
	{ 0xd800, 0xdfff },   /* surrogates */
	{ 0xfdd0, 0xfdef },   /* noncharacters */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xfff9, 0xfffb },   /* interlinear annotations */
	{ 0xe0000, 0xe0fff }, /* tags */
};

/* What monitoring systems give a meaning to, and what stands for it. */
static const char *const look_alikes[] = {
	"|/",
	"<(",
	">)",
	"&+",
	"$?",
	"`'",
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

/* The bytes of the valid character at a text, and its code; 0: invalid. */
static size_t
decode(const char *text, uint32_t *code)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t least;
	} forms[] = {
		{ 0x80, 0x00, 0 },
		{ 0xe0, 0xc0, 0x80 },
		{ 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 },
	};
	unsigned char first = (unsigned char)text[0];

	for (size_t length = 1; length <= 4; length++) {
		if ((first & forms[length - 1].mask) != forms[length - 1].lead)
			continue;
		*code = first & (unsigned char)~forms[length - 1].mask;
		for (size_t i = 1; i < length; i++) {
			if (((unsigned char)text[i] & 0xc0) != 0x80)
				return 0;
			*code = *code << 6 | ((unsigned char)text[i] & 0x3f);
		}
		if (*code < forms[length - 1].least || *code > 0x10ffff ||
			(*code & 0xfffe) == 0xfffe)
			return 0;
		return length;
	}
	return 0;
}

static bool
is_unsafe(uint32_t code)
{
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++)
		if (code >= unsafe[i].first && code <= unsafe[i].last)
			return true;
	return false;
}

static char
look_alike(char byte)
{
	for (size_t i = 0; i < sizeof(look_alikes) / sizeof(char *); i++)
		if (look_alikes[i][0] == byte)
			return look_alikes[i][1];
	return byte;
}

/* The end of "[ STATE ]" at a bracket, its closing bracket; or NULL. */
static char *
state_word_end(char *open)
{
	char close = *open == '[' ? ']' : ')';
	char *word = open + 1 + strspn(open + 1, " ");
	size_t length = strspn(word,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
	char *end = word + length + strspn(word + length, " ");

	if (*end != close)
		return NULL;
	for (size_t i = 0; i < sizeof(state_words) / sizeof(char *); i++)
		if (strlen(state_words[i]) == length &&
			strncasecmp(word, state_words[i], length) == 0)
			return end;
	return NULL;
}

static void
hide_state_words(char *text)
{
	for (char *at = text; *at != '\0'; at++) {
		char *end;

		if (*at != '[' && *at != '(')
			continue;
		end = state_word_end(at);
		if (end == NULL)
			continue;
		*at = '{';
		*end = '}';
	}
}

char *
text_safe(const char *text, enum text_reader reader, size_t limit)
{
	size_t room = limit ? strnlen(text, limit + 1) : strlen(text);
	char *safe = xcalloc(room + sizeof(CUT_MARK), 1);
	size_t length = 0;

	if (limit == 0)
		limit = room;
	while (*text != '\0') {
		uint32_t code;
		size_t bytes = decode(text, &code);
		bool replace = bytes == 0 || is_unsafe(code);
		size_t wanted = replace ? 1 : bytes;

		if (length + wanted > limit) {
			memcpy(safe + length, CUT_MARK, sizeof(CUT_MARK));
			break;
		}
		if (replace)
			safe[length] = REPLACEMENT;
		else
			memcpy(safe + length, text, bytes);
		if (reader == TEXT_MONITORING)
			safe[length] = look_alike(safe[length]);
		length += wanted;
		text += bytes ? bytes : 1;
	}
	if (reader == TEXT_MONITORING)
		hide_state_words(safe);
	return safe;
}

void
text_print(FILE *out, const char *text, enum text_reader reader, size_t limit)
{
	char *safe = text_safe(text, reader, limit);

	fputs(safe, out);
	free(safe);
}

/* Characters, when the system has no UTF-8 locale to ask. */
static size_t
count_characters(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		if (((unsigned char)*text & 0xc0) != 0x80)
			count++;
	return count;
}

size_t
text_width(const char *text)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before;
	mbstate_t state = { 0 };
	size_t width = 0, bytes;
	wchar_t character;

	if (utf8 == (locale_t)0)
		return count_characters(text);
	before = uselocale(utf8);
	while ((bytes = mbrtowc(&character, text, MB_LEN_MAX, &state)) != 0) {
		int columns;

		if (bytes == (size_t)-1 || bytes == (size_t)-2)
			break;
		columns = wcwidth(character);
		width += columns > 0 ? (size_t)columns : 0;
		text += bytes;
	}
	uselocale(before);
	freelocale(utf8);
	return width;
}
