/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "error.h"
#include "tls/rules.h"

#define SUSPENDED   "delivery temporarily suspended: "
#define SLOW_LENGTH 4000

/* A file of these bytes, unlinked by rules_of(). */
static void
write_file(char path[32], const char *bytes, size_t length)
{
	int descriptor;

	memcpy(path, "/tmp/test_rules.XXXXXX", 23);
	descriptor = mkstemp(path);
	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, bytes, length), (ssize_t)length);
	close(descriptor);
}

static int
rules_of(struct rules *rules, const char *bytes, size_t length,
	struct error *error)
{
	const struct deadline deadline = deadline_in(10);
	char path[32];
	int result;

	write_file(path, bytes, length);
	result = rules_load(rules, path, &deadline, error);
	unlink(path);
	return result;
}

static void
rules_match_cases(void **state)
{
	static const struct {
		const char *rules, *reason;
		const char *want; /* "cause:line"; "" : no rule */
	} cases[] = {
		{ "", "x", "" },
		{ "\n\n# custom x\n  # custom x\n \t\n", "custom x", "" },
		{ "custom x", "x", "custom:1" },
		{ "custom x\n", "axb", "custom:1" },
		{ "custom x\r\n", "x", "custom:1" },
		{ "custom x\r\n", "y", "" },
		{ "\n# a\ncustom x\n", "x", "custom:3" },
		{ " \tcustom \t x y", "x y", "custom:1" },
		{ "custom a ", "a", "" },
		{ "custom a ", "a b", "custom:1" },
		{ "ignore x\ncustom x\n", "x", "other:1" },
		{ "custom ^y\nignore x\n", "xy", "other:2" },
		{ "not_offered #1", "#1", "not_offered:1" },
		{ "dane_lookup X", "x", "" },
		{ "dane_lookup (?i)X", "x", "dane_lookup:1" },
		{ "custom ^a$", "a", "custom:1" },
		{ "custom ^$", "", "custom:1" },
		{ "custom ^a", SUSPENDED SUSPENDED "a", "custom:1" },
		{ "custom delivery", SUSPENDED "a", "" },
		{ "custom ^.$", "\xc3\xa9", "custom:1" },
		{ "custom \xc3\xa9", "a\xc3\xa9", "custom:1" },
		{ "custom b$", "\xff\xc3 b", "custom:1" },
		{ "custom ^host \\S+ said: 4.. .*TLS",
			"host a said: 451 no TLS", "custom:1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cause_match match = { CAUSE_OTHER, "" };
		struct error error = { "" };
		struct rules rules;
		unsigned long hits = 0;
		char got[64] = "";

		if (rules_of(&rules, cases[i].rules, strlen(cases[i].rules),
			    &error) < 0)
			fail_msg("\"%s\": %s", cases[i].rules, error.text);
		if (rules_match(&rules, cases[i].reason, &match, &hits) == 1)
			snprintf(got, sizeof(got), "%s:%s",
				cause_name(match.cause),
				strrchr(match.row, ':') + 1);
		if (strcmp(got, cases[i].want) != 0)
			print_error("\"%s\" on \"%s\"\n", cases[i].rules,
				cases[i].reason);
		assert_string_equal(got, cases[i].want);
		assert_int_equal(hits, 0);
		rules_release(&rules);
	}
}

static void
rules_load_every_cause(void **state)
{
	(void)state;
	for (enum cause cause = 0; cause < CAUSE_COUNT; cause++) {
		struct error error = { "" };
		struct rules rules;
		char line[64];
		int length =
			snprintf(line, sizeof(line), "%s x", cause_name(cause));
		int got = rules_of(&rules, line, (size_t)length, &error);

		assert_int_equal(got, cause < CAUSE_TLS_COUNT ? 0 : -1);
		rules_release(&rules);
	}
}

static void
rules_load_errors(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;    /* 0: up to the NUL */
		const char *want; /* the error has it */
	} cases[] = {
		{ "custom", 0, ":1: no pattern behind \"custom\"" },
		{ "custom  \n", 0, ":1: no pattern behind \"custom" },
		{ "\ntls x\n", 0, ":2: \"tls\" is no cause" },
		{ "Custom x\n", 0, ":1: \"Custom\" is no cause" },
		{ "# a\ncustom x\ncustom  a(b\n", 0, ":3:12: " },
		{ "custom *", 0, ":1:" }, /* releases differ in the byte */
		{ "custom [a", 0, ":1:10: " },
		{ "custom \\C", 0, ":1:10: " },
		{ "custom \xff", 0, ":1:8: " },
		{ "custom x\ncustom a\0b\ncustom y\n", 29, "NUL" },
		{ "custom a\0", 9, "NUL" },
		{ "\xEF\xBB\xBF"
		  "custom a\r\ncustom b",
			0, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t length = cases[i].length;
		struct error error = { "" };
		struct rules rules;
		int got = rules_of(&rules, cases[i].bytes,
			length ? length : strlen(cases[i].bytes), &error);

		assert_int_equal(got, cases[i].want[0] != '\0' ? -1 : 0);
		if (strstr(error.text, cases[i].want) == NULL)
			fail_msg("got \"%s\", want \"%s\"", error.text,
				cases[i].want);
		if (got < 0) {
			assert_non_null(strstr(error.text, "/tmp/test_rules."));
			assert_int_equal(rules.count, 0);
			assert_null(rules.list);
		}
		rules_release(&rules);
	}
}

static void
rules_load_no_file(void **state)
{
	static const char *const paths[] = { "/nonexistent/rules", "/tmp", "" };
	const struct deadline deadline = deadline_in(10);

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct error error = { "" };
		struct rules rules;

		assert_int_equal(rules_load(&rules, paths[i], &deadline,
					 &error),
			-1);
		assert_ptr_equal(strstr(error.text, paths[i]), error.text);
		rules_release(&rules);
	}
}

