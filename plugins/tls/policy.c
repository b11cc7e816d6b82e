/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way of smtp/smtp_tls_policy.c: the next-hop is looked up as it is
 * written, a plain name's parents follow, and only without any entry the
 * global level counts. Each parameter may be another one for one service of
 * master.cf, and has a name of its own for LMTP.
 */
#include "tls/policy.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tls/policy_client.h"

/* tls/tls_level.c: tls_level_table[]; the case does not matter. */
static const struct level {
	const char *name;
	bool authority; /* TLS_MUST_PKIX */
	bool key;       /* compares one of the certificate's */
	bool match;     /* takes match= */
} levels[] = {
	{ "none", false, false, false },
	{ "may", false, false, false },
	{ "encrypt", false, false, false },
	{ "dane", false, true, false },
	{ "dane-only", false, true, false },
	{ "fingerprint", false, true, true },
	{ "verify", true, false, true },
	{ "secure", true, false, true },
};

/* smtp/smtp_tls_policy.c: tls_policy_lookup_one(). */
static const struct attribute {
	const char *name;
	int since;  /* version */
	bool empty; /* may be empty */
	bool many;  /* may stand more than once */
	bool yes_no;
} attributes[] = {
	{ "ciphers", 203, false, false, false },
	{ "protocols", 203, true, false, false },
	{ "match", 203, false, true, false },
	{ "exclude", 206, true, false, false },
	{ "tafile", 211, false, true, false },
	{ "servername", 304, false, false, false },
	{ "connection_reuse", 304, false, true, true },
	{ "enable_rpk", 309, false, true, true },
	{ "policy_ttl", 310, false, false, false },
	{ "policy_type", 310, false, false, false },
	{ "policy_domain", 310, false, false, false },
	{ "policy_string", 310, true, true, false },
	{ "mx_host_pattern", 310, true, true, false },
	{ "policy_failure", 310, false, false, false },
};
#define ATTRIBUTES (sizeof(attributes) / sizeof(*attributes))

static const struct level *
level_of(const char *name)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		if (strcasecmp(name, levels[i].name) == 0)
			return &levels[i];
	return NULL;
}

