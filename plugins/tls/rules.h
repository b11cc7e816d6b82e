/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The user's own rules, which are asked before the built-in tables. A rule is
 * a line of a file: a cause's name, or "ignore" for a reason that shall not
 * count as TLS; blanks; and a PCRE2 pattern up to the end of the line, blanks
 * included. Empty lines and those that start with '#' are passed over.
 */
#ifndef TLS_RULES_H
#define TLS_RULES_H

#include <stddef.h>

#include "deadline.h"
#include "error.h"
#include "tls/cause.h"

/* What a pattern sees of a longer reason. */
#define RULES_REASON_LIMIT 4096

struct rule;
struct rules_context;

/* All zero: no rules. */
struct rules {
	struct rule *list; /* owned, in the order of the file */
	size_t count;
	struct rules_context *context; /* owned */
};

/*
 * Reads all rules of a file, as long as the deadline lets it. Returns 0, or
 * -1 with an empty *rules and *error, which names the file, the line and, for
 * a pattern, the column in bytes.
 */
int rules_load(struct rules *rules, const char *path,
	const struct deadline *deadline, struct error *error);

/*
 * Asks the rules in their order about what cause_bare() leaves of a reason.
 * Returns 1 with the first one that matches anywhere in it (row is
 * "FILE:LINE", as long as the rules live), and 0 when none does.
 *
 * A pattern that tries too long on a reason counts as one that does not
 * match; each time adds 1 to *limit_hits, so that the caller can say so. A
 * rule that did it RULES_PATIENCE times is not asked again. limit_hits is NULL
 * for a reason that is judged only to be shown: such ones use up a patience of
 * their own.
 */
#define RULES_PATIENCE 3
int rules_match(const struct rules *rules, const char *reason,
	struct cause_match *match, unsigned long *limit_hits);

/* Safe to call twice, and on rules that are all zero. */
void rules_release(struct rules *rules);

#endif
