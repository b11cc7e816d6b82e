/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain.h"

#include <stdlib.h>
#include <string.h>

#include "tls/detour.h"
#include "tls/pitfall.h"

static void
warn(struct explanation *explanation, const struct error *error)
{
	sentences_add(&explanation->whys.warnings, "%s", error->text);
}

/* Of named instances, other ones' lines don't count. */
static void
name_programs(const struct survey *survey, struct sentences *names)
{
	const struct instance_list *instances = &survey->instances;
	struct error error;

	for (size_t i = 0; i < instances->count; i++)
		if (postfix_log_names(instances->items[i].directory,
			    &survey->deadline, names, &error) < 0) {
			sentences_release(names);
			return;
		}
}

static void
ask_log(struct explanation *explanation, const struct options *options,
	const struct survey *survey)
{
	struct mail_log_source source = { .path = options->mail_log,
		.now = survey->report.now };
	struct error error;
	int result;

	name_programs(survey, &source.names);
	result = mail_log_read(&explanation->log, &source, &survey->deadline,
		&error);
	sentences_release(&source.names);
	if (result < 0)
		warn(explanation, &error);
	else if (!explanation->log.known)
		sentences_add(&explanation->whys.warnings,
			"%s has no line of Postfix's smtp, lmtp or error from "
			"the last 24 hours: is it the mail log, was it rotated "
			"just now, and, of journalctl, is it -o short-iso?",
			strcmp(options->mail_log, "-") == 0
				? "the mail log on standard input"
				: options->mail_log);
}

/* What the log has on a domain, if it belongs to the reason; NULL. */
static const struct mail_log_finding *
find_in_log(const struct explanation *explanation, const char *domain,
	const char *reason)
{
	const struct mail_log_finding *finding =
		mail_log_find(&explanation->log, domain);

	return finding != NULL && mail_log_explains(finding->kind, reason)
		? finding
		: NULL;
}

static void
take_log(const struct explanation *explanation, struct why *why,
	const struct destination *destination)
{
	const struct mail_log_finding *finding = find_in_log(explanation,
		destination->domain, destination->reason);

	why->has_log = finding != NULL;
	if (finding != NULL)
		why->log = *finding;
}

/*
 * Two faults of the policy hide behind a general text: of mail that waits
 * with it, the log is asked, too.
 */
static void
name_hidden(struct explanation *explanation, const struct tally *tally)
{
	size_t count;
	const struct destination **watched = tally_watched(tally, &count);

	for (size_t i = 0; i < count; i++) {
		const struct mail_log_finding *finding =
			find_in_log(explanation, watched[i]->domain,
				MAIL_LOG_HIDING_TEXT);

		if (finding != NULL)
			sentences_add(&explanation->whys.warnings,
				"%s: %lu message%s as \"%s\": %s%s%s",
				watched[i]->domain, watched[i]->count.messages,
				watched[i]->count.messages == 1 ? " waits"
								: "s wait",
				MAIL_LOG_HIDING_TEXT,
				mail_log_finding_sentence(finding->kind),
				finding->detail[0] ? ": " : "",
				finding->detail);
	}
	free(watched);
}

/* The server that the mail met, by its reason or the log; NULL. */
static const char *
server_of(const struct why *why, const struct destination *destination)
{
	const char *server = detour_server(destination->reason);

	return server == NULL && why->has_log && why->log.direct ? why->log.host
								 : server;
}

/* The policy for a destination; why there is none is kept as well. */
static void
ask_policy(struct explanation *explanation, struct why *why,
	const struct destination *destination)
{
	const char *domain = destination->domain;
	const char *server = server_of(why, destination);
	struct error error;

	if (domain[0] == '\0')
		return;
	why->has_policy = policy_of(&explanation->postfix, domain, &why->policy,
				  &error) == 0;
	if (!why->has_policy)
		why->policy_problem = xstrdup(error.text);
	else if (server != NULL)
		detour_take(&explanation->postfix, &explanation->hops, server,
			&why->policy);
}

/* At a known level, a mismatch is one of a name, a fingerprint, ... */
static void
name_mismatch(struct why *why)
{
	if (why->has_log && why->has_policy)
		why->log.kind =
			mail_log_finding_at(why->log.kind, why->policy.level);
}

/*
 * Until 3.5, "not verified" is a certificate that is trusted but not the one
 * that is wanted, and the log may say nothing of it.
 */
static enum log_finding
finding_of(const struct explanation *explanation, const struct why *why,
	enum cause cause)
{
	int version = postfix_version(&explanation->postfix);

	if (why->has_log)
		return why->log.kind;
	if (why->has_probe && why->probe.verdict == PROBE_FAILS &&
		why->probe.fault != LOG_NOTHING)
		return why->probe.fault;
	if (cause == CAUSE_CERT_UNVERIFIED && why->has_policy && version != 0 &&
		version < EXPLAIN_ONE_TEXT)
		return mail_log_finding_at(LOG_MISMATCH, why->policy.level);
	return LOG_NOTHING;
}

