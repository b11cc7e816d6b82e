/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Words in a text that strangers helped to write: lists of words, and the
 * search for words that are the writer's own, not part of a name he was given.
 */
#ifndef TLS_WORDS_H
#define TLS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* A letter, a digit or a byte of a multi-byte character. ASCII, no locale. */
bool words_is_inner(char byte);

/* An ASCII letter, in no locale. */
bool words_is_letter(char byte);

/* An ASCII digit, in no locale. */
bool words_is_digit(char byte);

/* Lower case for an ASCII letter, everything else as it is. */
char words_to_lower(char byte);

/*
 * Whether a word is one of a list: words in lower case with one blank in
 * between, each with an optional '*' at its end that stands for any rest.
 * The word's case does not matter. An empty word is in no list.
 */
bool words_list_has(const char *list, const char *word, size_t length);

/*
 * The length of a host as Postfix writes it, "name[address]", "name[path]" or
 * "path[path]", at the start of a text: up to a blank that is not part of a
 * path.
 */
size_t words_host_length(const char *text);

/*
 * Whether a text has a whole word of the list outside of "quoted" and
 * <bracketed> text and outside of what is no prose: addresses, host names,
 * paths, URLs and settings. A quote or bracket that is never closed hides the
 * rest. Takes linear time.
 */
bool words_contain(const char *text, const char *list);

/* The same for the first length bytes of a text, 255 of them at most. */
bool words_part_contains(const char *text, size_t length, const char *list);

#endif
