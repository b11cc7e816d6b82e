/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One buffer, filled at its end and given out from its start. A text that is
 * asked for is looked for only in what has come since the last look; what is
 * left over moves to the front when as much has been given out, so that short
 * reads use the same few pages again, and the buffer doubles when it is full.
 * So each byte is read once, and searched and moved a constant number of
 * times, whatever size the pieces have that it comes in. The buffer is never
 * NULL while the stream is open and has room for a NUL byte behind its end.
 */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define READ_SIZE ((size_t)64 << 10)

/*
 * postqueue and showq write each message by itself. Who reads as soon as a
 * byte comes is woken up for each: after a short read comes a pause in which
 * more can come, but not so much that the writer has to wait. A pipe is made
 * to hold a MiB, which Linux allows everybody by default; a socket holds 12 KiB
 * of such messages; a file has nobody who writes.
 */
#define SHORT_READ   (READ_SIZE / 4 * 3)
#define PIPE_SIZE    (1 << 20)
#define SOCKET_PAUSE 250000L /* nanoseconds */

static mode_t
mode_of(int descriptor)
{
	struct stat status;

	return fstat(descriptor, &status) == 0 ? status.st_mode : 0;
}

/* Returns 0 when it is no pipe. */
static size_t
pipe_enlarge(int descriptor)
{
	int size = -1;

#ifdef F_SETPIPE_SZ
	size = fcntl(descriptor, F_SETPIPE_SZ, PIPE_SIZE);
	if (size < 0)
		size = fcntl(descriptor, F_GETPIPE_SZ);
#endif
	return size > 0 ? (size_t)size : 0;
}

void
stream_open(struct stream *stream, int descriptor, int side,
	struct deadline deadline)
{
	*stream = (struct stream){
		.descriptor = descriptor,
		.side = side,
		.deadline = deadline,
		.size = READ_SIZE,
		.mode = mode_of(descriptor),
	};
	stream->buffer = xrealloc(NULL, stream->size + 1, 1);
	pace_start(&stream->pace, pipe_enlarge(descriptor),
		monotonic_milliseconds());
}

void
stream_open_memory(struct stream *stream, const char *bytes, size_t length)
{
	*stream = (struct stream){
		.descriptor = -1,
		.side = -1,
		.buffer = xstrndup(bytes, length),
		.size = length,
		.end = length,
		.ended = true,
	};
}

static void
side_close(struct stream *stream)
{
	if (stream->side >= 0)
		close(stream->side);
	stream->side = -1;
}

void
stream_release(struct stream *stream)
{
	if (stream->buffer == NULL)
		return;
	if (stream->descriptor >= 0)
		close(stream->descriptor);
	side_close(stream);
	free(stream->buffer);
	stream->descriptor = -1;
	stream->buffer = NULL;
	stream->size = stream->start = stream->end = 0;
	stream->ended = true;
}

static bool
is_passing(int number)
{
	return number == EINTR || number == EAGAIN || number == EWOULDBLOCK;
}

/* Appends to the side's text, whose first bytes make room. */
static void
side_keep(struct stream *stream, const char *bytes, size_t count)
{
	size_t whole = stream->side_length + count, dropped;
	char *text = stream->side_text;

	if (whole > STREAM_SIDE_LIMIT) {
		dropped = whole - STREAM_SIDE_LIMIT;
		stream->side_length -= dropped;
		memmove(text, text + dropped, stream->side_length);
	}
	memcpy(text + stream->side_length, bytes, count);
	stream->side_length += count;
	text[stream->side_length] = '\0';
}

static void
side_read(struct stream *stream)
{
	char bytes[STREAM_SIDE_LIMIT / 2];
	ssize_t count = read(stream->side, bytes, sizeof(bytes));

	if (count < 0 && is_passing(errno))
		return;
	if (count <= 0)
		side_close(stream);
	else
		side_keep(stream, bytes, (size_t)count);
}

/*
 * Waits for either descriptor and empties the side. Returns 1 when the
 * descriptor can be read, 0 when one has to wait again, -1 with *error.
 */
static int
stream_wait(struct stream *stream, struct error *error)
{
	struct pollfd polled[] = {
		{ stream->ended ? -1 : stream->descriptor, POLLIN, 0 },
		{ stream->side, POLLIN, 0 },
	};
	int left = deadline_left(&stream->deadline);

	if (left == 0) {
		stream->timed_out = true;
		return error_set(error, "no answer within %g s",
			stream->deadline.seconds);
	}
	if (poll(polled, 2, left) < 0) {
		if (is_passing(errno))
			return 0;
		return error_set(error, "cannot poll: %s", strerror(errno));
	}
	if (polled[1].revents != 0)
		side_read(stream);
	return polled[0].revents != 0;
}

/*
 * Lets more than a byte come. Who asks poll(2) for nothing is told of the
 * other side's end only, so that the pause of a pipe ends with it.
 */
