/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known at the end of a run, and the formats that show it. Each
 * format is a file of its own; the table in report.c picks it.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "error.h"
#include "report/filter.h"
#include "report/tally.h"
#include "report/verdict.h"
#include "report/why.h"

/* One listing that was to be read. */
struct part {
	const char *name;   /* of the instance; "" of the only listing */
	const char *origin; /* for people: "postqueue -j", a file's name */
	bool complete;
	unsigned long messages; /* that were read, before any filter */
	struct error failure;   /* why it is not complete */
	struct error warning;   /* what was said besides; "" when nothing */
};

struct report {
	const struct tally *tally;
	const struct filter *filter;
	const struct thresholds *thresholds;
	struct verdict verdict;
	const struct part *parts;
	size_t part_count;
	const struct part *part; /* the one that is being read */
	bool complete;           /* all parts are */
	bool timed_out;
	long long now;            /* epoch seconds */
	size_t top;               /* destinations named in detail */
	int verbosity;            /* how often -v */
	const char *details;      /* what the format's row() printed; or NULL */
	unsigned long limit_hits; /* reasons that a rule was given up on */
	const struct whys
		*whys; /* of the worst destinations; NULL: not asked */
	size_t width;  /* columns of the terminal */
	bool color;    /* it shows colours */
};

/*
 * begin() and row() print while the listing is read, row() for each message
 * that counts under a cause it had not counted under before; print() prints
 * the whole report at the end. A format has the ones that it needs.
 */
struct format {
	const char *name;
	void (*begin)(FILE *out, const struct report *report);
	void (*row)(FILE *out, const struct report *report,
		const struct message *message, const struct judged *judged);
	void (*print)(FILE *out, const struct report *report);
	bool one_instance; /* its lines do not name the instance */
	/* Its exit status is the state; else 0 when it was written whole. */
	bool exits_with_state;
	/* row() is called from this verbosity on, and prints the details. */
	int details_from;
	/* Queue ids a destination that print() wants to know. */
	size_t ids_kept;
};

/* NULL when there is no such format. */
const struct format *format_of_name(const char *name);

void nagios_print(FILE *out, const struct report *report);
void nagios_row(FILE *out, const struct report *report,
	const struct message *message, const struct judged *judged);
void json_print(FILE *out, const struct report *report);
void prometheus_print(FILE *out, const struct report *report);
void table_print(FILE *out, const struct report *report);
void list_begin(FILE *out, const struct report *report);
void list_row(FILE *out, const struct report *report,
	const struct message *message, const struct judged *judged);
void ids_row(FILE *out, const struct report *report,
	const struct message *message, const struct judged *judged);

/*
 * One sentence, under REPORT_SUMMARY bytes and safe for a monitoring system:
 * the counts, the causes, the oldest age, the threshold that fired; or why
 * there is nothing to tell. The caller frees it.
 */
#define REPORT_SUMMARY 199
char *report_summary(const struct report *report);

/*
 * "example.com", with the instance behind it when there are several. As it
 * was read: to be printed by the escaper. The caller frees it.
 */
char *report_destination_name(const struct report *report,
	const struct destination *destination);

/* A threshold's bounds for people: those of an age with units of time. */
void report_print_range(FILE *out, enum metric metric,
	const struct range *range);

#endif
