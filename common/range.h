/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranges as the Monitoring Plugins guidelines define them: [@][start:][end].
 * A value alerts when it lies outside of start and end, both inclusive; with
 * @ when it lies inside. "10" is 0 to 10, "10:" is 10 and up, "~:10" is
 * anything up to 10.
 */
#ifndef RANGE_H
#define RANGE_H

#include <stdbool.h>
#include <stdio.h>

#include "error.h"

struct range {
	double start, end; /* -INFINITY and INFINITY where open */
	bool inside;       /* alert inside instead of outside */
	bool set;          /* false: no threshold, never alerts */
};

/* What a bound may be: a plain number, or one with a unit of time. */
enum range_bound {
	RANGE_NUMBER,
	RANGE_DURATION, /* s, m, h, d behind a number; kept in seconds */
};

/*
 * Reads a whole text. Refuses an empty one, a start above the end, anything
 * that is no decimal number. Returns 0 with *range, -1 with *error.
 */
int range_parse(const char *text, enum range_bound bound, struct range *range,
	struct error *error);

bool range_alerts(const struct range *range, double value);

/* Whether only its end says anything about a value that is never negative. */
bool range_is_upper_only(const struct range *range);

/*
 * The range for perfdata: an upper-only one as a plain number, because
 * Icinga drops every other form; nothing at all for one that is not set.
 */
void range_print(FILE *out, const struct range *range);

#endif
