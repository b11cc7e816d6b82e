/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text exposition format, for node_exporter's textfile collector: gauges
 * with labels from closed sets only, never a domain or an address.
 */
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "text.h"

/* A value of one instance, or of the run. */
typedef double gauge_value(const struct report *report,
	const struct figures *figures, int label);

struct gauge {
	const char *name;
	const char *help;
	gauge_value *value;
	const char *label; /* NULL: none */
	const char *(*label_name)(int label);
	int first, last; /* of the label's values */
	enum {
		OF_QUEUE, /* of each instance that was read to its end */
		OF_PART,  /* of each instance */
		OF_RUN,
	} scope;
};

static double
cause_messages(const struct report *report, const struct figures *figures,
	int cause)
{
	(void)report;
	return (double)figures->causes[cause].messages;
}

static double
cause_recipients(const struct report *report, const struct figures *figures,
	int cause)
{
	(void)report;
	return (double)figures->causes[cause].recipients;
}

static double
affected_messages(const struct report *report, const struct figures *figures,
	int label)
{
	(void)report;
	(void)label;
	return (double)figures->tls.messages;
}

static double
oldest_age(const struct report *report, const struct figures *figures,
	int label)
{
	(void)label;
	return (double)tally_age(report->tally, &figures->tls);
}

static double
queue_messages(const struct report *report, const struct figures *figures,
	int queue)
{
	(void)report;
	return (double)figures->queue.by_queue[queue];
}

static double
run_state(const struct report *report, const struct figures *figures, int label)
{
	(void)figures;
	(void)label;
	return (double)report->verdict.state;
}

static double
run_complete(const struct report *report, const struct figures *figures,
	int label)
{
	(void)label;
	return report->parts[figures - report->tally->instances].complete;
}

static double
run_time(const struct report *report, const struct figures *figures, int label)
{
	(void)figures;
	(void)label;
	return (double)report->now;
}

static const char *
cause_label(int cause)
{
	return cause_name((enum cause)cause);
}

static const char *
queue_label(int queue)
{
	return queue_name((enum queue)queue);
}

static const struct gauge gauges[] = {
	{ "postfix_tls_deferred_messages",
		"Messages deferred for this cause; unclassified is not known to be about TLS.",
		cause_messages, "cause", cause_label, 0, CAUSE_UNCLASSIFIED,
		OF_QUEUE },
	{ "postfix_tls_deferred_recipients",
		"Recipients deferred for this cause; unclassified is not known to be about TLS.",
		cause_recipients, "cause", cause_label, 0, CAUSE_UNCLASSIFIED,
		OF_QUEUE },
	{ "postfix_tls_affected_messages",
		"Messages deferred for any TLS cause, each once.",
		affected_messages, NULL, NULL, 0, 0, OF_QUEUE },
	{ "postfix_tls_oldest_age_seconds",
		"Age of the oldest message deferred for TLS.", oldest_age, NULL,
		NULL, 0, 0, OF_QUEUE },
	{ "postfix_queue_messages", "Messages in this queue.", queue_messages,
		"queue", queue_label, 0, QUEUE_HOLD, OF_QUEUE },
	{ "check_tls_queue_state",
		"State of the check: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.",
		run_state, NULL, NULL, 0, 0, OF_RUN },
	{ "check_tls_queue_complete",
		"1 when the whole queue was read, else 0.", run_complete, NULL,
		NULL, 0, 0, OF_PART },
	{ "check_tls_queue_last_run_timestamp_seconds",
		"When the queue was read.", run_time, NULL, NULL, 0, 0,
		OF_RUN },
};

/* A label's value: the format's own escapes on top of safe text. */
static void
print_label_value(FILE *out, const char *text)
{
	char *safe = text_safe(text, TEXT_PLAIN, 0);

	putc('"', out);
	for (const char *at = safe; *at != '\0'; at++) {
		if (*at == '"' || *at == '\\')
			putc('\\', out);
		putc(*at, out);
	}
	putc('"', out);
	free(safe);
}

static void
print_labels(FILE *out, const struct gauge *gauge, int label,
	const char *instance)
{
	if (gauge->label == NULL && instance == NULL)
		return;
	putc('{', out);
	if (gauge->label != NULL)
		fprintf(out, "%s=\"%s\"", gauge->label,
			gauge->label_name(label));
	if (instance != NULL) {
		fprintf(out,
			"%sinstance_name=", gauge->label != NULL ? "," : "");
		print_label_value(out, instance);
	}
	putc('}', out);
}

static void
print_gauge(FILE *out, const struct report *report, const struct gauge *gauge)
{
	size_t count = gauge->scope == OF_RUN ? 1 : report->part_count;

	fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", gauge->name,
		gauge->help, gauge->name);
	for (size_t i = 0; i < count; i++) {
		const char *instance =
			report->part_count > 1 ? report->parts[i].name : NULL;

		/* Zeros of a queue that was not read would end an alert. */
		if (gauge->scope == OF_QUEUE && !report->parts[i].complete)
			continue;
		for (int label = gauge->first; label <= gauge->last; label++) {
			fputs(gauge->name, out);
			print_labels(out, gauge, label,
				gauge->scope == OF_RUN ? NULL : instance);
			fprintf(out, " %.15g\n",
				gauge->value(report,
					&report->tally->instances[i], label));
		}
	}
}

void
prometheus_print(FILE *out, const struct report *report)
{
	for (size_t i = 0; i < sizeof(gauges) / sizeof(gauges[0]); i++)
		print_gauge(out, report, &gauges[i]);
}
