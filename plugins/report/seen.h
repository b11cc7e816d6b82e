/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The queue ids of a listing: no snapshot, so that an id may come twice.
 * Kept as a 64-bit hash and 32 bits of notes, at 16 bytes an id or less.
 */
#ifndef REPORT_SEEN_H
#define REPORT_SEEN_H

#include <stddef.h>
#include <stdint.h>

#define SEEN_SHARDS 256

struct seen {
	struct seen_shard {
		struct seen_place {
			uint32_t hash[2]; /* both 0: a free place */
			uint32_t notes;
		} * places; /* owned */
		size_t used, size;
	} shards[SEEN_SHARDS];
};

/*
 * The notes of a queue id of an instance, zero when it is new. The pointer
 * holds until the next call. Two ids are taken for one with a chance of about
 * one in 30 million in a listing of a million.
 */
uint32_t *seen_notes(struct seen *seen, size_t instance, const char *id);

void seen_release(struct seen *seen);

#endif
