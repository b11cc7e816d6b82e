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

/* Where the hash is or would be; the low 32 bits spread over the table. */
static size_t
find(const struct seen_shard *shard, uint64_t hash)
{
	size_t place = (size_t)((hash & UINT32_MAX) * shard->size >> 32);

	while (shard->hashes[place] != 0 && shard->hashes[place] != hash)
		place = place + 1 < shard->size ? place + 1 : 0;
	return place;
}

static void
grow(struct seen_shard *shard)
{
	struct seen_shard old = *shard;

	shard->size = old.size ? old.size + old.size / 4 : SHARD_FIRST;
	shard->hashes = xcalloc(shard->size, sizeof(*shard->hashes));
	shard->notes = xcalloc(shard->size, sizeof(*shard->notes));
	for (size_t i = 0; i < old.size; i++) {
		size_t place;

		if (old.hashes[i] == 0)
			continue;
		place = find(shard, old.hashes[i]);
		shard->hashes[place] = old.hashes[i];
		shard->notes[place] = old.notes[i];
	}
	free(old.hashes);
	free(old.notes);
}

uint32_t *
seen_notes(struct seen *seen, size_t instance, const char *id)
{
	uint64_t hash = hash_id(instance, id);
	struct seen_shard *shard = &seen->shards[hash >> 56];
	size_t place;

	if (shard->used >= shard->size - shard->size / 16)
		grow(shard);
	place = find(shard, hash);
	if (shard->hashes[place] == 0) {
		shard->hashes[place] = hash;
		shard->used++;
	}
	return &shard->notes[place];
}

void
seen_release(struct seen *seen)
{
	for (size_t i = 0; i < SEEN_SHARDS; i++) {
		free(seen->shards[i].hashes);
		free(seen->shards[i].notes);
	}
	memset(seen, 0, sizeof(*seen));
}
