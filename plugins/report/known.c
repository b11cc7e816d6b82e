/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of places without chains. Of two reasons that share a place the one
 * that comes twice in a row has it: replies that name the recipient, and so
 * come once, push nothing out. Reasons that share a place are only slow, so
 * that the hash need not withstand a sender who chooses texts; the texts are
 * always compared. A few reasons lie close together, in few pages of memory.
 */
#include "report/known.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "report/hash.h"

_Static_assert(KNOWN_REASONS <= UINT16_MAX, "a place holds any number");

/* The one that has the place of a hash; NULL: none yet. */
static struct known_reason *
reason_at(const struct known *known, uint32_t hash)
{
	size_t number = 0;

	if (known->places != NULL)
		number = known->places[hash % KNOWN_REASONS];
	return number > 0 ? &known->reasons[number - 1] : NULL;
}

/* A new one, at the free place of a hash. */
static struct known_reason *
reason_add(struct known *known, uint32_t hash)
{
	if (known->places == NULL)
		known->places =
			xcalloc(KNOWN_REASONS, sizeof(known->places[0]));
	if (known->reasons == NULL || known->count == known->capacity) {
		known->capacity = known->capacity * 2 + 16;
		known->reasons = xrealloc(known->reasons, known->capacity,
			sizeof(known->reasons[0]));
	}
	known->reasons[known->count] = (struct known_reason){ .text = NULL };
	known->places[hash % KNOWN_REASONS] = (uint16_t)++known->count;
	return &known->reasons[known->count - 1];
}

bool
known_find(struct known *known, const char *reason, struct known_place *place,
	struct cause_match *match)
{
	struct known_reason *there;
	size_t length = strlen(reason);

	*place = (struct known_place){ reason, 0, KNOWN_LENGTH + 1 };
	if (length > KNOWN_LENGTH)
		return false;
	place->length = (uint32_t)length;
	place->hash = (uint32_t)hash_bytes(reason, length, 0);
	there = reason_at(known, place->hash);
	if (there == NULL || there->hash != place->hash ||
		there->length != place->length ||
		memcmp(there->text, reason, length) != 0)
		return false;
	there->next = 0;
	*match = there->match;
	return true;
}

void
known_keep(struct known *known, const struct known_place *place,
	struct cause_match match)
{
	struct known_reason *there;

	if (place->length > KNOWN_LENGTH)
		return;
	there = reason_at(known, place->hash);
	if (there == NULL) {
		there = reason_add(known, place->hash);
	} else if (there->next != place->hash) {
		there->next = place->hash;
		return;
	}
	if (there->text == NULL || place->length > there->room) {
		there->room = place->length | 31;
		there->text = xrealloc(there->text, there->room, 1);
	}
	memcpy(there->text, place->reason, place->length);
	there->length = place->length;
	there->hash = place->hash;
	there->match = match;
}

void
known_release(struct known *known)
{
	for (size_t i = 0; i < known->count; i++)
		free(known->reasons[i].text);
	free(known->reasons);
	free(known->places);
	*known = (struct known){ .places = NULL };
}
