/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reasons that were judged lately, and what they were taken for: the mail
 * of a broken destination carries one text, and it stands in the listing
 * between that of others. A reason that is not here is judged again, never
 * wrongly.
 */
#ifndef REPORT_KNOWN_H
#define REPORT_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tls/cause.h"

#define KNOWN_REASONS 8192

/* Longer texts are not kept, so that the whole stays below 4 MiB. */
#define KNOWN_LENGTH 400

/* All zero when nothing is known. */
struct known {
	uint16_t *places; /* owned; KNOWN_REASONS, by hash: the number of the
	                     reason plus one, 0 for a free place */
	struct known_reason {
		char *text; /* owned; not NUL-terminated */
		uint32_t hash, length, room;
		uint32_t next; /* hash of the one that came last and is not
		                  the one here; 0: none */
		struct cause_match match;
	} * reasons; /* owned; in the order in which they came first */
	size_t count, capacity;
};

/* A place that a reason has or may have. */
struct known_place {
	const char *reason;
	uint32_t hash, length;
};

/* Whether a reason is known; *place is for known_keep() when it is not. */
bool known_find(struct known *known, const char *reason,
	struct known_place *place, struct cause_match *match);

/*
 * Keeps a reason that was not found. Where another one has its place, it has
 * to come a second time before that one is found again.
 */
void known_keep(struct known *known, const struct known_place *place,
	struct cause_match match);

void known_release(struct known *known);

#endif
