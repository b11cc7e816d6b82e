/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way of smtp/smtp_tls_policy.c: the next-hop is looked up as it is
 * written, a plain name's parents follow, and only without any entry the
 * global level counts. Each parameter may be another one for one service of
 * master.cf, and has a name of its own for LMTP.
 */
#include "tls/policy.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tls/policy_client.h"
#include "tls/policy_entry.h"

/* The texts that every policy has, but for the domain's and the next-hop's. */
static const size_t texts[] = {
	offsetof(struct policy, level),
	offsetof(struct policy, attributes),
	offsetof(struct policy, table),
	offsetof(struct policy, key),
	offsetof(struct policy, parameter),
	offsetof(struct policy, authority),
	offsetof(struct policy, folder),
	offsetof(struct policy, match),
	offsetof(struct policy, digest),
	offsetof(struct policy, protocols),
	offsetof(struct policy, server_name),
	offsetof(struct policy, grade),
	offsetof(struct policy, lookup),
	offsetof(struct policy, insecure_mx),
	offsetof(struct policy, root),
	offsetof(struct policy, others),
};
#define TEXTS (sizeof(texts) / sizeof(*texts))

static char **
text_of(struct policy *policy, size_t number)
{
	return (char **)((char *)policy + texts[number]);
}

/*
 * tls/tls_certkey.c: tls_append_default_CA appends to these, and does nothing
 * by itself.
 */
bool
policy_has_authority(const struct postfix *postfix,
	const struct policy_client *client, const char *entry)
{
	static const char *const sources[] = { "tls_CAfile", "tls_CApath",
		"tls_trust_anchor_file" };
	char *file = policy_attribute(entry, "tafile");
	bool given = file != NULL;

	free(file);
	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++)
		given = given ||
			*policy_parameter(postfix, client, sources[i], NULL) !=
				'\0';
	return given;
}

int
policy_client_of(const struct postfix *postfix, const char *transport,
	struct policy_client *client)
{
	const char *agent = postfix_agent(postfix, transport);

	client->transport = transport;
	client->lmtp = strcmp(agent, "lmtp") == 0;
	return client->lmtp || strcmp(agent, "smtp") == 0;
}

struct policy_client
policy_own_client(const struct policy *policy)
{
	return (struct policy_client){ policy->next_hop.transport,
		policy->lmtp };
}

const char *
policy_parameter(const struct postfix *postfix,
	const struct policy_client *client, const char *name, char **source)
{
	char *full =
		sentence_format("%s_%s", client->lmtp ? "lmtp" : "smtp", name);
	const char *value = postfix_override(postfix, client->transport, full);

	if (source != NULL && value != NULL)
		*source =
			sentence_format("%s/unix/%s", client->transport, full);
	else if (source != NULL)
		*source = xstrdup(full);
	if (value == NULL)
		value = postfix_parameter(postfix, full);
	free(full);
	return value;
}

bool
policy_source_is_service(const char *source)
{
	return strchr(source, '/') != NULL;
}

void
policy_source_words(const struct postfix *postfix, const char *source,
	struct sentences *words)
{
	postfix_command_words(postfix, "postconf", words);
	if (policy_source_is_service(source))
		sentences_add(words, "-P");
	sentences_add(words, "%s", source);
}

char *
policy_source_setting(const struct postfix *postfix, const char *source,
	const char *value)
{
	char *head = postfix_command(postfix, "postconf");
	char *command = sentence_format("'%s %s %s=%s'", head,
		policy_source_is_service(source) ? "-P" : "-e", source, value);

	free(head);
	return command;
}

bool
policy_file_is_missing(const char *path)
{
	struct stat status;

	return stat(path, &status) != 0 &&
		(errno == ENOENT || errno == ENOTDIR);
}

char *
policy_inside(const struct postfix *postfix, const struct policy_client *client,
	const char *path)
{
	return sentence_format("%s%s", postfix_root(postfix, client->transport),
		path);
}

bool
policy_says_yes(const struct postfix *postfix,
	const struct policy_client *client, const char *name)
{
	return strcmp(policy_parameter(postfix, client, name, NULL), "yes") ==
		0;
}

bool
policy_has_dnssec(const struct postfix *postfix,
	const struct policy_client *client)
{
	const char *hosts =
		policy_parameter(postfix, client, "host_lookup", NULL);
	const char *support =
		policy_parameter(postfix, client, "dns_support_level", NULL);

	return strstr(hosts, "dns") != NULL && strcmp(support, "dnssec") == 0;
}

