/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

char *
fuzz_string(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	PROMISE(text != NULL, "no memory");
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

const char *
fuzz_file(const uint8_t *data, size_t size)
{
	static char path[64];
	static int descriptor = -1;

	if (descriptor >= 0)
		close(descriptor);
	descriptor = memfd_create("fuzz", 0);
	PROMISE(descriptor >= 0, "no file in memory");
	PROMISE(size == 0 || write(descriptor, data, size) == (ssize_t)size,
		"no room");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor);
	return path;
}

static void
look_at(const struct message *message)
{
	size_t bytes = strlen(message->id) + strlen(message->sender);

	PROMISE(message->id[0] != '\0', "a message without an id");
	PROMISE((int)message->queue >= 0 && message->queue < QUEUE_COUNT,
		"no queue: %d", (int)message->queue);
	for (size_t i = 0; i < message->count; i++) {
		const struct recipient *recipient = &message->recipients[i];

		bytes += strlen(recipient->address);
		if (recipient->kind == REASON_NONE)
			continue;
		PROMISE(recipient->reason != NULL, "a reason that is none");
		bytes += strlen(recipient->reason);
	}
	PROMISE(bytes < ((size_t)1 << 30), "more than the input");
}

void
fuzz_reader(reader_next *next, const uint8_t *data, size_t size)
{
	struct message message = MESSAGE_INIT;
	struct error error = { "" };
	struct stream stream;
	struct reader reader = { .stream = &stream, .now = FUZZ_NOW };
	size_t count = 0;
	int got;

	stream_open_memory(&stream, (const char *)data, size);
	while ((got = next(&reader, &message, &error)) > 0) {
		look_at(&message);
		PROMISE(++count <= size, "more messages than bytes");
	}
	PROMISE(got == 0 || error.text[0] != '\0', "an error without a word");
	message_release(&message);
	stream_release(&stream);
}
