/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is remembered while a log is read: findings under a text, a limited
 * number of them; the one that was not touched for longest makes room. A
 * balanced tree, so that no choice of keys makes it slow.
 * For mail_log*.c only.
 */
#ifndef TLS_MAIL_LOG_MEMORY_H
#define TLS_MAIL_LOG_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "tls/mail_log.h"
#include "tls/mail_log_line.h"

/* Longer texts of a log are cut to this. */
#define LOG_TEXT_LIMIT 512

struct log_record {
	struct log_span key; /* owned */
	struct mail_log_finding finding;
	char *detail, *host; /* owned: the finding's */
	char *library;       /* owned: a process's last error */
	char *queue_id;      /* owned: its last delivery, or NULL */
	bool resumed;        /* its session was checked earlier */
	struct log_record *older, *newer; /* by the last log_memory_touch() */
};

struct log_memory {
	void *tree; /* of tsearch(3) */
	struct log_record *oldest, *newest;
	size_t count, limit;
};

struct log_record *log_memory_find(const struct log_memory *memory,
	struct log_span key);

/* The record of this key, which is made when there is none. */
struct log_record *log_memory_touch(struct log_memory *memory,
	struct log_span key);

void log_memory_release(struct log_memory *memory);

/* The record gets the finding, with copies of these texts for its own. */
void log_record_set(struct log_record *record,
	const struct mail_log_finding *finding, struct log_span detail,
	struct log_span host);

void log_record_clear(struct log_record *record);

/* Replaces an owned text by a copy. */
void log_text_set(char **text, struct log_span span);

#endif
