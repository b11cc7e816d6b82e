/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts that are put together at run time: one, or a list of them that keeps
 * its order. They may quote maps, logs and remote servers, so whoever prints
 * them makes them safe first.
 */
#ifndef TLS_SENTENCES_H
#define TLS_SENTENCES_H

#include <stddef.h>

/* All zero is an empty list. */
struct sentences {
	char **list; /* owned, count long */
	size_t count;
};

/* As printf(3), into memory that the caller frees. */
char *sentence_format(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Appends one. */
void sentences_add(struct sentences *sentences, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Appends one, unless the list has the very same already. */
void sentences_once(struct sentences *sentences, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * All of them in one text that the caller frees, with the separator between
 * each two; "" of an empty list.
 */
char *sentences_join(const struct sentences *sentences, const char *separator);

/* Frees; the list is empty afterwards and can be used again. */
void sentences_release(struct sentences *sentences);

#endif
