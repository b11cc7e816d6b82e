/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way of resolve.c: the domain's class gives a transport, a relayhost
 * takes the place of the domain for what leaves the house, a next-hop in the
 * transport parameter takes the place of both, and transport_maps has the
 * last word.
 */
#include "tls/next_hop.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* DNS ends at 255; deeper names only make work (a process for each part). */
#define DOMAIN_LIMIT 255
#define PARTS_LIMIT  16
/* A file in a list of domains may name another one. */
#define FILE_DEPTH 3

/* What all steps need to know. */
struct search {
	struct postfix *postfix;
	const char *domain; /* lower case */
	struct sentences *notes;
	struct error *error;
};

/* In the order in which resolve.c asks. */
static const struct domain_class {
	const char *list;      /* the parameter that has its domains */
	const char *transport; /* the parameter that delivers it */
	bool relayed;          /* relayhost takes the domain's place */
} classes[] = {
	{ "mydestination", "local_transport", false },
	{ "virtual_alias_domains", NULL, false },
	{ "virtual_mailbox_domains", "virtual_transport", false },
	{ "relay_domains", "relay_transport", true },
};
static const struct domain_class default_class = { NULL, "default_transport",
	true };

const char *
next_hop_parent(const char *key, bool parents_match)
{
	const char *dot = *key == '\0' ? NULL : strchr(key + 1, '.');

	if (dot == NULL || !parents_match)
		return dot;
	return dot[1] == '\0' ? NULL : dot + 1;
}

void
next_hop_split(const char *value, char **transport, char **destination)
{
	size_t length = strcspn(value, ":");

	*transport = xstrndup(value, length);
	*destination = xstrdup(value + length + (value[length] == ':'));
}

char *
next_hop_first(const struct next_hop *next_hop)
{
	const char *list = next_hop->destination;
	char *first = postfix_word(&list);

	return first != NULL ? first : xstrdup("");
}

bool
next_hop_has_others(const struct next_hop *next_hop)
{
	const char *list = next_hop->destination;
	char *word = postfix_word(&list);

	free(word);
	if (word == NULL)
		return false;
	word = postfix_word(&list);
	free(word);
	return word != NULL;
}

void
next_hop_release(struct next_hop *next_hop)
{
	free(next_hop->transport);
	free(next_hop->destination);
	free(next_hop->source);
	*next_hop = (struct next_hop){ 0 };
}

static void
replace(char **text, const char *with)
{
	char *copy = xstrdup(with);

	free(*text);
	*text = copy;
}

/* match_parent_style(): which lists have "example.com" match what is below. */
static bool
parents_match(const struct postfix *postfix, const char *parameter)
{
	const char *list =
		postfix_parameter(postfix, "parent_domain_matches_subdomains");
	bool found = false;
	char *word;

	while (!found && (word = postfix_word(&list)) != NULL) {
		found = strcmp(word, parameter) == 0;
		free(word);
	}
	return found;
}

/* util/match_ops.c: match_string() and match_hostname(). */
static bool
name_matches(const struct search *search, const char *word,
	const char *parameter)
{
	const char *domain = search->domain;
	size_t length = strlen(word), whole = strlen(domain);

	if (strcasecmp(domain, word) == 0)
		return true;
	if (strcmp(parameter, "relay_domains") != 0 || whole <= length ||
		strcasecmp(domain + whole - length, word) != 0)
		return false;
	if (parents_match(search->postfix, parameter))
		return domain[whole - length - 1] == '.';
	return word[0] == '.';
}

static int
map_matches(const struct search *search, const char *word,
	const char *parameter)
{
	struct postfix_question question = { word, search->domain,
		POSTFIX_KEY_WHOLE };
	struct postfix_answer answer = { 0 };
	bool below = strcmp(parameter, "relay_domains") == 0;
	bool parents = below && parents_match(search->postfix, parameter);
	int found = 0;

	while (found == 0 && question.key != NULL) {
		found = postfix_lookup(search->postfix, &question, &answer,
			search->error);
		postfix_answer_release(&answer);
		question.kind = POSTFIX_KEY_PART;
		question.key =
			below ? next_hop_parent(question.key, parents) : NULL;
	}
	postfix_note_broken(search->postfix, word, search->notes);
	return found;
}

static int list_matches(const struct search *search, const char *list,
	const char *parameter, int depth);

