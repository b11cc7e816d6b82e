/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>

#include "report/verdict.h"

static const long long now = 1700000000;

struct numbers {
	unsigned long tls, recipients, counted, not_offered, unclassified;
	long long age;
};

static void
fill(struct tally *tally, const struct filter *filter,
	const struct numbers *numbers)
{
	tally_init(tally, filter, now, 1);
	tally->all.messages = numbers->counted;
	tally->all.queue.messages = numbers->counted;
	tally->all.tls.messages = numbers->tls;
	tally->all.tls.recipients = numbers->recipients;
	tally->all.tls.oldest = numbers->tls ? now - numbers->age : 0;
	tally->all.causes[CAUSE_NOT_OFFERED].messages = numbers->not_offered;
	tally->all.causes[CAUSE_UNCLASSIFIED].messages = numbers->unclassified;
}

static const struct numbers none = { 0, 0, 10, 0, 0, 0 };
static const struct numbers unread = { 0, 0, 0, 0, 0, 0 };
static const struct numbers some = { 4, 9, 10, 3, 0, 7200 };
static const struct numbers old = { 1, 1, 10, 1, 2, 14401 };

static const struct {
	const char *name;
	const struct numbers *numbers;
	const char *warning, *critical; /* NULL, NULL: the defaults */
	int incomplete;
	enum state want;
	const char *metric; /* of the alert, NULL: none */
} cases[] = {
	{ "default, none", &none, NULL, NULL, 0, STATE_OK, NULL },
	{ "default, some", &some, NULL, NULL, 0, STATE_WARNING, "messages" },
	{ "default, old", &old, NULL, NULL, 0, STATE_CRITICAL, "age" },
	{ "replaced", &old, "5", NULL, 0, STATE_OK, NULL },
	{ "at the bound", &some, "4", "5", 0, STATE_OK, NULL },
	{ "above", &some, "2", "3", 0, STATE_CRITICAL, "messages" },
	{ "recipients", &some, "recipients=8", NULL, 0, STATE_WARNING,
		"recipients" },
	{ "percent", &some, "percent=39.9", NULL, 0, STATE_WARNING, "percent" },
	{ "percent of none", &none, "percent=0", NULL, 0, STATE_OK, NULL },
	{ "age in hours", &some, NULL, "age=2h", 0, STATE_OK, NULL },
	{ "age in minutes", &some, NULL, "age=119m", 0, STATE_CRITICAL, "age" },
	{ "a cause", &some, "not_offered=2", NULL, 0, STATE_WARNING,
		"not_offered" },
	{ "another cause", &some, "policy_error=0", NULL, 0, STATE_OK, NULL },
	{ "unclassified", &old, "unclassified=0", NULL, 0, STATE_WARNING,
		"unclassified" },
	{ "inside", &some, "@4:4", NULL, 0, STATE_WARNING, "messages" },
	{ "too few", &none, "1:", NULL, 0, STATE_WARNING, "messages" },
	{ "incomplete", &none, NULL, NULL, 1, STATE_UNKNOWN, NULL },
	{ "incomplete, too few so far", &none, "1:", NULL, 1, STATE_WARNING,
		"messages" },
	{ "nothing read", &unread, "1:", "@0", 1, STATE_UNKNOWN, NULL },
	{ "nothing there", &unread, "1:", NULL, 0, STATE_WARNING, "messages" },
	{ "incomplete, but enough", &some, NULL, NULL, 1, STATE_WARNING,
		"messages" },
};

static void
verdict_states(void **state)
{
	struct filter filter;

	(void)state;
	filter_init(&filter);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct thresholds thresholds = { 0 };
		struct verdict verdict;
		struct tally tally;
		struct error error;

		if (cases[i].warning == NULL && cases[i].critical == NULL)
			thresholds_default(&thresholds);
		if (cases[i].warning != NULL)
			assert_int_equal(threshold_parse(cases[i].warning,
						 thresholds.warning, &error),
				0);
		if (cases[i].critical != NULL)
			assert_int_equal(threshold_parse(cases[i].critical,
						 thresholds.critical, &error),
				0);
		fill(&tally, &filter, cases[i].numbers);
		verdict = verdict_of(&tally, &thresholds, !cases[i].incomplete,
			STATE_UNKNOWN);
		expect(verdict.state == cases[i].want, "%s: got %s, want %s",
			cases[i].name, state_name(verdict.state),
			state_name(cases[i].want));
		expect(verdict.has_alert == (cases[i].metric != NULL) &&
				(!verdict.has_alert ||
					strcmp(metric_name(verdict.worst
								   .metric),
						cases[i].metric) == 0),
			"%s: another alert", cases[i].name);
		tally_release(&tally);
	}
}

/* One message of a million is not "percent 0 is above 0". */
static void
verdict_small_percent(void **state)
{
	struct numbers few = some;
	struct filter filter;
	struct tally tally;
	double got, want = 0.01;

	(void)state;
	filter_init(&filter);
	few.tls = 1;
	few.counted = 1000000;
	fill(&tally, &filter, &few);
	got = metric_value(METRIC_PERCENT, &tally);
	expect(got == want, "got %g, want %g", got, want);
	tally_release(&tally);
}

static void
verdict_timeout_state(void **state)
{
	struct thresholds thresholds = { 0 };
	struct filter filter;
	struct tally tally;

	(void)state;
	filter_init(&filter);
	fill(&tally, &filter, &none);
	assert_int_equal(verdict_of(&tally, &thresholds, false, STATE_CRITICAL)
				 .state,
		STATE_CRITICAL);
	tally_release(&tally);
}

static void
thresholds_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "", "''" },
		{ "x", "'x'" },
		{ "colour=1", "'colour' is no metric" },
		{ "=1", "'' is no metric" },
		{ "messages=", "''" },
		{ "messages=4h", "'4h'" },
		{ "age=4y", "'4y'" },
		{ "other=1", "'other' is no metric" },
		{ "5:1", "'5:1'" },
	};
	struct range list[METRIC_COUNT];
	struct error error;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		expect(threshold_parse(bad[i].text, list, &error) == -1,
			"'%s' was taken", bad[i].text);
		expect(strstr(error.text, bad[i].says) != NULL,
			"'%s': the error is: %s", bad[i].text, error.text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdict_states),
		cmocka_unit_test(verdict_small_percent),
		cmocka_unit_test(verdict_timeout_state),
		cmocka_unit_test(thresholds_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
