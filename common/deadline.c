/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deadline.h"

#include <limits.h>
#include <time.h>

static long long
milliseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct deadline
deadline_in(double seconds)
{
	return (struct deadline){
		.at = milliseconds_now() + (long long)(seconds * 1000),
		.seconds = seconds,
	};
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
