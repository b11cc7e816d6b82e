/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "number.h"

static void
number_scan_cases(void **state)
{
	static const struct {
		const char *text;
		int want_result;
		double want;
		const char *want_rest;
	} cases[] = {
		{ "0", 0, 0, "" },
		{ "10", 0, 10, "" },
		{ "+10", 0, 10, "" },
		{ "-5", 0, -5, "" },
		{ "007", 0, 7, "" },
		{ "1.5:2", 0, 1.5, ":2" },
		{ "0.1", 0, 0.1, "" },
		{ "-0.25x", 0, -0.25, "x" },
		{ "123456.789", 0, 123456.789, "" },
		{ "0.3333333333333333333333333", 0, 1.0 / 3, "" },
		{ "0.00000000000000000000000000000001", 0, 0, "" },
		{ "1e5", 0, 1, "e5" },
		{ "0x10", 0, 0, "x10" },
		{ "1.", 0, 1, "." },
		{ "1.x", 0, 1, ".x" },
		{ "1.2.3", 0, 1.2, ".3" },
		{ "1,5", 0, 1, ",5" },
		{ "1000000000000000", 0, 1e15, "" },
		{ "1000000000000001", -1, 0, "1000000000000001" },
		{ "-1000000000000001", -1, 0, "-1000000000000001" },
		{ "", -1, 0, "" },
		{ "-", -1, 0, "-" },
		{ "+-1", -1, 0, "+-1" },
		{ "--1", -1, 0, "--1" },
		{ ".5", -1, 0, ".5" },
		{ " 1", -1, 0, " 1" },
		{ "\t1", -1, 0, "\t1" },
		{ "inf", -1, 0, "inf" },
		{ "nan", -1, 0, "nan" },
		{ "x", -1, 0, "x" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *rest = cases[i].text;
		double got = 0;
		int result = number_scan(&rest, &got);

		expect(result == cases[i].want_result, "'%s': got %d, want %d",
			cases[i].text, result, cases[i].want_result);
		expect(got == cases[i].want && !signbit(got) == (got >= 0),
			"'%s': got %.17g, want %.17g", cases[i].text, got,
			cases[i].want);
		expect(strcmp(rest, cases[i].want_rest) == 0,
			"'%s': left '%s', want '%s'", cases[i].text, rest,
			cases[i].want_rest);
	}
}

static void
number_scan_has_no_negative_zero(void **state)
{
	const char *text = "-0.0";
	double got = 1;

	(void)state;
	assert_int_equal(number_scan(&text, &got), 0);
	assert_true(got == 0 && !signbit(got));
}

/* A remote text may be a megabyte of digits. */
static void
number_scan_takes_long_texts(void **state)
{
	enum { SIZE = 1 << 20 };
	char *digits = malloc(SIZE + 1);
	const char *rest = digits;
	double got = 0;

	(void)state;
	assert_non_null(digits);
	memset(digits, '9', SIZE);
	digits[SIZE] = '\0';
	assert_int_equal(number_scan(&rest, &got), -1);
	digits[1] = '.';
	assert_int_equal(number_scan(&rest, &got), 0);
	assert_true(got > 9.99 && got <= 10);
	assert_int_equal(*rest, '\0');
	memset(digits, '0', SIZE);
	rest = digits;
	assert_int_equal(number_scan(&rest, &got), 0);
	assert_true(got == 0);
	free(digits);
}

static void
number_parse_cases(void **state)
{
	static const struct {
		const char *text;
		long long least, most, want;
		const char *want_error;
	} cases[] = {
		{ "0", 0, 10, 0, "" },
		{ "10", 0, 10, 10, "" },
		{ "-3", -3, 3, -3, "" },
		{ "1700000000", 0, LLONG_MAX, 1700000000, "" },
		{ "11", 0, 10, 0, "'11' is not a whole number from 0 to 10" },
		{ "-1", 0, 10, 0, "'-1' is not a whole number from 0 to 10" },
		{ "", 1, 9, 0, "'' is not a whole number from 1 to 9" },
		{ "1.0", 1, 9, 0, "'1.0' is not a whole number from 1 to 9" },
		{ "1.", 1, 9, 0, "'1.' is not a whole number from 1 to 9" },
		{ "1x", 1, 9, 0, "'1x' is not a whole number from 1 to 9" },
		{ "1 ", 1, 9, 0, "'1 ' is not a whole number from 1 to 9" },
		{ "99999999999999999999", 1, LLONG_MAX, 0,
			"'99999999999999999999' is not a whole number "
			"from 1 to 1000000000000000" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error error = { "" };
		long long got = 0;
		int result = number_parse(cases[i].text, cases[i].least,
			cases[i].most, &got, &error);
		int want_result = *cases[i].want_error ? -1 : 0;

		expect(result == want_result, "'%s': got %d, want %d",
			cases[i].text, result, want_result);
		expect(got == cases[i].want, "'%s': got %lld, want %lld",
			cases[i].text, got, cases[i].want);
		expect(strcmp(error.text, cases[i].want_error) == 0,
			"'%s': got '%s', want '%s'", cases[i].text, error.text,
			cases[i].want_error);
	}
}

static void
number_print_cases(void **state)
{
	static const struct {
		double number;
		const char *want;
	} cases[] = {
		{ 0, "0" },
		{ -0.0, "0" },
		{ 3, "3" },
		{ -3, "-3" },
		{ 12.5, "12.5" },
		{ -12.5, "-12.5" },
		{ 12.25, "12.25" },
		{ 12.05, "12.05" },
		{ 100.0 / 3, "33.33" },
		{ 200.0 / 3, "66.67" },
		{ 99.996, "100" },
		{ 0.004, "0" },
		{ -0.004, "0" },
		{ 0.01, "0.01" },
		{ -0.5, "-0.5" },
		{ 100000, "100000" },
		{ 1e14, "100000000000000" },
		{ 999999999999999.0, "999999999999999" },
		{ -123456789012345.0, "-123456789012345" },
		{ 999999999999.99, "999999999999.99" },
		{ 1e15, "1000000000000000" },
		{ -1e15, "-1000000000000000" },
		{ 1e18, "1000000000000000000" },
		{ 9007199254740993.0, "9007199254740992" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *got;
		size_t size;
		FILE *out = open_memstream(&got, &size);

		number_print(out, cases[i].number);
		fclose(out);
		expect(strcmp(got, cases[i].want) == 0, "got '%s', want '%s'",
			got, cases[i].want);
		free(got);
	}
}

/* What a threshold's bound was typed as comes out again. */
static void
number_format_exact_cases(void **state)
{
	static const char *const texts[] = { "0", "5", "-5", "12.5", "0.001",
		"-0.05", "1.2345", "99.9999", "0.1", "0.3", "14400.25",
		"3.000000001", "999999999999999", "123456789012.34",
		"0.00000000000000001", "0.0000000000000381" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		const char *rest = texts[i];
		char got[NUMBER_TEXT];
		double number;

		assert_int_equal(number_scan(&rest, &number), 0);
		number_format_exact(number, got);
		expect(strcmp(got, texts[i]) == 0, "got '%s', want '%s'", got,
			texts[i]);
	}
}

/* What has more digits than that is cut. */
static void
number_format_exact_ends(void **state)
{
	char got[NUMBER_TEXT];

	(void)state;
	number_format_exact(3.815791410625119e-14, got);
	assert_string_equal(got, "0.00000000000003816");
	number_format_exact(1e-300, got);
	assert_string_equal(got, "0.00000000000000000");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number_scan_cases),
		cmocka_unit_test(number_scan_has_no_negative_zero),
		cmocka_unit_test(number_scan_takes_long_texts),
		cmocka_unit_test(number_parse_cases),
		cmocka_unit_test(number_print_cases),
		cmocka_unit_test(number_format_exact_cases),
		cmocka_unit_test(number_format_exact_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
