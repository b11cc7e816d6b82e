/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One item of performance data: label=value[unit];warning;critical;min;max */
#ifndef PERFDATA_H
#define PERFDATA_H

#include <stdio.h>

#include "range.h"

struct perfdata {
	const char *label; /* [a-z0-9_]+, so that it needs no quotes */
	double value;
	const char *unit;             /* "%", "s" or "" */
	const struct range *warning;  /* NULL: none */
	const struct range *critical; /* NULL: none */
	const char *maximum;          /* "" : none; the minimum is always 0 */
};

void perfdata_print(FILE *out, const struct perfdata *item);

#endif
