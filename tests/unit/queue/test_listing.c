/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "queue/listing.h"

static void
listing_line_trims_and_holds(void **state)
{
	static const char text[] = "a\0b \0\0 \t\r\n\0\n\n \t\nlast ";
	static const char *const want[] = { "a?b ??", "?", "", "", "last" };
	struct stream stream = { 0 };
	struct reader reader = { .stream = &stream };
	struct error error;

	(void)state;
	stream_open_memory(&stream, text, sizeof(text) - 1);
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		assert_int_equal(listing_line(&reader, &error), 1);
		assert_string_equal(reader.line, want[i]);
		assert_int_equal(reader.length, strlen(want[i]));
		reader.pending = true;
		assert_int_equal(listing_line(&reader, &error), 1);
		assert_string_equal(reader.line, want[i]);
		assert_false(reader.pending);
		assert_int_equal(stream.line, i + 1);
	}
	assert_int_equal(listing_line(&reader, &error), 0);
	stream_release(&stream);
}

static void
listing_number_bounds(void **state)
{
	static const struct {
		const char *text;
		long long want;
		const char *want_rest; /* NULL: refused */
	} cases[] = {
		{ "0", 0, "" },
		{ "00012x", 12, "x" },
		{ "9223372036854775799", LLONG_MAX - 8, "" },
		{ "9223372036854775810", 0, NULL },
		{ "99999999999999999999999", 0, NULL },
		{ "", 0, NULL },
		{ "-1", 0, NULL },
		{ "+1", 0, NULL },
		{ " 1", 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		long long got;
		const char *rest = listing_number(cases[i].text, &got);

		if (cases[i].want_rest == NULL) {
			expect(rest == NULL, "%s: not refused", cases[i].text);
			continue;
		}
		expect(rest != NULL && strcmp(rest, cases[i].want_rest) == 0,
			"%s: stopped at %s", cases[i].text, rest ? rest : "-");
		expect(got == cases[i].want, "%s: got %lld, want %lld",
			cases[i].text, got, cases[i].want);
	}
}

/* now is UTC; the time zone that of the text and of want. */
static const struct {
	const char *name, *zone, *text, *now, *want; /* want NULL: refused */
} dates[] = {
	{ "this year", "UTC", "Tue Nov 14 22:13:20", "2023-11-14 23:00:00",
		"2023-11-14 22:13:20" },
	{ "blank-padded day", "UTC", "Sat Nov  4 22:13:20",
		"2023-11-14 23:00:00", "2023-11-04 22:13:20" },
	{ "no seconds", "UTC", "Thu Sep 29 05:44", "2022-10-01 00:00:00",
		"2022-09-29 05:44:00" },
	{ "now", "UTC", "Tue Nov 14 23:00:00", "2023-11-14 23:00:00",
		"2023-11-14 23:00:00" },
	{ "just ahead", "UTC", "Wed Nov 15 22:59:59", "2023-11-14 23:00:00",
		"2023-11-15 22:59:59" },
	{ "a day ahead", "UTC", "Wed Nov 15 23:00:00", "2023-11-14 23:00:00",
		"2023-11-15 23:00:00" },
	{ "more than a day ahead", "UTC", "Wed Nov 15 23:00:01",
		"2023-11-14 23:00:00", "2017-11-15 23:00:01" },
	{ "ahead by the day, last year by the weekday", "UTC",
		"Tue Nov 15 12:00:00", "2023-11-14 23:00:00",
		"2022-11-15 12:00:00" },
	{ "December in January", "UTC", "Sun Dec 31 23:59:59",
		"2024-01-01 00:00:01", "2023-12-31 23:59:59" },
	{ "January in December, clock behind", "UTC", "Mon Jan  1 00:00:30",
		"2023-12-31 23:59:50", "2024-01-01 00:00:30" },
	{ "a year ago", "UTC", "Mon Nov 14 10:00:00", "2023-11-14 23:00:00",
		"2022-11-14 10:00:00" },
	{ "five years ago", "UTC", "Wed Nov 14 10:00:00", "2023-11-14 23:00:00",
		"2018-11-14 10:00:00" },
	{ "eleven years ago", "UTC", "Fri Mar  1 10:00:00",
		"2013-02-20 00:00:00", "2002-03-01 10:00:00" },
	{ "leap day", "UTC", "Thu Feb 29 12:00:00", "2024-03-10 00:00:00",
		"2024-02-29 12:00:00" },
	{ "leap day long ago", "UTC", "Sat Feb 29 12:00:00",
		"2023-03-10 00:00:00", "2020-02-29 12:00:00" },
	{ "leap day with an impossible weekday", "UTC", "Sun Feb 29 12:00:00",
		"2023-03-10 00:00:00", "2020-02-29 12:00:00" },
	{ "no leap day for eight years", "UTC", "Wed Feb 29 12:00:00",
		"2103-03-10 00:00:00", "2096-02-29 12:00:00" },
	{ "day after the leap day", "UTC", "Fri Mar  1 12:00:00",
		"2024-03-10 00:00:00", "2024-03-01 12:00:00" },
	{ "day before the leap day", "UTC", "Wed Feb 28 12:00:00",
		"2024-03-10 00:00:00", "2024-02-28 12:00:00" },
	{ "no year fits in twelve", "UTC", "Sun Feb 29 12:00:00",
		"2024-03-10 00:00:00", "2024-02-29 12:00:00" },
	{ "west of UTC", "EST5", "Tue Nov 14 18:00:00", "2023-11-14 23:00:00",
		"2023-11-14 18:00:00" },
	{ "New Year's Eve in the west", "EST5", "Sun Dec 31 23:00:00",
		"2024-01-01 04:30:00", "2023-12-31 23:00:00" },
	{ "New Year's Day in the east", "JST-9", "Mon Jan  1 08:00:00",
		"2023-12-31 23:30:00", "2024-01-01 08:00:00" },
	{ "summer time", "CET-1CEST,M3.5.0,M10.5.0/3", "Fri Jul 14 12:00:00",
		"2023-11-14 23:00:00", "2023-07-14 12:00:00" },
	{ "an hour that summer time leaves out", "CET-1CEST,M3.5.0,M10.5.0/3",
		"Sun Mar 26 02:30:00", "2023-11-14 23:00:00",
		"2023-03-26 03:30:00" },
	{ "leap second", "UTC", "Sat Dec 31 23:59:60", "2017-01-02 00:00:00",
		"2017-01-01 00:00:00" },
	{ "unknown weekday", "UTC", "Tug Nov 14 22:13:20",
		"2023-11-14 23:00:00", NULL },
	{ "unknown month", "UTC", "Tue Nob 14 22:13:20", "2023-11-14 23:00:00",
		NULL },
	{ "lower case", "UTC", "tue Nov 14 22:13:20", "2023-11-14 23:00:00",
		NULL },
	{ "day 0", "UTC", "Tue Nov  0 22:13:20", "2023-11-14 23:00:00", NULL },
	{ "day 31 of 30", "UTC", "Tue Nov 31 22:13:20", "2023-12-14 23:00:00",
		NULL },
	{ "February 30", "UTC", "Fri Feb 30 22:13:20", "2024-12-14 23:00:00",
		NULL },
	{ "hour 24", "UTC", "Tue Nov 14 24:13:20", "2023-11-14 23:00:00",
		NULL },
	{ "minute 60", "UTC", "Tue Nov 14 22:60:20", "2023-11-14 23:00:00",
		NULL },
	{ "second 61", "UTC", "Tue Nov 14 22:13:61", "2023-11-14 23:00:00",
		NULL },
	{ "three digits", "UTC", "Tue Nov 14 022:13:20", "2023-11-14 23:00:00",
		NULL },
	{ "no minute", "UTC", "Tue Nov 14 22", "2023-11-14 23:00:00", NULL },
	{ "half a minute", "UTC", "Tue Nov 14 22:", "2023-11-14 23:00:00",
		NULL },
	{ "half a second", "UTC", "Tue Nov 14 22:13:", "2023-11-14 23:00:00",
		NULL },
	{ "no time", "UTC", "Tue Nov 14", "2023-11-14 23:00:00", NULL },
	{ "half a weekday", "UTC", "Tu", "2023-11-14 23:00:00", NULL },
	{ "nothing", "UTC", "", "2023-11-14 23:00:00", NULL },
};

/* "2023-11-14 22:13:20" in the time zone that is set. */
static long long
moment(const char *text)
{
	struct tm date = { .tm_isdst = -1 };

	assert_int_equal(sscanf(text, "%d-%d-%d %d:%d:%d", &date.tm_year,
				 &date.tm_mon, &date.tm_mday, &date.tm_hour,
				 &date.tm_min, &date.tm_sec),
		6);
	date.tm_year -= 1900;
	date.tm_mon--;
	return mktime(&date);
}

static void
set_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static void
listing_date_finds_the_year(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		long long now, want = 0, got = 0;
		const char *rest;

		set_zone("UTC");
		now = moment(dates[i].now);
		set_zone(dates[i].zone);
		if (dates[i].want != NULL)
			want = moment(dates[i].want);
		rest = listing_date(dates[i].text, now, &got);
		expect((rest != NULL) == (dates[i].want != NULL), "%s: %s",
			dates[i].name, rest ? "read" : "refused");
		if (rest == NULL)
			continue;
		expect(*rest == '\0', "%s: stopped at '%s'", dates[i].name,
			rest);
		expect(got == want, "%s: got %lld, want %lld", dates[i].name,
			got, want);
	}
	set_zone("UTC");
}

/* Whatever day it is, a date of the last five years is read exactly. */
static void
listing_date_of_five_years(void **state)
{
	const long long day = 86400, now = 1709294400; /* 2024-03-01 12:00 */

	(void)state;
	set_zone("UTC");
	for (long long want = now - 365 * 5 * day; want <= now + day;
		want += day) {
		time_t time = (time_t)want;
		struct tm date;
		char text[32];
		long long got = 0;

		gmtime_r(&time, &date);
		strftime(text, sizeof(text), "%a %b %e %H:%M:%S", &date);
		expect(listing_date(text, now, &got) != NULL, "%s: refused",
			text);
		expect(got == want, "%s: got %lld, want %lld", text, got, want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listing_line_trims_and_holds),
		cmocka_unit_test(listing_number_bounds),
		cmocka_unit_test(listing_date_finds_the_year),
		cmocka_unit_test(listing_date_of_five_years),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
