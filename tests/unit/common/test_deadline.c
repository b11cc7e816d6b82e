/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lengths that make sense and lengths that don't; which of two is earlier. */
#include "unit.h"

#include <limits.h>
#include <math.h>
#include <time.h>

#include "deadline.h"

/* What is left lies between want_least and want_most milliseconds. */
static const struct {
	const char *name;
	double seconds, want_seconds;
	int want_least, want_most;
} lengths[] = {
	{ "ten seconds", 10, 10, 9000, 10000 },
	{ "half a second", 0.5, 0.5, 1, 500 },
	{ "none", 0, 0, 0, 0 },
	{ "negative", -1, 0, 0, 0 },
	{ "not a number", NAN, 0, 0, 0 },
	{ "minus infinity", -INFINITY, 0, 0, 0 },
	{ "a month", 2592000, 2592000, INT_MAX, INT_MAX },
	{ "beyond long long", 1e300, 1e9, INT_MAX, INT_MAX },
	{ "infinity", INFINITY, 1e9, INT_MAX, INT_MAX },
};

static void
deadline_lengths(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		struct deadline deadline = deadline_in(lengths[i].seconds);
		int left = deadline_left(&deadline);

		if (left < lengths[i].want_least ||
			left > lengths[i].want_most ||
			deadline.seconds != lengths[i].want_seconds ||
			deadline_passed(&deadline) != (left == 0))
			fail_msg("%s: got %d ms of %g s, want %d to %d of %g",
				lengths[i].name, left, deadline.seconds,
				lengths[i].want_least, lengths[i].want_most,
				lengths[i].want_seconds);
	}
}

static void
deadline_passes(void **state)
{
	struct timespec pause = { 0, 5000000 };
	struct deadline deadline = deadline_in(0.02);

	(void)state;
	assert_false(deadline_passed(&deadline));
	for (int i = 0; i < 10; i++)
		nanosleep(&pause, NULL);
	assert_true(deadline_passed(&deadline));
	assert_int_equal(deadline_left(&deadline), 0);
}

static const struct {
	double whole, share, want_seconds;
} shares[] = {
	{ 10, 3, 3 },
	{ 3, 10, 3 },
	{ 10, 0, 0 },
	{ 0, 10, 0 },
	{ 10, -5, 0 },
};

static void
deadline_shares(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(shares); i++) {
		struct deadline whole = deadline_in(shares[i].whole);
		struct deadline got = deadline_share(&whole, shares[i].share);

		if (got.seconds != shares[i].want_seconds || got.at > whole.at)
			fail_msg("%g s of %g s: got %g, want %g",
				shares[i].share, shares[i].whole, got.seconds,
				shares[i].want_seconds);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deadline_lengths),
		cmocka_unit_test(deadline_passes),
		cmocka_unit_test(deadline_shares),
	};

	return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}
