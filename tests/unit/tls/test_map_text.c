/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plugins/tls/map_text.c: entries, lines and continuation lines. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "tls/map_text.h"
#include "tls/sentences.h"

static void
map_text_reads_entries(void **state)
{
	static const struct {
		const char *text;
		const char *want_entries; /* line:key=value| */
	} cases[] = {
		{ "a b\n", "1:a=b|" },
		{ "a b", "1:a=b|" },
		{ "a\tb c \t\n", "1:a=b c|" },
		{ "# no\n\na b\n  # no\nc d\n", "3:a=b|5:c=d|" },
		{ "a b\n  c\n\td\n", "1:a=b  c\td|" },
		{ "a b\n# no\n c\ne f\n", "1:a=b c|4:e=f|" },
		{ "a b\n\n c\n", "1:a=b c|" },
		{ "a\n", "1:a=|" },
		{ "a \n", "1:a=|" },
		{ "\"a b\" c\n", "1:a b=c|" },
		{ "\"a\n", "1:a=|" },
		{ "a b\r\nc d\r\n", "1:a=b|2:c=d|" },
		{ " a b\n", "1:a=b|" },
		{ "\n\n#\n", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t length = strlen(cases[i].text);
		char *bytes = xstrdup(cases[i].text);
		struct map_text text = { 0 };
		char got[128] = "";

		text.file = length != 0 ? fmemopen(bytes, length, "r")
					: fopen("/dev/null", "r");
		assert_non_null(text.file);
		while (map_text_next(&text) > 0)
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
				"%lu:%s=%s|", text.line, text.key, text.value);
		if (strcmp(got, cases[i].want_entries) != 0)
			print_error("text: %s\n", cases[i].text);
		assert_string_equal(got, cases[i].want_entries);
		assert_int_equal(map_text_next(&text), 0);
		map_text_release(&text);
		free(bytes);
	}
}

static void
map_text_says_what_is_missing(void **state)
{
	struct map_text text;
	struct error error = { 0 };

	(void)state;
	assert_int_equal(map_text_open(&text, "/nonexistent/map", &error), -1);
	assert_int_equal(errno, ENOENT);
	assert_string_equal(error.text,
		"/nonexistent/map: No such file or directory");
	map_text_release(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_text_reads_entries),
		cmocka_unit_test(map_text_says_what_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