static int
file_matches(const struct search *search, const char *path,
	const char *parameter, int depth)
{
	FILE *file = depth < FILE_DEPTH ? fopen(path, "r") : NULL;
	char *line = NULL;
	size_t room = 0;
	int found = 0;

	if (file == NULL) {
		sentences_once(search->notes,
			"%s names %s, which can't be read", parameter, path);
		return 0;
	}
	while (found == 0 && getline(&line, &room, file) > 0) {
		if (deadline_passed(&search->postfix->deadline))
			found = error_set(search->error,
				"%s was not read to its end within %g s", path,
				search->postfix->deadline.seconds);
		else if (line[0] != '#')
			found = list_matches(search, line, parameter,
				depth + 1);
	}
	free(line);
	fclose(file);
	return found;
}

/* One word of a list of domains: a name, a map or a file of such words. */
static int
word_matches(const struct search *search, const char *word,
	const char *parameter, int depth)
{
	if (word[0] == '/')
		return file_matches(search, word, parameter, depth);
	if (word[0] != '[' && strchr(word, ':') != NULL)
		return map_matches(search, word, parameter);
	return name_matches(search, word, parameter);
}

/* util/match_list.c: the first word that matches decides, '!' against it. */
static int
list_matches(const struct search *search, const char *list,
	const char *parameter, int depth)
{
	char *word;
	int found = 0;
	bool decided = false;

	while (!decided && (word = postfix_word(&list)) != NULL) {
		size_t marks = strspn(word, "!");

		found = word_matches(search, word + marks, parameter, depth);
		decided = found != 0;
		if (found == 1 && marks % 2 == 1)
			found = 0;
		free(word);
	}
	return found;
}

static int
class_of(const struct search *search, const struct domain_class **class)
{
	*class = &default_class;
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		const char *parameter = classes[i].list;
		int found = list_matches(search,
			postfix_parameter(search->postfix, parameter),
			parameter, 0);

		if (found < 0)
			return -1;
		if (found > 0) {
			*class = &classes[i];
			return 0;
		}
	}
	return 0;
}

static void
route_by_class(const struct search *search, const struct domain_class *class,
	struct next_hop *next_hop)
{
	const char *relayhost = postfix_parameter(search->postfix, "relayhost");
	char *destination;

	if (class->transport == NULL) {
		*next_hop = (struct next_hop){ xstrdup("error"),
			xstrdup("User unknown"), xstrdup(class->list) };
		return;
	}
	next_hop_split(postfix_parameter(search->postfix, class->transport),
		&next_hop->transport, &destination);
	if (*destination != '\0') {
		next_hop->destination = xstrdup(destination);
		next_hop->source = xstrdup(class->transport);
	} else if (class->relayed && *relayhost != '\0') {
		next_hop->destination = xstrdup(relayhost);
		next_hop->source = xstrdup("relayhost");
	} else {
		next_hop->destination = xstrdup(search->domain);
		next_hop->source = xstrdup("");
	}
	free(destination);
}

/* The keys of trivial-rewrite/transport.c: transport_lookup(). */
static int
ask_transport_maps(const struct search *search, const char *maps,
	struct postfix_answer *answer)
{
	bool parents = parents_match(search->postfix, "transport_maps");
	char *address = sentence_format("check_tls_queue@%s", search->domain);
	struct postfix_question question = { maps, address, POSTFIX_KEY_WHOLE };
	int found = postfix_lookup(search->postfix, &question, answer,
		search->error);

	question.kind = POSTFIX_KEY_PART;
	question.key = search->domain;
	while (found == 0 && question.key != NULL) {
		found = postfix_lookup(search->postfix, &question, answer,
			search->error);
		question.key = next_hop_parent(question.key, parents);
	}
	question.kind = POSTFIX_KEY_WHOLE;
	question.key = "*";
	if (found == 0)
		found = postfix_lookup(search->postfix, &question, answer,
			search->error);
	free(address);
	postfix_note_broken(search->postfix, maps, search->notes);
	return found;
}

