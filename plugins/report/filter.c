/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/filter.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer senders are cut before they are compared: RFC 5321 ends at 320. */
#define ADDRESS_TEXT 512

/* All but what the postmaster keeps back; a queue of a name not known, too. */
static const unsigned default_queues = 1U << QUEUE_INCOMING |
	1U << QUEUE_ACTIVE | 1U << QUEUE_DEFERRED | 1U << QUEUE_OTHER;
static const unsigned every_cause = (1U << (CAUSE_UNCLASSIFIED + 1)) - 1;

void
filter_init(struct filter *filter)
{
	*filter = (struct filter){
		.queues = default_queues,
		.wanted_causes = every_cause,
	};
}

static void
globs_release(struct globs *globs)
{
	for (size_t i = 0; i < globs->count; i++)
		free(globs->patterns[i]);
	free(globs->patterns);
}

void
filter_release(struct filter *filter)
{
	globs_release(&filter->domains);
	globs_release(&filter->not_domains);
	globs_release(&filter->senders);
	globs_release(&filter->not_senders);
	filter_init(filter);
}

bool
filter_has_domains(const struct filter *filter)
{
	return filter->domains.count > 0 || filter->not_domains.count > 0;
}

bool
filter_is_on(const struct filter *filter)
{
	return filter->queues != default_queues ||
		filter->wanted_causes != every_cause ||
		filter->unwanted_causes != 0 || filter->min_age > 0 ||
		filter_has_domains(filter) || filter->senders.count > 0 ||
		filter->not_senders.count > 0;
}

unsigned
filter_causes(const struct filter *filter)
{
	return filter->wanted_causes & ~filter->unwanted_causes;
}

static bool
has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if (iscntrl((unsigned char)*text))
			return true;
	return false;
}

static void
lower(char *to, size_t room, const char *from)
{
	size_t i;

	for (i = 0; i + 1 < room && from[i] != '\0'; i++)
		to[i] = (char)tolower((unsigned char)from[i]);
	to[i] = '\0';
}

static int
globs_add(struct globs *globs, const char *pattern, struct error *error)
{
	char *copy;

	if (pattern[0] == '\0')
		return error_set(error, "the pattern is empty");
	/* Postfix lists '?' in their place. */
	if (has_control(pattern))
		return error_set(error,
			"'%.60s' matches nothing: it has a control character, the CR of a DOS line perhaps",
			pattern);
	if (strlen(pattern) >= ADDRESS_TEXT)
		return error_set(error,
			"'%.60s...' matches nothing: it is longer than any address",
			pattern);
	if (strchr(pattern, ',') != NULL && strchr(pattern, '"') == NULL)
		return error_set(error,
			"'%.60s' is one pattern, no list: give the option once for each",
			pattern);
	globs->patterns = xrealloc(globs->patterns, globs->count + 1,
		sizeof(*globs->patterns));
	copy = xstrdup(pattern);
	lower(copy, strlen(copy) + 1, copy);
	globs->patterns[globs->count++] = copy;
	return 0;
}

int
globs_add_sender(struct globs *globs, const char *pattern, struct error *error)
{
	size_t length = strlen(pattern);

	if (strcmp(pattern, "<>") == 0)
		return error_set(error,
			"no sender matches: that of a bounce is MAILER-DAEMON");
	if (length > 2 && pattern[0] == '<' && pattern[length - 1] == '>')
		return error_set(error,
			"no sender matches: leave out the angle brackets, '%.*s'",
			length > 62 ? 60 : (int)length - 2, pattern + 1);
	return globs_add(globs, pattern, error);
}

/* "[192.0.2.1]" is a domain, and as a pattern one letter of these. */
static bool
is_bare_literal(const char *pattern)
{
	size_t length = strcspn(pattern, "]");

	return pattern[0] == '[' && strcmp(pattern + length, "]") == 0 &&
		strcspn(pattern, ".:") < length;
}

