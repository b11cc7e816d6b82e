/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/why.h"

#include <stdlib.h>

#include "duration.h"
#include "error.h"

/* Logs and probes quote servers, which may say much. */
#define WHY_LIMIT 400

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
	enum text_reader reader)
{
	fprintf(out, "  %s: ", label);
	text_print(out, text, reader, WHY_LIMIT);
	putc('\n', out);
}

static void
print_finding(FILE *out, const struct mail_log_finding *finding, long long now,
	enum text_reader reader)
{
	char age[DURATION_TEXT];

	fprintf(out, "  log: %s", mail_log_finding_sentence(finding->kind));
	if (finding->detail[0] != '\0') {
		fputs(": ", out);
		text_print(out, finding->detail, reader, WHY_LIMIT);
	}
	if (finding->host[0] != '\0') {
		fputs(", ", out);
		text_print(out, finding->host, reader, WHY_LIMIT);
	}
	if (finding->time > 0 && finding->time <= now) {
		duration_format(age, now - finding->time);
		fprintf(out, ", %s ago", age);
	}
	putc('\n', out);
}

static void
print_policy(FILE *out, const struct policy *policy, enum text_reader reader)
{
	char *sentence = policy_sentence(policy);

	print_line(out, "policy", sentence, reader);
	free(sentence);
	for (size_t i = 0; i < policy->notes.count; i++)
		print_line(out, "note", policy->notes.list[i], reader);
}

void
why_print(FILE *out, const struct why *why, long long now,
	enum text_reader reader)
{
	if (why->has_log)
		print_finding(out, &why->log, now, reader);
	if (why->has_policy)
		print_policy(out, &why->policy, reader);
	if (why->policy_problem != NULL)
		print_line(out, "policy", why->policy_problem, reader);
	if (why->has_probe)
		print_line(out, "probe", why->probe.sentence, reader);
	if (!why->has_advice)
		return;
	print_line(out, "advice", why->advice.sentence, reader);
	if (why->advice.command != NULL)
		print_line(out, "run", why->advice.command, reader);
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
