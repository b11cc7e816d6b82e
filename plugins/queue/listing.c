/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The year of a date is found by its weekday: the same day of the year falls
 * on another weekday in each of the next four years at least, and mail that
 * waits for more than five years is rare.
 */
#include "queue/listing.h"

#include <limits.h>
#include <string.h>
#include <time.h>

#define CLOCK_SKEW  86400
#define YEARS_BACK  11
#define QUOTED_TEXT 60

/* Who writes into a listing that was saved with its standard error. */
static const char *const programs[] = { "postqueue", "mailq", "sendmail",
	"showq" };

/* Makes one plain string of reader->line. */
static void
trim(struct reader *reader)
{
	char *end = reader->line + reader->length;
	char *nul = reader->line;

	while (end > reader->line && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	while ((nul += strlen(nul)) < end)
		*nul = '?';
	reader->length = (size_t)(end - reader->line);
}

int
listing_line(struct reader *reader, struct error *error)
{
	int got = 1;

	if (!reader->pending) {
		got = stream_line(reader->stream, &reader->line,
			&reader->length, error);
		if (got > 0)
			trim(reader);
	}
	reader->pending = false;
	return got;
}

const char *
listing_diagnostic(const char *line)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		const char *text = listing_after(line, programs[i]);

		if (text != NULL && (text = listing_after(text, ": ")) != NULL)
			return text;
	}
	return NULL;
}

bool
listing_is_warning(struct reader *reader, const char *line)
{
	const char *text = listing_diagnostic(line);

	/* util/attr_scan0.c: "premature end-of-input on ..." and its like. */
	if (text == NULL || listing_after(text, "warning: ") == NULL ||
		strstr(text, " end-of-input ") != NULL)
		return false;
	if (reader->warning.text[0] == '\0')
		error_set(&reader->warning, "%.600s", line);
	return true;
}

int
listing_refuse(const struct reader *reader, const char *program,
	struct error *error)
{
	return error_set(error, "line %lu: not a line of a %s listing: %.*s",
		reader->stream->line, program, QUOTED_TEXT, reader->line);
}

int
listing_begin(struct reader *reader, struct error *error)
{
	if (reader->begun)
		return error_set(error,
			"line %lu: a listing begins before the one above has "
			"ended",
			reader->stream->line);
	reader->begun = true;
	reader->read = reader->empty = 0;
	return 0;
}

int
listing_end(struct reader *reader, long long counted, struct error *error)
{
	unsigned long wanted = (unsigned long)counted;

	if (reader->read != wanted &&
		(reader->read > wanted || reader->empty != wanted))
		return error_set(error,
			"line %lu: the listing has a hole: it counts %lld "
			"messages and shows %lu",
			reader->stream->line, counted, reader->read);
	reader->begun = false;
	reader->whole = true;
	reader->read = reader->empty = 0;
	return 0;
}

int
listing_check(const struct reader *reader, const char *trailer,
	struct error *error)
{
	if (reader->whole && !reader->begun)
		return 0;
	if (reader->stream->line == 0)
		return error_set(error,
			"it is empty: even an empty queue has a line that says so");
	return error_set(error,
		"cut off after line %lu: it lacks its last line, like \"%s\"",
		reader->stream->line, trailer);
}

const char *
listing_after(const char *line, const char *prefix)
{
	while (*prefix != '\0')
		if (*line++ != *prefix++)
			return NULL;
	return line;
}

const char *
listing_skip(const char *text)
{
	while (*text == ' ' || *text == '\t')
		text++;
	return text;
}

const char *
listing_number(const char *text, long long *number)
{
	const char *start = text;

	for (*number = 0; *text >= '0' && *text <= '9'; text++) {
		if (*number > (LLONG_MAX - 9) / 10)
			return NULL;
		*number = *number * 10 + (*text - '0');
	}
	return text == start ? NULL : text;
}

/* Which of the three-letter words stands at *text; -1: none of them. */
static int
scan_word(const char **text, const char *words)
{
	for (int i = 0; words[(size_t)3 * i] != '\0'; i++) {
		if (strncmp(*text, words + (size_t)3 * i, 3) != 0)
			continue;
		*text += 3;
		return i;
	}
	return -1;
}

/* One or two digits; -1: there are none. */
static int
scan_digits(const char **text)
{
	int number = -1;

	for (int i = 0; i < 2 && **text >= '0' && **text <= '9'; i++)
		number = (i ? number * 10 : 0) + *(*text)++ - '0';
	return number;
}

static bool
is_within(int number, int least, int most)
{
	return number >= least && number <= most;
}

/* Everything but the year. */
static const char *
scan_date(const char *text, struct tm *date)
{
	*date = (struct tm){ .tm_isdst = -1 };
	date->tm_wday = scan_word(&text, "SunMonTueWedThuFriSat");
	text = listing_skip(text);
	date->tm_mon = scan_word(&text, "JanFebMarAprMayJunJulAugSepOctNovDec");
	text = listing_skip(text);
	date->tm_mday = scan_digits(&text);
	text = listing_skip(text);
	date->tm_hour = scan_digits(&text);
	if (*text != ':')
		return NULL;
	text++;
	date->tm_min = scan_digits(&text);
	if (*text == ':') {
		text++;
		date->tm_sec = scan_digits(&text);
	}
	if (date->tm_wday < 0 || date->tm_mon < 0 ||
		!is_within(date->tm_hour, 0, 23) ||
		!is_within(date->tm_min, 0, 59) ||
		!is_within(date->tm_sec, 0, 60))
		return NULL;
	return text;
}

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool
year_has(int year, const struct tm *date)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	int most = days[date->tm_mon];

	if (date->tm_mon == 1 && is_leap(year))
		most++;
	return is_within(date->tm_mday, 1, most);
}

/* 0 is Sunday: whole years move it by 365 % 7 = 1 and each leap day by 1. */
static int
weekday_in(int year, const struct tm *date)
{
	static const int days_before[] = { 0, 31, 59, 90, 120, 151, 181, 212,
		243, 273, 304, 334 };
	int past = year - 1;
	int leap_day = is_leap(year) && date->tm_mon > 1;

	return (past + past / 4 - past / 100 + past / 400 +
		       days_before[date->tm_mon] + leap_day + date->tm_mday) %
		7;
}

const char *
listing_date(const char *text, long long now, long long *epoch)
{
	time_t latest = (time_t)(now + CLOCK_SKEW);
	bool found = false;
	struct tm today, date;
	int year;

	text = scan_date(text, &date);
	if (text == NULL || localtime_r(&latest, &today) == NULL)
		return NULL;
	year = today.tm_year + 1900;
	for (int least = year - YEARS_BACK; year >= least; year--) {
		bool right = weekday_in(year, &date) == date.tm_wday;
		struct tm copy = date;
		time_t moment;

		if (!year_has(year, &date) || (found && !right))
			continue;
		copy.tm_year = year - 1900;
		moment = mktime(&copy);
		if (moment > latest)
			continue;
		*epoch = (long long)moment;
		found = true;
		if (right)
			break;
	}
	return found ? text : NULL;
}
