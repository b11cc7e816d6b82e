/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Open addressing with linear probing, in 256 tables picked by the hash's
 * first byte: each grows by itself and by a quarter, so that the whole is
 * never held twice and never more than a fifth of it is free.
 */
#include "report/seen.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"

#define SHARD_FIRST ((size_t)8)

/* FNV-1a, then the finishing mix of MurmurHash3; never 0. */
static uint64_t
hash_id(size_t instance, const char *id)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ instance;

	for (; *id != '\0'; id++)
		hash = (hash ^ (unsigned char)*id) * UINT64_C(0x100000001b3);
	hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	hash ^= hash >> 33;
	return hash ? hash : 1;
}

static uint64_t
hash_at(const struct seen_place *place)
{
	return (uint64_t)place->hash[1] << 32 | place->hash[0];
}

/* Where the hash is or would be; the low 32 bits spread over the table. */
static struct seen_place *
find(const struct seen_shard *shard, uint64_t hash)
{
	const struct seen_place *end = shard->places + shard->size;
	struct seen_place *place =
		shard->places + ((hash & UINT32_MAX) * shard->size >> 32);

	while (hash_at(place) != 0 && hash_at(place) != hash)
		if (++place == end)
			place = shard->places;
	return place;
}

static void
grow(struct seen_shard *shard)
{
	struct seen_shard old = *shard;

	shard->size = old.size ? old.size + old.size / 4 : SHARD_FIRST;
	shard->places = xcalloc(shard->size, sizeof(*shard->places));
	for (size_t i = 0; i < old.size; i++)
		if (hash_at(&old.places[i]) != 0)
			*find(shard, hash_at(&old.places[i])) = old.places[i];
	free(old.places);
}

uint32_t *
seen_notes(struct seen *seen, size_t instance, const char *id)
{
	uint64_t hash = hash_id(instance, id);
	struct seen_shard *shard = &seen->shards[hash >> 56];
	struct seen_place *place;

	if (shard->used >= shard->size - shard->size / 16)
		grow(shard);
	place = find(shard, hash);
	if (hash_at(place) == 0) {
		place->hash[0] = (uint32_t)hash;
		place->hash[1] = (uint32_t)(hash >> 32);
		shard->used++;
	}
	return &place->notes;
}

void
seen_release(struct seen *seen)
{
	for (size_t i = 0; i < SEEN_SHARDS; i++)
		free(seen->shards[i].places);
	memset(seen, 0, sizeof(*seen));
}
