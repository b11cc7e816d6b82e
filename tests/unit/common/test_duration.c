/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <limits.h>

#include "duration.h"

static void
duration_scan_cases(void **state)
{
	static const struct {
		const char *text;
		int want_result;
		double want;
		const char *want_rest;
	} cases[] = {
		{ "90", 0, 90, "" },
		{ "90s", 0, 90, "" },
		{ "5m:", 0, 300, ":" },
		{ "1.5h", 0, 5400, "" },
		{ "2d", 0, 172800, "" },
		{ "-5m", 0, -300, "" },
		{ "5ms", 0, 300, "s" },
		{ "5M", 0, 5, "M" },
		{ "5 m", 0, 5, " m" },
		{ "11574074074d", 0, 999999999993600, "" },
		{ "11574074075d", -1, 0, "11574074075d" },
		{ "-11574074075d", -1, 0, "-11574074075d" },
		{ "m", -1, 0, "m" },
		{ "", -1, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *rest = cases[i].text;
		double got = 0;
		int result = duration_scan(&rest, &got);

		expect(result == cases[i].want_result, "'%s': got %d, want %d",
			cases[i].text, result, cases[i].want_result);
		expect(got == cases[i].want, "'%s': got %.17g, want %.17g",
			cases[i].text, got, cases[i].want);
		expect(strcmp(rest, cases[i].want_rest) == 0,
			"'%s': left '%s', want '%s'", cases[i].text, rest,
			cases[i].want_rest);
	}
}

#define FORM ": write seconds, or a number with s, m, h or d"

static void
duration_parse_cases(void **state)
{
	static const struct {
		const char *text;
		double want;
		const char *want_error;
	} cases[] = {
		{ "0", 0, "" },
		{ "4h", 14400, "" },
		{ "0.5m", 30, "" },
		{ "", 0, "'' is no duration" FORM },
		{ "h", 0, "'h' is no duration" FORM },
		{ "1h30m", 0, "'1h30m' is no duration" FORM },
		{ "1w", 0, "'1w' is no duration" FORM },
		{ "1h ", 0, "'1h ' is no duration" FORM },
		{ "-1h", 0, "'-1h' is no duration: it is negative" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error error = { "" };
		double got = 0;
		int result = duration_parse(cases[i].text, &got, &error);
		int want_result = *cases[i].want_error ? -1 : 0;

		expect(result == want_result, "'%s': got %d, want %d",
			cases[i].text, result, want_result);
		expect(got == cases[i].want, "'%s': got %g, want %g",
			cases[i].text, got, cases[i].want);
		expect(strcmp(error.text, cases[i].want_error) == 0,
			"'%s': got '%s', want '%s'", cases[i].text, error.text,
			cases[i].want_error);
	}
}

static void
duration_format_cases(void **state)
{
	static const struct {
		long long seconds;
		const char *want;
	} cases[] = {
		{ 0, "0s" },
		{ 1, "1s" },
		{ 59, "59s" },
		{ 60, "1m" },
		{ 61, "1m 1s" },
		{ 300, "5m" },
		{ 3599, "59m 59s" },
		{ 3600, "1h" },
		{ 3659, "1h" },
		{ 15120, "4h 12m" },
		{ 86399, "23h 59m" },
		{ 86400, "1d" },
		{ 86460, "1d" },
		{ 284400, "3d 7h" },
		{ -5, "0s" },
		{ LLONG_MIN, "0s" },
		{ LLONG_MAX, "106751991167300d 15h" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char got[DURATION_TEXT];

		duration_format(got, cases[i].seconds);
		expect(strcmp(got, cases[i].want) == 0,
			"%lld: got '%s', want '%s'", cases[i].seconds, got,
			cases[i].want);
	}
}

static void
duration_format_exact_cases(void **state)
{
	static const struct {
		long long seconds;
		const char *want;
	} cases[] = {
		{ 0, "0s" },
		{ 3659, "1h 59s" },
		{ 14400, "4h" },
		{ 14401, "4h 1s" },
		{ 86400 + 60, "1d 1m" },
		{ 2 * 86400 + 3 * 3600 + 4 * 60 + 5, "2d 3h 4m 5s" },
		{ LLONG_MAX, "106751991167300d 15h 30m 7s" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char got[DURATION_TEXT];

		duration_format_exact(got, cases[i].seconds);
		expect(strcmp(got, cases[i].want) == 0,
			"%lld: got '%s', want '%s'", cases[i].seconds, got,
			cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(duration_scan_cases),
		cmocka_unit_test(duration_parse_cases),
		cmocka_unit_test(duration_format_cases),
		cmocka_unit_test(duration_format_exact_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
