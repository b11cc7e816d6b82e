/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reader of JSON lines, and its two ways against each other: a line in
 * the exact form of Postfix must give the same message when json-c reads it,
 * which a blank before it brings about.
 */
#include "fuzz.h"

#include <string.h>

#include "queue/postqueue_exact.h"

static void
compare_recipients(const struct recipient *one, const struct recipient *other)
{
	PROMISE(strcmp(one->address, other->address) == 0, "address %s, %s",
		one->address, other->address);
	PROMISE(one->kind == other->kind, "kind %d, %d", (int)one->kind,
		(int)other->kind);
	if (one->kind != REASON_NONE)
		PROMISE(strcmp(one->reason, other->reason) == 0,
			"reason %s, %s", one->reason, other->reason);
}

static void
compare(const struct message *one, const struct message *other)
{
	PROMISE(one->queue == other->queue, "queue %d, %d", (int)one->queue,
		(int)other->queue);
	PROMISE(strcmp(one->id, other->id) == 0, "id %s, %s", one->id,
		other->id);
	PROMISE(one->arrival == other->arrival, "arrival %lld, %lld",
		one->arrival, other->arrival);
	PROMISE(one->size == other->size, "size %lld, %lld", one->size,
		other->size);
	PROMISE(strcmp(one->sender, other->sender) == 0, "sender %s, %s",
		one->sender, other->sender);
	PROMISE(one->count == other->count, "%zu recipients, %zu", one->count,
		other->count);
	for (size_t i = 0; i < one->count; i++)
		compare_recipients(&one->recipients[i], &other->recipients[i]);
}

/* What json-c makes of a line that postqueue_exact() took. */
static void
read_by_json_c(const char *line, size_t length, const struct message *exact)
{
	struct message message = MESSAGE_INIT;
	struct error error = { "" };
	struct stream stream;
	struct reader reader = { .stream = &stream, .now = FUZZ_NOW };
	char *blank = malloc(length + 2);

	PROMISE(blank != NULL, "no memory");
	blank[0] = ' ';
	memcpy(blank + 1, line, length + 1);
	stream_open_memory(&stream, blank, length + 1);
	PROMISE(postqueue_json_next(&reader, &message, &error) == 1,
		"json-c refuses it: %s", error.text);
	compare(exact, &message);
	message_release(&message);
	stream_release(&stream);
	free(blank);
}

static void
compare_ways(const char *line, size_t length)
{
	struct message message = MESSAGE_INIT;
	char *copy = malloc(length + 1);

	PROMISE(copy != NULL, "no memory");
	memcpy(copy, line, length);
	copy[length] = '\0';
	if (postqueue_exact(copy, length, &message))
		read_by_json_c(line, length, &message);
	else
		PROMISE(memcmp(copy, line, length) == 0,
			"a line that is not taken has changed");
	message_release(&message);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);
	struct error error;
	struct stream stream;
	size_t length;
	char *line;

	fuzz_reader(postqueue_json_next, data, size);
	stream_open_memory(&stream, text, size);
	while (stream_line(&stream, &line, &length, &error) > 0)
		compare_ways(line, length);
	stream_release(&stream);
	free(text);
	return 0;
}
