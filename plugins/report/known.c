/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of places without chains: a reason pushes out the one before it.
 * Two reasons that share a place are only slow, so that the hash need not
 * withstand a sender who chooses texts; the texts are always compared.
 */
#include "report/known.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"

/* Eight bytes at a time. */
static uint32_t
hash_text(const char *text, size_t length)
{
	uint64_t hash = length, bytes;

	while (length >= sizeof(bytes)) {
		memcpy(&bytes, text, sizeof(bytes));
		hash = (hash ^ bytes) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
		text += sizeof(bytes);
		length -= sizeof(bytes);
	}
	bytes = 0;
	memcpy(&bytes, text, length);
	hash = (hash ^ bytes) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(hash >> 32);
}

static struct known_reason *
reason_at(const struct known *known, uint32_t hash)
{
	return &known->reasons[hash % KNOWN_REASONS];
}

bool
known_find(const struct known *known, const char *reason,
	struct known_place *place, enum cause *cause)
{
	const struct known_reason *there;
	size_t length = strlen(reason);

	*place = (struct known_place){ reason, 0, KNOWN_LENGTH + 1 };
	if (length > KNOWN_LENGTH)
		return false;
	place->length = (uint32_t)length;
	place->hash = hash_text(reason, length);
	if (known->reasons == NULL)
		return false;
	there = reason_at(known, place->hash);
	if (there->text == NULL || there->hash != place->hash ||
		there->length != place->length ||
		memcmp(there->text, reason, length) != 0)
		return false;
	*cause = there->cause;
	return true;
}

void
known_keep(struct known *known, const struct known_place *place,
	enum cause cause)
{
	struct known_reason *there;

	if (place->length > KNOWN_LENGTH)
		return;
	if (known->reasons == NULL)
		known->reasons = xcalloc(KNOWN_REASONS, sizeof(*there));
	there = reason_at(known, place->hash);
	if (there->text == NULL || place->length > there->room) {
		there->room = place->length | 31;
		there->text = xrealloc(there->text, there->room, 1);
	}
	memcpy(there->text, place->reason, place->length);
	there->length = place->length;
	there->hash = place->hash;
	there->cause = cause;
}

void
known_release(struct known *known)
{
	for (size_t i = 0; known->reasons != NULL && i < KNOWN_REASONS; i++)
		free(known->reasons[i].text);
	free(known->reasons);
	known->reasons = NULL;
}
