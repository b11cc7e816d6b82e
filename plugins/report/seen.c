/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Open addressing with linear probing, in 256 tables picked by the hash's
 * first byte: each grows by itself and by a half, so that the whole is never
 * held twice and never more than half of it is free. The rest of the hash is
 * kept and spreads over the table in its own order, so that a table grows
 * from one end to the other.
 */
#include "report/seen.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "report/hash.h"

#define SHARD_FIRST ((size_t)16)
#define SHARD_SHIFT 56

/* What a place keeps of a hash; never 0. */
static uint64_t
kept_of(uint64_t hash)
{
	hash &= (UINT64_C(1) << SEEN_HASH_BITS) - 1;
	return hash ? hash : 1;
}

/* Where one begins to look. */
static struct seen_place *
first_place(const struct seen_shard *shard, uint64_t kept)
{
	return shard->places + (kept * shard->size >> SEEN_HASH_BITS);
}

/* Where it is or would be. */
static struct seen_place *
find(const struct seen_shard *shard, uint64_t kept)
{
	const struct seen_place *end = shard->places + shard->size;
	struct seen_place *place = first_place(shard, kept);

	while (place->hash != 0 && place->hash != kept)
		if (++place == end)
			place = shard->places;
	return place;
}

static void
grow(struct seen_shard *shard)
{
	struct seen_shard old = *shard;

	shard->size = old.size ? old.size + old.size / 2 : SHARD_FIRST;
	shard->places = xcalloc(shard->size, sizeof(*shard->places));
	for (size_t i = 0; i < old.size; i++)
		if (old.places[i].hash != 0)
			*find(shard, old.places[i].hash) = old.places[i];
	free(old.places);
}

uint64_t
seen_hash(const struct seen *seen, size_t instance, const char *id)
{
	uint64_t hash = hash_bytes(id, strlen(id), instance);
	const struct seen_shard *shard = &seen->shards[hash >> SHARD_SHIFT];

	if (shard->size > 0)
		__builtin_prefetch(first_place(shard, kept_of(hash)));
	return hash;
}

struct seen_place *
seen_at(struct seen *seen, uint64_t hash)
{
	struct seen_shard *shard = &seen->shards[hash >> SHARD_SHIFT];
	struct seen_place *place;

	if (shard->used >= shard->size - shard->size / 4)
		grow(shard);
	place = find(shard, kept_of(hash));
	if (place->hash == 0) {
		place->hash = kept_of(hash);
		shard->used++;
	}
	return place;
}

void
seen_release(struct seen *seen)
{
	for (size_t i = 0; i < SEEN_SHARDS; i++)
		free(seen->shards[i].places);
	memset(seen, 0, sizeof(*seen));
}
