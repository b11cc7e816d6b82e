/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a listing comes from: postqueue, a saved listing, or showq's socket.
 * Opens it, picks the reader, and says at the end whether all of it was read.
 */
#ifndef QUEUE_SOURCE_H
#define QUEUE_SOURCE_H

#include <stdbool.h>

#include "command.h"
#include "deadline.h"
#include "error.h"
#include "queue/message.h"
#include "queue/reader.h"
#include "stream.h"

/* The names of --input-format. */
enum input_format {
	INPUT_AUTO, /* told apart by content */
	INPUT_JSON,
	INPUT_MAILQ,
	INPUT_SENDMAIL,
	INPUT_OPENSMTPD,
	INPUT_COUNT,
};

struct source {
	/* What to read, set by the owner; strings are borrowed: */
	const char *input; /* a saved listing, "-"; NULL: the live queue */
	enum input_format format; /* of the saved listing */
	const char *socket;       /* showq's, absolute path; NULL: none */
	const char *postqueue;    /* absolute path; NULL: program_find() */
	const char *directory;    /* configuration directory; NULL: default */
	long long now;            /* epoch seconds */
	struct deadline deadline;
	/* What came of it: */
	unsigned long messages; /* given by source_next() */
	bool timed_out;         /* the failure was the deadline's */
	struct error warning;   /* what a postqueue that succeeded said on
	                            standard error; "" when nothing */
	/* Private: */
	struct command command;
	struct stream stream;
	struct reader reader;
	const char *path; /* of the postqueue that runs */
	char *found;      /* owned: the same, when it had to be found */
};

/* The format of a name; INPUT_COUNT when it is none. */
enum input_format input_format_of_name(const char *name);

/*
 * Starts to read. Returns 0, or -1 with *error, which says what to mend. To be
 * released in both cases.
 */
int source_open(struct source *source, struct error *error);

/*
 * The next message: 1; 0 when the whole listing has been read and, of a
 * postqueue, its exit status was 0; else -1 with *error, which says what went
 * wrong and what to mend. Messages given before an error were there.
 */
int source_next(struct source *source, struct message *message,
	struct error *error);

/* Ends a child that still runs, frees. Safe to call twice. */
void source_release(struct source *source);

#endif
