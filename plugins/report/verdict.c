/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/verdict.h"

#include <string.h>

static const char *const metric_names[METRIC_CAUSE] = {
	[METRIC_MESSAGES] = "messages",
	[METRIC_RECIPIENTS] = "recipients",
	[METRIC_PERCENT] = "percent",
	[METRIC_AGE] = "age",
	[METRIC_UNCLASSIFIED] = "unclassified",
};

void
thresholds_default(struct thresholds *thresholds)
{
	memset(thresholds, 0, sizeof(*thresholds));
	thresholds->warning[METRIC_MESSAGES] =
		(struct range){ .start = 0, .end = 0, .set = true };
	thresholds->critical[METRIC_AGE] =
		(struct range){ .start = 0, .end = 4 * 3600, .set = true };
}

const char *
metric_name(enum metric metric)
{
	if (metric < METRIC_CAUSE)
		return metric_names[metric];
	return cause_name((enum cause)(metric - METRIC_CAUSE));
}

/* The metric of the first `length` bytes; METRIC_COUNT when it is none. */
static enum metric
metric_of(const char *name, size_t length)
{
	int metric;

	for (metric = 0; metric < METRIC_COUNT; metric++) {
		const char *candidate = metric_name((enum metric)metric);

		if (strlen(candidate) == length &&
			strncmp(candidate, name, length) == 0)
			break;
	}
	return (enum metric)metric;
}

int
threshold_parse(const char *text, struct range list[METRIC_COUNT],
	struct error *error)
{
	const char *equals = strchr(text, '=');
	const char *range = equals ? equals + 1 : text;
	enum metric metric = METRIC_MESSAGES;

	if (equals != NULL)
		metric = metric_of(text, (size_t)(equals - text));
	if (metric == METRIC_COUNT)
		return error_set(error,
			"'%.*s' is no metric: messages, recipients, percent, age, unclassified or a cause",
			equals - text < 60 ? (int)(equals - text) : 60, text);
	return range_parse(range,
		metric == METRIC_AGE ? RANGE_DURATION : RANGE_NUMBER,
		&list[metric], error);
}

double
metric_value(enum metric metric, const struct tally *tally)
{
	switch (metric) {
	case METRIC_MESSAGES:
		return (double)tally->all.tls.messages;
	case METRIC_RECIPIENTS:
		return (double)tally->all.tls.recipients;
	case METRIC_PERCENT:
		return figures_percent(&tally->all);
	case METRIC_AGE:
		return (double)tally_age(tally, &tally->all.tls);
	case METRIC_UNCLASSIFIED:
		return (double)tally->all.causes[CAUSE_UNCLASSIFIED].messages;
	default:
		return (double)tally->all.causes[metric - METRIC_CAUSE]
			.messages;
	}
}

static void
judge_list(struct verdict *verdict, enum state level,
	const struct range list[METRIC_COUNT], const struct tally *tally)
{
	for (int metric = 0; metric < METRIC_COUNT; metric++) {
		double value = metric_value((enum metric)metric, tally);

		if (!range_alerts(&list[metric], value))
			continue;
		verdict->state = level;
		verdict->has_alert = true;
		verdict->worst = (struct alert){
			.metric = (enum metric)metric,
			.level = level,
			.value = value,
			.range = list[metric],
		};
		return;
	}
}

struct verdict
verdict_of(const struct tally *tally, const struct thresholds *thresholds,
	bool complete, enum state failure)
{
	struct verdict verdict = {
		.state = STATE_OK,
		.is_judged = complete || tally->all.queue.messages > 0,
	};

	if (verdict.is_judged)
		judge_list(&verdict, STATE_CRITICAL, thresholds->critical,
			tally);
	if (verdict.is_judged && !verdict.has_alert)
		judge_list(&verdict, STATE_WARNING, thresholds->warning, tally);
	if (!complete)
		verdict.state = state_worst(failure, verdict.state);
	return verdict;
}
