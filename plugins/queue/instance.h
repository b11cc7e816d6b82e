/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Postfix instances of a host, each with a configuration directory and a
 * queue of its own.
 */
#ifndef QUEUE_INSTANCE_H
#define QUEUE_INSTANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "deadline.h"
#include "error.h"

struct instance {
	char *name;      /* multi_instance_name; of one that has none, the last
	                    part of its directory; unique in its list */
	char *group;     /* multi_instance_group, or "" */
	bool enabled;    /* multi_instance_enable */
	char *directory; /* absolute, without a slash at its end */
};

/* Owns its instances. All zero: empty. */
struct instance_list {
	struct instance *items;
	size_t count;
};

void instance_list_release(struct instance_list *list);

/* Takes out those that are switched off, but not the first, the default one. */
void instance_list_keep_enabled(struct instance_list *list);

/*
 * Reads the table of `postmulti -l`, whose first line is the default instance:
 * name, group, "y" or "n" and directory in columns, "-" for no name and no
 * group. Returns 0 with *list, or -1 with *error.
 */
int instance_parse(const char *table, struct instance_list *list,
	struct error *error);

/*
 * Asks postmulti, which any user may who can read the main.cf of each instance.
 * NULL: the one that program_find() finds, and where that fails
 * instance_list_settings(). Returns 0 with *list, or -1 with *error.
 */
int instance_list(const char *postmulti, const struct deadline *deadline,
	struct instance_list *list, struct error *error);

/*
 * The same list from the settings that postmulti goes by, as this postconf has
 * them. Returns 0 with *list, or -1 with *error.
 */
int instance_list_settings(const char *postconf,
	const struct deadline *deadline, struct instance_list *list,
	struct error *error);

/*
 * Appends to *found, unless it is there already, the instance of this name
 * ("-": the default one), or the one of this directory if the text begins
 * with a slash; that one need not be known. Returns 0, or -1 with *error,
 * which says which instances are known.
 */
int instance_find(const struct instance_list *known, const char *text,
	struct instance_list *found, struct error *error);

#endif
