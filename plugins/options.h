/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line into a struct. One table holds every option: the parser and
 * the help are made from it, and tests compare the help with the man page, the
 * completions and the Icinga command.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdio.h>

#include "error.h"
#include "extra_opts.h"
#include "queue/source.h"
#include "report/filter.h"
#include "report/report.h"
#include "report/verdict.h"
#include "state.h"

#define OPTIONS_TIMEOUT 10 /* seconds, when --timeout says none */

enum action {
	ACTION_RUN,
	ACTION_HELP,
	ACTION_VERSION,
};

struct options {
	/* Set before options_parse(); NULL where the environment has none: */
	const char *config_file; /* MP_CONFIG_FILE */
	const char *config_path; /* NAGIOS_CONFIG_PATH */
	/* What the command line and the ini files say: */
	enum action action;
	struct thresholds thresholds;
	bool has_threshold; /* the defaults have been replaced */
	const char *input;  /* "-" for standard input, NULL for none */
	enum input_format input_format;
	long long now;          /* epoch seconds; -1: the clock's */
	const char **instances; /* owned array: names and directories */
	size_t instance_count;
	bool all_instances;
	const char *postqueue;
	const char *socket; /* showq's; NULL: ask postqueue */
	struct filter filter;
	const char *rules_file; /* NULL: none */
	const struct format *format;
	const char *output_file; /* NULL: standard output */
	bool explain, probe;
	const char *mail_log; /* "-" for standard input, NULL for none */

	size_t top;
	double timeout; /* seconds */
	enum state timeout_state;
	int verbosity;
	struct extra_opts *extra; /* owned: the other strings lie in them */
	size_t extra_count;
};

/*
 * Returns 0, or -1 with *error that names the option and what is wrong with
 * it. The strings of argv are borrowed. Prints and ends nothing. The options
 * are to be released in both cases.
 */
int options_parse(int argc, char *argv[], struct options *options,
	struct error *error);

void options_release(struct options *options);

void options_print_help(FILE *out);

#endif
