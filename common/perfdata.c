/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "perfdata.h"

#include "number.h"

void
perfdata_print(FILE *out, const struct perfdata *item)
{
	fprintf(out, "%s=", item->label);
	number_print(out, item->value);
	fprintf(out, "%s;", item->unit);
	if (item->warning != NULL)
		range_print(out, item->warning);
	putc(';', out);
	if (item->critical != NULL)
		range_print(out, item->critical);
	fputs(";0", out);
	if (item->maximum[0] != '\0')
		fprintf(out, ";%s", item->maximum);
}
