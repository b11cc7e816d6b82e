/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "report/known.h"

/* A cause of its own for each text, as far as there are any. */
static struct cause_match
match_for(unsigned number)
{
	return (struct cause_match){ (enum cause)(number % CAUSE_COUNT), "" };
}

static void
known_keeps_a_reason(void **state)
{
	struct known known = { .places = NULL };
	struct known_place place;
	struct cause_match match = { CAUSE_OTHER, "" };
	char text[] = "Server certificate not verified";

	(void)state;
	assert_false(known_find(&known, text, &place, &match));
	known_keep(&known, &place,
		(struct cause_match){ CAUSE_CERT_UNVERIFIED, "row" });
	assert_true(known_find(&known, text, &place, &match));
	assert_int_equal(match.cause, CAUSE_CERT_UNVERIFIED);
	assert_string_equal(match.row, "row");
	memset(text, 'x', strlen(text));
	assert_true(known_find(&known, "Server certificate not verified",
		&place, &match));
	known_release(&known);
}

static void
known_compares_the_whole_text(void **state)
{
	static const char *const texts[] = { "", "a", "b", "ab", "ba",
		"aaaaaaaa", "aaaaaaaab", "aaaaaaaabaaaaaaa",
		"aaaaaaaaaaaaaaaab", "baaaaaaaaaaaaaaaa" };
	struct known known = { .places = NULL };
	struct known_place place;
	struct cause_match match;

	(void)state;
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		expect(!known_find(&known, texts[i], &place, &match),
			"'%s' known before", texts[i]);
		known_keep(&known, &place, match_for(i));
	}
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (known_find(&known, texts[i], &place, &match))
			expect(match.cause == match_for(i).cause, "'%s'",
				texts[i]);
	known_release(&known);
}

/* More texts than places: some are gone, none is taken for another. */
static void
known_is_never_wrong(void **state)
{
	const unsigned count = 5 * KNOWN_REASONS;
	struct known known = { .places = NULL };
	struct known_place place;
	unsigned found = 0;
	struct cause_match match;
	char text[64];

	(void)state;
	for (unsigned i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "host mx%u said: 450 %u", i, i);
		expect(!known_find(&known, text, &place, &match), "%s", text);
		known_keep(&known, &place, match_for(i));
	}
	for (unsigned i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "host mx%u said: 450 %u", i, i);
		if (!known_find(&known, text, &place, &match))
			continue;
		expect(match.cause == match_for(i).cause, "%s", text);
		found++;
	}
	expect(found > KNOWN_REASONS / 2 && found <= KNOWN_REASONS, "%u found",
		found);
	known_release(&known);
}

/* Replies that name their recipient come once and push nothing out. */
static void
known_keeps_what_comes_again(void **state)
{
	struct known known = { .places = NULL };
	struct known_place place;
	unsigned kept = 0;
	struct cause_match match;
	char text[64];

	(void)state;
	for (unsigned i = 0; i < KNOWN_REASONS / 4; i++) {
		snprintf(text, sizeof(text), "TLSA lookup error for mx%u:25",
			i);
		(void)known_find(&known, text, &place, &match);
		known_keep(&known, &place,
			(struct cause_match){ CAUSE_DANE_LOOKUP, "row" });
	}
	for (unsigned i = 0; i < 4 * KNOWN_REASONS; i++) {
		snprintf(text, sizeof(text), "host mx said: 450 <%u> busy", i);
		expect(!known_find(&known, text, &place, &match), "%s", text);
		known_keep(&known, &place,
			(struct cause_match){ CAUSE_OTHER, "row" });
	}
	for (unsigned i = 0; i < KNOWN_REASONS / 4; i++) {
		snprintf(text, sizeof(text), "TLSA lookup error for mx%u:25",
			i);
		kept += known_find(&known, text, &place, &match);
	}
	expect(kept > KNOWN_REASONS / 5, "%u kept", kept);
	known_release(&known);
}

/* The second time in a row it takes the place. */
static void
known_learns_anew(void **state)
{
	struct known known = { .places = NULL };
	struct known_place place;
	struct cause_match match;
	char text[64];

	(void)state;
	for (unsigned i = 0; i < 8 * KNOWN_REASONS; i++) {
		snprintf(text, sizeof(text), "connect to mx%u: refused", i);
		(void)known_find(&known, text, &place, &match);
		known_keep(&known, &place,
			(struct cause_match){ CAUSE_OTHER, "row" });
		(void)known_find(&known, text, &place, &match);
		known_keep(&known, &place, match_for(i));
		assert_true(known_find(&known, text, &place, &match));
	}
	known_release(&known);
}

static void
known_leaves_long_texts(void **state)
{
	struct known known = { .places = NULL };
	struct known_place place;
	struct cause_match match;
	char text[KNOWN_LENGTH + 2];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[KNOWN_LENGTH + 1] = '\0';
	assert_false(known_find(&known, text, &place, &match));
	known_keep(&known, &place, (struct cause_match){ CAUSE_OTHER, "row" });
	assert_false(known_find(&known, text, &place, &match));
	text[KNOWN_LENGTH] = '\0';
	assert_false(known_find(&known, text, &place, &match));
	known_keep(&known, &place, (struct cause_match){ CAUSE_CUSTOM, "row" });
	assert_true(known_find(&known, text, &place, &match));
	assert_int_equal(match.cause, CAUSE_CUSTOM);
	known_release(&known);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_keeps_a_reason),
		cmocka_unit_test(known_compares_the_whole_text),
		cmocka_unit_test(known_is_never_wrong),
		cmocka_unit_test(known_keeps_what_comes_again),
		cmocka_unit_test(known_learns_anew),
		cmocka_unit_test(known_leaves_long_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
