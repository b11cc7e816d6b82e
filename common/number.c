/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers without strtod and printf's %g: those follow the locale, take
 * "inf" and "0x10", and print exponents. The digits are gathered as a whole
 * number and a power of ten, both exact in a double, so that one division
 * gives the nearest double there is.
 */
#include "number.h"

#include <stdbool.h>
#include <string.h>

/* Up to here one more digit still keeps the gathered number exact. */
#define GATHER_LIMIT 9e14
/* The largest power of ten that a double holds exactly. */
#define SCALE_LIMIT 1e22
/* Digits behind the point that are written: 17, and still a long long. */
#define SCALE_MOST 100000000000000000LL

static bool
is_digit(char character)
{
	return character >= '0' && character <= '9';
}

/* Further digits than a double can hold are read and forgotten. */
static const char *
fraction_scan(const char *text, double *gathered, double *scale)
{
	for (; is_digit(*text); text++) {
		if (*gathered > GATHER_LIMIT || *scale >= SCALE_LIMIT)
			continue;
		*gathered = *gathered * 10 + (*text - '0');
		*scale *= 10;
	}
	return text;
}

int
number_scan(const char **text, double *number)
{
	const char *rest = *text;
	bool negative = *rest == '-';
	double gathered = 0, scale = 1;

	if (*rest == '-' || *rest == '+')
		rest++;
	if (!is_digit(*rest))
		return -1;
	for (; is_digit(*rest); rest++) {
		gathered = gathered * 10 + (*rest - '0');
		if (gathered > NUMBER_LIMIT)
			return -1;
	}
	if (*rest == '.' && is_digit(rest[1]))
		rest = fraction_scan(rest + 1, &gathered, &scale);
	*number = gathered / scale;
	if (negative && *number > 0)
		*number = -*number;
	*text = rest;
	return 0;
}

int
number_parse(const char *text, long long least, long long most,
	long long *number, struct error *error)
{
	const char *rest = text;
	double value;

	if (most > (long long)NUMBER_LIMIT)
		most = (long long)NUMBER_LIMIT;
	if (number_scan(&rest, &value) < 0 || *rest != '\0' ||
		strchr(text, '.') != NULL || value < (double)least ||
		value > (double)most)
		return error_set(error,
			"'%.60s' is not a whole number from %lld to %lld", text,
			least, most);
	*number = (long long)value;
	return 0;
}

void
number_format(double number, char text[NUMBER_TEXT])
{
	double magnitude = number < 0 ? -number : number;
	long long whole;
	int hundredths;
	const char *sign;

	if (!(magnitude < NUMBER_LIMIT)) {
		snprintf(text, NUMBER_TEXT, "%.0f", number);
		return;
	}
	/* Apart from the whole, which a hundredfold would make inexact. */
	whole = (long long)magnitude;
	hundredths = (int)((magnitude - (double)whole) * 100 + 0.5);
	whole += hundredths / 100;
	hundredths %= 100;
	sign = number < 0 && whole + hundredths > 0 ? "-" : "";
	if (hundredths == 0)
		snprintf(text, NUMBER_TEXT, "%s%lld", sign, whole);
	else if (hundredths % 10 == 0)
		snprintf(text, NUMBER_TEXT, "%s%lld.%d", sign, whole,
			hundredths / 10);
	else
		snprintf(text, NUMBER_TEXT, "%s%lld.%02d", sign, whole,
			hundredths);
}

void
number_format_exact(double number, char text[NUMBER_TEXT])
{
	double magnitude = number < 0 ? -number : number;
	const char *sign = number < 0 ? "-" : "";
	long long scale = 1, gathered;
	double again;
	char fraction[32];

	if (!(magnitude < NUMBER_LIMIT)) {
		number_format(number, text);
		return;
	}
	/* The very division that reading it does, in a double as there. */
	for (;; scale *= 10) {
		gathered = (long long)(magnitude * (double)scale + 0.5);
		again = (double)gathered / (double)scale;
		if (again == magnitude || (double)gathered > GATHER_LIMIT ||
			scale >= SCALE_MOST)
			break;
	}
	/* The scale's own digit keeps the zeros in front. */
	snprintf(fraction, sizeof(fraction), "%lld", scale + gathered % scale);
	snprintf(text, NUMBER_TEXT, "%s%lld%s%s", sign, gathered / scale,
		scale > 1 ? "." : "", fraction + 1);
}

void
number_print(FILE *out, double number)
{
	char text[NUMBER_TEXT];

	number_format(number, text);
	fputs(text, out);
}
