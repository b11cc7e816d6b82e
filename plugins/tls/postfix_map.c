/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/postfix_map.h"

#include <stdio.h>
#include <string.h>

static const struct map_type {
	const char *name;
	const char *index; /* the suffix of the file that postmap makes */
	bool pattern;      /* DICT_FLAG_PATTERN, util/dict_*.c */
	bool text;         /* util/dict_thash.c and its like read it once */
} map_types[] = {
	{ "hash", "db", false, false },
	{ "btree", "db", false, false },
	{ "lmdb", "lmdb", false, false },
	{ "cdb", "cdb", false, false },
	{ "dbm", "pag", false, false },
	{ "sdbm", "pag", false, false },
	{ "texthash", NULL, false, true },
	{ "regexp", NULL, true, true },
	{ "pcre", NULL, true, true },
	{ "cidr", NULL, true, true },
	{ "tcp", NULL, true, false },
	{ "socketmap", NULL, true, false },
};

struct postfix_map
postfix_map_of(const char *word)
{
	struct postfix_map map = { .type = "" };
	size_t length;

	while (strncmp(word, "proxy:", 6) == 0)
		word += 6;
	length = strcspn(word, ":");
	map.whole = map.name = word;
	if (word[length] == ':') {
		snprintf(map.type, sizeof(map.type), "%.*s", (int)length, word);
		map.name = word + length + 1;
	}
	return map;
}

static const struct map_type *
type_of(const char *word)
{
	static const struct map_type other = { "", NULL, false, false };
	struct postfix_map map = postfix_map_of(word);

	for (size_t i = 0; i < sizeof(map_types) / sizeof(*map_types); i++)
		if (strcmp(map.type, map_types[i].name) == 0)
			return &map_types[i];
	return &other;
}

bool
postfix_map_is_pattern(const char *word)
{
	return type_of(word)->pattern;
}

const char *
postfix_map_index(const char *word)
{
	return type_of(word)->index;
}

bool
postfix_map_has_keys(const char *word)
{
	const struct map_type *type = type_of(word);

	return type->index != NULL || (type->text && !type->pattern);
}

bool
postfix_map_is_text(const char *word)
{
	return type_of(word)->text;
}
