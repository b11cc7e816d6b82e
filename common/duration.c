/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Durations are numbers of seconds with a unit. One table serves reading and
 * writing; months and years are left out, since their length is disputed.
 */
#include "duration.h"

#include "number.h"

static const struct {
	char letter;
	int seconds;
} units[] = {
	{ 'd', 24 * 60 * 60 },
	{ 'h', 60 * 60 },
	{ 'm', 60 },
	{ 's', 1 },
};

enum { UNITS = sizeof(units) / sizeof(units[0]) };

int
duration_scan(const char **text, double *seconds)
{
	const char *rest = *text;
	double number;
	int unit = 0;

	if (number_scan(&rest, &number) < 0)
		return -1;
	while (unit < UNITS && units[unit].letter != *rest)
		unit++;
	if (unit < UNITS) {
		number *= units[unit].seconds;
		rest++;
	}
	if (number > NUMBER_LIMIT || number < -NUMBER_LIMIT)
		return -1;
	*seconds = number;
	*text = rest;
	return 0;
}

int
duration_parse(const char *text, double *seconds, struct error *error)
{
	const char *rest = text;
	double number;

	if (*text == '-')
		return error_set(error,
			"'%.60s' is no duration: it is negative", text);
	if (duration_scan(&rest, &number) < 0 || *rest != '\0')
		return error_set(error,
			"'%.60s' is no duration: write seconds, or a number with s, m, h or d",
			text);
	*seconds = number;
	return 0;
}

/* At most so many units, the largest first; those that are 0 are left out. */
static void
format_units(char buffer[DURATION_TEXT], long long seconds, int limit)
{
	int unit = 0, used = 0;

	if (seconds < 0)
		seconds = 0;
	while (unit < UNITS - 1 && seconds < units[unit].seconds)
		unit++;
	for (int last = unit + limit; unit < last && unit < UNITS; unit++) {
		long long count = seconds / units[unit].seconds;

		seconds %= units[unit].seconds;
		if (count > 0 || used == 0)
			used += snprintf(buffer + used,
				DURATION_TEXT - (size_t)used, "%s%lld%c",
				used > 0 ? " " : "", count, units[unit].letter);
	}
}

void
duration_format(char buffer[DURATION_TEXT], long long seconds)
{
	format_units(buffer, seconds, 2);
}

void
duration_format_exact(char buffer[DURATION_TEXT], long long seconds)
{
	format_units(buffer, seconds, UNITS);
}
