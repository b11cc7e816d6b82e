/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A policy as posttls-finger's options, which knows none of main.cf's
 * smtp_ parameters by itself.
 */
#include "tls/probe.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tls/policy_entry.h"

static bool
wants_names(const struct policy *policy)
{
	return policy_level_needs_authority(policy->level) ||
		policy_level_is(policy->level, "fingerprint");
}

/*
 * Without TLS there would be nothing to see, so none is tested as may; an
 * entry with an error, as what it probably should be. At dane posttls-finger
 * keeps to itself whether there were TLSA records, at dane-only it says so;
 * without DNSSEC dane is may (smtp/smtp_tls_policy.c: dane_init()).
 */
static const char *
level_to_test(const struct policy *policy)
{
	struct error error;

	if (policy_level_is(policy->level, "none"))
		return "may";
	if (policy_level_is(policy->level, "dane"))
		return policy->dnssec ? "dane-only" : "may";
	return policy_check(policy->level, 0, &error) == 0 ? policy->level
							   : "secure";
}

/* tls/tls_misc.c: protocol_table[], by age */
static const char *const protocols[] = { "SSLv2", "SSLv3", "TLSv1", "TLSv1.1",
	"TLSv1.2", "TLSv1.3" };
#define PROTOCOLS (sizeof(protocols) / sizeof(*protocols))

static size_t
protocol_of(const char *name)
{
	size_t found = 0;

	while (found < PROTOCOLS && strcasecmp(name, protocols[found]) != 0)
		found++;
	return found;
}

/* The protocols that ">=TLSv1.2" or "<=TLSv1.2" leaves out; or the word. */
static void
add_protocols(const char *word, struct sentences *list)
{
	bool least = strncmp(word, ">=", 2) == 0;
	bool most = strncmp(word, "<=", 2) == 0;
	size_t limit = least || most ? protocol_of(word + 2) : PROTOCOLS;

	if (limit == PROTOCOLS)
		sentences_add(list, "%s", word);
	for (size_t i = 0; limit < PROTOCOLS && i < PROTOCOLS; i++)
		if (least ? i < limit : i > limit)
			sentences_add(list, "!%s", protocols[i]);
}

/*
 * A list in the older way to write it, which has no signs that a monitoring
 * system changes, and which every release reads.
 */
static char *
older_protocols(const char *value)
{
	static const char separators[] = ":, \t";
	struct sentences list = { 0 };
	char *line;

	while (*(value += strspn(value, separators)) != '\0') {
		size_t length = strcspn(value, separators);
		char *word = xstrndup(value, length);

		add_protocols(word, &list);
		free(word);
		value += length;
	}
	line = sentences_join(&list, ":");
	sentences_release(&list);
	return line;
}

/* One argument that is an option with its value; none without a value. */
static void
add_option(const char *option, const char *value, struct sentences *arguments)
{
	if (*value != '\0')
		sentences_add(arguments, "%s%s", option, value);
}

/*
 * Before 3.6 posttls-finger takes a certificate for good when the authority is,
 * whatever the key, where smtp(8) does not.
 */
static void
add_authority(const struct policy *policy, struct sentences *arguments)
{
	if (policy_level_compares_key(policy->level))
		return;
	if (*policy->authority != '\0') {
		sentences_add(arguments, "-F");
		sentences_add(arguments, "%s", policy->authority);
	}
	if (*policy->folder != '\0') {
		sentences_add(arguments, "-P");
		sentences_add(arguments, "%s", policy->folder);
	}
	for (size_t i = 0; i < policy->anchors.count; i++)
		add_option("-A", policy->anchors.list[i], arguments);
}

/* How hosts are found, and what dane is where they are not signed. */
static void
add_lookup(const struct policy *policy, struct sentences *arguments)
{
	add_option("-h", policy->lookup, arguments);
	if (policy_level_is(policy->level, "dane") && policy->dnssec)
		add_option("-M", policy->insecure_mx, arguments);
}

static void
add_handshake(const struct policy *policy, struct sentences *arguments)
{
	char *list = older_protocols(policy->protocols);

	add_option("-g", policy->grade, arguments);
	add_option("-p", list, arguments);
	add_option("-s", policy->server_name, arguments);
	if (policy_level_is(policy->level, "fingerprint"))
		add_option("-d", policy->digest, arguments);
	if (policy->wrapped)
		sentences_add(arguments, "-w");
	for (size_t i = 0; i < policy->settings.count; i++) {
		sentences_add(arguments, "-o");
		sentences_add(arguments, "%s", policy->settings.list[i]);
	}
	free(list);
}

/*
 * LMTP destinations may carry "inet:", and posttls-finger wants it so. It
 * looks for MX records unless the host stands in brackets.
 */
static void
add_destination(const struct policy *policy, struct sentences *arguments)
{
	char *hop = next_hop_first(&policy->next_hop);

	if (policy->lmtp)
		sentences_add(arguments, "inet:%s", policy_key_first(hop));
	else if (!policy->mx && *hop != '[')
		sentences_add(arguments, "[%.*s]%s", (int)strcspn(hop, ":"),
			hop, hop + strcspn(hop, ":"));
	else
		sentences_add(arguments, "%s", hop);
	free(hop);
}

char *
probe_socket(const struct postfix *postfix, const struct policy *policy)
{
	char *hop = next_hop_first(&policy->next_hop);
	char *path = NULL;

	if (policy->lmtp && strncmp(hop, "unix:", 5) == 0)
		path = hop[5] == '/'
			? xstrdup(hop + 5)
			: sentence_format("%s/%s",
				  postfix_parameter(postfix, "queue_directory"),
				  hop + 5);
	free(hop);
	return path;
}

/* Is there anybody who can be talked to? */
static bool
has_destination(const struct policy *policy)
{
	char *hop = next_hop_first(&policy->next_hop);
	bool has = *hop != '\0' &&
		!(policy->lmtp && strncmp(hop, "unix:", 5) == 0);

	free(hop);
	return has;
}

void
probe_arguments(const struct policy *policy, struct sentences *arguments)
{
	const char *match = policy->match;
	char *name;

	if (*policy->level == '\0' || !has_destination(policy))
		return;
	sentences_add(arguments, "posttls-finger");
	sentences_add(arguments, "-c");
	if (policy->lmtp)
		sentences_add(arguments, "-S");
	sentences_add(arguments, "-l");
	sentences_add(arguments, "%s", level_to_test(policy));
	add_authority(policy, arguments);
	add_lookup(policy, arguments);
	add_handshake(policy, arguments);
	sentences_add(arguments, "--");
	add_destination(policy, arguments);
	while (wants_names(policy) && (name = postfix_word(&match)) != NULL) {
		sentences_add(arguments, "%s", name);
		free(name);
	}
}
