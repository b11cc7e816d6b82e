/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts and thresholds into a state. A pure function of numbers. */
#ifndef REPORT_VERDICT_H
#define REPORT_VERDICT_H

#include <stdbool.h>

#include "error.h"
#include "range.h"
#include "report/tally.h"
#include "state.h"

/* What a threshold can be about; behind the named ones, each TLS cause. */
enum metric {
	METRIC_MESSAGES,     /* TLS-deferred messages */
	METRIC_RECIPIENTS,   /* recipients with a TLS cause */
	METRIC_PERCENT,      /* of the counted messages */
	METRIC_AGE,          /* seconds, of the oldest TLS-deferred message */
	METRIC_UNCLASSIFIED, /* messages */
	METRIC_CAUSE,        /* METRIC_CAUSE + enum cause: messages */
	METRIC_COUNT = METRIC_CAUSE + CAUSE_TLS_COUNT,
};

struct thresholds {
	struct range warning[METRIC_COUNT];
	struct range critical[METRIC_COUNT];
};

/* A threshold that fired. */
struct alert {
	enum metric metric;
	enum state level;
	double value;
	struct range range;
};

struct verdict {
	enum state state;
	bool has_alert;
	struct alert worst; /* the one that made the state, if there is any */
	bool is_judged;     /* false: nothing was read that could be judged */
};

/* -w 0 -c age=4h, what holds when the user gives no threshold. */
void thresholds_default(struct thresholds *thresholds);

/*
 * "[METRIC=]RANGE" into one of the two lists. Without a metric it is about
 * messages; bounds of age may have a unit of time. The error names the text.
 */
int threshold_parse(const char *text, struct range list[METRIC_COUNT],
	struct error *error);

/* "messages", ..., "unclassified", "cert_untrusted", ... */
const char *metric_name(enum metric metric);

double metric_value(enum metric metric, const struct tally *tally);

/*
 * The worst alert makes the state. When the listing is not complete there is
 * no OK: the state is `failure` unless an alert is worse. Of a listing of
 * which nothing was read, zeros are no alert.
 */
struct verdict verdict_of(const struct tally *tally,
	const struct thresholds *thresholds, bool complete, enum state failure);

#endif
