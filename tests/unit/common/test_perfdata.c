/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "perfdata.h"

static void
perfdata_print_cases(void **state)
{
	static const struct range upper = { .end = 10, .set = true };
	static const struct range lower = {
		.start = 5, .end = INFINITY, .set = true
	};
	static const struct range unset = { .set = false };
	static const struct {
		struct perfdata item;
		const char *want;
	} cases[] = {
		{ { "tls_messages", 3, "", NULL, NULL, "" },
			"tls_messages=3;;;0" },
		{ { "tls_messages", 3, "", &upper, NULL, "" },
			"tls_messages=3;10;;0" },
		{ { "tls_messages", 3, "", NULL, &upper, "" },
			"tls_messages=3;;10;0" },
		{ { "tls_messages", 0, "", &lower, &upper, "" },
			"tls_messages=0;5:;10;0" },
		{ { "tls_messages", 0, "", &unset, &unset, "" },
			"tls_messages=0;;;0" },
		{ { "tls_percent", 12.5, "%", NULL, NULL, "100" },
			"tls_percent=12.5%;;;0;100" },
		{ { "tls_oldest_age", 98765, "s", NULL, &upper, "" },
			"tls_oldest_age=98765s;;10;0" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *got;
		size_t size;
		FILE *out = open_memstream(&got, &size);

		perfdata_print(out, &cases[i].item);
		fclose(out);
		expect(strcmp(got, cases[i].want) == 0, "got '%s', want '%s'",
			got, cases[i].want);
		free(got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(perfdata_print_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
