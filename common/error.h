/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the program fails. A function that can fail returns -1 and leaves one
 * sentence in the struct error that its caller passed as the last parameter;
 * the caller at the top decides what state that means. Memory never fails
 * back: the program says so in one line and ends with the state UNKNOWN.
 * Lowest layer: includes nothing of ours.
 */
#ifndef ERROR_H
#define ERROR_H

#include <stddef.h>

/* One sentence, without a line break, cut to fit. Zero it to mean "none". */
struct error {
	char text[768];
};

/* Formats the sentence. Always returns -1, so that callers can return it. */
int error_set(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * malloc, realloc and strdup that do not return without memory: they print
 * "TLS QUEUE UNKNOWN - out of memory" on standard output and exit with 3.
 * xrealloc takes a count and a size, and refuses a product that overflows.
 */
void *xcalloc(size_t count, size_t size) __attribute__((returns_nonnull));
void *xrealloc(void *memory, size_t count, size_t size)
	__attribute__((returns_nonnull));
char *xstrdup(const char *text) __attribute__((returns_nonnull));
char *xstrndup(const char *text, size_t length)
	__attribute__((returns_nonnull));

/* The same for what a library allocated: gives it back unless it is NULL. */
void *memory_or_exit(void *memory) __attribute__((returns_nonnull));

#endif
