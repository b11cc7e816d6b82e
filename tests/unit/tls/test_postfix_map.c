/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdbool.h>

#include "tls/postfix_map.h"

static void
postfix_knows_maps(void **state)
{
	static const struct {
		const char *word, *want_whole, *want_type, *want_name;
		const char *want_index;
		bool want_pattern, want_text, want_keys;
	} cases[] = {
		{ "hash:/a", "hash:/a", "hash", "/a", "db", false, false,
			true },
		{ "proxy:hash:/a", "hash:/a", "hash", "/a", "db", false, false,
			true },
		{ "proxy:proxy:lmdb:/a", "lmdb:/a", "lmdb", "/a", "lmdb", false,
			false, true },
		{ "texthash:/a", "texthash:/a", "texthash", "/a", "-", false,
			true, true },
		{ "regexp:/a", "regexp:/a", "regexp", "/a", "-", true, true,
			false },
		{ "socketmap:inet:h:1:x", "socketmap:inet:h:1:x", "socketmap",
			"inet:h:1:x", "-", true, false, false },
		{ "static:{secure x:y}", "static:{secure x:y}", "static",
			"{secure x:y}", "-", false, false, false },
		{ "/etc/x", "/etc/x", "", "/etc/x", "-", false, false, false },
		{ "", "", "", "", "-", false, false, false },
		{ "proxy:averyveryverylongtypename:x",
			"averyveryverylongtypename:x", "averyveryverylo", "x",
			"-", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *word = cases[i].word;
		struct postfix_map map = postfix_map_of(word);
		const char *index = postfix_map_index(word);

		assert_string_equal(map.whole, cases[i].want_whole);
		assert_string_equal(map.type, cases[i].want_type);
		assert_string_equal(map.name, cases[i].want_name);
		assert_string_equal(index ? index : "-", cases[i].want_index);
		assert_int_equal(postfix_map_is_pattern(word),
			cases[i].want_pattern);
		assert_int_equal(postfix_map_is_text(word), cases[i].want_text);
		assert_int_equal(postfix_map_has_keys(word),
			cases[i].want_keys);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(postfix_knows_maps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
