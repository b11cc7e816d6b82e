/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plugin output of Nagios, Icinga, Naemon, Checkmk and NRPE: state, one
 * line and perfdata first, so that they survive a receiver that cuts.
 */
#include <stdlib.h>
#include <string.h>

#include "duration.h"
#include "perfdata.h"
#include "report/remarks.h"

static void
print_item(FILE *out, const struct report *report, const char *label,
	enum metric metric)
{
	const struct thresholds *thresholds = report->thresholds;
	struct perfdata item = {
		.label = label,
		.value = metric_value(metric, report->tally),
		.unit = metric == METRIC_PERCENT ? "%"
			: metric == METRIC_AGE   ? "s"
						 : "",
		.warning = &thresholds->warning[metric],
		.critical = &thresholds->critical[metric],
		.maximum = metric == METRIC_PERCENT ? "100" : "",
	};

	perfdata_print(out, &item);
}

static void
print_queue_item(FILE *out, const char *label, unsigned long value)
{
	struct perfdata item = {
		.label = label,
		.value = (double)value,
		.unit = "",
		.maximum = "",
	};

	putc(' ', out);
	perfdata_print(out, &item);
}

/* Always the same labels in the same order, zeros included. */
static void
print_perfdata(FILE *out, const struct report *report)
{
	static const char *const labels[METRIC_CAUSE] = {
		[METRIC_MESSAGES] = "tls_messages",
		[METRIC_RECIPIENTS] = "tls_recipients",
		[METRIC_PERCENT] = "tls_percent",
		[METRIC_AGE] = "tls_oldest_age",
	};
	const struct tally *tally = report->tally;
	char label[64];

	fputs(" |", out);
	for (int metric = 0; metric < METRIC_UNCLASSIFIED; metric++) {
		putc(' ', out);
		print_item(out, report, labels[metric], (enum metric)metric);
	}
	for (int cause = 0; cause < CAUSE_TLS_COUNT; cause++) {
		snprintf(label, sizeof(label), "tls_%s",
			cause_name((enum cause)cause));
		putc(' ', out);
		print_item(out, report, label,
			(enum metric)(METRIC_CAUSE + cause));
	}
	putc(' ', out);
	print_item(out, report, "tls_unclassified", METRIC_UNCLASSIFIED);
	print_queue_item(out, "queue_messages", tally->all.queue.messages);
	print_queue_item(out, "queue_recipients", tally->all.queue.recipients);
	for (int queue = QUEUE_INCOMING; queue <= QUEUE_HOLD; queue++) {
		snprintf(label, sizeof(label), "queue_%s",
			queue_name((enum queue)queue));
		print_queue_item(out, label, tally->all.queue.by_queue[queue]);
	}
}

static void
print_safe(FILE *out, const char *text)
{
	text_print(out, text, TEXT_MONITORING, 300);
}

static void
print_destination(FILE *out, const struct report *report,
	const struct destination *destination)
{
	const struct count *count = &destination->count;
	char age[DURATION_TEXT];
	char *name = report_destination_name(report, destination);

	print_safe(out, name);
	free(name);
	duration_format(age, tally_age(report->tally, count));
	fprintf(out, ": %s, %lu message%s, %lu recipient%s, oldest %s: ",
		cause_name(destination->cause), count->messages,
		count->messages == 1 ? "" : "s", count->recipients,
		count->recipients == 1 ? "" : "s", age);
	print_safe(out, cause_bare(destination->reason));
	putc('\n', out);
}

static void
print_destinations(FILE *out, const struct report *report)
{
	size_t count;
	const struct destination **worst = tally_worst(report->tally, &count);
	const struct why_style style = { TEXT_MONITORING, "  ", report->now };

	for (size_t i = 0; i < count && i < report->top; i++) {
		print_destination(out, report, worst[i]);
		if (report->whys != NULL && i < report->whys->count)
			why_print(out, &report->whys->list[i], &style);
	}
	if (count > report->top && report->top > 0)
		fprintf(out, "and %zu more destination%s\n",
			count - report->top,
			count - report->top == 1 ? "" : "s");
	free(worst);
}

/* What a threshold said. */
static const char *
judgement(const struct report *report, const struct range *range, double value)
{
	if (!report->verdict.is_judged)
		return "not judged";
	return range_alerts(range, value) ? "alert" : "good";
}

