/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of formats, and the one sentence that several of them share. */
#include "report/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "duration.h"
#include "number.h"
#include "text.h"
#include "tls/sentences.h"

static const struct format formats[] = {
	{ .name = "nagios",
		.print = nagios_print,
		.row = nagios_row,
		.details_from = 2,
		.exits_with_state = true },
	{ .name = "json",
		.print = json_print,
		.exits_with_state = true,
		.ids_kept = 1000 },
	{ .name = "table", .print = table_print, .exits_with_state = true },
	{ .name = "list", .begin = list_begin, .row = list_row },
	{ .name = "ids", .row = ids_row, .one_instance = true },
	{ .name = "prometheus", .print = prometheus_print },
};

#define FORMAT_COUNT (sizeof(formats) / sizeof(formats[0]))

const struct format *
format_of_name(const char *name)
{
	for (size_t i = 0; i < FORMAT_COUNT; i++)
		if (strcmp(name, formats[i].name) == 0)
			return &formats[i];
	return NULL;
}

static const char *
plural(unsigned long count)
{
	return count == 1 ? "" : "s";
}

/* With a unit of time always. */
static void
print_bound(FILE *out, double bound)
{
	double magnitude = bound < 0 ? -bound : bound;
	char text[NUMBER_TEXT];

	if (!isfinite(bound)) {
		fputs(bound < 0 ? "~" : "", out);
		return;
	}
	if (bound < 0)
		putc('-', out);
	if (magnitude == (double)(long long)magnitude) {
		duration_format_exact(text, (long long)magnitude);
		fputs(text, out);
		return;
	}
	number_format_exact(magnitude, text);
	fprintf(out, "%ss", text);
}

void
report_print_range(FILE *out, enum metric metric, const struct range *range)
{
	if (metric != METRIC_AGE) {
		range_print(out, range);
		return;
	}
	if (range->inside)
		putc('@', out);
	if (!range_is_upper_only(range)) {
		print_bound(out, range->start);
		putc(':', out);
	}
	print_bound(out, range->end);
}

/* To the second only where one of the bounds would read the same. */
static void
print_age_value(FILE *out, const struct alert *alert)
{
	long long age = (long long)alert->value;
	double bounds[] = { alert->range.start, alert->range.end };
	char text[DURATION_TEXT], bound[DURATION_TEXT];

	duration_format(text, age);
	for (int i = 0; i < 2; i++) {
		if (!isfinite(bounds[i]))
			continue;
		duration_format_exact(bound, (long long)bounds[i]);
		if (strcmp(text, bound) == 0)
			duration_format_exact(text, age);
	}
	fputs(text, out);
}

/* The causes by messages, most first, at most `limit` of them; or how many. */
static void
print_causes(FILE *out, const struct tally *tally, size_t limit)
{
	enum cause causes[CAUSE_TLS_COUNT];
	size_t count = tally_causes(tally, causes), i;

	if (limit == 0) {
		fprintf(out, "%zu cause%s", count, plural(count));
		return;
	}
	for (i = 0; i < count && i < limit; i++)
		fprintf(out, "%s%lu %s", i > 0 ? ", " : "",
			tally->all.causes[causes[i]].messages,
			cause_name(causes[i]));
	if (i < count)
		fprintf(out, ", %zu more", count - i);
}

static void
print_alert(FILE *out, const struct alert *alert)
{
	fprintf(out, "; %s: %s ",
		alert->level == STATE_CRITICAL ? "critical" : "warning",
		metric_name(alert->metric));
	if (alert->metric == METRIC_AGE)
		print_age_value(out, alert);
	else
		number_print(out, alert->value);
	if (alert->range.inside)
		fputs(" is in range ", out);
	else if (range_is_upper_only(&alert->range))
		fputs(" is above ", out);
	else
		fputs(" is outside range ", out);
	report_print_range(out, alert->metric, &alert->range);
}

static void
print_counts(FILE *out, const struct report *report, size_t causes)
{
	const struct tally *tally = report->tally;
	unsigned long unclassified =
		tally->all.causes[CAUSE_UNCLASSIFIED].messages;
	char age[DURATION_TEXT];

	if (tally->all.tls.messages == 0) {
		fputs("no mail deferred for TLS", out);
	} else {
		fprintf(out, "%lu message%s deferred for TLS (",
			tally->all.tls.messages,
			plural(tally->all.tls.messages));
		print_causes(out, tally, causes);
		duration_format(age, tally_age(tally, &tally->all.tls));
		fprintf(out, "), oldest %s", age);
	}
	if (unclassified > 0)
		fprintf(out, ", %lu unclassified", unclassified);
	fprintf(out, ", %lu message%s in the queue", tally->all.queue.messages,
		plural(tally->all.queue.messages));
	if (filter_is_on(report->filter))
		fputs(" (filtered)", out);
	if (report->verdict.has_alert)
		print_alert(out, &report->verdict.worst);
}

/* The first part that failed; the others are named in the long output. */
static void
print_failure(FILE *out, const struct report *report)
{
	size_t failed = 0;

	for (size_t i = 0; i < report->part_count; i++) {
		const struct part *part = &report->parts[i];

		if (part->complete || failed++ > 0)
			continue;
		if (part->name[0] != '\0')
			fprintf(out, "instance %s: ", part->name);
		fputs(part->failure.text, out);
	}
	if (failed > 1)
		fprintf(out, "; %zu instances failed in all", failed);
}

static void
print_summary(FILE *out, const struct report *report, size_t causes)
{
	if (report->complete) {
		print_counts(out, report, causes);
	} else if (report->verdict.has_alert) {
		fputs("listing incomplete, so far ", out);
		print_counts(out, report, causes);
	} else {
		print_failure(out, report);
	}
}

char *
report_destination_name(const struct report *report,
	const struct destination *destination)
{
	const char *domain = destination->domain[0] != '\0'
		? destination->domain
		: "(no domain)";

	if (report->part_count == 1)
		return xstrdup(domain);
	return sentence_format("%s (instance %s)", domain,
		report->parts[destination->instance].name);
}

char *
report_summary(const struct report *report)
{
	char *summary = NULL, *safe;
	size_t length = 0;

	/* Fewer causes are named until the sentence is short enough. */
	for (size_t causes = CAUSE_TLS_COUNT + 1; causes-- > 0;) {
		FILE *out;

		free(summary);
		summary = NULL;
		out = memory_or_exit(open_memstream(&summary, &length));
		print_summary(out, report, causes);
		(void)memory_or_exit(ferror(out) ? NULL : out);
		(void)memory_or_exit(fclose(out) == 0 ? summary : NULL);
		if (length < REPORT_SUMMARY)
			break;
	}
	safe = text_safe(summary, TEXT_MONITORING, REPORT_SUMMARY - 1);
	free(summary);
	return safe;
}