bool
policy_level_is(const char *level, const char *name)
{
	return strcasecmp(level, name) == 0;
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

bool
policy_level_needs_authority(const char *name)
{
	const struct level *level = level_of(name);

	return level != NULL && level->authority;
}

bool
policy_level_compares_key(const char *name)
{
	const struct level *level = level_of(name);

	return level != NULL && level->key;
}

const char *
policy_key_first(const char *destination)
{
	if (strncmp(destination, "inet:", 5) == 0 ||
		strncmp(destination, "unix:", 5) == 0)
		return destination + 5;
	return destination;
}

/* valid_utf8_hostname(): anything with [], : or / is no name. */
static bool
is_plain_name(const char *key)
{
	return strpbrk(key, "[]:/") == NULL;
}

const char *
policy_key_next(const char *key)
{
	return *key != '\0' && is_plain_name(key) ? strchr(key + 1, '.') : NULL;
}

/* "name=value" or "{ name = value }" in parts that point into the word. */
static int
attribute_split(char *word, char **name, char **value)
{
	size_t length = strlen(word);

	if (word[0] == '{' && word[length - 1] == '}') {
		word[length - 1] = '\0';
		word++;
	}
	*name = word + strspn(word, " \t");
	*value = strchr(*name, '=');
	if (*value == NULL || *value == *name)
		return -1;
	(*name)[strcspn(*name, " \t=")] = '\0';
	**value = '\0';
	(*value)++;
	*value += strspn(*value, " \t");
	length = strlen(*value);
	while (length > 0 && strchr(" \t", (*value)[length - 1]) != NULL)
		(*value)[--length] = '\0';
	return 0;
}

void
policy_attributes(const char *list, const char *wanted,
	struct sentences *values)
{
	char *word;

	while ((word = postfix_word(&list)) != NULL) {
		char *name, *value;

		if (attribute_split(word, &name, &value) == 0 &&
			strcasecmp(name, wanted) == 0)
			sentences_add(values, "%s", value);
		free(word);
	}
}

char *
policy_attribute(const char *list, const char *wanted)
{
	struct sentences values = { 0 };
	char *first = NULL;

	policy_attributes(list, wanted, &values);
	if (values.count > 0)
		first = xstrdup(values.list[0]);
	sentences_release(&values);
	return first;
}

static const struct attribute *
attribute_of(const char *name)
{
	for (size_t i = 0; i < ATTRIBUTES; i++)
		if (strcasecmp(name, attributes[i].name) == 0)
			return &attributes[i];
	return NULL;
}

static bool
is_one_of(const char *word, const char *const words[])
{
	for (; *words != NULL; words++)
		if (strcasecmp(word, *words) == 0)
			return true;
	return false;
}

/* tls/tls_misc.c: tls_cipher_grade() */
static bool
is_grade(char *word)
{
	static const char *const grades[] = { "export", "low", "medium", "high",
		"null", NULL };

	return is_one_of(word, grades);
}

/* tls/tls_misc.c: parse_tls_version(); numbers are OpenSSL's (">=0303"). */
static bool
is_protocol(char *word)
{
	static const char *const protocols[] = { "SSLv2", "SSLv3", "TLSv1",
		"TLSv1.1", "TLSv1.2", "TLSv1.3", NULL };

	if (*word == '!')
		word++;
	else if (strncmp(word, ">=", 2) == 0 || strncmp(word, "<=", 2) == 0)
		word += 2;
	return (*word >= '0' && *word <= '9') || is_one_of(word, protocols);
}

/* tls/tls_fprint.c: bytes in hexadecimal, with colons between them. */
static bool
is_fingerprint(char *word)
{
	size_t length = strlen(word);

	for (size_t i = 0; i < length; i++)
		if (i % 3 == 2 ? word[i] != ':' : !isxdigit((uint8_t)word[i]))
			return false;
	return length % 3 == 2;
}

/* The value is one of these words, or several with signs between them. */
static const struct vocabulary {
	const char *attribute, *level, *separators, *what;
	bool (*knows)(char *word);
} vocabularies[] = {
	{ "ciphers", NULL, "", "cipher grade", is_grade },
	{ "protocols", NULL, ":, \t", "protocol", is_protocol },
	{ "match", "fingerprint", "|", "fingerprint", is_fingerprint },
};

static int
words_check(const struct vocabulary *vocabulary, const char *value,
	struct error *error)
{
	const char *separators = vocabulary->separators;
	int result = 0;

	value += strspn(value, separators);
	while (result == 0 && *value != '\0') {
		size_t length = strcspn(value, separators);
		char *word = xstrndup(value, length);

		if (!vocabulary->knows(word)) {
			error_set(error, "\"%s\" is no %s", word,
				vocabulary->what);
			result = -1;
		}
		free(word);
		value += length;
		value += strspn(value, separators);
	}
	return result;
}

static int
vocabulary_check(const struct level *level, const char *name, const char *value,
	struct error *error)
{
	for (size_t i = 0; i < sizeof(vocabularies) / sizeof(*vocabularies);
		i++) {
		const char *wanted = vocabularies[i].level;

		if (strcmp(name, vocabularies[i].attribute) == 0 &&
			(wanted == NULL || strcmp(wanted, level->name) == 0))
			return words_check(&vocabularies[i], value, error);
	}
	return 0;
}

static int
attribute_check(const struct level *level, const struct attribute *attribute,
	const char *value, struct error *error)
{
	const char *name = attribute->name;
	bool yes_no =
		strcasecmp(value, "yes") == 0 || strcasecmp(value, "no") == 0;

	if (*value == '\0' && !attribute->empty)
		return error_set(error, "attribute \"%s\" is empty", name);
	if (attribute->yes_no && !yes_no)
		return error_set(error,
			"attribute \"%s\" is neither yes nor no", name);
	if ((strcmp(name, "match") == 0 && !level->match) ||
		(strcmp(name, "tafile") == 0 && !level->authority))
		return error_set(error,
			"attribute \"%s\" does not go with the level \"%s\"",
			name, level->name);
	return vocabulary_check(level, name, value, error);
}

/* One attribute; seen has a place for each row of the table. */
static int
word_check(char *word, const struct level *level, int version, bool seen[],
	struct error *error)
{
	const struct attribute *attribute;
	char *name, *value;

	if (attribute_split(word, &name, &value) < 0)
		return error_set(error, "\"%s\" is no name=value", name);
	attribute = attribute_of(name);
	if (attribute == NULL)
		return error_set(error, "there is no attribute \"%s\"", name);
	if (version != 0 && version < attribute->since)
		return error_set(error,
			"attribute \"%s\" needs Postfix %d.%d, this is %d.%d",
			name, attribute->since / 100, attribute->since % 100,
			version / 100, version % 100);
	if (seen[attribute - attributes] && !attribute->many)
		return error_set(error, "attribute \"%s\" stands twice", name);
	seen[attribute - attributes] = true;
	return attribute_check(level, attribute, value, error);
}

int
policy_check(const char *entry, int version, struct error *error)
{
	bool seen[ATTRIBUTES] = { false };
	char *word = postfix_word(&entry);
	const struct level *level = word == NULL ? NULL : level_of(word);
	int result = 0;

	if (word == NULL)
		return error_set(error, "it is empty");
	if (level == NULL) {
		error_set(error, "there is no level \"%s\"", word);
		result = -1;
	}
	free(word);
	/* At the level none, attributes only make Postfix warn. */
	if (result < 0 || strcmp(level->name, "none") == 0)
		return result;
	while (result == 0 && (word = postfix_word(&entry)) != NULL) {
		result = word_check(word, level, version, seen, error);
		free(word);
	}
	return result;
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

char *
policy_inside(const struct postfix *postfix, const struct policy_client *client,
	const char *path)
{
	return sentence_format("%s%s", postfix_root(postfix, client->transport),
		path);
}

static bool
client_says_yes(const struct postfix *postfix,
	const struct policy_client *client, const char *name)
{
	return strcmp(policy_parameter(postfix, client, name, NULL), "yes") ==
		0;
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
	if (client_says_yes(postfix, client, "enforce_tls")) {
		name = "enforce_tls";
		level = client_says_yes(postfix, client, "tls_enforce_peername")
			? "verify"
			: "encrypt";
	} else if (client_says_yes(postfix, client, "use_tls")) {
		name = "use_tls";
		level = "may";
	}
	if (name != NULL) {
		free(*source);
		policy_parameter(postfix, client, name, source);
	}
	return level;
}

static struct policy_client
client_of(const struct policy *policy)
{
	return (struct policy_client){ policy->next_hop.transport,
		policy->lmtp };
}

static const char *
prefixed_parameter(const struct postfix *postfix, const struct policy *policy,
	const char *name, char **source)
{
	struct policy_client client = client_of(policy);

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
	struct policy_client client = client_of(policy);
	char *source;
	const char *level = policy_global_level(postfix, &client, &source);

	free(policy->parameter);
	policy->parameter = source;
	policy->level = xstrdup(level);
	if (level_of(level) == NULL)
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
	const char *hops = policy->next_hop.destination;
	const char *maps = prefixed_parameter(postfix, policy,
		"tls_policy_maps", &policy->parameter);
	char *hop = postfix_word(&hops);
	struct postfix_question question = { maps,
		policy_key_first(hop != NULL ? hop : ""), POSTFIX_KEY_WHOLE };
	int found = 0;

	while (found == 0 && question.key != NULL) {
		found = postfix_lookup(postfix, &question, answer, error);
		question.key = policy_key_next(question.key);
	}
	if (*hops != '\0')
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
	if (strcasecmp(policy->level, "fingerprint") == 0 &&
		*policy->match == '\0')
		sentences_once(&policy->notes,
			"the level fingerprint has no fingerprint to compare, "
			"so Postfix defers all its mail: add match=");
}

/* Of a service that is no TLS client. */
static void
take_nothing(const struct postfix *postfix, struct policy *policy)
{
	char **const empty[] = { &policy->level, &policy->attributes,
		&policy->table, &policy->key, &policy->parameter,
		&policy->authority, &policy->folder, &policy->match,
		&policy->digest, &policy->server_name, &policy->protocols,
		&policy->grade, &policy->lookup, &policy->insecure_mx,
		&policy->root, &policy->others };

	for (size_t i = 0; i < sizeof(empty) / sizeof(*empty); i++)
		*empty[i] = xstrdup("");
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
	char *const owned[] = { policy->domain, policy->level,
		policy->attributes, policy->table, policy->key,
		policy->parameter, policy->authority, policy->folder,
		policy->match, policy->digest, policy->server_name,
		policy->protocols, policy->grade, policy->lookup,
		policy->insecure_mx, policy->root, policy->others };

	next_hop_release(&policy->next_hop);
	for (size_t i = 0; i < sizeof(owned) / sizeof(*owned); i++)
		free(owned[i]);
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
	if (strchr(policy->parameter, '/') != NULL)
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
