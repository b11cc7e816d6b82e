/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A server's offer of TLS that is not looked at (smtp/smtp_proto.c), and CAs
 * that OpenSSL looks for only when they are needed, inside of a chroot.
 */
#include "tls/obstacle.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tls/map_text.h"
#include "tls/postfix_map.h"

#define HIDES                                                                  \
	"so that an offer of STARTTLS is not seen: its mail leaves without "   \
	"TLS, or waits where the level needs it: take it out"

/* global/ehlo_mask.c: words in any case. */
static bool
has_starttls(const char *list)
{
	bool found = false;
	char *word;

	while (!found && (word = postfix_word(&list)) != NULL) {
		found = strcasecmp(word, "starttls") == 0;
		free(word);
	}
	return found;
}

const char *
obstacle_hides_starttls(const struct postfix *postfix,
	const struct policy_client *client, char **source)
{
	const char *words = policy_parameter(postfix, client,
		client->lmtp ? "discard_lhlo_keywords"
			     : "discard_ehlo_keywords",
		source);

	return has_starttls(words) ? words : NULL;
}

static void
find_keywords(const struct postfix *postfix, const struct policy_client *client,
	struct sentences *warnings)
{
	char *source;
	const char *words = obstacle_hides_starttls(postfix, client, &source);

	if (words != NULL)
		sentences_once(warnings, "%s = %s has starttls, " HIDES, source,
			words);
	free(source);
}

/* A table of addresses of servers, as far as it is a text. */
static void
find_in_table(const char *map, const char *source, struct sentences *warnings)
{
	struct postfix_map parts = postfix_map_of(map);
	struct map_text text;
	struct error error;

	if (strcmp(parts.type, "static") == 0 && has_starttls(parts.name))
		sentences_once(warnings, "%s = %s has starttls, " HIDES, source,
			map);
	if ((postfix_map_index(map) == NULL && !postfix_map_is_text(map)) ||
		map_text_open(&text, parts.name, &error) < 0)
		return;
	while (map_text_next(&text) > 0) {
		if (!has_starttls(text.value))
			continue;
		sentences_once(warnings,
			"%s, line %lu: the entry %s of %s has starttls, " HIDES,
			parts.name, text.line, text.key, source);
		break;
	}
	map_text_release(&text);
}

static void
find_tables(const struct postfix *postfix, const struct policy_client *client,
	struct sentences *warnings)
{
	char *source, *map;
	const char *maps = policy_parameter(postfix, client,
		client->lmtp ? "discard_lhlo_keyword_address_maps"
			     : "discard_ehlo_keyword_address_maps",
		&source);

	while ((map = postfix_word(&maps)) != NULL) {
		find_in_table(map, source, warnings);
		free(map);
	}
	free(source);
}

/* A CA file is read before the chroot, a folder only when it is needed. */
static void
find_chroot(const struct postfix *postfix, const struct policy_client *client,
	struct sentences *warnings)
{
	char *source;
	const char *folder =
		policy_parameter(postfix, client, "tls_CApath", &source);
	char *inside = policy_inside(postfix, client, folder);

	if (*folder != '\0' && strcmp(inside, folder) != 0 &&
		policy_file_is_missing(inside))
		sentences_once(warnings,
			"%s = %s: the service %s is chrooted and looks for it "
			"as %s, which is not there, so that none of its "
			"certificates is known: copy it there, or set "
			"%s_tls_CAfile, which is read before",
			source, folder, client->transport, inside,
			client->lmtp ? "lmtp" : "smtp");
	free(inside);
	free(source);
}

void
obstacle_find(const struct postfix *postfix, const struct policy_client *client,
	struct sentences *warnings)
{
	find_keywords(postfix, client, warnings);
	find_tables(postfix, client, warnings);
	find_chroot(postfix, client, warnings);
}
