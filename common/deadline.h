/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A point in time that no jump of the clock moves (CLOCK_MONOTONIC). */
#ifndef DEADLINE_H
#define DEADLINE_H

#include <stdbool.h>

struct deadline {
	long long at;   /* milliseconds of CLOCK_MONOTONIC */
	double seconds; /* how long it was, for messages */
};

/* The time of CLOCK_MONOTONIC. */
double monotonic_milliseconds(void);

struct deadline deadline_in(double seconds);

/* The earlier of this deadline and one in so many seconds from now. */
struct deadline deadline_share(const struct deadline *whole, double seconds);

/* Milliseconds left, for poll(2): 0 when it has passed. */
int deadline_left(const struct deadline *deadline);

bool deadline_passed(const struct deadline *deadline);

#endif
