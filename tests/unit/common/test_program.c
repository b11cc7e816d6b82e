/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>

#include "program.h"

static void
program_find_cases(void **state)
{
	static const struct {
		const char *name, *want; /* NULL: not found */
	} cases[] = {
		{ "env", "/usr/bin/env" },
		{ "no-such-program", NULL },
		{ "no-such-folder/env", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *got = program_find(cases[i].name);
		const char *want = cases[i].want;

		expect(got == NULL ? want == NULL
				   : want != NULL && strcmp(got, want) == 0,
			"%s: got %s, want %s", cases[i].name,
			got != NULL ? got : "none",
			want != NULL ? want : "none");
		free(got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(program_find_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
