/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey.h"

#include <stdlib.h>

#include "tls/mail_log.h"

/* The user's rules come before the built-in table. */
static struct cause_match
judge_by_rules(void *context, const char *reason)
{
	struct survey *survey = context;
	struct cause_match match;

	if (rules_match(&survey->rules, reason, &match,
		    survey->showing ? NULL : &survey->limit_hits))
		return match;
	return cause_of(reason);
}

static const char *
origin_of(const struct options *options)
{
	if (options->input != NULL)
		return options->input;
	return options->socket != NULL ? options->socket : "postqueue -j";
}

/* The instances that the options name; none of them means no list. */
static int
find_instances(struct survey *survey, const struct options *options,
	struct error *error)
{
	struct instance_list known = { .items = NULL };
	struct error problem;
	bool names = options->all_instances;
	int result = 0;

	for (size_t i = 0; i < options->instance_count; i++)
		names |= options->instances[i][0] != '/';
	if (names)
		result = instance_list(NULL, &survey->deadline, &known, error);
	if (result == 0 && options->all_instances) {
		instance_list_keep_enabled(&known);
		survey->instances = known;
		return 0;
	}
	for (size_t i = 0; i < options->instance_count && result == 0; i++)
		if (instance_find(&known, options->instances[i],
			    &survey->instances, &problem) < 0)
			result = error_set(error, "--instance: %.700s",
				problem.text);
	instance_list_release(&known);
	return result;
}

/* One part for each instance; or the only one. */
static void
make_parts(struct survey *survey, const struct options *options)
{
	size_t count = survey->instances.count;

	survey->report.part_count = count > 0 ? count : 1;
	survey->parts = xcalloc(survey->report.part_count, sizeof(struct part));
	survey->report.parts = survey->parts;
	survey->parts[0].name = "";
	survey->parts[0].origin = origin_of(options);
	for (size_t i = 0; i < count; i++) {
		survey->parts[i].name = survey->instances.items[i].name;
		survey->parts[i].origin = survey->instances.items[i].directory;
	}
}

static int
prepare_judge(struct survey *survey, const struct options *options,
	struct error *error)
{
	struct tally *tally = &survey->tally;
	struct error problem;

	tally->ids_kept = options->format->ids_kept;
	if (options->explain && tally->ids_kept == 0)
		tally->ids_kept = 1;
	if (options->mail_log != NULL)
		tally->watched = MAIL_LOG_HIDING_TEXT;
	if (options->rules_file == NULL)
		return 0;
	tally->judge = judge_by_rules;
	tally->judge_context = survey;
	if (rules_load(&survey->rules, options->rules_file, &survey->deadline,
		    &problem) < 0)
		return error_set(error, "--rules: %.700s", problem.text);
	return 0;
}

int
survey_open(struct survey *survey, const struct options *options, long long now,
	struct error *error)
{
	struct report *report = &survey->report;

	*survey = (struct survey){
		.deadline = deadline_in(options->timeout),
	};
	if (find_instances(survey, options, error) < 0)
		return -1;
	make_parts(survey, options);
	report->tally = &survey->tally;
	report->filter = &options->filter;
	report->thresholds = &options->thresholds;
	report->now = options->now >= 0 ? options->now : now;
	report->top = options->top;
	report->verbosity = options->verbosity;
	tally_init(&survey->tally, &options->filter, report->now,
		report->part_count);
	if (report->part_count > 1 && options->format->one_instance)
		return error_set(error,
			"-o %s of several instances would mix their queue ids: name one with --instance",
			options->format->name);
	return prepare_judge(survey, options, error);
}

void
survey_release(struct survey *survey)
{
	tally_release(&survey->tally);
	rules_release(&survey->rules);
	instance_list_release(&survey->instances);
	free(survey->details);
	free(survey->parts);
}

/* What a format prints of messages while they are read, and where. */
struct rows {
	void (*print)(FILE *out, const struct report *report,
		const struct message *message, const struct judged *judged);
	FILE *out;
	bool all; /* of messages that do not count, too */
};

/* One part to its end: 0 when all of it was read. */
static int
read_part(struct survey *survey, size_t number, struct source *source,
	const struct rows *rows)
{
	struct message message = MESSAGE_INIT;
	struct error *failure = &survey->parts[number].failure;
	int got = source_open(source, failure);

	while (got >= 0 && (got = source_next(source, &message, failure)) > 0) {
		struct judged judged =
			tally_add(&survey->tally, number, &message);

		survey->showing = true;
		if (rows->print != NULL && (judged.causes != 0 || rows->all))
			rows->print(rows->out, &survey->report, &message,
				&judged);
		survey->showing = false;
	}
	message_release(&message);
	return got;
}

static void
read_parts(struct survey *survey, const struct options *options,
	const struct rows *rows)
{
	struct report *report = &survey->report;

	report->complete = true;
	for (size_t i = 0; i < report->part_count; i++) {
		struct part *part = &survey->parts[i];
		double share = deadline_left(&survey->deadline) / 1000.0 /
			(double)(report->part_count - i);
		struct source source = {
			.input = options->input,
			.format = options->input_format,
			.socket = options->socket,
			.postqueue = options->postqueue,
			.now = report->now,
			.deadline = deadline_share(&survey->deadline, share),
			.directory = survey->instances.count > 0
				? survey->instances.items[i].directory
				: NULL,
		};

		report->part = part;
		part->complete = read_part(survey, i, &source, rows) == 0;
		part->messages = source.messages;
		part->warning = source.warning;
		report->complete = report->complete && part->complete;
		report->timed_out = report->timed_out || source.timed_out;
		source_release(&source);
	}
}

void
survey_read(struct survey *survey, const struct options *options, FILE *out)
{
	struct report *report = &survey->report;
	const struct format *format = options->format;
	struct rows rows = { .out = out };

	if (options->verbosity >= format->details_from)
		rows.print = format->row;
	/* Of details; rows that are the format itself are what counts. */
	rows.all = format->details_from > 0 && options->verbosity >= 3;
	if (rows.print != NULL && format->details_from > 0)
		rows.out = memory_or_exit(open_memstream(&survey->details,
			&survey->details_length));
	if (format->begin != NULL)
		format->begin(out, report);
	read_parts(survey, options, &rows);
	if (rows.out != out) {
		(void)memory_or_exit(ferror(rows.out) ? NULL : rows.out);
		fclose(rows.out);
		report->details = memory_or_exit(survey->details);
	}
	report->limit_hits = survey->limit_hits;
	report->verdict = verdict_of(&survey->tally, report->thresholds,
		report->complete,
		report->timed_out ? options->timeout_state : STATE_UNKNOWN);
}
