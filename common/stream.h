/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes in, lines out: a buffered reader over a descriptor that never waits
 * longer than a deadline. A line may be as long as STREAM_LINE_LIMIT; the
 * buffer grows for it and nothing is copied. A second descriptor, a child's
 * standard error, is drained meanwhile, so that a child that floods it can't
 * block; the last bytes are kept.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "deadline.h"
#include "error.h"
#include "pace.h"

#define STREAM_LINE_LIMIT ((size_t)256 << 20)
#define STREAM_SIDE_LIMIT 4096

struct stream {
	int descriptor; /* -1: the buffer is all there is */
	int side;       /* a child's standard error, or -1 */
	struct deadline deadline;
	char *buffer;            /* owned */
	size_t size, start, end; /* unread bytes: buffer[start] to [end - 1] */
	bool ended;              /* the descriptor has no more */
	bool timed_out;          /* the error was the deadline's */
	mode_t mode;             /* the descriptor's st_mode; 0: not known */
	unsigned long line;      /* number of the line given last, from 1 */
	bool line_cut;           /* that line has no line break */
	bool was_short;          /* the last read could have had more */
	struct pace pace;        /* of a pipe */
	char side_text[STREAM_SIDE_LIMIT + 1]; /* NUL-terminated */
	size_t side_length;
};

/*
 * Takes over both descriptors (side may be -1): stream_release() closes
 * them. They are polled before each read, so that they need not be
 * non-blocking: on a terminal that would hit standard output as well.
 */
void stream_open(struct stream *stream, int descriptor, int side,
	struct deadline deadline);

/* A stream over a copy of these bytes. */
void stream_open_memory(struct stream *stream, const char *bytes,
	size_t length);

/*
 * Safe on a stream that was released, and on one that is all zero. The side
 * text, the line number and timed_out can still be read.
 */
void stream_release(struct stream *stream);

/*
 * The next line without its line end ("\n" or "\r\n"), NUL-terminated in the
 * stream's own buffer: the caller may write into it, and it stays valid until
 * the next call. It may contain NUL bytes: *length counts. The last line need
 * not end in a line break. Returns 1, 0 at the end, -1 with *error.
 */
int stream_line(struct stream *stream, char **line, size_t *length,
	struct error *error);

/*
 * Looks at what comes next without taking it: at least `wanted` bytes unless
 * the input ends before. Returns how many are there, -1 with *error. The
 * bytes stay where they are until the next call.
 */
long stream_peek(struct stream *stream, size_t wanted, const char **bytes,
	struct error *error);

/*
 * Passes over the byte order mark that some editors and shells put before a
 * text. Returns 0 with one or without, -1 with *error.
 */
int stream_skip_mark(struct stream *stream, struct error *error);

/*
 * Takes everything up to and including the next `stop` byte; the text is
 * NUL-terminated without it, in the stream's own buffer, until the next
 * call. Returns 1, 0 when the input ended before one byte came, -1 with
 * *error, also when it ended inside of the text.
 */
int stream_text(struct stream *stream, char stop, char **text, size_t *length,
	struct error *error);

/*
 * Reads what is left of both descriptors to their ends, keeping nothing of
 * the first. For a child: after this it can be waited for. Returns 0 or -1.
 */
int stream_drain(struct stream *stream, struct error *error);

#endif
