/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A deadline is a number of milliseconds on the monotonic clock. The clock is
 * rounded down when it is read, so that a deadline is never early.
 */
#include "deadline.h"

#include <limits.h>
#include <time.h>

/* Some 31 years: more is no deadline, and would overflow sooner or later. */
#define SECONDS_LIMIT 1e9

double
monotonic_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static long long
milliseconds_now(void)
{
	return (long long)monotonic_milliseconds();
}

struct deadline
deadline_in(double seconds)
{
	struct deadline deadline = { .seconds = 0 };

	if (seconds > SECONDS_LIMIT)
		seconds = SECONDS_LIMIT;
	if (seconds > 0) /* not NaN either */
		deadline.seconds = seconds;
	deadline.at = milliseconds_now() + (long long)(deadline.seconds * 1000);
	return deadline;
}

struct deadline
deadline_share(const struct deadline *whole, double seconds)
{
	struct deadline share = deadline_in(seconds);

	return share.at < whole->at ? share : *whole;
}

int
deadline_left(const struct deadline *deadline)
{
	long long left = deadline->at - milliseconds_now();

	if (left <= 0)
		return 0;
	return left < INT_MAX ? (int)left : INT_MAX;
}

bool
deadline_passed(const struct deadline *deadline)
{
	return deadline_left(deadline) == 0;
}
