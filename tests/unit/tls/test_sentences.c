/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plugins/tls/sentences.c: texts and lists of them. */
#include "unit.h"

#include <stdlib.h>

#include "error.h"
#include "tls/sentences.h"

static void
sentences_formats_any_length(void **state)
{
	char *large = xcalloc(100001, 1);
	char *got;

	(void)state;
	memset(large, 'x', 100000);
	got = sentence_format("<%s%d>", large, 7);
	assert_int_equal(strlen(got), 100003);
	assert_string_equal(got + 100000, "x7>");
	free(got);
	got = sentence_format("%s", "");
	assert_string_equal(got, "");
	free(got);
	free(large);
}

static void
sentences_keeps_order(void **state)
{
	struct sentences list = { 0 };

	(void)state;
	sentences_once(&list, "b%d", 1);
	sentences_once(&list, "a");
	sentences_once(&list, "b1");
	assert_int_equal(list.count, 2);
	assert_string_equal(list.list[0], "b1");
	assert_string_equal(list.list[1], "a");
	sentences_add(&list, "a");
	assert_int_equal(list.count, 3);
	sentences_release(&list);
	assert_int_equal(list.count, 0);
	sentences_release(&list);
	sentences_add(&list, "again");
	assert_string_equal(list.list[0], "again");
	sentences_release(&list);
}

static void
sentences_joins(void **state)
{
	struct sentences list = { 0 };
	char *got = sentences_join(&list, ", ");

	(void)state;
	assert_string_equal(got, "");
	free(got);
	sentences_add(&list, "a");
	got = sentences_join(&list, ", ");
	assert_string_equal(got, "a");
	free(got);
	sentences_add(&list, "%s", "");
	sentences_add(&list, "b");
	got = sentences_join(&list, ", ");
	assert_string_equal(got, "a, , b");
	free(got);
	sentences_release(&list);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_formats_any_length),
		cmocka_unit_test(sentences_keeps_order),
		cmocka_unit_test(sentences_joins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
