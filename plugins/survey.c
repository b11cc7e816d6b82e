/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey.h"

#include <stdlib.h>

#include "explain.h"

/* The user's rules come before the built-in table. */
static struct cause_match
judge_by_rules(void *context, const char *reason)
{
	struct survey *survey = context;
	struct cause_match match;

	if (rules_match(&survey->rules, reason, &match, &survey->limit_hits))
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

int
survey_open(struct survey *survey, const struct options *options, long long now,
	struct error *error)
{
	struct report *report = &survey->report;

	*survey = (struct survey){ .parts = xcalloc(1, sizeof(struct part)) };
	survey->parts[0] = (struct part){
		.name = "",
		.origin = origin_of(options),
	};
	survey->deadline = deadline_in(options->timeout);
	report->tally = &survey->tally;
	report->filter = &options->filter;
	report->thresholds = &options->thresholds;
	report->parts = survey->parts;
	report->part_count = 1;
	report->now = options->now >= 0 ? options->now : now;
	report->top = options->top;
	report->verbosity = options->verbosity;
	tally_init(&survey->tally, &options->filter, report->now, 1);
	survey->tally.ids_kept = options->format->ids_kept;
	if (options->explain && survey->tally.ids_kept == 0)
		survey->tally.ids_kept = 1;
	if (options->mail_log != NULL)
		survey->tally.watched = EXPLAIN_HIDING_TEXT;
	if (options->rules_file == NULL)
		return 0;
	survey->tally.judge = judge_by_rules;
	survey->tally.judge_context = survey;
	return rules_load(&survey->rules, options->rules_file, error);
}

void
survey_release(struct survey *survey)
{
	tally_release(&survey->tally);
	rules_release(&survey->rules);
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

		if (rows->print != NULL && (judged.causes != 0 || rows->all))
			rows->print(rows->out, &survey->report, &message,
				&judged);
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
		struct source source = {
			.input = options->input,
			.format = options->input_format,
			.socket = options->socket,
			.postqueue = options->postqueue,
			.now = report->now,
			.deadline = survey->deadline,
		};

		report->part = part;
		part->complete = read_part(survey, i, &source, rows) == 0;
		part->messages = source.messages;
		part->warning = source.warning;
		report->complete &= part->complete;
		report->timed_out |= source.timed_out;
		source_release(&source);
	}
}

void
survey_read(struct survey *survey, const struct options *options, FILE *out)
{
	struct report *report = &survey->report;
	const struct format *format = options->format;
	struct rows rows = { .out = out, .all = options->verbosity >= 3 };

	if (options->verbosity >= format->details_from)
		rows.print = format->row;
	if (rows.print != NULL && format->details_from > 0)
		rows.out = open_memstream(&survey->details,
			&survey->details_length);
	if (rows.out == NULL)
		rows.print = NULL;
	if (format->begin != NULL)
		format->begin(out, report);
	read_parts(survey, options, &rows);
	if (rows.out != NULL && rows.out != out) {
		fclose(rows.out);
		report->details = survey->details;
	}
	report->limit_hits = survey->limit_hits;
	report->verdict = verdict_of(&survey->tally, report->thresholds,
		report->complete,
		report->timed_out ? options->timeout_state : STATE_UNKNOWN);
}
