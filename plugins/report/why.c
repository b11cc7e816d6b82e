/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/why.h"

#include <stdlib.h>
#include <string.h>

#include "duration.h"
#include "error.h"

/* Logs and probes quote servers, which may say much. */
#define WHY_LIMIT 400
/* Advice has commands in it, which are of no use when they are cut. */
#define ADVICE_LIMIT 2000

static void
why_release(struct why *why)
{
	policy_release(&why->policy);
	advice_release(&why->advice);
	probe_release(&why->probe);
	free(why->policy_problem);
}

void
whys_release(struct whys *whys)
{
	for (size_t i = 0; i < whys->count; i++)
		why_release(&whys->list[i]);
	free(whys->list);
	sentences_release(&whys->warnings);
	*whys = (struct whys){ .list = NULL };
}

const char *
why_probe_name(enum probe_verdict verdict)
{
	static const char *const names[] = {
		[PROBE_PASSES] = "passes",
		[PROBE_FAILS] = "fails",
		[PROBE_UNSURE] = "unsure",
		[PROBE_NOT_DONE] = "not_done",
	};

	return names[verdict];
}

static void
print_line(FILE *out, const char *label, const char *text,
	const struct why_style *style)
{
	fprintf(out, "%s%s: ", style->indent, label);
	text_print(out, text, style->reader, WHY_LIMIT);
	putc('\n', out);
}

static void
print_advice(FILE *out, const struct advice *advice,
	const struct why_style *style)
{
	fprintf(out, "%sadvice: ", style->indent);
	text_print(out, advice->sentence, style->reader, ADVICE_LIMIT);
	putc('\n', out);
	if (advice->command == NULL || strlen(advice->command) > ADVICE_LIMIT)
		return;
	fprintf(out, "%srun: ", style->indent);
	text_print(out, advice->command, style->reader, 0);
	putc('\n', out);
}

static void
print_finding(FILE *out, const struct mail_log_finding *finding,
	const struct why_style *style)
{
	char age[DURATION_TEXT];

	fprintf(out, "%slog: %s", style->indent,
		mail_log_finding_sentence(finding->kind));
	if (finding->detail[0] != '\0') {
		fputs(": ", out);
		text_print(out, finding->detail, style->reader, WHY_LIMIT);
	}
	if (finding->host[0] != '\0') {
		fputs(", ", out);
		text_print(out, finding->host, style->reader, WHY_LIMIT);
	}
	if (finding->time > 0 && finding->time <= style->now) {
		duration_format(age, style->now - finding->time);
		fprintf(out, ", %s ago", age);
	}
	putc('\n', out);
}

static void
print_policy(FILE *out, const struct policy *policy,
	const struct why_style *style)
{
	char *sentence = policy_sentence(policy);

	print_line(out, "policy", sentence, style);
	free(sentence);
	for (size_t i = 0; i < policy->notes.count; i++)
		print_line(out, "note", policy->notes.list[i], style);
}

void
why_print(FILE *out, const struct why *why, const struct why_style *style)
{
	if (why->has_log)
		print_finding(out, &why->log, style);
	if (why->has_policy)
		print_policy(out, &why->policy, style);
	if (why->policy_problem != NULL)
		print_line(out, "policy", why->policy_problem, style);
	if (why->has_probe)
		print_line(out, "probe", why->probe.sentence, style);
	if (why->has_advice)
		print_advice(out, &why->advice, style);
}

void
why_print_warnings(FILE *out, const struct whys *whys, enum text_reader reader)
{
	for (size_t i = 0; i < whys->warnings.count; i++) {
		fputs("warning: ", out);
		text_print(out, whys->warnings.list[i], reader, 0);
		putc('\n', out);
	}
}
