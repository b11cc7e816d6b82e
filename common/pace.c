/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pause is what the writer took for a quarter of the pipe. A pipe counts
 * in pages, and texts of little more than half a page fill a page each, so
 * that a quarter may be half of it; the rest is for a writer that gets faster.
 * One that filled the pipe had to wait, and the pause gets shorter by its
 * being too fast. A pause at most doubles: what came at first came late,
 * since the writer had to start.
 */
#include "pace.h"

#define PAUSE_FIRST   3
#define PAUSE_LONGEST 20

void
pace_start(struct pace *pace, size_t capacity, double now)
{
	*pace = (struct pace){
		.capacity = capacity,
		.since = now,
		.pause = PAUSE_FIRST,
	};
}

int
pace_pause(struct pace *pace, double now)
{
	double longest = pace->pause > 0 ? 2.0 * pace->pause : 1, pause;

	pause = (double)pace->capacity / 4 * (now - pace->since) /
		(double)(pace->come > 0 ? pace->come : 1);
	if (longest > PAUSE_LONGEST)
		longest = PAUSE_LONGEST;
	pace->pause = (int)((pause < longest ? pause : longest) + 0.5);
	pace->come = 0;
	pace->since = now;
	return pace->pause;
}
