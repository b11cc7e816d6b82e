/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Options from an ini file, as the Monitoring Plugins take them with
 * --extra-opts=[SECTION][@FILE]: each "name = value" of a section stands for
 * an option --name=value, and the options of the section come before those of
 * the command line. Knows no option's name; reads no environment.
 */
#ifndef EXTRA_OPTS_H
#define EXTRA_OPTS_H

#include <stddef.h>

#include "error.h"

struct extra_opts_request {
	const char *argument;        /* [SECTION][@FILE]; NULL is "" */
	const char *default_section; /* the program's name */
	const char *config_file;     /* MP_CONFIG_FILE's value, may be NULL */
	const char *config_path; /* NAGIOS_CONFIG_PATH's value, may be NULL */
};

struct extra_option {
	char *name;         /* without dashes; one letter is a short option */
	char *value;        /* "" : none */
	unsigned long line; /* of the file, from 1 */
};

struct extra_opts {
	char *file;                   /* where they were found */
	struct extra_option *options; /* in the order of the file */
	size_t count;                 /* 1 or more */
};

/*
 * Reads the section. Without @FILE the file is config_file, else the first
 * there is of monitoring-plugins.ini, plugins.ini and nagios-plugins.ini in
 * the folders of config_path (with colons between them), else the first of
 * the places that Monitoring Plugins know. Values are taken as they stand,
 * quotes included, up to the line's end or a " ;" comment. Returns 0 with
 * *opts, for extra_opts_release(), or -1 with *error: no file, no option in
 * the section, a line (named with its file) that is malformed, too long for
 * inih or outside of any section. Lines of other sections are only skipped.
 */
int extra_opts_read(const struct extra_opts_request *request,
	struct extra_opts *opts, struct error *error);

/* Safe on one that is all zero. */
void extra_opts_release(struct extra_opts *opts);

/* "--name=value", "--name", "-nvalue" or "-n", that the caller frees. */
char *extra_option_argument(const struct extra_option *option);

#endif
