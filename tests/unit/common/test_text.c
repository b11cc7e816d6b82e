/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>

#include "text.h"

#define COMMA_FREE "plain: 10% of #1; a.b@c_d-e*f+g=h (i) [j] {k} / ~ ^ \"!?"

static void
text_safe_maps(void **state)
{
	static const struct {
		const char *text, *want_plain, *want_monitoring;
	} cases[] = {
		{ "", "", "" },
		{ COMMA_FREE, COMMA_FREE, COMMA_FREE },
		{ "a|b=1", "a|b=1", "a/b=1" },
		{ "<b>&lt;", "<b>&lt;", "(b)+lt;" },
		{ "$HOME$ `id`", "$HOME$ `id`", "SHOMES 'id'" },
		{ "a\nb\r\nc\td", "a?b??c?d", "a?b??c?d" },
		{ "\033[31mred\177\a", "?[31mred??", "?[31mred??" },
		{ "caf\u00e9 \u65e5\u672c \U0001F600",
			"caf\u00e9 \u65e5\u672c \U0001F600",
			"caf\u00e9 \u65e5\u672c \U0001F600" },
		{ "a\u202Eb\u200Bc\uFEFFd", "a?b?c?d", "a?b?c?d" },
		{ "a\u00ADb\u034Fc\u1160d\u3164e\uFE0Ff\uFFA0g\U000E0100h",
			"a?b?c?d?e?f?g?h", "a?b?c?d?e?f?g?h" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *plain = text_safe(cases[i].text, TEXT_PLAIN, 0);
		char *monitoring = text_safe(cases[i].text, TEXT_MONITORING, 0);

		expect(strcmp(plain, cases[i].want_plain) == 0,
			"plain: got '%s', want '%s'", plain,
			cases[i].want_plain);
		expect(strcmp(monitoring, cases[i].want_monitoring) == 0,
			"monitoring: got '%s', want '%s'", monitoring,
			cases[i].want_monitoring);
		free(plain);
		free(monitoring);
	}
}

/* The edges of what is hidden; NULL: the character stays. */
static void
text_safe_hides(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "\x01", "?" },
		{ "\x1f", "?" },
		{ " ", NULL },
		{ "~", NULL },
		{ "\x7f", "?" },
		{ "\xc2\x80", "?" },
		{ "\xc2\x85", "?" },
		{ "\xc2\x9f", "?" },
		{ "\u00a0", NULL },
		{ "\u00ac", NULL },
		{ "\u00ad", "?" },
		{ "\u00ae", NULL },
		{ "\u061b", NULL },
		{ "\u061c", "?" },
		{ "\u061d", NULL },
		{ "\u180a", NULL },
		{ "\u180b", "?" },
		{ "\u180e", "?" },
		{ "\u1810", NULL },
		{ "\u200a", NULL },
		{ "\u200b", "?" },
		{ "\u200f", "?" },
		{ "\u2010", NULL },
		{ "\u2027", NULL },
		{ "\u2028", "?" },
		{ "\u2029", "?" },
		{ "\u202e", "?" },
		{ "\u202f", NULL },
		{ "\u205f", NULL },
		{ "\u2060", "?" },
		{ "\u2069", "?" },
		{ "\u206f", "?" },
		{ "\u2070", NULL },
		{ "\ufefe", NULL },
		{ "\ufeff", "?" },
		{ "\uff00", NULL },
		{ "\ufff8", NULL },
		{ "\ufff9", "?" },
		{ "\ufffb", "?" },
		{ "\ufffd", NULL },
		{ "\U000e0000", "?" },
		{ "\U000e007f", "?" },
		{ "\U000e0fff", "?" },
		{ "\U000e1000", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *want =
			cases[i].want ? cases[i].want : cases[i].text;
		char *got = text_safe(cases[i].text, TEXT_PLAIN, 0);

		expect(strcmp(got, want) == 0, "row %zu: got '%s', want '%s'",
			i, got, want);
		free(got);
	}
}

