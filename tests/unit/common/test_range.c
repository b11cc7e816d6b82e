/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "range.h"

static void
range_parse_accepts(void **state)
{
	static const struct {
		const char *text;
		enum range_bound bound;
		double want_start, want_end;
		bool want_inside;
	} cases[] = {
		{ "10", RANGE_NUMBER, 0, 10, false },
		{ "0", RANGE_NUMBER, 0, 0, false },
		{ "10:", RANGE_NUMBER, 10, INFINITY, false },
		{ "~:10", RANGE_NUMBER, -INFINITY, 10, false },
		{ ":10", RANGE_NUMBER, 0, 10, false },
		{ "5:10", RANGE_NUMBER, 5, 10, false },
		{ "10:10", RANGE_NUMBER, 10, 10, false },
		{ "@10:20", RANGE_NUMBER, 10, 20, true },
		{ "@10", RANGE_NUMBER, 0, 10, true },
		{ "@~:10", RANGE_NUMBER, -INFINITY, 10, true },
		{ "-5:5", RANGE_NUMBER, -5, 5, false },
		{ "1.5:2", RANGE_NUMBER, 1.5, 2, false },
		{ "~:", RANGE_NUMBER, -INFINITY, INFINITY, false },
		{ "@~:", RANGE_NUMBER, -INFINITY, INFINITY, true },
		{ "+1:+2", RANGE_NUMBER, 1, 2, false },
		{ "~:-1", RANGE_NUMBER, -INFINITY, -1, false },
		{ "1000000000000000", RANGE_NUMBER, 0, 1e15, false },
		{ "4h", RANGE_DURATION, 0, 14400, false },
		{ "1h:2d", RANGE_DURATION, 3600, 172800, false },
		{ "@30m:", RANGE_DURATION, 1800, INFINITY, true },
		{ "~:90", RANGE_DURATION, -INFINITY, 90, false },
		{ "59m:1h", RANGE_DURATION, 3540, 3600, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error error = { "" };
		struct range got = { .set = false };
		int result = range_parse(cases[i].text, cases[i].bound, &got,
			&error);

		expect(result == 0 && got.set, "'%s': got %d, '%s'",
			cases[i].text, result, error.text);
		expect(got.start == cases[i].want_start &&
				got.end == cases[i].want_end &&
				got.inside == cases[i].want_inside,
			"'%s': got %g to %g, %d; want %g to %g, %d",
			cases[i].text, got.start, got.end, got.inside,
			cases[i].want_start, cases[i].want_end,
			cases[i].want_inside);
	}
}

#define NUMBER   " is not a decimal number up to 1000000000000000"
#define DURATION " is not a number of seconds, or one with s, m, h or d"

static void
range_parse_refuses(void **state)
{
	static const struct {
		const char *text;
		enum range_bound bound;
		const char *want; /* behind "'TEXT' is no range: " */
	} cases[] = {
		{ "", RANGE_NUMBER, "it has no bound" },
		{ "@", RANGE_NUMBER, "it has no bound" },
		{ "20:10", RANGE_NUMBER, "its start is above its end" },
		{ "@20:10", RANGE_NUMBER, "its start is above its end" },
		{ "-5", RANGE_NUMBER, "its start, 0, is above its end" },
		{ "@-5", RANGE_NUMBER, "its start, 0, is above its end" },
		{ ":-5", RANGE_NUMBER, "its start is above its end" },
		{ "2d:1h", RANGE_DURATION, "its start is above its end" },
		{ "abc", RANGE_NUMBER, "its end" NUMBER },
		{ "1x", RANGE_NUMBER, "its end" NUMBER },
		{ "nan", RANGE_NUMBER, "its end" NUMBER },
		{ "inf", RANGE_NUMBER, "its end" NUMBER },
		{ "1e5", RANGE_NUMBER, "its end" NUMBER },
		{ "0x10", RANGE_NUMBER, "its end" NUMBER },
		{ "~", RANGE_NUMBER, "its end" NUMBER },
		{ "5:~", RANGE_NUMBER, "its end" NUMBER },
		{ "1:2:3", RANGE_NUMBER, "its end" NUMBER },
		{ "+-1", RANGE_NUMBER, "its end" NUMBER },
		{ " 1", RANGE_NUMBER, "its end" NUMBER },
		{ "1 ", RANGE_NUMBER, "its end" NUMBER },
		{ "1,5", RANGE_NUMBER, "its end" NUMBER },
		{ "5%", RANGE_NUMBER, "its end" NUMBER },
		{ "4h", RANGE_NUMBER, "its end" NUMBER },
		{ "@@5", RANGE_NUMBER, "its end" NUMBER },
		{ "1000000000000001", RANGE_NUMBER, "its end" NUMBER },
		{ "~5:10", RANGE_NUMBER, "its start" NUMBER },
		{ "5 :10", RANGE_NUMBER, "its start" NUMBER },
		{ "-inf:10", RANGE_NUMBER, "its start" NUMBER },
		{ "@~~:10", RANGE_NUMBER, "its start" NUMBER },
		{ "::", RANGE_NUMBER, "its end" NUMBER },
		{ "4w", RANGE_DURATION, "its end" DURATION },
		{ "1h30m", RANGE_DURATION, "its end" DURATION },
		{ "h:4d", RANGE_DURATION, "its start" DURATION },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error error = { "" };
		struct range got = { .set = false };
		char want[256];
		int result = range_parse(cases[i].text, cases[i].bound, &got,
			&error);

		snprintf(want, sizeof(want), "'%s' is no range: %s",
			cases[i].text, cases[i].want);
		expect(result == -1 && !got.set, "'%s': got %d", cases[i].text,
			result);
		expect(strcmp(error.text, want) == 0, "got '%s', want '%s'",
			error.text, want);
	}
}

static void
range_alerts_cases(void **state)
{
	static const struct {
		const char *text;
		double value;
		bool want;
	} cases[] = {
		{ "10", -0.1, true },
		{ "10", 0, false },
		{ "10", 10, false },
		{ "10", 10.01, true },
		{ "0", 0, false },
		{ "0", 1, true },
		{ "10:", 9, true },
		{ "10:", 10, false },
		{ "10:", 1e14, false },
		{ "~:10", -1e14, false },
		{ "~:10", 11, true },
		{ "10:20", 9, true },
		{ "10:20", 15, false },
		{ "10:20", 21, true },
		{ "@10:20", 9, false },
		{ "@10:20", 10, true },
		{ "@10:20", 20, true },
		{ "@10:20", 21, false },
		{ "~:", 5, false },
		{ "@~:", 5, true },
	};
	const struct range unset = { .set = false };
	const struct range unset_inside = { .inside = true };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error error;
		struct range range;
		bool got;

		assert_int_equal(range_parse(cases[i].text, RANGE_NUMBER,
					 &range, &error),
			0);
		got = range_alerts(&range, cases[i].value);
		expect(got == cases[i].want, "'%s' at %g: got %d, want %d",
			cases[i].text, cases[i].value, got, cases[i].want);
	}
	assert_false(range_alerts(&unset, 5));
	assert_false(range_alerts(&unset_inside, 0));
}

