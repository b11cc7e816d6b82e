/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The queue ids of a listing: no snapshot, so that an id may come twice.
 * Kept as 52 bits of a hash and 20 bits of notes, at 16 bytes an id or less.
 */
#ifndef REPORT_SEEN_H
#define REPORT_SEEN_H

#include <stddef.h>
#include <stdint.h>

#define SEEN_SHARDS     256
#define SEEN_NOTES_BITS 20
#define SEEN_HASH_BITS  (64 - SEEN_NOTES_BITS)

struct seen {
	struct seen_shard {
		struct seen_place {
			uint64_t hash : SEEN_HASH_BITS; /* 0: a free place */
			uint64_t notes : SEEN_NOTES_BITS;
		} * places; /* owned */
		size_t used, size;
	} shards[SEEN_SHARDS];
};

/*
 * The hash of a queue id of an instance. Its place is fetched into the
 * processor's cache meanwhile: in a long listing that takes longer than to
 * judge a reason.
 */
uint64_t seen_hash(const struct seen *seen, size_t instance, const char *id);

/*
 * The place of a hash; its notes, the caller's to read and write, are zero
 * when the id is new. The pointer holds until the next call. Two ids are
 * taken for one in about one of 9,000 listings of a million.
 */
struct seen_place *seen_at(struct seen *seen, uint64_t hash);

void seen_release(struct seen *seen);

#endif