/* smtp/smtp_tls_policy.c: global_tls_level(). */
const char *
policy_global_level(const struct postfix *postfix,
	const struct policy_client *client, char **source)
{
	const char *level =
		policy_parameter(postfix, client, "tls_security_level", source);
	const char *name = NULL;

	if (*level != '\0')
		return level;
	level = "none";
	if (policy_says_yes(postfix, client, "enforce_tls")) {
		name = "enforce_tls";
		level = policy_says_yes(postfix, client, "tls_enforce_peername")
			? "verify"
			: "encrypt";
	} else if (policy_says_yes(postfix, client, "use_tls")) {
		name = "use_tls";
		level = "may";
	}
	if (name != NULL) {
		free(*source);
		policy_parameter(postfix, client, name, source);
	}
	return level;
}

static const char *
prefixed_parameter(const struct postfix *postfix, const struct policy *policy,
	const char *name, char **source)
{
	struct policy_client client = policy_own_client(policy);

	return policy_parameter(postfix, &client, name, source);
}

/* Splits "LEVEL attributes" into the policy. */
static void
take_entry(const struct postfix *postfix, struct policy *policy,
	struct postfix_answer *answer)
{
	const char *rest = answer->value;
	char *level = postfix_word(&rest);
	struct error error = { 0 };

	policy->level = level != NULL ? level : xstrdup("");
	rest += strspn(rest, ", \t");
	policy->attributes = xstrdup(rest);
	policy->table = xstrdup(answer->map);
	policy->key = xstrdup(answer->key);
	policy->valid = policy_check(answer->value, postfix_version(postfix),
				&error) == 0;
	if (!policy->valid)
		sentences_once(&policy->notes,
			"the entry %s in %s has an error, so Postfix defers "
			"all its mail: %s",
			answer->key, answer->map, error.text);
}

static void
take_global(const struct postfix *postfix, struct policy *policy)
{
	struct policy_client client = policy_own_client(policy);
	char *source;
	const char *level = policy_global_level(postfix, &client, &source);

	free(policy->parameter);
	policy->parameter = source;
	policy->level = xstrdup(level);
	if (!policy_level_exists(level))
		sentences_add(&policy->doubts,
			"%s = %s: there is no such level", source, level);
	policy->attributes = xstrdup("");
	policy->table = xstrdup("");
	policy->key = xstrdup("");
	policy->valid = true;
}

/* Up to and with this one; all of them when it is "". */
static char *
maps_until(const char *maps, const char *last)
{
	const char *end = maps;
	bool found = false;
	char *word;

	while (!found && (word = postfix_word(&end)) != NULL) {
		found = strcmp(word, last) == 0;
		free(word);
	}
	return xstrndup(maps, (size_t)(end - maps));
}

/* Postfix gives up at the first map that fails, and knows those we may not. */
static void
doubt_maps(const struct postfix *postfix, const char *maps,
	const struct postfix_answer *answer, struct policy *policy)
{
	const char *first = policy_key_first(policy->next_hop.destination);
	bool whole = answer->key == NULL || strcmp(answer->key, first) != 0;
	char *asked = maps_until(maps, whole ? "" : answer->map);

	postfix_note_broken(postfix, asked, &policy->doubts);
	postfix_note_broken(postfix,
		postfix_parameter(postfix, "transport_maps"), &policy->doubts);
	free(asked);
}

/*
 * smtp/smtp_connect.c: of "[one]:25, two" each is tried in turn, and looked up
 * by itself; the first is the one that is shown.
 */
static int
find_entry(struct postfix *postfix, struct policy *policy,
	struct postfix_answer *answer, struct error *error)
{
	const char *maps = prefixed_parameter(postfix, policy,
		"tls_policy_maps", &policy->parameter);
	char *hop = next_hop_first(&policy->next_hop);
	struct postfix_question question = { maps, policy_key_first(hop),
		POSTFIX_KEY_WHOLE };
	int found = 0;

	while (found == 0 && question.key != NULL) {
		found = postfix_lookup(postfix, &question, answer, error);
		question.key = policy_key_next(question.key);
	}
	if (next_hop_has_others(&policy->next_hop))
		sentences_once(&policy->notes,
			"%s has several next-hops; this is the policy of the "
			"first",
			policy->next_hop.source);
	free(hop);
	postfix_note_broken(postfix, maps, &policy->notes);
	doubt_maps(postfix, maps, answer, policy);
	return found;
}

