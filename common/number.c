/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "number.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"

/* The length of the sign, digits and fraction at a text; 0 for none. */
static size_t
number_length(const char *text)
{
	size_t length = strspn(text, "+-") == 1 ? 1 : 0;
	size_t digits = strspn(text + length, DIGITS);

	if (digits == 0)
		return 0;
	length += digits;
	if (text[length] != '.')
		return length;
	digits = strspn(text + length + 1, DIGITS);
	return digits > 0 ? length + 1 + digits : 0;
}

/* The program never sets a locale: strtod(3) takes a point, not a comma. */
int
number_scan(const char **text, double *number)
{
	size_t length = number_length(*text);
	char copy[64];

	if (length == 0 || length >= sizeof(copy))
		return -1;
	memcpy(copy, *text, length);
	copy[length] = '\0';
	*number = strtod(copy, NULL);
	if (fabs(*number) > NUMBER_LIMIT)
		return -1;
	*text += length;
	return 0;
}

int
number_parse(const char *text, long long least, long long most,
	long long *number, struct error *error)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, 10);
	if (number_length(text) != strlen(text) || *end != '\0')
		return error_set(error, "'%.100s' is no whole number", text);
	if (errno != 0 || *number < least || *number > most)
		return error_set(error, "'%.100s' is not from %lld to %lld",
			text, least, most);
	return 0;
}

void
number_print(FILE *out, double number)
{
	char text[64];
	size_t length;

	snprintf(text, sizeof(text), "%.2f", number);
	length = strlen(text);
	while (text[length - 1] == '0')
		length--;
	if (text[length - 1] == '.')
		length--;
	text[length] = '\0';
	fputs(strcmp(text, "-0") == 0 ? "0" : text, out);
}