static void
give_advice(struct explanation *explanation, struct why *why,
	const struct destination *destination)
{
	struct advice_case what = { .cause = destination->cause };

	what.finding = finding_of(explanation, why, what.cause);
	what.policy = why->has_policy ? &why->policy : NULL;
	what.works = why->has_probe && why->probe.verdict == PROBE_PASSES;
	if (destination->id_count > 0)
		what.queue_id = destination->ids[0];
	why->has_advice = true;
	why->advice = advice_of(&explanation->postfix, &what);
}

/* The destinations of one instance, and how it is called. */
struct asked {
	const struct destination *const *worst; /* of all instances */
	size_t instance;
	const char *name; /* "" of the only one */
};

/* Whether the destination's mail waits in that instance. */
static bool
is_of(const struct asked *asked, size_t number)
{
	return asked->worst[number]->instance == asked->instance;
}

static void
probe(struct explanation *explanation, const struct asked *asked)
{
	struct whys *whys = &explanation->whys;
	const struct policy **policies =
		xcalloc(whys->count, sizeof(policies[0]));
	struct why **probed = xcalloc(whys->count, sizeof(probed[0]));
	struct probe *probes = xcalloc(whys->count, sizeof(probes[0]));
	size_t count = 0;

	for (size_t i = 0; i < whys->count; i++)
		if (is_of(asked, i) && whys->list[i].has_policy) {
			probed[count] = &whys->list[i];
			policies[count++] = &whys->list[i].policy;
		}
	probe_run(&explanation->postfix, policies, count, probes);
	for (size_t i = 0; i < count; i++) {
		probed[i]->has_probe = true;
		probed[i]->probe = probes[i];
	}
	free(policies);
	free(probed);
	free(probes);
}

/* Policies, advice and probes, of one Postfix. */
static void
ask_postfix(struct explanation *explanation, const struct options *options,
	const struct asked *asked)
{
	struct whys *whys = &explanation->whys;

	for (size_t i = 0; i < whys->count; i++) {
		if (!is_of(asked, i))
			continue;
		ask_policy(explanation, &whys->list[i], asked->worst[i]);
		name_mismatch(&whys->list[i]);
	}
	if (options->probe)
		probe(explanation, asked);
	for (size_t i = 0; i < whys->count && options->explain; i++)
		if (is_of(asked, i))
			give_advice(explanation, &whys->list[i],
				asked->worst[i]);
	if (options->explain)
		pitfall_find(&explanation->postfix, &explanation->hops,
			&whys->warnings);
}

/* The instance's name in front of the warnings from the first one on. */
static void
name_warnings(struct sentences *warnings, size_t first, const char *name)
{
	for (size_t i = first; name[0] != '\0' && i < warnings->count; i++) {
		char *text = warnings->list[i];

		warnings->list[i] =
			sentence_format("instance %s: %s", name, text);
		free(text);
	}
}

static void
ask_instance(struct explanation *explanation, const struct options *options,
	const struct survey *survey, const struct asked *asked)
{
	struct sentences *warnings = &explanation->whys.warnings;
	const char *directory = survey->instances.count > 0
		? survey->instances.items[asked->instance].directory
		: NULL;
	size_t first = warnings->count;
	struct error error;

	if (postfix_open(&explanation->postfix, directory, &survey->deadline,
		    &error) == 0)
		ask_postfix(explanation, options, asked);
	else
		warn(explanation, &error);
	name_warnings(warnings, first, asked->name);
	hops_release(&explanation->hops);
	postfix_release(&explanation->postfix);
}

static void
ask_instances(struct explanation *explanation, const struct options *options,
	const struct survey *survey, const struct destination *const *worst)
{
	const struct report *report = &survey->report;

	for (size_t i = 0; i < report->part_count; i++) {
		const struct asked asked = {
			.worst = worst,
			.instance = i,
			.name = report->part_count > 1 ? report->parts[i].name
						       : "",
		};

		ask_instance(explanation, options, survey, &asked);
	}
}

void
explain(struct explanation *explanation, const struct options *options,
	const struct survey *survey)
{
	struct whys *whys = &explanation->whys;
	size_t count;
	const struct destination **worst = tally_worst(&survey->tally, &count);

	if (count > options->top)
		count = options->top;
	whys->list = xcalloc(count, sizeof(*whys->list));
	whys->count = count;
	if (options->mail_log != NULL)
		ask_log(explanation, options, survey);
	for (size_t i = 0; i < count; i++)
		take_log(explanation, &whys->list[i], worst[i]);
	name_hidden(explanation, &survey->tally);
	if (options->explain || options->probe)
		ask_instances(explanation, options, survey, worst);
	if (options->explain && options->input != NULL && count > 0)
		sentences_add(&whys->warnings,
			"policies, advice and commands are of this machine's "
			"Postfix: run it where %s comes from, if that is "
			"another",
			strcmp(options->input, "-") == 0 ? "the listing"
							 : options->input);
	free(worst);
}

void
explanation_release(struct explanation *explanation)
{
	whys_release(&explanation->whys);
	mail_log_release(&explanation->log);
}
