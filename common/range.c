/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "range.h"

#include <math.h>
#include <string.h>

#include "duration.h"
#include "number.h"

static int
scan_bound(const char **text, enum range_bound bound, double *value)
{
	return bound == RANGE_DURATION ? duration_scan(text, value)
				       : number_scan(text, value);
}

/* [start:][end] with the defaults 0 and infinity; at least one is there. */
static int
scan_bounds(const char *text, enum range_bound bound, struct range *range)
{
	const char *colon = strchr(text, ':');

	range->start = 0;
	range->end = INFINITY;
	if (colon == text) {
		text++;
	} else if (colon != NULL) {
		if (*text == '~' && text + 1 == colon) {
			range->start = -INFINITY;
			text++;
		} else if (scan_bound(&text, bound, &range->start) < 0) {
			return -1;
		}
		if (text != colon)
			return -1;
		text++;
	}
	if (*text == '\0')
		return colon != NULL ? 0 : -1;
	return scan_bound(&text, bound, &range->end) < 0 || *text ? -1 : 0;
}

int
range_parse(const char *text, enum range_bound bound, struct range *range,
	struct error *error)
{
	struct range parsed = { .set = true, .inside = *text == '@' };

	if (scan_bounds(text + (parsed.inside ? 1 : 0), bound, &parsed) < 0)
		return error_set(error,
			"'%.100s' is no range: [@][START:][END]%s", text,
			bound == RANGE_DURATION ? ", with s, m, h or d"
						: ", in plain numbers");
	if (parsed.start > parsed.end)
		return error_set(error,
			"'%.100s' is no range: its start is above its end",
			text);
	*range = parsed;
	return 0;
}

bool
range_alerts(const struct range *range, double value)
{
	bool inside = value >= range->start && value <= range->end;

	return range->set && inside == range->inside;
}

bool
range_is_upper_only(const struct range *range)
{
	return !range->inside && isfinite(range->end) &&
		(range->start == 0 || range->start == -INFINITY);
}

void
range_print(FILE *out, const struct range *range)
{
	if (!range->set)
		return;
	if (range->inside)
		putc('@', out);
	if (!range_is_upper_only(range)) {
		if (isfinite(range->start))
			number_print(out, range->start);
		else
			putc('~', out);
		putc(':', out);
	}
	if (isfinite(range->end))
		number_print(out, range->end);
}
