/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Eight bytes at a time, each multiplied in; then the finishing mix of
 * MurmurHash3. The last eight may overlap those before.
 */
#define _DEFAULT_SOURCE /* getentropy */
#include "report/hash.h"

#include <string.h>
#include <unistd.h>

#define WORD sizeof(uint64_t)

static uint64_t
word_at(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, WORD);
	return word;
}

/* Fewer bytes than a word has. */
static uint64_t
short_word(const char *bytes, size_t length)
{
	uint64_t word = 0;

	while (length-- > 0)
		word = word << 8 | (unsigned char)bytes[length];
	return word;
}

static uint64_t
mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

uint64_t
hash_bytes(const char *bytes, size_t length, uint64_t seed)
{
	uint64_t hash = mix(seed, length);

	if (length < WORD) {
		hash = mix(hash, short_word(bytes, length));
	} else {
		for (size_t at = 0; at < length - WORD; at += WORD)
			hash = mix(hash, word_at(bytes + at));
		hash = mix(hash, word_at(bytes + length - WORD));
	}
	hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return hash ^ hash >> 33;
}

uint64_t
hash_seed(void)
{
	uint64_t seed;

	/* Not worth a failure: an address that the kernel chose will do. */
	if (getentropy(&seed, sizeof(seed)) != 0)
		seed = (uintptr_t)&hash_seed;
	return seed;
}
