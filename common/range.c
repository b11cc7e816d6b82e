/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A range is cut at its first colon; each side must be used up by the number
 * in it. Only perfdata_print() needs it as text again, and there the form
 * counts more than what the user typed.
 */
#include "range.h"

#include <math.h>
#include <string.h>

#include "duration.h"
#include "number.h"

/* What a bound of each kind has to look like, for the errors. */
static const char *const bound_names[] = {
	[RANGE_NUMBER] = "a decimal number up to 1000000000000000",
	[RANGE_DURATION] = "a number of seconds, or one with s, m, h or d",
};

/* The number from text up to end, with nothing behind it. */
static int
bound_parse(const char *text, const char *end, enum range_bound bound,
	double *value)
{
	int result = bound == RANGE_DURATION ? duration_scan(&text, value)
					     : number_scan(&text, value);

	return result == 0 && text == end ? 0 : -1;
}

/* From text to the colon: nothing means 0, "~" minus infinity. */
static int
start_parse(const char *text, const char *colon, enum range_bound bound,
	double *start)
{
	*start = 0;
	if (text == colon)
		return 0;
	if (*text == '~' && text + 1 == colon) {
		*start = -INFINITY;
		return 0;
	}
	return bound_parse(text, colon, bound, start);
}

/* Up to the end of the text: nothing means infinity. */
static int
end_parse(const char *text, enum range_bound bound, double *end)
{
	*end = INFINITY;
	if (*text == '\0')
		return 0;
	return bound_parse(text, text + strlen(text), bound, end);
}

int
range_parse(const char *text, enum range_bound bound, struct range *range,
	struct error *error)
{
	struct range parsed = { .inside = *text == '@', .set = true };
	const char *rest = text + parsed.inside;
	const char *colon = strchr(rest, ':');

	if (*rest == '\0')
		return error_set(error, "'%.60s' is no range: it has no bound",
			text);
	if (colon != NULL) {
		if (start_parse(rest, colon, bound, &parsed.start) < 0)
			return error_set(error,
				"'%.60s' is no range: its start is not %s",
				text, bound_names[bound]);
		rest = colon + 1;
	}
	if (end_parse(rest, bound, &parsed.end) < 0)
		return error_set(error,
			"'%.60s' is no range: its end is not %s", text,
			bound_names[bound]);
	if (parsed.start > parsed.end)
		return error_set(error,
			"'%.60s' is no range: its start%s is above its end",
			text, rest == text + parsed.inside ? ", 0," : "");
	*range = parsed;
	return 0;
}

bool
range_alerts(const struct range *range, double value)
{
	bool within = value >= range->start && value <= range->end;

	return range->set && within == range->inside;
}

bool
range_is_upper_only(const struct range *range)
{
	return !range->inside && range->end < INFINITY &&
		(range->start == 0 || range->start == -INFINITY);
}

static void
bound_print(FILE *out, double bound)
{
	char text[NUMBER_TEXT];

	number_format_exact(bound, text);
	fputs(text, out);
}

void
range_print(FILE *out, const struct range *range)
{
	if (!range->set)
		return;
	if (!range_is_upper_only(range)) {
		if (range->inside)
			putc('@', out);
		if (range->start == -INFINITY)
			putc('~', out);
		else
			bound_print(out, range->start);
		putc(':', out);
	}
	if (range->end < INFINITY)
		bound_print(out, range->end);
}
