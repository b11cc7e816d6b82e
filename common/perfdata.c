/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One item and its fields. The minimum is a figure that every item has, so
 * that only the maximum behind it can be left off.
 */
#include "perfdata.h"

#include "number.h"

static void
threshold_print(FILE *out, const struct range *range)
{
	putc(';', out);
	if (range != NULL)
		range_print(out, range);
}

void
perfdata_print(FILE *out, const struct perfdata *item)
{
	fprintf(out, "%s=", item->label);
	number_print(out, item->value);
	fputs(item->unit, out);
	threshold_print(out, item->warning);
	threshold_print(out, item->critical);
	fputs(";0", out);
	if (*item->maximum != '\0')
		fprintf(out, ";%s", item->maximum);
}
