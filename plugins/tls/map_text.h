/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text that postmap(1) makes an index of: entries with their line, for
 * warnings that say where.
 */
#ifndef TLS_MAP_TEXT_H
#define TLS_MAP_TEXT_H

#include <stdio.h>

#include "error.h"

struct map_text {
	FILE *file;
	char *entry; /* owned: a logical line, cut up */
	char *held;  /* owned: the physical line read ahead */
	size_t room;
	unsigned long lines; /* read so far */
	unsigned long line;  /* where the entry starts */
	char *key, *value;   /* in entry; "" for a value that is missing */
};

/* Returns 0, or -1 with *error, errno kept. */
int map_text_open(struct map_text *text, const char *path, struct error *error);

/* Takes the next entry. Returns 1, or 0 at the end. */
int map_text_next(struct map_text *text);

/* Safe on one that is all zero, and twice. */
void map_text_release(struct map_text *text);

#endif
