/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One JSON object for scripts; docs/output.schema.json says what it holds.
 * The only file that writes JSON.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "report/report.h"
#include "text.h"

/* Text from outside: valid UTF-8 without control characters. */
static json_object *
safe_string(const char *text)
{
	char *safe = text_safe(text, TEXT_PLAIN, 0);
	json_object *string = json_object_new_string(safe);

	free(safe);
	return string;
}

static json_object *
number(unsigned long value)
{
	return json_object_new_int64((int64_t)value);
}

/* As perfdata has it; json-c prints the text. */
static json_object *
real(double value)
{
	char text[NUMBER_TEXT];

	number_format(value, text);
	return json_object_new_double_s(value, text);
}

/* json-c gives NULL, or -1, or leaves something out where memory is short. */
static void
add(json_object *object, const char *key, json_object *value)
{
	(void)memory_or_exit(object);
	if (json_object_object_add(object, key, value) != 0)
		(void)memory_or_exit(NULL);
}

static void
append(json_object *list, json_object *value)
{
	(void)memory_or_exit(list);
	if (json_object_array_add(list, memory_or_exit(value)) != 0)
		(void)memory_or_exit(NULL);
}

static json_object *
build_queue(const struct figures *figures)
{
	json_object *queue = json_object_new_object();
	json_object *by_queue = json_object_new_object();

	add(queue, "messages", number(figures->queue.messages));
	add(queue, "recipients", number(figures->queue.recipients));
	for (int i = 0; i < QUEUE_COUNT; i++)
		if (i != QUEUE_OTHER || figures->queue.by_queue[i] > 0)
			add(by_queue, queue_name((enum queue)i),
				number(figures->queue.by_queue[i]));
	add(queue, "by_queue", by_queue);
	return queue;
}

static void
add_count(json_object *object, const struct tally *tally,
	const struct count *count)
{
	add(object, "messages", number(count->messages));
	add(object, "recipients", number(count->recipients));
	add(object, "oldest_age",
		json_object_new_int64(tally_age(tally, count)));
}

static json_object *
build_tls(const struct tally *tally, const struct figures *figures)
{
	json_object *tls = json_object_new_object();

	add_count(tls, tally, &figures->tls);
	add(tls, "percent", real(figures_percent(figures)));
	return tls;
}

static json_object *
build_causes(const struct tally *tally)
{
	json_object *causes = json_object_new_object();

	for (int i = 0; i < CAUSE_TLS_COUNT; i++) {
		json_object *cause = json_object_new_object();

		add_count(cause, tally, &tally->all.causes[i]);
		add(causes, cause_name((enum cause)i), cause);
	}
	return causes;
}

static json_object *
build_unclassified(const struct tally *tally)
{
	const struct count *count = &tally->all.causes[CAUSE_UNCLASSIFIED];
	json_object *unclassified = json_object_new_object();
	json_object *reasons = json_object_new_array();

	add(unclassified, "messages", number(count->messages));
	add(unclassified, "recipients", number(count->recipients));
	for (size_t i = 0; i < tally->unknown_count; i++)
		append(reasons, safe_string(tally->unknown[i].text));
	add(unclassified, "reasons", reasons);
	return unclassified;
}

static json_object *
build_destination(const struct report *report,
	const struct destination *destination)
{
	json_object *object = json_object_new_object();
	json_object *ids = json_object_new_array();

	add(object, "instance",
		safe_string(report->parts[destination->instance].name));
	add(object, "domain", safe_string(destination->domain));
	add(object, "cause",
		json_object_new_string(cause_name(destination->cause)));
	add_count(object, report->tally, &destination->count);
	add(object, "reason", safe_string(destination->reason));
	for (size_t i = 0; i < destination->id_count; i++)
		append(ids, safe_string(destination->ids[i]));
	add(object, "queue_ids", ids);
	return object;
}

static json_object *
build_finding(const struct mail_log_finding *finding)
{
	json_object *object = json_object_new_object();

	add(object, "finding",
		json_object_new_string(mail_log_finding_name(finding->kind)));
	add(object, "detail", safe_string(finding->detail));
	add(object, "host", safe_string(finding->host));
	add(object, "time",
		finding->time > 0 ? json_object_new_int64(finding->time)
				  : NULL);
	return object;
}

static json_object *
build_sentences(const struct sentences *sentences)
{
	json_object *list = json_object_new_array();

	for (size_t i = 0; i < sentences->count; i++)
		append(list, safe_string(sentences->list[i]));
	return list;
}

static json_object *
build_policy(const struct policy *policy)
{
	json_object *object = json_object_new_object();

	add(object, "next_hop", safe_string(policy->next_hop.destination));
	add(object, "transport", safe_string(policy->next_hop.transport));
	add(object, "level", safe_string(policy->level));
	add(object, "attributes", safe_string(policy->attributes));
	add(object, "table", safe_string(policy->table));
	add(object, "key", safe_string(policy->key));
	add(object, "parameter", safe_string(policy->parameter));
	add(object, "notes", build_sentences(&policy->notes));
	return object;
}

