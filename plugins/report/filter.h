/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which messages, recipients and causes count. */
#ifndef REPORT_FILTER_H
#define REPORT_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "queue/message.h"
#include "tls/cause.h"

/* Shell patterns (*, ?, [a-z]), matched without regard to case. */
struct globs {
	char **patterns; /* owned, in lower case */
	size_t count;
};

struct filter {
	unsigned queues;                   /* bit 1 << enum queue: counted */
	unsigned wanted_causes;            /* bit 1 << enum cause: counts ... */
	unsigned unwanted_causes;          /* ... unless its bit is set here */
	bool unclassified_named;           /* --cause has it: lists show it */
	double min_age;                    /* seconds; 0 for any */
	struct globs domains, not_domains; /* of the recipient */
	struct globs senders, not_senders; /* the whole address */
};

/*
 * incoming, active, deferred and queues of a name that is not known; all
 * causes and unclassified; nothing else.
 */
void filter_init(struct filter *filter);
void filter_release(struct filter *filter);

/* Whether anything is left out besides what filter_init() leaves out. */
bool filter_is_on(const struct filter *filter);

/* The bits of the causes that count. */
unsigned filter_causes(const struct filter *filter);

/*
 * Appends a pattern. One that can't match is an error, for the check would say
 * OK ever after: an empty one, a list, as other options take one, and what no
 * sender or domain can be.
 */
int globs_add_sender(struct globs *globs, const char *pattern,
	struct error *error);
int globs_add_domain(struct globs *globs, const char *pattern,
	struct error *error);

/* Queue, sender and age. An arrival of 0 (not listed) has any age. */
bool filter_passes_message(const struct filter *filter,
	const struct message *message, long long now);

/* domain as address_domain() gives it. */
bool filter_passes_domain(const struct filter *filter, const char *domain);

bool filter_has_domains(const struct filter *filter);

/* Room for a domain; a longer one is cut. */
#define DOMAIN_TEXT 256

/* What follows the last @, in lower case; "" when there is none. */
void address_domain(const char *address, char domain[DOMAIN_TEXT]);

/*
 * Comma-separated names into bits. Names of Postfix's queues, or "all"; names
 * of the causes, or "unclassified". An empty list and an unknown name are
 * errors that name the choices.
 */
int filter_parse_queues(const char *list, unsigned *bits, struct error *error);
int filter_parse_causes(const char *list, unsigned *bits, struct error *error);

#endif