static void
range_print_cases(void **state)
{
	static const struct {
		const char *text;
		enum range_bound bound;
		const char *want;
	} cases[] = {
		{ "10", RANGE_NUMBER, "10" },
		{ "0:10", RANGE_NUMBER, "10" },
		{ ":10", RANGE_NUMBER, "10" },
		{ "~:10", RANGE_NUMBER, "10" },
		{ "~:-1", RANGE_NUMBER, "-1" },
		{ "0", RANGE_NUMBER, "0" },
		{ "10:", RANGE_NUMBER, "10:" },
		{ "0:", RANGE_NUMBER, "0:" },
		{ "~:", RANGE_NUMBER, "~:" },
		{ "5:10", RANGE_NUMBER, "5:10" },
		{ "-5:5", RANGE_NUMBER, "-5:5" },
		{ "1.5:2.25", RANGE_NUMBER, "1.5:2.25" },
		{ "@10:20", RANGE_NUMBER, "@10:20" },
		{ "@10", RANGE_NUMBER, "@0:10" },
		{ "@0:10", RANGE_NUMBER, "@0:10" },
		{ "@~:10", RANGE_NUMBER, "@~:10" },
		{ "@10:", RANGE_NUMBER, "@10:" },
		{ "@~:", RANGE_NUMBER, "@~:" },
		{ "4h", RANGE_DURATION, "14400" },
		{ "1h:2d", RANGE_DURATION, "3600:172800" },
	};
	char *got;
	size_t size;
	FILE *out;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error error;
		struct range range;

		assert_int_equal(range_parse(cases[i].text, cases[i].bound,
					 &range, &error),
			0);
		out = open_memstream(&got, &size);
		range_print(out, &range);
		fclose(out);
		expect(strcmp(got, cases[i].want) == 0,
			"'%s': got '%s', want '%s'", cases[i].text, got,
			cases[i].want);
		free(got);
	}
	out = open_memstream(&got, &size);
	range_print(out, &(struct range){ .end = 5 });
	fclose(out);
	assert_string_equal(got, "");
	free(got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(range_parse_accepts),
		cmocka_unit_test(range_parse_refuses),
		cmocka_unit_test(range_alerts_cases),
		cmocka_unit_test(range_print_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
