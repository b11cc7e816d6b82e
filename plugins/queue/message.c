/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The message's own text lies in blocks that never move, so that pointers
 * into it stay good while it grows; the first block is kept for the next
 * message.
 */
#include "queue/message.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"

#define BLOCK_SIZE ((size_t)16 << 10)

/* A large message's memory is given back when the next one begins. */
#define RECIPIENTS_KEPT ((size_t)4096)

struct message_block {
	struct message_block *next;
	size_t used, size;
	char text[];
};

static const char *const queue_names[QUEUE_COUNT] = {
	[QUEUE_MAILDROP] = "maildrop",
	[QUEUE_INCOMING] = "incoming",
	[QUEUE_ACTIVE] = "active",
	[QUEUE_DEFERRED] = "deferred",
	[QUEUE_HOLD] = "hold",
	[QUEUE_OTHER] = "other",
};

static void
blocks_free(struct message_block *block)
{
	while (block != NULL) {
		struct message_block *next = block->next;

		free(block);
		block = next;
	}
}

void
message_reset(struct message *message)
{
	struct message_block *first = message->blocks;

	if (first != NULL && first->size > BLOCK_SIZE) {
		blocks_free(first);
		first = NULL;
	} else if (first != NULL) {
		blocks_free(first->next);
		first->next = NULL;
		first->used = 0;
	}
	if (message->capacity > RECIPIENTS_KEPT) {
		free(message->recipients);
		message->recipients = NULL;
		message->capacity = 0;
	}
	message->blocks = first;
	message->queue = QUEUE_OTHER;
	message->id = message->sender = "";
	message->arrival = message->size = 0;
	message->count = 0;
}

void
message_release(struct message *message)
{
	blocks_free(message->blocks);
	free(message->recipients);
	*message = (struct message)MESSAGE_INIT;
}

void
message_add(struct message *message, const char *address, enum reason_kind kind,
	const char *reason)
{
	if (message->count == message->capacity) {
		message->capacity = message->capacity * 2 + 16;
		message->recipients = xrealloc(message->recipients,
			message->capacity, sizeof(*message->recipients));
	}
	message->recipients[message->count++] = (struct recipient){
		.address = address,
		.reason = kind == REASON_NONE ? NULL : reason,
		.kind = kind,
	};
}

static struct message_block *
block_with_room(struct message *message, size_t wanted)
{
	struct message_block *block = message->blocks;
	size_t size = wanted > BLOCK_SIZE ? wanted : BLOCK_SIZE;

	if (block != NULL && block->size - block->used >= wanted)
		return block;
	block = xrealloc(NULL, 1, sizeof(*block) + size);
	*block = (struct message_block){
		.next = message->blocks,
		.size = size,
	};
	message->blocks = block;
	return block;
}

const char *
message_keep(struct message *message, const char *text, size_t length)
{
	struct message_block *block = block_with_room(message, length + 1);
	char *copy = block->text + block->used;

	memcpy(copy, text, length);
	copy[length] = '\0';
	for (char *nul = copy;
		(nul = memchr(nul, '\0', (size_t)(copy + length - nul))) !=
		NULL;)
		*nul = '?';
	block->used += length + 1;
	return copy;
}

long long
message_age(const struct message *message, long long now)
{
	if (message->arrival == 0 || message->arrival > now)
		return 0;
	return now - message->arrival;
}

const char *
queue_name(enum queue queue)
{
	return queue_names[queue];
}

enum queue
queue_of_name(const char *name)
{
	/* Their first letters differ: one call for a name, not five. */
	for (int queue = 0; queue < QUEUE_OTHER; queue++)
		if (name[0] == queue_names[queue][0] &&
			strcmp(name, queue_names[queue]) == 0)
			return (enum queue)queue;
	return QUEUE_OTHER;
}
