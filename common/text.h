/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one escaper. Whatever came from a queue, a log, a map or a probe was
 * chosen by somebody else; a renderer prints it through here or not at all.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdio.h>

/* Who reads it decides what is dangerous. */
enum text_reader {
	/*
	 * Files and programs: control characters (C0, DEL, C1), line and
	 * paragraph separators, bidi and zero-width controls and each byte
	 * that is no valid UTF-8 become '?'.
	 */
	TEXT_PLAIN,
	/*
	 * Monitoring systems: besides, what starts perfdata, markup, macros
	 * or a shell ('|' '<' '>' '&' '$' '`'), or, as "\n", a
	 * line break in Icinga Web ('\'), becomes a harmless look-alike,
	 * and [STATE] or (STATE) words, which Icinga Web draws as state
	 * balls, and (!) and the like, which Checkmk does, get braces: {OK}.
	 */
	TEXT_MONITORING,
};

/*
 * Prints at most limit bytes of safe text, never half a character; a cut
 * text ends in "...". A limit of 0 means all of it.
 */
void text_print(FILE *out, const char *text, enum text_reader reader,
	size_t limit);

/* The same into memory that the caller frees. */
char *text_safe(const char *text, enum text_reader reader, size_t limit);

/* Terminal columns of a text that text_safe() made; wide characters are 2. */
size_t text_width(const char *text);

#endif