/* transport.c: update_entry(). ":" alone changes nothing. */
static void
route_by_answer(const struct search *search,
	const struct postfix_answer *answer, struct next_hop *next_hop)
{
	char *transport, *destination;

	next_hop_split(answer->value, &transport, &destination);
	if (*transport != '\0') {
		replace(&next_hop->transport, transport);
		replace(&next_hop->destination, search->domain);
	}
	if (*destination != '\0')
		replace(&next_hop->destination, destination);
	if (*transport != '\0' || *destination != '\0') {
		free(next_hop->source);
		next_hop->source = strchr(answer->key, '@') != NULL
			? sentence_format("transport_maps (%s)", answer->map)
			: sentence_format("transport_maps (%s, key %s)",
				  answer->map, answer->key);
	}
	free(transport);
	free(destination);
}

/* master.cf's value for a service, or main.cf's. */
static const char *
service_parameter(const struct search *search, const char *service,
	const char *name, char **source)
{
	const char *own = postfix_override(search->postfix, service, name);

	*source = own == NULL ? xstrdup(name)
			      : sentence_format("%s/unix/%s", service, name);
	return own != NULL ? own : postfix_parameter(search->postfix, name);
}

/*
 * local/mailbox.c: deliver_mailbox(), which asks for no domain; and
 * global/deliver_pass.c: without a next-hop, it is the one of before.
 */
static void
route_by_mailbox(const struct search *search, struct next_hop *next_hop)
{
	static const char maps[] = "mailbox_transport_maps";
	char *transport, *destination, *source;
	const char *value = service_parameter(search, next_hop->transport,
		"mailbox_transport", &source);

	if (*postfix_parameter(search->postfix, maps) != '\0')
		sentences_once(search->notes,
			"mail of some users may take another way: %s is set",
			maps);
	if (*value == '\0') {
		free(source);
		return;
	}
	next_hop_split(value, &transport, &destination);
	replace(&next_hop->transport, transport);
	if (*destination != '\0')
		replace(&next_hop->destination, destination);
	free(next_hop->source);
	next_hop->source = source;
	free(transport);
	free(destination);
}

static int
domain_check(const char *domain, struct error *error)
{
	size_t parts = 1, length = strlen(domain);

	for (const char *at = domain; *at != '\0'; at++) {
		if (iscntrl((unsigned char)*at) || strchr(" @,|", *at) != NULL)
			return error_set(error, "it is not a domain");
		parts += *at == '.';
	}
	if (length == 0 || length > DOMAIN_LIMIT || parts > PARTS_LIMIT)
		return error_set(error,
			"a name of %zu bytes and %zu parts is not looked up",
			length, parts);
	return 0;
}

static void
note_senders(const struct postfix *postfix, struct sentences *notes)
{
	static const char *const by_sender[] = {
		"sender_dependent_relayhost_maps",
		"sender_dependent_default_transport_maps",
	};

	for (size_t i = 0; i < sizeof(by_sender) / sizeof(*by_sender); i++)
		if (*postfix_parameter(postfix, by_sender[i]) != '\0')
			sentences_once(notes,
				"mail of some senders may take another way: "
				"%s is set",
				by_sender[i]);
}

static int
resolve(const struct search *search, struct next_hop *next_hop)
{
	const char *maps = postfix_parameter(search->postfix, "transport_maps");
	const struct domain_class *class;
	struct postfix_answer answer = { 0 };
	int found = 0;

	if (class_of(search, &class) < 0)
		return -1;
	route_by_class(search, class, next_hop);
	if (class->transport != NULL)
		found = ask_transport_maps(search, maps, &answer);
	if (found > 0)
		route_by_answer(search, &answer, next_hop);
	postfix_answer_release(&answer);
	if (found < 0)
		return -1;
	if (strcmp(postfix_agent(search->postfix, next_hop->transport),
		    "local") == 0)
		route_by_mailbox(search, next_hop);
	if (class == &default_class || class->relayed)
		note_senders(search->postfix, search->notes);
	return 0;
}

int
next_hop_of(struct postfix *postfix, const char *domain,
	struct next_hop *next_hop, struct sentences *notes, struct error *error)
{
	struct search search = { postfix, NULL, notes, error };
	char *lower;
	int result;

	*next_hop = (struct next_hop){ 0 };
	if (domain_check(domain, error) < 0)
		return -1;
	lower = xstrdup(domain);
	for (char *at = lower; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	search.domain = lower;
	result = resolve(&search, next_hop);
	if (result < 0)
		next_hop_release(next_hop);
	free(lower);
	return result;
}