static void
note_per_site(const struct postfix *postfix, struct policy *policy)
{
	const char *prefix = policy->lmtp ? "lmtp" : "smtp";

	if (*prefixed_parameter(postfix, policy, "tls_policy_maps", NULL) !=
			'\0' ||
		*prefixed_parameter(postfix, policy, "tls_per_site", NULL) ==
			'\0')
		return;
	sentences_once(&policy->notes,
		"the obsolete %s_tls_per_site is set and may say otherwise for "
		"a server",
		prefix);
	sentences_add(&policy->doubts,
		"the obsolete %s_tls_per_site may say otherwise", prefix);
}

static int
take_level(struct postfix *postfix, struct policy *policy, struct error *error)
{
	struct postfix_answer answer = { 0 };
	int found = find_entry(postfix, policy, &answer, error);

	if (found > 0)
		take_entry(postfix, policy, &answer);
	else if (found == 0)
		take_global(postfix, policy);
	postfix_answer_release(&answer);
	if (found == 0)
		note_per_site(postfix, policy);
	return found < 0 ? -1 : 0;
}

/* smtp/smtp_tls_policy.c: MARK_INVALID, mail is deferred. */
static void
check_fingerprint(struct policy *policy)
{
	if (policy_level_is(policy->level, "fingerprint") &&
		*policy->match == '\0')
		sentences_once(&policy->notes,
			"the level fingerprint has no fingerprint to compare, "
			"so Postfix defers all its mail: add match=");
}

/* Of a service that is no TLS client. */
static void
take_nothing(const struct postfix *postfix, struct policy *policy)
{
	for (size_t i = 0; i < TEXTS; i++)
		*text_of(policy, i) = xstrdup("");
	policy->valid = true;
	if (*postfix_agent(postfix, policy->next_hop.transport) == '\0')
		sentences_once(&policy->notes,
			"master.cf has no service \"%s\", so its mail can't "
			"leave",
			policy->next_hop.transport);
}

/* What applies to the policy's next-hop. Returns 0, or -1 with *error. */
static int
take_all(struct postfix *postfix, struct policy *policy, struct error *error)
{
	struct policy_client client;

	if (!policy_client_of(postfix, policy->next_hop.transport, &client)) {
		take_nothing(postfix, policy);
		return 0;
	}
	policy->lmtp = client.lmtp;
	if (take_level(postfix, policy, error) < 0) {
		policy_release(policy);
		return -1;
	}
	policy_client_take(postfix, policy);
	check_fingerprint(policy);
	return 0;
}

int
policy_of_next_hop(struct postfix *postfix, const char *domain,
	const struct next_hop *next_hop, struct policy *policy,
	struct error *error)
{
	*policy = (struct policy){ .domain = xstrdup(domain),
		.next_hop = *next_hop };
	return take_all(postfix, policy, error);
}

int
policy_of(struct postfix *postfix, const char *domain, struct policy *policy,
	struct error *error)
{
	*policy = (struct policy){ .domain = xstrdup(domain) };
	if (next_hop_of(postfix, domain, &policy->next_hop, &policy->notes,
		    error) < 0) {
		policy_release(policy);
		return -1;
	}
	return take_all(postfix, policy, error);
}

void
policy_release(struct policy *policy)
{
	next_hop_release(&policy->next_hop);
	free(policy->domain);
	for (size_t i = 0; i < TEXTS; i++)
		free(*text_of(policy, i));
	sentences_release(&policy->anchors);
	sentences_release(&policy->settings);
	sentences_release(&policy->doubts);
	sentences_release(&policy->notes);
	*policy = (struct policy){ 0 };
}

static char *
policy_source(const struct policy *policy)
{
	if (*policy->table != '\0')
		return sentence_format("%s, key %s", policy->table,
			policy->key);
	if (policy_source_is_service(policy->parameter))
		return sentence_format("%s in master.cf", policy->parameter);
	return xstrdup(policy->parameter);
}

char *
policy_sentence(const struct policy *policy)
{
	const struct next_hop *hop = &policy->next_hop;
	bool named = *hop->source != '\0';
	char *sentence, *source;

	if (*policy->level == '\0')
		return sentence_format(
			"next-hop %s by %s, which is no TLS client%s%s",
			hop->destination, hop->transport,
			named ? ", from " : "", hop->source);
	source = policy_source(policy);
	sentence = sentence_format("next-hop %s by %s%s%s; TLS level %s%s%s, "
				   "from %s",
		hop->destination, hop->transport, named ? ", from " : "",
		hop->source, policy->level, *policy->attributes ? " " : "",
		policy->attributes, source);
	free(source);
	return sentence;
}
