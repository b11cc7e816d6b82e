/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "duration.h"

#include <stdio.h>
#include <string.h>

#include "number.h"

static const struct {
	char letter;
	long long seconds;
} units[] = {
	{ 'd', 86400 },
	{ 'h', 3600 },
	{ 'm', 60 },
	{ 's', 1 },
};

#define UNIT_COUNT (sizeof(units) / sizeof(units[0]))

int
duration_scan(const char **text, double *seconds)
{
	const char *rest = *text;

	if (number_scan(&rest, seconds) < 0)
		return -1;
	for (size_t i = 0; i < UNIT_COUNT; i++)
		if (*rest == units[i].letter) {
			*seconds *= (double)units[i].seconds;
			rest++;
			break;
		}
	if (*seconds > NUMBER_LIMIT || *seconds < -NUMBER_LIMIT)
		return -1;
	*text = rest;
	return 0;
}

int
duration_parse(const char *text, double *seconds, struct error *error)
{
	const char *rest = text;

	if (duration_scan(&rest, seconds) < 0 || *rest != '\0' || *seconds < 0)
		return error_set(error,
			"'%.100s' is no duration: a number with s, m, h or d",
			text);
	return 0;
}

void
duration_format(char buffer[DURATION_TEXT], long long seconds)
{
	size_t unit = 0;
	long long first, second;

	while (unit + 1 < UNIT_COUNT && seconds < units[unit].seconds)
		unit++;
	first = seconds / units[unit].seconds;
	second = unit + 1 < UNIT_COUNT
		? seconds % units[unit].seconds / units[unit + 1].seconds
		: 0;
	if (second > 0)
		snprintf(buffer, DURATION_TEXT, "%lld%c %lld%c", first,
			units[unit].letter, second, units[unit + 1].letter);
	else
		snprintf(buffer, DURATION_TEXT, "%lld%c", first,
			units[unit].letter);
}