static void
stream_pause(struct stream *stream)
{
	struct timespec pause = { 0, SOCKET_PAUSE };
	struct pollfd polled[] = {
		{ stream->descriptor, 0, 0 },
		{ stream->side, POLLIN, 0 },
	};
	int milliseconds;

	if (stream->pace.capacity == 0) {
		(void)nanosleep(&pause, NULL);
		return;
	}
	milliseconds = pace_pause(&stream->pace, monotonic_milliseconds());
	if (milliseconds > 0)
		(void)poll(polled, 2, milliseconds);
}

/* Makes room behind the end, for a byte at least. */
static void
buffer_make_room(struct stream *stream)
{
	size_t unread = stream->end - stream->start;

	if (stream->start >= unread) {
		memmove(stream->buffer, stream->buffer + stream->start, unread);
		stream->start = 0;
		stream->end = unread;
	}
	if (stream->end < stream->size)
		return;
	stream->size *= 2;
	stream->buffer = xrealloc(stream->buffer, stream->size + 1, 1);
}

/* Returns 1 when more bytes are in the buffer, 0 at the end, -1. */
static int
stream_fill(struct stream *stream, struct error *error)
{
	size_t room;
	ssize_t count = -1;
	int status;

	if (stream->ended)
		return 0;
	buffer_make_room(stream);
	room = stream->size - stream->end;
	if (room > READ_SIZE)
		room = READ_SIZE;
	if (stream->was_short)
		stream_pause(stream);
	do {
		status = stream_wait(stream, error);
		if (status < 0)
			return -1;
		if (status == 0)
			continue;
		count = read(stream->descriptor, stream->buffer + stream->end,
			room);
		if (count < 0 && !is_passing(errno))
			return error_set(error, "cannot read: %s",
				strerror(errno));
	} while (count < 0);
	stream->was_short = !S_ISREG(stream->mode) &&
		(size_t)count < SHORT_READ && (size_t)count < room;
	stream->end += (size_t)count;
	stream->pace.come += (size_t)count;
	stream->ended = count == 0;
	return !stream->ended;
}

/*
 * Reads until a stop byte is in the buffer. Returns 1, 0 when the input ends
 * before it, -1 with *error; *length is what lies before the byte or the end.
 */
static int
stream_find(struct stream *stream, char stop, size_t *length,
	struct error *error)
{
	const char *begin, *found;
	size_t searched = 0, unread;
	int status;

	for (;;) {
		begin = stream->buffer + stream->start;
		unread = stream->end - stream->start;
		found = memchr(begin + searched, stop, unread - searched);
		*length = found ? (size_t)(found - begin) : unread;
		if (*length > STREAM_LINE_LIMIT)
			return error_set(error,
				"longer than %zu MiB in one piece",
				STREAM_LINE_LIMIT >> 20);
		if (found != NULL)
			return 1;
		searched = unread;
		status = stream_fill(stream, error);
		if (status <= 0)
			return status;
	}
}

/* Gives out length bytes and passes over `skipped` more behind them. */
static char *
stream_take(struct stream *stream, size_t length, size_t skipped)
{
	char *text = stream->buffer + stream->start;

	text[length] = '\0';
	stream->start += length + skipped;
	return text;
}

int
stream_line(struct stream *stream, char **line, size_t *length,
	struct error *error)
{
	int found = stream_find(stream, '\n', length, error);

	if (found < 0 || (found == 0 && *length == 0))
		return found;
	*line = stream_take(stream, *length, found ? 1 : 0);
	stream->line++;
	stream->line_cut = !found;
	if (found && *length > 0 && (*line)[*length - 1] == '\r')
		(*line)[--*length] = '\0';
	return 1;
}

int
stream_text(struct stream *stream, char stop, char **text, size_t *length,
	struct error *error)
{
	int found = stream_find(stream, stop, length, error);

	if (found < 0 || (found == 0 && *length == 0))
		return found;
	if (found == 0)
		return error_set(error, "the input ends in the middle");
	*text = stream_take(stream, *length, 1);
	return 1;
}

long
stream_peek(struct stream *stream, size_t wanted, const char **bytes,
	struct error *error)
{
	int status = 1;

	while (status > 0 && stream->end - stream->start < wanted)
		status = stream_fill(stream, error);
	*bytes = stream->buffer + stream->start;
	return status < 0 ? -1 : (long)(stream->end - stream->start);
}

int
stream_skip_mark(struct stream *stream, struct error *error)
{
	static const char mark[] = "\xEF\xBB\xBF";
	const size_t size = sizeof(mark) - 1;
	const char *bytes;
	long count = stream_peek(stream, size, &bytes, error);

	if (count < 0)
		return -1;
	if (count >= (long)size && memcmp(bytes, mark, size) == 0)
		stream->start += size;
	return 0;
}

int
stream_drain(struct stream *stream, struct error *error)
{
	int status;

	do {
		stream->start = stream->end = 0;
		status = stream_fill(stream, error);
	} while (status > 0);
	while (status == 0 && stream->side >= 0)
		status = stream_wait(stream, error);
	return status;
}