static void
rules_load_long_line(void **state)
{
	size_t length = 100000;
	char *bytes = xcalloc(length + 1, 1);
	struct error error = { "" };
	struct rules rules;

	(void)state;
	memset(bytes, 'a', length);
	memcpy(bytes, "custom ", 7);
	assert_int_equal(rules_of(&rules, bytes, length, &error), -1);
	assert_non_null(strstr(error.text, ":1: the line is too long"));
	free(bytes);
}

/* Patterns that would take for ever, on reasons made for them. */
static void
rules_match_limits(void **state)
{
	static const struct {
		const char *rule;
		unsigned long want_hits;
	} cases[] = {
		{ "custom (a+)+$", RULES_PATIENCE },
		{ "custom (a|aa)+$", RULES_PATIENCE },
		{ "custom (a*)*[bc]", RULES_PATIENCE },
		{ "custom (*NO_JIT)(a+)+$", RULES_PATIENCE },
		{ "custom (?:a?){64}a{4000}$", RULES_PATIENCE },
		{ "custom (*NO_JIT)(?:a?){64}a{4000}$", RULES_PATIENCE },
		{ "custom (*NO_JIT)^((((a?)+)+)+)+[cd]", RULES_PATIENCE },
		{ "custom a{0,60}a{0,60}[cd]", 0 },
		{ "custom (*NO_JIT)a{0,60}a{0,60}[cd]", 0 },
		{ "custom ^(a(?1)?b)$", 0 },
		{ "custom ^a+$", 0 },
		{ "custom b$", 0 },
	};
	char *reason = xcalloc(1 << 20, 1);

	(void)state;
	memset(reason, 'a', (1 << 20) - 2);
	reason[(1 << 20) - 2] = 'b';
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cause_match match = { CAUSE_OTHER, "" };
		struct error error = { "" };
		struct rules rules;
		unsigned long hits = 0;

		assert_int_equal(rules_of(&rules, cases[i].rule,
					 strlen(cases[i].rule), &error),
			0);
		for (int run = 0; run < 20; run++)
			assert_int_equal(rules_match(&rules, reason, &match,
						 &hits),
				0);
		if (hits != cases[i].want_hits)
			print_error("%s\n", cases[i].rule);
		assert_int_equal(hits, cases[i].want_hits);
		rules_release(&rules);
	}
	free(reason);
}

/* Rules, and a reason that their first one is slow on. */
static void
slow_rules(struct rules *rules, const char *bytes, char reason[SLOW_LENGTH + 2])
{
	struct error error = { "" };

	memset(reason, 'a', SLOW_LENGTH);
	memcpy(reason + SLOW_LENGTH, "b", 2);
	assert_int_equal(rules_of(rules, bytes, strlen(bytes), &error), 0);
}

/* A costly rule does not keep the next one from its turn. */
static void
rules_match_after_limit(void **state)
{
	char reason[SLOW_LENGTH + 2];
	struct cause_match match = { CAUSE_OTHER, "" };
	struct rules rules;
	unsigned long hits = 0;

	(void)state;
	slow_rules(&rules, "ignore (a+)+$\ncustom b$\n", reason);
	assert_int_equal(rules_match(&rules, reason, &match, &hits), 1);
	assert_int_equal(match.cause, CAUSE_CUSTOM);
	assert_int_equal(hits, 1);
	rules_release(&rules);
	rules_release(&rules);
}

/* A rule that is slow on what is only shown is still asked what counts. */
static void
rules_match_to_show(void **state)
{
	char reason[SLOW_LENGTH + 2];
	struct cause_match match = { CAUSE_OTHER, "" };
	struct rules rules;
	unsigned long hits = 0;

	(void)state;
	slow_rules(&rules, "custom (a+)+$\n", reason);
	for (int run = 0; run < RULES_PATIENCE; run++)
		assert_int_equal(rules_match(&rules, reason, &match, NULL), 0);
	assert_int_equal(rules_match(&rules, "aaa", &match, NULL), 0);
	assert_int_equal(rules_match(&rules, "aaa", &match, &hits), 1);
	assert_int_equal(hits, 0);
	rules_release(&rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_match_cases),
		cmocka_unit_test(rules_load_every_cause),
		cmocka_unit_test(rules_load_errors),
		cmocka_unit_test(rules_load_no_file),
		cmocka_unit_test(rules_load_long_line),
		cmocka_unit_test(rules_match_limits),
		cmocka_unit_test(rules_match_after_limit),
		cmocka_unit_test(rules_match_to_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