static json_object *
build_advice(const struct advice *advice)
{
	json_object *object = json_object_new_object();

	add(object, "sentence", safe_string(advice->sentence));
	add(object, "command",
		advice->command ? safe_string(advice->command) : NULL);
	return object;
}

static json_object *
build_probe(const struct probe *probe)
{
	json_object *object = json_object_new_object();

	add(object, "verdict",
		json_object_new_string(why_probe_name(probe->verdict)));
	add(object, "sentence", safe_string(probe->sentence));
	return object;
}

/* What was asked for; null where nothing was found. */
static void
add_why(json_object *object, const struct why *why)
{
	add(object, "log", why->has_log ? build_finding(&why->log) : NULL);
	add(object, "policy",
		why->has_policy ? build_policy(&why->policy) : NULL);
	add(object, "advice",
		why->has_advice ? build_advice(&why->advice) : NULL);
	add(object, "probe", why->has_probe ? build_probe(&why->probe) : NULL);
}

static void
add_destinations(json_object *root, const struct report *report)
{
	size_t count, i;
	const struct destination **worst = tally_worst(report->tally, &count);
	json_object *list = json_object_new_array();

	for (i = 0; i < count && i < report->top; i++) {
		json_object *destination = build_destination(report, worst[i]);

		if (report->whys != NULL && i < report->whys->count)
			add_why(destination, &report->whys->list[i]);
		append(list, destination);
	}
	add(root, "destinations", list);
	add(root, "destinations_omitted", number(count - i));
	free(worst);
}

static void
add_threshold(json_object *list, const struct report *report,
	enum metric metric, enum state level)
{
	const struct range *range = level == STATE_CRITICAL
		? &report->thresholds->critical[metric]
		: &report->thresholds->warning[metric];
	double value = metric_value(metric, report->tally);
	json_object *threshold;
	char text[128] = "";
	FILE *out;

	if (!range->set)
		return;
	out = memory_or_exit(fmemopen(text, sizeof(text), "w"));
	range_print(out, range);
	fclose(out);
	threshold = json_object_new_object();
	add(threshold, "metric", json_object_new_string(metric_name(metric)));
	add(threshold, "level",
		json_object_new_string(level == STATE_CRITICAL ? "critical"
							       : "warning"));
	add(threshold, "range", json_object_new_string(text));
	add(threshold, "value", real(value));
	add(threshold, "alert",
		json_object_new_boolean(report->verdict.is_judged &&
			range_alerts(range, value)));
	append(list, threshold);
}

static json_object *
build_thresholds(const struct report *report)
{
	json_object *list = json_object_new_array();

	for (int metric = 0; metric < METRIC_COUNT; metric++) {
		add_threshold(list, report, (enum metric)metric, STATE_WARNING);
		add_threshold(list, report, (enum metric)metric,
			STATE_CRITICAL);
	}
	return list;
}

static json_object *
text_or_null(const struct error *text)
{
	return text->text[0] ? safe_string(text->text) : NULL;
}

static json_object *
build_parts(const struct report *report)
{
	json_object *list = json_object_new_array();

	for (size_t i = 0; i < report->part_count; i++) {
		const struct part *part = &report->parts[i];
		const struct figures *figures = &report->tally->instances[i];
		json_object *object = json_object_new_object();

		add(object, "name", safe_string(part->name));
		add(object, "origin", safe_string(part->origin));
		add(object, "complete",
			json_object_new_boolean(part->complete));
		add(object, "messages", number(part->messages));
		add(object, "error", text_or_null(&part->failure));
		add(object, "warning", text_or_null(&part->warning));
		add(object, "queue", build_queue(figures));
		add(object, "tls", build_tls(report->tally, figures));
		append(list, object);
	}
	return list;
}

void
json_print(FILE *out, const struct report *report)
{
	const int flags =
		JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
	json_object *root = json_object_new_object();
	char *summary = report_summary(report);
	enum state state = report->verdict.state;
	const char *text;

	errno = 0;
	add(root, "version", json_object_new_int(1));
	add(root, "state", json_object_new_string(state_name(state)));
	add(root, "exit_code", json_object_new_int((int)state));
	add(root, "summary", json_object_new_string(summary));
	add(root, "complete", json_object_new_boolean(report->complete));
	add(root, "time", json_object_new_int64(report->now));
	add(root, "instances", build_parts(report));
	add(root, "queue", build_queue(&report->tally->all));
	add(root, "tls", build_tls(report->tally, &report->tally->all));
	add(root, "causes", build_causes(report->tally));
	add(root, "unclassified", build_unclassified(report->tally));
	add_destinations(root, report);
	add(root, "thresholds", build_thresholds(report));
	add(root, "rules_given_up", number(report->limit_hits));
	if (report->whys != NULL)
		add(root, "warnings", build_sentences(&report->whys->warnings));
	text = json_object_to_json_string_ext(root, flags);
	fprintf(out, "%s\n",
		(char *)memory_or_exit(errno == ENOMEM ? NULL : (char *)text));
	json_object_put(root);
	free(summary);
}
