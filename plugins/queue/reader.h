/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The readers: a listing in, one message at a time out. Each listing format
 * has a file of its own and one function of the type reader_next.
 */
#ifndef QUEUE_READER_H
#define QUEUE_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "deadline.h"
#include "error.h"
#include "queue/message.h"
#include "stream.h"

struct reader;

/*
 * Fills *message with the next one of the listing. Returns 1, 0 at the
 * listing's proper end, -1 with *error, which names the line (or the place)
 * and what is wrong with it. After 0 or -1 the reader is not called again.
 */
typedef int reader_next(struct reader *reader, struct message *message,
	struct error *error);

struct reader {
	struct stream *stream; /* borrowed; its line number is used in errors */
	reader_next *next;
	long long now; /* epoch seconds: dates without a year are past */
	/* Saved with the listing; "" when there is none: */
	struct error warning;
	/* Of the text formats and, the first two of them, of showq: */
	unsigned long read;  /* messages since the listing's heading */
	bool begun;          /* a heading or a message, and no trailer yet;
	                        of showq, that its greeting is past */
	unsigned long empty; /* empty lines since the heading, mailq only */
	bool whole;          /* its trailer, or its "is empty", was read */
	bool pending;        /* the line held is still to be looked at */
	char *line;          /* that line, in the stream's buffer */
	size_t length;
};

reader_next postqueue_json_next; /* postqueue -j: JSON lines */
reader_next mailq_text_next;     /* postqueue -p, mailq, sendmail -bp */
reader_next sendmail_text_next;  /* mailq of Sendmail 8 */
reader_next opensmtpd_text_next; /* smtpctl show queue */
reader_next showq_socket_next;   /* what showq itself sends */

/*
 * Opens a connection to showq's socket, $queue_directory/public/showq, which
 * begins to send at once. Returns 0 with *descriptor, non-blocking and the
 * caller's to close, or -1 with *error, which names the path and the mend.
 */
int showq_socket_connect(const char *path, const struct deadline *deadline,
	int *descriptor, struct error *error);

#endif
