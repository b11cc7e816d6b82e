/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A message of a mail queue, as a listing shows it. One struct message is
 * reused for a whole listing: each reader fills it anew.
 * The queue room: knows neither the causes nor the reports.
 */
#ifndef QUEUE_MESSAGE_H
#define QUEUE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Postfix's queues that a listing can name (showq/showq.c: queue_info[]). */
enum queue {
	QUEUE_MAILDROP,
	QUEUE_INCOMING,
	QUEUE_ACTIVE,
	QUEUE_DEFERRED,
	QUEUE_HOLD,
	QUEUE_OTHER, /* a name that is none of these */
	QUEUE_COUNT,
};

/* Why a recipient is still there; only a delay is a deferral. */
enum reason_kind {
	REASON_NONE,   /* not tried yet, or stopped before it was recorded */
	REASON_DELAY,  /* JSON delay_reason; every reason of a text listing */
	REASON_BOUNCE, /* JSON bounce_reason, Postfix 3.11+ */
	REASON_OTHER,  /* JSON other_reason, Postfix 3.11+ */
};

struct recipient {
	const char *address;
	const char *reason; /* NULL when kind is REASON_NONE */
	enum reason_kind kind;
};

/*
 * All strings are NUL-terminated and stay valid until the message is filled
 * again or released: they lie in the message's own blocks (message_keep())
 * or in the reader's buffer. They are the sender's and the remote server's
 * words, not made safe for printing.
 */
struct message {
	enum queue queue;
	const char *id;
	long long arrival; /* epoch seconds; 0 when the listing says none */
	long long size;    /* bytes */
	const char *sender;
	struct recipient *recipients; /* owned, count long */
	size_t count, capacity;
	struct message_block *blocks; /* owned: text of this message */
};

#define MESSAGE_INIT                                                           \
	{                                                                      \
		.id = "", .sender = ""                                         \
	}

/* Empties it for the next one, keeping its memory. */
void message_reset(struct message *message);
void message_release(struct message *message);

/* Appends a recipient. The strings are not copied; reason may be NULL. */
void message_add(struct message *message, const char *address,
	enum reason_kind kind, const char *reason);

/*
 * Copies text into the message, NUL-terminated; an inner NUL becomes '?'.
 * The address of the copy does not change until the message is reset.
 */
const char *message_keep(struct message *message, const char *text,
	size_t length);

/* Seconds since its arrival; 0 when that is not known or still to come. */
long long message_age(const struct message *message, long long now);

/* "deferred", ...; "other" for QUEUE_OTHER. */
const char *queue_name(enum queue queue);

/* The queue of a name; QUEUE_OTHER when it is none of Postfix's. */
enum queue queue_of_name(const char *name);

#endif
