/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One buffer: unread bytes lie between start and end, `scanned` of them are
 * known to hold no line end. It is moved to the front when it is full and
 * grows only when a single line fills it, so that each byte is searched once
 * and moved a bounded number of times.
 */
#include "stream.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_FIRST ((size_t)64 << 10)

void
stream_open(struct stream *stream, int descriptor, int side,
	struct deadline deadline)
{
	*stream = (struct stream){
		.descriptor = descriptor,
		.side = side,
		.deadline = deadline,
	};
}

void
stream_open_memory(struct stream *stream, const char *bytes, size_t length)
{
	*stream = (struct stream){
		.descriptor = -1,
		.side = -1,
		.buffer = xcalloc(length + 1, 1),
		.size = length + 1,
		.end = length,
		.ended = true,
	};
	memcpy(stream->buffer, bytes, length);
}

/* A descriptor of 0 in a stream that is all zero is not one to close. */
void
stream_release(struct stream *stream)
{
	if (stream->descriptor > 0)
		close(stream->descriptor);
	if (stream->side > 0)
		close(stream->side);
	free(stream->buffer);
	stream->buffer = NULL;
	stream->descriptor = stream->side = -1;
	stream->size = stream->start = stream->end = 0;
	stream->ended = true;
}

/* Keeps the first bytes of what a child says on standard error. */
static void
read_side(struct stream *stream)
{
	char bytes[4096];
	ssize_t got = read(stream->side, bytes, sizeof(bytes));
	size_t room = STREAM_SIDE_LIMIT - stream->side_length;

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got <= 0) {
		close(stream->side);
		stream->side = -1;
		return;
	}
	if (room > (size_t)got)
		room = (size_t)got;
	memcpy(stream->side_text + stream->side_length, bytes, room);
	stream->side_length += room;
	stream->side_text[stream->side_length] = '\0';
}

static int
time_out(struct stream *stream, struct error *error)
{
	stream->timed_out = true;
	return error_set(error, "no answer within %g s",
		stream->deadline.seconds);
}

/*
 * Waits until the descriptor (1), or only the side one (0), has something to
 * read; the latter is read here. Returns -1 at the deadline.
 */
static int
wait_for_input(struct stream *stream, struct error *error)
{
	struct pollfd waiting[2] = {
		{ .fd = stream->ended ? -1 : stream->descriptor,
			.events = POLLIN },
		{ .fd = stream->side, .events = POLLIN },
	};
	int left = deadline_left(&stream->deadline);
	int ready;

	if (left == 0)
		return time_out(stream, error);
	ready = poll(waiting, 2, left);
	if (ready < 0 && errno != EINTR && errno != EAGAIN)
		return error_set(error, "poll: %s", strerror(errno));
	if (ready <= 0)
		return 0;
	if (waiting[1].revents != 0)
		read_side(stream);
	return waiting[0].revents != 0;
}

/* One read into the room at the buffer's end; there is some. */
static int
read_more(struct stream *stream, struct error *error)
{
	ssize_t got;
	int ready;

	do {
		ready = wait_for_input(stream, error);
		if (ready < 0)
			return -1;
	} while (ready == 0);
	got = read(stream->descriptor, stream->buffer + stream->end,
		stream->size - stream->end - 1);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (got < 0)
		return error_set(error, "read error: %s", strerror(errno));
	if (got == 0)
		stream->ended = true;
	stream->end += (size_t)got;
	return 0;
}

/* Makes room behind the unread bytes, one byte of it for a NUL. */
static int
make_room(struct stream *stream, struct error *error)
{
	size_t unread = stream->end - stream->start;

	if (stream->start > 0 &&
		(unread == 0 || stream->end + 1 >= stream->size)) {
		memmove(stream->buffer, stream->buffer + stream->start, unread);
		stream->start = 0;
		stream->end = unread;
	}
	if (stream->end + 1 < stream->size)
		return 0;
	if (unread >= STREAM_LINE_LIMIT)
		return error_set(error, "line %lu is longer than %zu MB",
			stream->line + 1, STREAM_LINE_LIMIT >> 20);
	stream->size = stream->size ? stream->size * 2 : BUFFER_FIRST;
	stream->buffer = xrealloc(stream->buffer, stream->size, 1);
	return 0;
}

static int
fill(struct stream *stream, struct error *error)
{
	if (make_room(stream, error) < 0)
		return -1;
	return read_more(stream, error);
}

/*
 * The place of the next `stop`, reading until it is there; NULL at the end
 * of input (0) and on errors (-1), as *result says.
 */
static char *
find(struct stream *stream, char stop, int *result, struct error *error)
{
	size_t scanned = 0;

	for (;;) {
		size_t unread = stream->end - stream->start;
		char *from = stream->buffer + stream->start;
		char *place = NULL;

		if (unread > scanned)
			place = memchr(from + scanned, stop, unread - scanned);
		*result = 0;
		if (place != NULL || stream->ended)
			return place;
		scanned = unread;
		*result = fill(stream, error);
		if (*result < 0)
			return NULL;
	}
}

int
stream_line(struct stream *stream, char **line, size_t *length,
	struct error *error)
{
	int result;
	char *end = find(stream, '\n', &result, error);

	if (result < 0)
		return -1;
	if (end == NULL && stream->start == stream->end)
		return 0;
	*line = stream->buffer + stream->start;
	if (end == NULL)
		end = stream->buffer + stream->end;
	stream->start = (size_t)(end - stream->buffer) + 1;
	if (stream->start > stream->end)
		stream->start = stream->end;
	*length = (size_t)(end - *line);
	if (*length > 0 && (*line)[*length - 1] == '\r')
		--*length;
	(*line)[*length] = '\0';
	stream->line++;
	return 1;
}

long
stream_peek(struct stream *stream, size_t wanted, const char **bytes,
	struct error *error)
{
	while (stream->end - stream->start < wanted && !stream->ended)
		if (fill(stream, error) < 0)
			return -1;
	*bytes = stream->buffer + stream->start;
	return (long)(stream->end - stream->start);
}

int
stream_text(struct stream *stream, char stop, char **text, size_t *length,
	struct error *error)
{
	int result;
	char *end = find(stream, stop, &result, error);

	if (result < 0)
		return -1;
	if (end == NULL && stream->start == stream->end)
		return 0;
	if (end == NULL)
		return error_set(error, "the input ended in the middle");
	*text = stream->buffer + stream->start;
	*length = (size_t)(end - *text);
	*end = '\0';
	stream->start += *length + 1;
	return 1;
}

int
stream_drain(struct stream *stream, struct error *error)
{
	while (!stream->ended || stream->side >= 0) {
		int ready;

		if (!stream->ended) {
			stream->start = stream->end = 0;
			if (make_room(stream, error) < 0)
				return -1;
		}
		ready = wait_for_input(stream, error);
		if (ready < 0)
			return -1;
		if (ready == 0)
			continue;
		stream->end = 0;
		if (read_more(stream, error) < 0)
			return -1;
	}
	return 0;
}
