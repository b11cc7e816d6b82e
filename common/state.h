/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The four states of the monitoring world; a state's value is its exit status. */
#ifndef STATE_H
#define STATE_H

enum state {
	STATE_OK,
	STATE_WARNING,
	STATE_CRITICAL,
	STATE_UNKNOWN,
};

/* "OK", "WARNING", "CRITICAL" or "UNKNOWN". */
const char *state_name(enum state state);

/* The state of a name in any case, or of a digit 0 to 3; -1 when it is none. */
int state_of_name(const char *name);

/* The one that matters more: CRITICAL, WARNING, UNKNOWN, OK in this order. */
enum state state_worst(enum state one, enum state other);

#endif
