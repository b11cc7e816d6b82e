/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the listings made for people's eyes have in common: lines of which one
 * may be held back, whole numbers, and dates that name no year.
 */
#ifndef QUEUE_LISTING_H
#define QUEUE_LISTING_H

#include "error.h"
#include "queue/reader.h"

#define LISTING_BLANKS " \t"

/*
 * The line held back (reader->pending), else the next of the stream, in
 * reader->line without the blanks at its end; an inner NUL becomes '?'.
 * Returns 1, 0 at the end of the input, -1 with *error.
 */
int listing_line(struct reader *reader, struct error *error);

/*
 * What a program says on standard error, "warning: ..." or "fatal: ...", that
 * was saved along with its listing; NULL when the line is no such line.
 */
const char *listing_diagnostic(const char *line);

/*
 * Whether the line is such a warning, which the reader keeps when it is the
 * first one. That showq broke off is none: then the listing is cut.
 */
bool listing_is_warning(struct reader *reader, const char *line);

/* Refuses reader->line, quoting its start. Always -1. */
int listing_refuse(const struct reader *reader, const char *program,
	struct error *error);

/* A listing's first line was read: -1 when one before it has no trailer. */
int listing_begin(struct reader *reader, struct error *error);

/*
 * Its trailer was read, which counts so many messages: -1 when other ones
 * were read. Before Postfix 3.1 a message that is gone when showq opens it is
 * counted, and the empty line above it is printed (showq/showq.c:
 * showq_service()); then there are as many empty lines, the one above the
 * trailer included, as messages counted.
 */
int listing_end(struct reader *reader, long long counted, struct error *error);

/* At the end of the input: 0, or -1 when a listing lacks its trailer. */
int listing_check(const struct reader *reader, const char *trailer,
	struct error *error);

/* What follows prefix, or NULL when line does not start with it. */
const char *listing_after(const char *line, const char *prefix);

/* What follows the blanks at the start of text. */
const char *listing_skip(const char *text);

/*
 * Reads decimal digits without a sign. Returns what follows them, or NULL
 * when there are none or the number is larger than a long long.
 */
const char *listing_number(const char *text, long long *number);

/*
 * Reads local time as asctime(3) writes it, cut off before the year:
 * "Tue Nov  4 22:13:20", with or without the seconds. Of the years that have
 * such a date not more than a day after now (clocks differ), the latest of
 * the last twelve in which the weekday is right; when it is right in none,
 * the latest. Returns what follows the date, or NULL when it is none.
 */
const char *listing_date(const char *text, long long now, long long *epoch);

#endif
