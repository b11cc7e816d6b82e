/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decimal numbers, strict and whatever the locale. */
#ifndef NUMBER_H
#define NUMBER_H

#include <stdio.h>

#include "error.h"

/* Larger numbers are refused: a double still counts exactly below it. */
#define NUMBER_LIMIT 1e15

/*
 * Reads an optional sign, digits and an optional fraction at *text (no
 * exponent, no hex, no "inf") and moves *text behind it. Returns 0 with
 * *number, or -1 when there is no number or it is beyond NUMBER_LIMIT.
 */
int number_scan(const char **text, double *number);

/*
 * A whole text that is a whole number from least to most. The error says
 * what the text is and which numbers would do.
 */
int number_parse(const char *text, long long least, long long most,
	long long *number, struct error *error);

/* Room for any number as text, the largest double included. */
#define NUMBER_TEXT 320

/* At most two digits behind the point, none that are 0, never an exponent. */
void number_format(double number, char text[NUMBER_TEXT]);

/* The same with all the digits that number_scan() needs to get it back. */
void number_format_exact(double number, char text[NUMBER_TEXT]);

/* What number_format() gives, to a stream. */
void number_print(FILE *out, double number);

#endif