/* -v: each threshold, and what it said. */
static void
print_thresholds(FILE *out, const struct report *report)
{
	const struct {
		const char *name;
		const struct range *list;
	} levels[] = {
		{ "warning", report->thresholds->warning },
		{ "critical", report->thresholds->critical },
	};

	for (size_t level = 0; level < 2; level++)
		for (int metric = 0; metric < METRIC_COUNT; metric++) {
			const struct range *range = &levels[level].list[metric];
			double value = metric_value((enum metric)metric,
				report->tally);

			if (!range->set)
				continue;
			fprintf(out, "threshold: %s %s ", levels[level].name,
				metric_name((enum metric)metric));
			report_print_range(out, (enum metric)metric, range);
			fprintf(out, ": %s\n", judgement(report, range, value));
		}
}

/* -v: what was read, and how much of it counts. */
static void
print_sources(FILE *out, const struct report *report)
{
	for (size_t i = 0; i < report->part_count; i++) {
		const struct part *part = &report->parts[i];

		fputs("source: ", out);
		if (part->name[0] != '\0') {
			print_safe(out, part->name);
			fputs(", ", out);
		}
		print_safe(out, part->origin);
		fprintf(out, ", %lu message%s read%s\n", part->messages,
			part->messages == 1 ? "" : "s",
			part->complete ? "" : ", incomplete");
	}
	if (filter_is_on(report->filter))
		fprintf(out, "filter: %lu of %lu messages pass\n",
			report->tally->all.messages,
			report->tally->all.queue.messages);
}

/* "ID queue, age, sender to recipient: " of -vv and -vvv. */
static void
print_detail_start(FILE *out, const struct report *report,
	const struct message *message, const struct recipient *recipient)
{
	char age[DURATION_TEXT];

	if (report->part_count > 1) {
		print_safe(out, report->part->name);
		putc(' ', out);
	}
	print_safe(out, message->id);
	duration_format(age, message_age(message, report->now));
	fprintf(out, " %s, %s, ", queue_name(message->queue), age);
	print_safe(out, message->sender);
	fputs(" to ", out);
	print_safe(out, recipient->address);
	fputs(": ", out);
}

/* The text or rule that decided, if one did. */
static void
print_row(FILE *out, const struct cause_match *match)
{
	if (match->row[0] == '\0') {
		fputs(" by no known text", out);
		return;
	}
	fputs(" by '", out);
	print_safe(out, match->row);
	putc('\'', out);
}

/* What a reason was taken for, or, of mail left out, would have been. */
static struct cause_match
match_of(const struct tally *tally, const struct judged *judged, size_t number,
	const char *reason)
{
	return judged->matches != NULL
		? judged->matches[number]
		: tally->judge(tally->judge_context, reason);
}

/* -vv shows the recipients that count; -vvv how each reason was judged. */
void
nagios_row(FILE *out, const struct report *report,
	const struct message *message, const struct judged *judged)
{
	for (size_t i = 0; i < message->count; i++) {
		const struct recipient *recipient = &message->recipients[i];
		struct cause_match match;

		if (recipient->kind != REASON_DELAY ||
			(report->verbosity < 3 &&
				(judged->recipients == NULL ||
					judged->recipients[i] == CAUSE_OTHER)))
			continue;
		match = match_of(report->tally, judged, i, recipient->reason);
		print_detail_start(out, report, message, recipient);
		fputs(cause_name(match.cause), out);
		if (report->verbosity >= 3)
			print_row(out, &match);
		fputs(": ", out);
		print_safe(out, recipient->reason);
		putc('\n', out);
	}
}

void
nagios_print(FILE *out, const struct report *report)
{
	char *summary = report_summary(report);

	fprintf(out, "TLS QUEUE %s - %s", state_name(report->verdict.state),
		summary);
	free(summary);
	if (report->complete || report->verdict.has_alert)
		print_perfdata(out, report);
	putc('\n', out);
	remarks_print_parts(out, report, TEXT_MONITORING);
	print_destinations(out, report);
	remarks_print_unclassified(out, report, TEXT_MONITORING);
	if (report->whys != NULL)
		why_print_warnings(out, report->whys, TEXT_MONITORING);
	remarks_print_given_up(out, report);
	if (report->verbosity >= 1) {
		print_sources(out, report);
		print_thresholds(out, report);
	}
	if (report->details != NULL)
		fputs(report->details, out);
}
