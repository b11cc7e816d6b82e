/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known about why a destination's mail waits, besides the reason in
 * the queue, and the lines that show it.
 */
#ifndef REPORT_WHY_H
#define REPORT_WHY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "text.h"
#include "tls/advice.h"
#include "tls/mail_log.h"
#include "tls/policy.h"
#include "tls/probe.h"
#include "tls/sentences.h"

/* Of one destination. All zero: nothing is known. */
struct why {
	bool has_log;
	struct mail_log_finding log; /* borrows its texts from the log */
	bool has_policy;
	struct policy policy; /* owned */
	char *policy_problem; /* owned: why there is no policy; or NULL */
	bool has_advice;
	struct advice advice; /* owned */
	bool has_probe;
	struct probe probe; /* owned */
};

/* Of a run. */
struct whys {
	struct why *list; /* owned: of the worst destinations, in order */
	size_t count;
	struct sentences warnings; /* of the configuration and the log */
};

void whys_release(struct whys *whys);

/* "passes", "fails", "unsure" or "not_done". */
const char *why_probe_name(enum probe_verdict verdict);

/* How it is printed. */
struct why_style {
	enum text_reader reader;
	const char *indent; /* in front of each line */
	long long now;      /* epoch seconds, for ages */
};

/* One line for each thing that is known. */
void why_print(FILE *out, const struct why *why, const struct why_style *style);

/* One line for each warning: "warning: ...". */
void why_print_warnings(FILE *out, const struct whys *whys,
	enum text_reader reader);

#endif