static void
text_safe_replaces_invalid_bytes(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} cases[] = {
		{ "largest of two bytes", "\xdf\xbf", "\xdf\xbf" },
		{ "least of three bytes", "\xe0\xa0\x80", "\xe0\xa0\x80" },
		{ "before the surrogates", "\xed\x9f\xbf", "\xed\x9f\xbf" },
		{ "behind the surrogates", "\xee\x80\x80", "\xee\x80\x80" },
		{ "least of four bytes", "\xf0\x90\x80\x80",
			"\xf0\x90\x80\x80" },
		{ "last character", "\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd" },
		{ "lone continuation", "a\x80z", "a?z" },
		{ "overlong slash", "\xc0\xaf", "??" },
		{ "overlong of two", "\xc1\xbf", "??" },
		{ "overlong of three", "\xe0\x9f\xbf", "???" },
		{ "overlong of four", "\xf0\x8f\xbf\xbf", "????" },
		{ "surrogate", "\xed\xa0\x80", "???" },
		{ "last surrogate", "\xed\xbf\xbf", "???" },
		{ "beyond Unicode", "\xf4\x90\x80\x80", "????" },
		{ "five bytes", "\xf8\x88\x80\x80\x80", "?????" },
		{ "no lead bytes", "\xfe\xff", "??" },
		{ "noncharacter FFFE", "\xef\xbf\xbe", "???" },
		{ "noncharacter FFFF", "\xef\xbf\xbf", "???" },
		{ "noncharacter FDD0", "\xef\xb7\x90", "???" },
		{ "noncharacter FDEF", "\xef\xb7\xaf", "???" },
		{ "before FDD0", "\xef\xb7\x8f", "\xef\xb7\x8f" },
		{ "noncharacter 1FFFE", "\xf0\x9f\xbf\xbe", "????" },
		{ "noncharacter 10FFFF", "\xf4\x8f\xbf\xbf", "????" },
		{ "cut off behind one", "\xe2", "?" },
		{ "cut off behind two", "\xe2\x82", "??" },
		{ "cut off by ASCII", "\xe2\x82z", "??z" },
		{ "cut off by a character", "\xf0\x9f\x98\xc3\xa9",
			"???\xc3\xa9" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *got = text_safe(cases[i].text, TEXT_PLAIN, 0);

		expect(strcmp(got, cases[i].want) == 0,
			"%s: got '%s', want '%s'", cases[i].name, got,
			cases[i].want);
		free(got);
	}
}

static void
text_safe_disarms_states(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "[OK]", "{OK}" },
		{ "(OK)", "{OK}" },
		{ "[OK)", "{OK}" },
		{ "<OK>", "{OK}" },
		{ "<OK]", "{OK}" },
		{ "[ok] (Ok)", "{ok} {Ok}" },
		{ "a[WARNING]b(CRITICAL)c", "a{WARNING}b{CRITICAL}c" },
		{ "[UNKNOWN][PENDING]", "{UNKNOWN}{PENDING}" },
		{ "(up)(down)(unreachable)", "{up}{down}{unreachable}" },
		{ "[ OK ]", "{ OK }" },
		{ "(  down)", "{  down}" },
		{ "[[OK]]", "[{OK}]" },
		{ "(.) (!) (!!) (?)", "{.} {!} {!!} {?}" },
		{ "<.> <!> <!!> <?>", "{.} {!} {!!} {?}" },
		{ "(\t) ((!)", "{?} ({!}" },
		{ "(!!!) (!.) ( !) (! [!] ()", "(!!!) (!.) ( !) (! [!] ()" },
		{ "[running on x", "{running on x" },
		{ "[(OK)]", "[{OK}]" },
		{ "[ [OK]", "[ {OK}" },
		{ "([<OK>])", "([{OK}])" },
		{ "[OK", "[OK" },
		{ "[OK OK]", "[OK OK]" },
		{ "[OKAY]", "[OKAY]" },
		{ "[UPS]", "[UPS]" },
		{ "[]", "[]" },
		{ "[ ]", "[ ]" },
		{ "[\nOK]", "[?OK]" },
		{ "[O\u200bK]", "[O?K]" },
		{ "host H[192.0.2.1] said: (ok",
			"host H[192.0.2.1] said: (ok" },
		{ "[", "[" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *got = text_safe(cases[i].text, TEXT_MONITORING, 0);

		expect(strcmp(got, cases[i].want) == 0,
			"'%s': got '%s', want '%s'", cases[i].text, got,
			cases[i].want);
		free(got);
	}
}

static void
text_safe_leaves_states_to_programs(void **state)
{
	char *got = text_safe("[OK] <OK> (down)", TEXT_PLAIN, 0);

	(void)state;
	assert_string_equal(got, "[OK] <OK> (down)");
	free(got);
}

