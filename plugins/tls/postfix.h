/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What Postfix itself says about its configuration: parameters, services and
 * lookups, asked of postconf(1) and postmap(1). Read once, then kept.
 */
#ifndef TLS_POSTFIX_H
#define TLS_POSTFIX_H

#include <stdbool.h>
#include <stddef.h>

#include "deadline.h"
#include "error.h"
#include "tls/sentences.h"

/* Names and values in the order in which postconf printed them. */
struct postfix_values {
	struct postfix_value {
		char *name, *value; /* owned */
	} * list;
	size_t count;
};

/* All zero is a Postfix without a configuration; tests fill the tables. */
struct postfix {
	char *directory; /* owned; NULL: the one that Postfix was built with */
	char *postconf, *postmap, *finger; /* owned paths; NULL: not there */
	struct deadline deadline;
	struct postfix_values main;      /* main.cf, its $names expanded */
	struct postfix_values overrides; /* "relay/unix/NAME", master.cf -o */
	struct postfix_values agents;    /* "relay/unix" and its command */
	struct postfix_values roots;     /* the same, and its chroot column */
	struct postfix_values broken;    /* maps that can't be asked, and why */
};

/*
 * Finds Postfix's programs and reads main.cf and master.cf. Fails when there
 * is no postconf, or when it can't read main.cf. The deadline is copied, and
 * may be set anew between calls.
 */
int postfix_open(struct postfix *postfix, const char *directory,
	const struct deadline *deadline, struct error *error);

/* Safe on one that is all zero, and twice. */
void postfix_release(struct postfix *postfix);

/*
 * Adds how an instance's programs call themselves in the log: its
 * syslog_name, and those of single services. Returns 0, or -1 with *error.
 */
int postfix_log_names(const char *directory, const struct deadline *deadline,
	struct sentences *names, struct error *error);

/* Adds what `postconf NAME ...` or `postconf -P` printed. */
void postfix_parse_values(struct postfix_values *values, const char *text);

/* Adds what `postconf -M` printed. */
void postfix_parse_agents(struct postfix_values *values, const char *text);
void postfix_parse_roots(struct postfix_values *values, const char *text);

/* The value of main.cf or the default; "" when this Postfix has no such. */
const char *postfix_parameter(const struct postfix *postfix, const char *name);

/* The same for one delivery service; NULL when master.cf doesn't set it. */
const char *postfix_override(const struct postfix *postfix, const char *service,
	const char *name);

/* The program of a delivery service ("smtp"); "" when there is none. */
const char *postfix_agent(const struct postfix *postfix, const char *service);

/* The folder that a delivery service is chrooted to; "" when it is not. */
const char *postfix_root(const struct postfix *postfix, const char *service);

/* Major version times 100 plus minor version: 307; 0 when unknown. */
int postfix_version(const struct postfix *postfix);

/*
 * The next of a list whose words stand between blanks and commas, where
 * {braces} keep a word together, in memory that the caller frees; NULL at
 * the end. Moves *list behind it.
 */
char *postfix_word(const char **list);

/*
 * How a command for this configuration begins, "postmap -c /etc/postfix-out":
 * as a text that the caller frees, for people; and as words, one by one.
 */
char *postfix_command(const struct postfix *postfix, const char *program);

void postfix_command_words(const struct postfix *postfix, const char *program,
	struct sentences *words);

/* "'postfix -c /etc/postfix-out reload'", for a sentence; the caller frees it. */
char *postfix_reload(const struct postfix *postfix);

/* Which maps of a list a key is for. */
enum postfix_key {
	POSTFIX_KEY_WHOLE, /* all of them */
	POSTFIX_KEY_PART,  /* no patterns: a part of an address */
};

struct postfix_question {
	const char *maps; /* "hash:/etc/postfix/transport, regexp:..." */
	const char *key;
	enum postfix_key kind;
};

struct postfix_answer {
	char *map, *key, *value; /* owned; NULL: not found */
};

/*
 * Asks each map of the list in turn, by postmap -q. Returns 1 with *answer,
 * 0 when no map has the key, -1 with *error when the time is up. A map that
 * can't be asked is passed over: postfix_note_broken() tells.
 */
int postfix_lookup(struct postfix *postfix,
	const struct postfix_question *question, struct postfix_answer *answer,
	struct error *error);

void postfix_answer_release(struct postfix_answer *answer);

/* What it means that a map can't be asked. */
enum postfix_trouble {
	POSTFIX_MAP_UNASKED, /* postmap did not get to it */
	POSTFIX_MAP_CLOSED,  /* this user may not read it */
	POSTFIX_MAP_BROKEN,  /* Postfix can't use it either */
};

/* Of the reason that stands in broken. */
enum postfix_trouble postfix_trouble_of(const struct postfix *postfix,
	const char *why);

/* One sentence for each map of the list that could not be asked. */
void postfix_note_broken(const struct postfix *postfix, const char *maps,
	struct sentences *notes);

#endif
