/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/remarks.h"

#include <string.h>

/* A reason's text is cut here; an error is not, it ends in the mend. */
#define REASON_LIMIT 300

static void
print_line(FILE *out, const struct part *part, const char *label,
	const char *text, enum text_reader reader)
{
	fputs(label, out);
	if (part->name[0] != '\0') {
		fputs("instance ", out);
		text_print(out, part->name, reader, REASON_LIMIT);
		fputs(": ", out);
	}
	text_print(out, text, reader, 0);
	putc('\n', out);
}

/* A short failure of the only part is all that the summary says. */
static bool
summary_lacks(const struct report *report, const struct part *part)
{
	return report->part_count > 1 || report->verdict.has_alert ||
		strlen(part->failure.text) > REPORT_SUMMARY - 1;
}

static void
print_warning(FILE *out, const struct part *part, enum text_reader reader)
{
	if (part->warning.text[0] != '\0')
		print_line(out, part, "postqueue said: ", part->warning.text,
			reader);
}

void
remarks_print_parts(FILE *out, const struct report *report,
	enum text_reader reader)
{
	for (size_t i = 0; i < report->part_count; i++) {
		const struct part *part = &report->parts[i];

		if (!part->complete && summary_lacks(report, part))
			print_line(out, part,
				"not read to the end: ", part->failure.text,
				reader);
		print_warning(out, part, reader);
	}
}

void
remarks_print_unclassified(FILE *out, const struct report *report,
	enum text_reader reader)
{
	const struct tally *tally = report->tally;

	for (size_t i = 0; i < tally->unknown_count; i++) {
		fprintf(out, "unclassified, %lu recipient%s: ",
			tally->unknown[i].recipients,
			tally->unknown[i].recipients == 1 ? "" : "s");
		text_print(out, tally->unknown[i].text, reader, REASON_LIMIT);
		putc('\n', out);
	}
}

void
remarks_print_given_up(FILE *out, const struct report *report)
{
	if (report->limit_hits > 0)
		fprintf(out,
			"rules: a pattern was given up on %lu reason%s that took it too long\n",
			report->limit_hits, report->limit_hits == 1 ? "" : "s");
}

void
remarks_print_all(FILE *err, const struct report *report)
{
	for (size_t i = 0; i < report->part_count; i++) {
		const struct part *part = &report->parts[i];

		if (!part->complete)
			print_line(err, part, "TLS QUEUE UNKNOWN - ",
				part->failure.text, TEXT_PLAIN);
		print_warning(err, part, TEXT_PLAIN);
	}
	remarks_print_given_up(err, report);
}
