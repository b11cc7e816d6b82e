/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people have to know besides the figures, a line each. Which of them a
 * format shows, and where, is its own choice.
 */
#ifndef REPORT_REMARKS_H
#define REPORT_REMARKS_H

#include <stdio.h>

#include "report/report.h"
#include "text.h"

/*
 * Why parts were not read to their end, and what postqueue said though it
 * succeeded. The only part's failure is left out where the summary has it.
 */
void remarks_print_parts(FILE *out, const struct report *report,
	enum text_reader reader);

/* Words of Postfix about TLS that no rule knows. */
void remarks_print_unclassified(FILE *out, const struct report *report,
	enum text_reader reader);

/* A rule of the user's that took too long. */
void remarks_print_given_up(FILE *out, const struct report *report);

/*
 * The first and the last of these, for standard error, where a format shows
 * neither: a line for each part that failed begins with the state UNKNOWN.
 */
void remarks_print_all(FILE *err, const struct report *report);

#endif