int
globs_add_domain(struct globs *globs, const char *pattern, struct error *error)
{
	const char *odd = strpbrk(pattern, "@\" ");

	if (odd != NULL)
		return error_set(error,
			"'%.60s' matches no domain: none has a '%c' in it",
			pattern, *odd);
	if (pattern[0] == '.')
		return error_set(error,
			"'%.60s' matches no domain: none begins with a dot, see '*%.60s'",
			pattern, pattern);
	if (pattern[0] != '\0' && pattern[strlen(pattern) - 1] == '.')
		return error_set(error,
			"'%.60s' matches no domain: Postfix takes off the dot at the end",
			pattern);
	if (is_bare_literal(pattern))
		return error_set(error,
			"'%.60s' matches no domain but one letter: put a backslash in front of it",
			pattern);
	return globs_add(globs, pattern, error);
}

static bool
globs_match(const struct globs *globs, const char *lower_text)
{
	for (size_t i = 0; i < globs->count; i++)
		if (fnmatch(globs->patterns[i], lower_text, 0) == 0)
			return true;
	return false;
}

/* Some list to be on, when there is one, and a list not to be on. */
static bool
globs_pass(const struct globs *wanted, const struct globs *unwanted,
	const char *lower_text)
{
	return (wanted->count == 0 || globs_match(wanted, lower_text)) &&
		!globs_match(unwanted, lower_text);
}

bool
filter_passes_message(const struct filter *filter,
	const struct message *message, long long now)
{
	char sender[ADDRESS_TEXT];

	if ((filter->queues & 1U << message->queue) == 0)
		return false;
	if (filter->min_age > 0 && message->arrival != 0 &&
		(double)(now - message->arrival) < filter->min_age)
		return false;
	if (filter->senders.count == 0 && filter->not_senders.count == 0)
		return true;
	/* As Postfix calls the sender of a bounce, and other listings do not. */
	lower(sender, sizeof(sender),
		message->sender[0] != '\0' ? message->sender : "MAILER-DAEMON");
	return globs_pass(&filter->senders, &filter->not_senders, sender);
}

bool
filter_passes_domain(const struct filter *filter, const char *domain)
{
	return globs_pass(&filter->domains, &filter->not_domains, domain);
}

void
address_domain(const char *address, char domain[DOMAIN_TEXT])
{
	const char *at = strrchr(address, '@');

	lower(domain, DOMAIN_TEXT, at ? at + 1 : "");
}

/*
 * The next name of a comma-separated list, which moves behind its comma; NULL
 * when it was the last one. A name may be empty, the list as a whole not.
 */
static const char *
next_name(const char *list, char name[64])
{
	size_t length = strcspn(list, ",");

	snprintf(name, 64, "%.*s", (int)(length < 63 ? length : 63), list);
	return list[length] == ',' ? list + length + 1 : NULL;
}

int
filter_parse_queues(const char *list, unsigned *bits, struct error *error)
{
	char name[64];
	const char *rest = list;

	*bits = 0;
	if (list[0] == '\0')
		return error_set(error, "the list is empty");
	while (rest != NULL) {
		enum queue queue;

		rest = next_name(rest, name);
		queue = queue_of_name(name);
		if (strcmp(name, "all") == 0)
			*bits |= (1U << QUEUE_COUNT) - 1;
		else if (queue == QUEUE_OTHER)
			return error_set(error,
				"'%s' is no queue: incoming, active, deferred, hold, maildrop or all",
				name);
		else
			*bits |= 1U << queue;
	}
	return 0;
}

int
filter_parse_causes(const char *list, unsigned *bits, struct error *error)
{
	char name[64];
	const char *rest = list;

	*bits = 0;
	if (list[0] == '\0')
		return error_set(error, "the list is empty");
	while (rest != NULL) {
		enum cause cause;

		rest = next_name(rest, name);
		cause = cause_of_name(name);
		if (cause > CAUSE_UNCLASSIFIED)
			return error_set(error,
				"'%s' is no cause; -h lists them", name);
		*bits |= 1U << cause;
	}
	return 0;
}
