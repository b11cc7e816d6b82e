/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logical lines as util/readlline.c makes them: a line that starts with a
 * blank belongs to the one before, empty lines and lines whose first sign is
 * '#' are nothing, not even an end. Key and value are cut as postmap does.
 */
#include "tls/map_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r\n";

int
map_text_open(struct map_text *text, const char *path, struct error *error)
{
	*text = (struct map_text){ .file = fopen(path, "r") };
	if (text->file == NULL) {
		int kept = errno;

		error_set(error, "%s: %s", path, strerror(kept));
		errno = kept;
		return -1;
	}
	return 0;
}

void
map_text_release(struct map_text *text)
{
	if (text->file != NULL)
		fclose(text->file);
	free(text->entry);
	free(text->held);
	*text = (struct map_text){ 0 };
}

/* The next physical line that is no comment stays in held; 0 at the end. */
static int
hold_line(struct map_text *text)
{
	while (getline(&text->held, &text->room, text->file) > 0) {
		const char *first = text->held + strspn(text->held, blanks);

		text->lines++;
		if (*first != '\0' && *first != '#')
			return 1;
	}
	free(text->held);
	text->held = NULL;
	text->room = 0;
	return 0;
}

static void
append(char **entry, size_t *length, const char *line)
{
	size_t more = strcspn(line, "\r\n");

	*entry = xrealloc(*entry, *length + more + 1, 1);
	memcpy(*entry + *length, line, more);
	*length += more;
	(*entry)[*length] = '\0';
}

/* postmap/postmap.c: a key may stand in quotes since 3.2. */
static void
cut_entry(struct map_text *text)
{
	char *end;

	text->key = text->entry + strspn(text->entry, blanks);
	if (*text->key == '"') {
		text->key++;
		end = text->key + strcspn(text->key, "\"");
	} else {
		end = text->key + strcspn(text->key, blanks);
	}
	text->value = end;
	if (*end != '\0') {
		*end = '\0';
		text->value = end + 1 + strspn(end + 1, blanks);
	}
	end = text->value + strlen(text->value);
	while (end > text->value && strchr(blanks, end[-1]) != NULL)
		*--end = '\0';
}

int
map_text_next(struct map_text *text)
{
	size_t length = 0;

	if (text->held == NULL && !hold_line(text))
		return 0;
	text->line = text->lines;
	free(text->entry);
	text->entry = NULL;
	do {
		append(&text->entry, &length, text->held);
	} while (hold_line(text) && strchr(" \t", text->held[0]) != NULL);
	cut_entry(text);
	return 1;
}
