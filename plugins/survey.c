/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey.h"

#include <stdlib.h>

void
survey_open(struct survey *survey, const struct options *options, long long now)
{
	struct report *report = &survey->report;

	*survey = (struct survey){ .parts = xcalloc(1, sizeof(struct part)) };
	survey->parts[0] = (struct part){
		.name = "",
		.origin = options->input ? options->input : "postqueue -j",
	};
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
}

void
survey_release(struct survey *survey)
{
	tally_release(&survey->tally);
	free(survey->parts);
}

/* One part to its end: 0 when all of it was read. */
static int
read_part(struct survey *survey, size_t number, struct source *source,
	const struct format *format, FILE *out)
{
	struct message message = MESSAGE_INIT;
	struct error *failure = &survey->parts[number].failure;
	int got = source_open(source, failure);

	while (got >= 0 && (got = source_next(source, &message, failure)) > 0) {
		struct judged judged =
			tally_add(&survey->tally, number, &message);

		if (format->row != NULL && judged.causes != 0)
			format->row(out, &survey->report, &message, &judged);
	}
	message_release(&message);
	return got;
}

void
survey_read(struct survey *survey, const struct options *options, FILE *out)
{
	struct report *report = &survey->report;
	const struct format *format = options->format;
	struct deadline whole = deadline_in(options->timeout);

	report->complete = true;
	if (format->begin != NULL)
		format->begin(out, report);
	for (size_t i = 0; i < report->part_count; i++) {
		struct part *part = &survey->parts[i];
		struct source source = {
			.input = options->input,
			.format = options->input_format,
			.postqueue = options->postqueue,
			.now = report->now,
			.deadline = whole,
		};

		report->part = part;
		part->complete =
			read_part(survey, i, &source, format, out) == 0;
		part->messages = source.messages;
		part->warning = source.warning;
		report->complete &= part->complete;
		report->timed_out |= source.timed_out;
		source_release(&source);
	}
	report->verdict = verdict_of(&survey->tally, report->thresholds,
		report->complete,
		report->timed_out ? options->timeout_state : STATE_UNKNOWN);
}
