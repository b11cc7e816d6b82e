/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the text readers share: a whole listing as one text. */
#ifndef LISTINGS_H
#define LISTINGS_H

#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "queue/reader.h"

#define NOW 1700000000LL /* Tue Nov 14 22:13:20 2023 UTC */

/* "queue id age size <sender> [recipient|reason]..." */
static inline void
listings_describe(FILE *out, const struct message *message)
{
	fprintf(out, "%s %s %lld %lld <%s>", queue_name(message->queue),
		message->id, NOW - message->arrival, message->size,
		message->sender);
	for (size_t i = 0; i < message->count; i++) {
		const struct recipient *to = &message->recipients[i];

		assert_int_equal(to->kind,
			to->reason ? REASON_DELAY : REASON_NONE);
		fprintf(out, " [%s|%s]", to->address,
			to->reason ? to->reason : "");
	}
	fputc('\n', out);
}

/* Each message in a line, then "end" or the error; the caller frees. */
static inline char *
listings_read(reader_next *next, const char *bytes, size_t length)
{
	struct message message = MESSAGE_INIT;
	struct stream stream = { 0 };
	struct reader reader = { .stream = &stream, .now = NOW };
	struct error error = { "" };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int got;

	stream_open_memory(&stream, bytes, length);
	while ((got = next(&reader, &message, &error)) > 0)
		listings_describe(out, &message);
	fputs(got < 0 ? error.text : "end", out);
	fclose(out);
	message_release(&message);
	stream_release(&stream);
	return text;
}

/* Compares, showing both when they differ. */
static inline void
listings_expect(reader_next *next, const char *name, const char *listing,
	const char *want)
{
	char *got = listings_read(next, listing, strlen(listing));

	expect(strcmp(got, want) == 0, "%s: got\n%s\nwant\n%s", name, got,
		want);
	free(got);
}

/* A file below tests/data/listings; the caller frees. */
static inline char *
listings_load(const char *name, size_t *length)
{
	char path[128];
	char *text = NULL;
	FILE *in, *out = open_memstream(&text, length);
	int byte;

	snprintf(path, sizeof(path), "tests/data/listings/%s", name);
	in = fopen(path, "r");
	expect(in != NULL, "%s is not there", path);
	while ((byte = getc(in)) != EOF)
		putc(byte, out);
	fclose(in);
	fclose(out);
	return text;
}

/* Whether what listings_read() gave ends without an error. */
static inline bool
listings_ended(const char *text)
{
	const char *last = strrchr(text, '\n');

	return strcmp(last ? last + 1 : text, "end") == 0;
}

/* Cut anywhere, a listing must not seem whole. */
static inline void
listings_expect_cuts_seen(reader_next *next, const char *name)
{
	size_t length;
	char *listing = listings_load(name, &length);

	for (size_t cut = 0; cut <= length; cut++) {
		char *got = listings_read(next, listing, cut);

		expect(listings_ended(got) == (cut + 1 >= length),
			"%s cut to %zu of %zu bytes: %s", name, cut, length,
			got);
		free(got);
	}
	free(listing);
}

static inline int
listings_setup(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	return 0;
}

#endif
