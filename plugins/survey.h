/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads every listing that the options name, one message at a time. */
#ifndef SURVEY_H
#define SURVEY_H

#include "options.h"
#include "report/report.h"

/* What a run owns: fill with survey_open(), give back with survey_release(). */
struct survey {
	struct report report; /* points into the others and into the options */
	struct tally tally;
	struct part *parts;
};

/* now: epoch seconds, of the listing where the options don't say. */
void survey_open(
	struct survey *survey, const struct options *options, long long now);

/*
 * Reads all parts, printing on `out` what the format prints meanwhile, and
 * judges what was read. What fails is in the parts.
 */
void survey_read(
	struct survey *survey, const struct options *options, FILE *out);

void survey_release(struct survey *survey);

#endif
