/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line of a mail log, taken apart from its front. Nothing is copied: a
 * span points into the line and is not NUL-terminated.
 * For mail_log*.c only.
 */
#ifndef TLS_MAIL_LOG_LINE_H
#define TLS_MAIL_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct log_span {
	const char *at;
	size_t length;
};

/* A whole text; NULL is an empty one. */
struct log_span log_span_of(const char *text);

#define LOG_SPAN(literal) ((struct log_span){ literal, sizeof(literal) - 1 })

bool log_span_equal(struct log_span one, struct log_span other);
bool log_span_is(struct log_span span, const char *text);

/* Takes text off the span's front, or its end; false when it isn't there. */
bool log_span_skip(struct log_span *span, const char *text);
bool log_span_cut(struct log_span *span, const char *text);

/*
 * Moves what is before the next stop into *before (may be NULL) and takes
 * both off. False, with nothing moved, when there is no stop.
 */
bool log_span_until(struct log_span *span, const char *stop,
	struct log_span *before);

enum log_line_kind {
	LOG_LINE_OTHER,  /* another program's */
	LOG_LINE_TAGGED, /* with time and process */
	LOG_LINE_BARE,   /* perhaps a message alone: journalctl -o cat */
};

struct log_line {
	struct log_span stamp;   /* the time, or empty */
	struct log_span process; /* "host postfix/smtp[123]", or empty */
	struct log_span message;
};

/* Only a line of a Postfix delivery agent or of tlsproxy is TAGGED. */
enum log_line_kind log_line_split(struct log_span text, struct log_line *line);

/* Reads times; the last hour is remembered, because mktime(3) is slow. */
struct log_clock {
	long long now;
	char hour[16];     /* "Nov 24 02:" as last seen */
	long long started; /* its epoch seconds */
};

/*
 * Epoch seconds of a stamp. One without a zone is local; one without a year
 * lies in the year before now. 0 for an empty one.
 */
long long log_clock_read(struct log_clock *clock, struct log_span stamp);

/* What a delivery agent logs of each recipient (global/log_adhoc.c). */
struct log_delivery {
	struct log_span queue_id;
	struct log_span address;  /* to=<...> */
	struct log_span original; /* orig_to=<...>, or empty */
	struct log_span relay;    /* "name[address]:port" or "none" */
	struct log_span features; /* tls=, "!secure"; empty before 3.11 */
	struct log_span status;   /* "sent", "deferred", ... */
	struct log_span reason;
};

bool log_delivery_parse(struct log_span message, struct log_delivery *delivery);

#endif
