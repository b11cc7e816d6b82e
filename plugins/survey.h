/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads every listing that the options name, one message at a time. */
#ifndef SURVEY_H
#define SURVEY_H

#include "options.h"
#include "queue/instance.h"
#include "report/report.h"
#include "tls/rules.h"

/* What a run owns: fill with survey_open(), give back with survey_release(). */
struct survey {
	struct report report; /* points into the others and into the options */
	struct tally tally;
	struct part *parts;
	struct instance_list instances; /* empty: the only listing */
	struct deadline deadline;       /* of the whole run */
	struct rules rules;
	unsigned long limit_hits; /* patterns that were given up on a reason */
	bool showing;             /* a reason is judged only to be shown */
	char *details;            /* of formats that print them at the end */
	size_t details_length;
};

/*
 * now: epoch seconds, of the listing where the options don't say. Returns 0, or
 * -1 with *error when the instances can't be found, the rules can't be loaded
 * or the format is for one instance. To be released in both cases.
 */
int survey_open(struct survey *survey, const struct options *options,
	long long now, struct error *error);

/*
 * Reads all parts, printing on `out` what the format prints meanwhile, and
 * judges what was read. What fails is in the parts.
 */
void survey_read(struct survey *survey, const struct options *options,
	FILE *out);

void survey_release(struct survey *survey);

#endif
