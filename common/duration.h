/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lengths of time, as users type them and as people read them. */
#ifndef DURATION_H
#define DURATION_H

#include <stddef.h>

#include "error.h"

/* Room for the longest text that the two below write. */
#define DURATION_TEXT 32

/*
 * Reads a decimal number of seconds at *text, with an optional unit s, m, h
 * or d behind it ("90", "1.5h", "2d"), and moves *text behind what it read.
 * Returns 0 with *seconds, or -1 when there is no such number.
 */
int duration_scan(const char **text, double *seconds);

/* The same for a whole text; the error names it. Negative is refused. */
int duration_parse(const char *text, double *seconds, struct error *error);

/* "0s", "59s", "5m", "4h 12m", "3d 7h": the two largest units that matter. */
void duration_format(char buffer[DURATION_TEXT], long long seconds);

/* "4h 1s": all units that matter. */
void duration_format_exact(char buffer[DURATION_TEXT], long long seconds);

#endif
