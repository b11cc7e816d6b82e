/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "same_file.h"

static void
same_file_cases(void **state)
{
	static const struct {
		const char *path, *other;
		bool want;
	} cases[] = {
		{ "/etc/passwd", "/etc/passwd", true },
		{ "/etc/passwd", "/etc/../etc//passwd", true },
		{ "/etc", "/etc/.", true },
		{ "/etc/passwd", "/etc/group", false },
		{ "/etc/passwd", "/nowhere", false },
		{ "/nowhere", "/etc/passwd", false },
		{ "/nowhere", "/nowhere", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		expect(same_file(cases[i].path, cases[i].other) ==
				cases[i].want,
			"%s and %s", cases[i].path, cases[i].other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_file_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
