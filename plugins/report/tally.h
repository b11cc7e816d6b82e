/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages folded into counts. A message is one queue id of one instance,
 * whatever the listing says how often; it has a cause when at least one of
 * its recipients has a delay reason of that cause. A message with two causes
 * counts once in `tls` and once under each cause; a recipient has one cause.
 */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include <stddef.h>

#include "queue/message.h"
#include "report/filter.h"
#include "report/known.h"
#include "report/seen.h"
#include "tls/cause.h"

/* A destination's or a reason's text is kept up to here. */
#define TALLY_REASON 400

struct count {
	unsigned long messages, recipients;
	long long oldest; /* arrival, epoch seconds; 0: none, or not listed */
};

/* A recipient domain with a cause, of one instance. */
struct destination {
	size_t instance;
	char *domain; /* lower case; "" for an address without one */
	char *reason; /* the first one read, at most TALLY_REASON */
	enum cause cause;
	struct count count;
	unsigned long last; /* the message that counted last here */
	char **ids;         /* the first queue ids, owned */
	size_t id_count;
};

/* A distinct text of Postfix's own about TLS that fits no rule. */
struct unknown_reason {
	char *text;
	unsigned long recipients;
};

#define TALLY_UNKNOWN_REASONS 10

/* How a reason is judged: the user's rules first, then the table. */
typedef struct cause_match tally_judge(void *context, const char *reason);

/* The counts of one instance, or of all of them. */
struct figures {
	/* The whole listing, before any filter: */
	struct {
		unsigned long messages, recipients, by_queue[QUEUE_COUNT];
	} queue;
	/* What passes the filter: */
	unsigned long messages;
	struct count tls, causes[CAUSE_COUNT];
};

struct tally {
	/* Set by the owner before the first message: */
	const struct filter *filter;
	long long now;
	tally_judge *judge;
	void *judge_context;
	size_t ids_kept;     /* queue ids kept a destination */
	const char *watched; /* a reason of `other` whose destinations are kept
	                        all the same; NULL: none */
	/* The counts: */
	struct figures all;
	struct figures *instances; /* owned; instance_count long */
	size_t instance_count;
	struct unknown_reason unknown[TALLY_UNKNOWN_REASONS];
	size_t unknown_count;
	struct destination *destinations; /* owned, in order of appearance */
	size_t destination_count;
	/* Private: */
	uint64_t seed; /* of the destinations' hashes */
	struct tally_place {
		uint32_t hash;
		uint32_t number; /* of the destination, from 1; 0: free */
	} * index;
	size_t index_size, destination_room; /* index_size: a power of 2 */
	struct seen seen;
	struct figures *current; /* of the instance that is being added to */
	unsigned long sequence;
	struct known known;
	struct cause_match *matches; /* owned: of the message's recipients */
	unsigned char *judged;       /* owned: what they count for */
	size_t judged_room;          /* of both */
};

/*
 * What a message added: the causes that it had not counted under before. The
 * arrays are as long as its recipients, and the tally's until the next add.
 */
struct judged {
	unsigned causes; /* bits; 0 when nothing new counts */
	bool first;      /* it had not counted under any */
	bool first_tls;  /* the message's first TLS cause */
	/* What each recipient counts for, an enum cause: CAUSE_OTHER where it
	   does not count. NULL when the filter left the message out. */
	const unsigned char *recipients;
	/* What their reasons were taken for, counted or not; NULL likewise. */
	const struct cause_match *matches;
};

/* Counts that many instances, each by itself and all together. */
void tally_init(struct tally *tally, const struct filter *filter, long long now,
	size_t instances);
void tally_release(struct tally *tally);

/* instance: from 0, below the count that tally_init() was given. */
struct judged tally_add(struct tally *tally, size_t instance,
	const struct message *message);

/* Seconds since count->oldest; 0 when there is none, never negative. */
long long tally_age(const struct tally *tally, const struct count *count);

/* The TLS causes that have messages, most first; how many there are. */
size_t tally_causes(const struct tally *tally,
	enum cause causes[CAUSE_TLS_COUNT]);

/*
 * Share of the counted messages that is deferred for TLS, of a hundred; 0 of
 * none. It has the two digits behind the point that are shown, and what is
 * there is not 0.
 */
double figures_percent(const struct figures *figures);

/*
 * The destinations with a TLS cause, worst first: most messages, then oldest,
 * then by name. The array (not what it points at) is the caller's to free.
 */
const struct destination **tally_worst(const struct tally *tally,
	size_t *count);

/* The same of those with the watched reason. */
const struct destination **tally_watched(const struct tally *tally,
	size_t *count);

#endif
