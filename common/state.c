/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state.h"

#include <strings.h>

static const struct {
	const char *name;
	int weight; /* for state_worst() */
} states[] = {
	[STATE_OK] = { "OK", 0 },
	[STATE_WARNING] = { "WARNING", 2 },
	[STATE_CRITICAL] = { "CRITICAL", 3 },
	[STATE_UNKNOWN] = { "UNKNOWN", 1 },
};

const char *
state_name(enum state state)
{
	return states[state].name;
}

int
state_of_name(const char *name)
{
	for (int state = STATE_OK; state <= STATE_UNKNOWN; state++)
		if (strcasecmp(name, states[state].name) == 0)
			return state;
	if (name[0] >= '0' && name[0] <= '3' && name[1] == '\0')
		return name[0] - '0';
	return -1;
}

enum state
state_worst(enum state one, enum state other)
{
	return states[one].weight >= states[other].weight ? one : other;
}
