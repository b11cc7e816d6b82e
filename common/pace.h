/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long to leave a pipe alone after it was emptied: long enough that its
 * reader is woken up seldom, and not so long that its writer has to wait.
 */
#ifndef PACE_H
#define PACE_H

#include <stddef.h>

struct pace {
	size_t capacity; /* bytes that the pipe holds; 0: not a pipe */
	size_t come;     /* bytes read since it was last found empty */
	double since;    /* when that was, in milliseconds */
	int pause;       /* milliseconds, the last one */
};

/* `now` is of any clock that does not jump, in milliseconds. */
void pace_start(struct pace *pace, size_t capacity, double now);

/*
 * The pipe was found empty: how many milliseconds to wait, for poll(2), going
 * by pace->come, which the caller has counted and which is 0 afterwards.
 */
int pace_pause(struct pace *pace, double now);

#endif
