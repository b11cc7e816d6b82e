/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An entry is a level and attributes. Each attribute came with a release of
 * Postfix and is an error in those before it.
 */
#include "tls/policy_entry.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tls/postfix.h"

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

bool
policy_level_exists(const char *name)
{
	return level_of(name) != NULL;
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

char *
policy_key_host(const char *key)
{
	bool bracket = *key == '[';

	key += bracket;
	if (bracket && strncasecmp(key, "ipv6:", 5) == 0)
		key += 5;
	return xstrndup(key, strcspn(key, bracket ? "]" : ":"));
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