static void
text_safe_cuts(void **state)
{
	static const struct {
		const char *text;
		size_t limit;
		const char *want;
	} cases[] = {
		{ "abcdef", 0, "abcdef" },
		{ "abcdef", 7, "abcdef" },
		{ "abcdef", 6, "abcdef" },
		{ "abcdef", 5, "ab..." },
		{ "abcdef", 4, "a..." },
		{ "abcdef", 3, "..." },
		{ "abcdef", 2, ".." },
		{ "abcdef", 1, "." },
		{ "abcdef", SIZE_MAX, "abcdef" },
		{ "ab\u20ac\u20ac", 8, "ab\u20ac\u20ac" },
		{ "ab\u20ac\u20ac", 7, "ab..." },
		{ "ab\u20acdef", 8, "ab\u20acdef" },
		{ "ab\u20acdefg", 8, "ab\u20ac..." },
		{ "ab\U0001F600cdef", 9, "ab\U0001F600..." },
		{ "ab\U0001F600cdef", 8, "ab..." },
		{ "\u200b\u200b\u200b\u200b", 4, "????" },
		{ "\u200b\u200b\u200b\u200b\u200b", 4, "?..." },
		{ "[OK] x", 6, "{OK} x" },
		{ "[OK] xyz", 7, "{OK}..." },
		{ "[OK]xyz", 6, "[OK..." },
		{ "\U0001F600", 3, "..." },
		{ "", 1, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *got = text_safe(cases[i].text, TEXT_MONITORING,
			cases[i].limit);

		expect(strcmp(got, cases[i].want) == 0,
			"'%s', %zu: got '%s', want '%s'", cases[i].text,
			cases[i].limit, got, cases[i].want);
		free(got);
	}
}

/* Whatever the bytes: no forbidden one comes out, and nothing grows. */
static void
text_safe_holds_for_all_pairs(void **state)
{
	(void)state;
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		char text[] = { 'a', (char)(pair >> 8), (char)pair, 'z', '\0' };
		char *got = text_safe(text, TEXT_MONITORING, 0);
		bool is_safe = strpbrk(got, "|<>&$`\x7f") == NULL &&
			strlen(got) <= strlen(text);

		for (const char *byte = got; *byte != '\0'; byte++)
			is_safe = is_safe && (unsigned char)*byte >= ' ';
		expect(is_safe, "%04x: got '%s'", pair, got);
		free(got);
	}
}

/* Megabytes of what could make a slow escaper quadratic. */
static void
text_safe_is_linear(void **state)
{
	static const char *const patterns[] = { "[", "[ ", "(OK ", "[OK]",
		"\xf0\x9f\x98", "[                               " };
	enum { SIZE = 4 << 20 };
	char *text = malloc(SIZE + 1);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		size_t length = strlen(patterns[i]);
		char *got;

		for (size_t j = 0; j < SIZE; j++)
			text[j] = patterns[i][j % length];
		text[SIZE] = '\0';
		got = text_safe(text, TEXT_MONITORING, 0);
		assert_int_equal(strlen(got), SIZE);
		free(got);
		got = text_safe(text, TEXT_MONITORING, 100);
		assert_true(strlen(got) <= 100);
		free(got);
	}
	free(text);
}

static void
text_print_prints_the_safe_text(void **state)
{
	char *got;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	(void)state;
	text_print(out, "a|b\n", TEXT_PLAIN, 0);
	text_print(out, "a|b\n", TEXT_MONITORING, 0);
	text_print(out, "abcdefgh", TEXT_MONITORING, 6);
	fclose(out);
	assert_string_equal(got, "a|b?a/b?abc...");
	free(got);
}

static void
text_width_cases(void **state)
{
	static const struct {
		const char *text;
		size_t want;
	} cases[] = {
		{ "", 0 },
		{ "mail.example.org", 16 },
		{ "caf\u00e9", 4 },
		{ "cafe\u0301", 4 },
		{ "\u65e5\u672c", 4 },
		{ "\u65e5a\u672c", 5 },
		{ "\U0001F600", 2 },
		{ "a\x80z", 3 },
		{ "a\xe2\x82", 3 },
	};
	char before[64];

	(void)state;
	snprintf(before, sizeof(before), "%s", setlocale(LC_ALL, NULL));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t got = text_width(cases[i].text);

		expect(got == cases[i].want, "'%s': got %zu, want %zu",
			cases[i].text, got, cases[i].want);
	}
	assert_string_equal(setlocale(LC_ALL, NULL), before);
	assert_true(MB_CUR_MAX == 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_safe_maps),
		cmocka_unit_test(text_safe_hides),
		cmocka_unit_test(text_safe_replaces_invalid_bytes),
		cmocka_unit_test(text_safe_disarms_states),
		cmocka_unit_test(text_safe_leaves_states_to_programs),
		cmocka_unit_test(text_safe_cuts),
		cmocka_unit_test(text_safe_holds_for_all_pairs),
		cmocka_unit_test(text_safe_is_linear),
		cmocka_unit_test(text_print_prints_the_safe_text),
		cmocka_unit_test(text_width_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
