/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranges, thresholds, durations and numbers. A range that was read is the
 * same one when it is printed and read again, but for digits behind the
 * second, and a threshold is about one metric.
 */
#include "fuzz.h"

#include <math.h>
#include <string.h>

#include "duration.h"
#include "number.h"
#include "range.h"
#include "report/verdict.h"
#include "state.h"

/* A double has some 16 digits: less than 0.01 of a large number. */
static bool
is_near(double one, double other)
{
	return one == other || fabs(one - other) <= 0.011 + fabs(one) * 1e-12;
}

static void
print_and_read(const struct range *range, enum range_bound bound)
{
	char text[256] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");
	struct range again;
	struct error error;

	PROMISE(out != NULL, "no memory");
	range_print(out, range);
	fclose(out);
	PROMISE(strpbrk(text, " |;'=,\n") == NULL, "in perfdata: %s", text);
	if (range_is_upper_only(range) && range->end < 0)
		return; /* "~:-5" is printed as a plain number for Icinga */
	PROMISE(range_parse(text, bound, &again, &error) == 0, "%s: %s", text,
		error.text);
	PROMISE(again.inside == range->inside, "%s", text);
	PROMISE(is_near(again.end, range->end), "%s: end %g, %g", text,
		again.end, range->end);
	PROMISE(is_near(again.start, range->start) ||
			range_is_upper_only(range),
		"%s: start %g, %g", text, again.start, range->start);
}

static void
try_range(const char *text, enum range_bound bound)
{
	struct range range;
	struct error error = { "" };

	if (range_parse(text, bound, &range, &error) < 0) {
		PROMISE(error.text[0] != '\0', "an error without a word");
		return;
	}
	PROMISE(range.set && range.start <= range.end, "%s", text);
	PROMISE(range_alerts(&range, range.end) == range.inside ||
			isinf(range.end),
		"%s: its end is in it", text);
	print_and_read(&range, bound);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);
	struct range list[METRIC_COUNT] = { { .set = false } };
	struct error error;
	long long whole;
	double seconds;
	char age[DURATION_TEXT];

	try_range(text, RANGE_NUMBER);
	try_range(text, RANGE_DURATION);
	if (threshold_parse(text, list, &error) == 0) {
		int set = 0;

		for (int i = 0; i < METRIC_COUNT; i++)
			set += list[i].set;
		PROMISE(set == 1, "%d thresholds at once", set);
	}
	if (duration_parse(text, &seconds, &error) == 0)
		PROMISE(seconds >= 0 && seconds <= NUMBER_LIMIT, "%g", seconds);
	if (number_parse(text, -1000000000000, 1000000000000, &whole, &error) ==
		0)
		duration_format(age, whole < 0 ? -whole : whole);
	(void)state_of_name(text);
	free(text);
	return 0;
}
