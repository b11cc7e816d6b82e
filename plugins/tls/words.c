/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A text is cut into tokens at blanks, quotes and angle brackets. A token
 * that looks like a name of something is passed over whole; any other one is
 * cut into runs of letters and digits, which are looked up in the list.
 */
#include "tls/words.h"

#include <string.h>

/* Part of a text; not NUL-terminated. */
struct token {
	const char *start;
	size_t length;
};

bool
words_is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

bool
words_is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

bool
words_is_inner(char byte)
{
	return words_is_letter(byte) || words_is_digit(byte) ||
		((unsigned char)byte & 0x80) != 0;
}

char
words_to_lower(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		byte = (char)(byte - 'A' + 'a');
	return byte;
}

bool
words_list_has(const char *list, const char *word, size_t length)
{
	while (length > 0 && *list != '\0') {
		size_t same = 0;

		while (same < length &&
			list[same] == words_to_lower(word[same]))
			same++;
		if (list[same] == '*' ||
			(same == length && strchr(" ", list[same]) != NULL))
			return true;
		while (*list != '\0' && *list++ != ' ')
			;
	}
	return false;
}

/* The length of a name up to the '[': any name when the path repeats it. */
static size_t
host_name_length(const char *text)
{
	size_t name = strcspn(text, " \t[");
	size_t path = text[name] != '[' ? strcspn(text, "[") : 0;

	if (path > 0 && text[path] == '[' &&
		strncmp(text + path + 1, text, path) == 0 &&
		text[path + 1 + path] == ']')
		return path;
	return name;
}

/* A path that is never closed is none; the host ends at the first blank. */
size_t
words_host_length(const char *text)
{
	size_t name = host_name_length(text);
	const char *end =
		name > 0 && text[name] == '[' ? strchr(text + name, ']') : NULL;

	if (end != NULL)
		name = (size_t)(end - text);
	return name + strcspn(text + name, " \t");
}

/* Moves *text behind the next token; false when there is none. */
static bool
next_token(const char **text, struct token *token)
{
	const char *start = *text + strspn(*text, " \t");

	while (*start == '"' || *start == '<') {
		const char *end = strchr(start + 1, *start == '"' ? '"' : '>');

		if (end == NULL)
			return false;
		start = end + 1 + strspn(end + 1, " \t");
	}
	token->start = start;
	token->length = strcspn(start, " \t\"<");
	*text = start + token->length;
	return token->length > 0;
}

/*
 * user@domain, name[address], key=value, host:port, \\share, host.domain;
 * but not "TLSv1.3" and no dot or colon that merely ends a word.
 */
static bool
token_is_name(const struct token *token)
{
	for (size_t i = 0; i < token->length; i++) {
		char byte = token->start[i];
		char next = '\0';

		if (i + 1 < token->length)
			next = token->start[i + 1];
		if (strchr("@[]=\\", byte) != NULL)
			return true;
		if (byte == '.' && i > 0 && words_is_letter(next))
			return true;
		if (byte == ':' && words_is_inner(next))
			return true;
	}
	return false;
}

/*
 * With a slash the token is a path, unless all of its parts are in the list:
 * "SSL/TLS". Without one, a single part will do.
 */
static bool
token_has(const struct token *token, const char *list)
{
	bool all = memchr(token->start, '/', token->length) != NULL;
	bool found = false;

	for (size_t i = 0, length; i < token->length; i += length + 1) {
		for (length = 0; i + length < token->length &&
			words_is_inner(token->start[i + length]);)
			length++;
		if (words_list_has(list, token->start + i, length))
			found = true;
		else if (all && (length > 0 || token->start[i] == '/'))
			return false;
		if (found && !all)
			return true;
	}
	return found;
}

bool
words_contain(const char *text, const char *list)
{
	struct token token;

	while (next_token(&text, &token))
		if (!token_is_name(&token) && token_has(&token, list))
			return true;
	return false;
}

bool
words_part_contains(const char *text, size_t length, const char *list)
{
	char part[256];

	if (length > sizeof(part) - 1)
		length = sizeof(part) - 1;
	memcpy(part, text, length);
	part[length] = '\0';
	return words_contain(part, list);
}
