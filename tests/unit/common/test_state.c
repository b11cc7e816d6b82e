/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "state.h"

static void
state_names_are_their_exit_status(void **state)
{
	static const struct {
		const char *name;
		int want;
		int is_canonical;
	} cases[] = {
		{ "OK", 0, 1 },
		{ "WARNING", 1, 1 },
		{ "CRITICAL", 2, 1 },
		{ "UNKNOWN", 3, 1 },
		{ "ok", 0, 0 },
		{ "Warning", 1, 0 },
		{ "cRITICAL", 2, 0 },
		{ "0", 0, 0 },
		{ "1", 1, 0 },
		{ "2", 2, 0 },
		{ "3", 3, 0 },
		{ "4", -1, 0 },
		{ "00", -1, 0 },
		{ "-1", -1, 0 },
		{ "WARN", -1, 0 },
		{ "OKAY", -1, 0 },
		{ " OK", -1, 0 },
		{ "", -1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int got = state_of_name(cases[i].name);

		expect(got == cases[i].want, "'%s': got %d, want %d",
			cases[i].name, got, cases[i].want);
		if (cases[i].is_canonical)
			assert_string_equal(state_name((enum state)got),
				cases[i].name);
	}
}

static void
state_worst_is_the_heavier_one(void **state)
{
	static const enum state heaviest_last[] = {
		STATE_OK,
		STATE_UNKNOWN,
		STATE_WARNING,
		STATE_CRITICAL,
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(heaviest_last); i++)
		for (size_t j = 0; j < COUNT_OF(heaviest_last); j++) {
			enum state got =
				state_worst(heaviest_last[i], heaviest_last[j]);
			enum state want = heaviest_last[i > j ? i : j];

			expect(got == want, "%s, %s: got %s, want %s",
				state_name(heaviest_last[i]),
				state_name(heaviest_last[j]), state_name(got),
				state_name(want));
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(state_names_are_their_exit_status),
		cmocka_unit_test(state_worst_is_the_heavier_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
