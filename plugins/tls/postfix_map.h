/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Types of lookup tables, as they are named in main.cf; none is opened. */
#ifndef TLS_POSTFIX_MAP_H
#define TLS_POSTFIX_MAP_H

#include <stdbool.h>

/* What a word of a list of maps says, without "proxy:". */
struct postfix_map {
	char type[16]; /* "hash"; "" when there is none */
	const char
		*whole; /* "hash:/etc/postfix/transport", in the word itself */
	const char *name; /* what is behind the colon there */
};

struct postfix_map postfix_map_of(const char *word);

/* Maps that answer any key they like, and are never asked for a part. */
bool postfix_map_is_pattern(const char *word);

/* The file that postmap makes of such a map's text ("db"); NULL: none. */
const char *postfix_map_index(const char *word);

/* Maps with a text that map_text.h reads: key and value on each line. */
bool postfix_map_has_keys(const char *word);

/* Maps whose text is read when a process starts, and then never again. */
bool postfix_map_is_text(const char *word);

#endif
