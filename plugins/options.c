/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each option is one row: names, argument, help, and the function that takes
 * its argument. getopt_long(3) splits the words.
 */
#include "options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "duration.h"
#include "number.h"
#include "options_check.h"
#include "tls/cause.h"

#define TIMEOUT_LIMIT 86400
#define TOP_DEFAULT   10
#define TOP_LIMIT     1000000

/* For people; the names are those of the two tables of formats. */
#define INPUT_FORMATS  "auto, json, mailq, sendmail, opensmtpd"
#define OUTPUT_FORMATS "nagios, json, table, list, ids, prometheus"

typedef int set_option(struct options *options, const char *argument,
	struct error *error);

struct option_row {
	char letter;          /* 0: none */
	const char *name;     /* NULL: a heading, whose text is `help` */
	const char *argument; /* NULL: takes none; "[=...]": may be left out */
	const char *help;
	set_option *set;
};

/* The user's first threshold replaces both defaults. */
static int
set_threshold(struct options *options, struct range *list, const char *argument,
	struct error *error)
{
	if (!options->has_threshold)
		memset(&options->thresholds, 0, sizeof(options->thresholds));
	options->has_threshold = true;
	return threshold_parse(argument, list, error);
}

static int
set_warning(struct options *options, const char *argument, struct error *error)
{
	return set_threshold(options, options->thresholds.warning, argument,
		error);
}

static int
set_critical(struct options *options, const char *argument, struct error *error)
{
	return set_threshold(options, options->thresholds.critical, argument,
		error);
}

static int
set_file(const char **file, const char *argument, struct error *error)
{
	if (argument[0] == '\0')
		return error_set(error, "the file's name is empty");
	*file = argument;
	return 0;
}

static int
set_absolute_path(const char **path, const char *argument, struct error *error)
{
	if (argument[0] != '/')
		return error_set(error, "'%.60s' is no absolute path",
			argument);
	*path = argument;
	return 0;
}

static int
set_input(struct options *options, const char *argument, struct error *error)
{
	return set_file(&options->input, argument, error);
}

static int
set_input_format(struct options *options, const char *argument,
	struct error *error)
{
	options->input_format = input_format_of_name(argument);
	if (options->input_format == INPUT_COUNT)
		return error_set(error,
			"'%.60s' is no format of a listing: " INPUT_FORMATS,
			argument);
	return 0;
}

static int
set_now(struct options *options, const char *argument, struct error *error)
{
	return number_parse(argument, 0, 253402300799, &options->now, error);
}

static int
set_postqueue(struct options *options, const char *argument,
	struct error *error)
{
	return set_absolute_path(&options->postqueue, argument, error);
}

static int
set_instance(struct options *options, const char *argument, struct error *error)
{
	if (argument[0] == '\0')
		return error_set(error, "the instance's name is empty");
	options->instances = xrealloc(options->instances,
		options->instance_count + 1, sizeof(options->instances[0]));
	options->instances[options->instance_count++] = argument;
	return 0;
}

static int
set_all_instances(struct options *options, const char *argument,
	struct error *error)
{
	(void)argument;
	(void)error;
	options->all_instances = true;
	return 0;
}

static int
set_socket(struct options *options, const char *argument, struct error *error)
{
	return set_absolute_path(&options->socket, argument, error);
}

static int
set_queue(struct options *options, const char *argument, struct error *error)
{
	return filter_parse_queues(argument, &options->filter.queues, error);
}

static int
set_domain(struct options *options, const char *argument, struct error *error)
{
	return globs_add_domain(&options->filter.domains, argument, error);
}

static int
set_exclude_domain(struct options *options, const char *argument,
	struct error *error)
{
	return globs_add_domain(&options->filter.not_domains, argument, error);
}

static int
set_sender(struct options *options, const char *argument, struct error *error)
{
	return globs_add_sender(&options->filter.senders, argument, error);
}

static int
set_exclude_sender(struct options *options, const char *argument,
	struct error *error)
{
	return globs_add_sender(&options->filter.not_senders, argument, error);
}

/* Both options may be given: what is wanted less what is not. */
static int
set_cause(struct options *options, const char *argument, struct error *error)
{
	struct filter *filter = &options->filter;

	if (filter_parse_causes(argument, &filter->wanted_causes, error) < 0)
		return -1;
	filter->unclassified_named =
		(filter->wanted_causes & 1U << CAUSE_UNCLASSIFIED) != 0;
	return 0;
}

static int
set_exclude_cause(struct options *options, const char *argument,
	struct error *error)
{
	unsigned causes;

	if (filter_parse_causes(argument, &causes, error) < 0)
		return -1;
	options->filter.unwanted_causes |= causes;
	return 0;
}

static int
set_min_age(struct options *options, const char *argument, struct error *error)
{
	return duration_parse(argument, &options->filter.min_age, error);
}

static int
set_rules(struct options *options, const char *argument, struct error *error)
{
	return set_file(&options->rules_file, argument, error);
}

static int
set_format(struct options *options, const char *argument, struct error *error)
{
	options->format = format_of_name(argument);
	if (options->format == NULL)
		return error_set(error,
			"'%.60s' is no output format: " OUTPUT_FORMATS,
			argument);
	return 0;
}

static int
set_output_file(struct options *options, const char *argument,
	struct error *error)
{
	if (strcmp(argument, "-") != 0)
		return set_file(&options->output_file, argument, error);
	options->output_file = NULL;
	return 0;
}

static int
set_top(struct options *options, const char *argument, struct error *error)
{
	long long top;

	if (number_parse(argument, 0, TOP_LIMIT, &top, error) < 0)
		return -1;
	options->top = (size_t)top;
	return 0;
}

/* SECONDS[:STATE]; a run that was not finished is never OK. */
static int
set_timeout(struct options *options, const char *argument, struct error *error)
{
	const char *rest = argument;
	double seconds;
	int state = STATE_UNKNOWN;

	if (number_scan(&rest, &seconds) < 0 || (*rest && *rest != ':'))
		return error_set(error, "'%.60s' is not SECONDS[:STATE]",
			argument);
	if (seconds < 0.1 || seconds > TIMEOUT_LIMIT)
		return error_set(error, "'%.60s' is not between 0.1 and %d s",
			argument, TIMEOUT_LIMIT);
	if (*rest == ':')
		state = state_of_name(rest + 1);
	if (state <= STATE_OK)
		return error_set(error,
			"'%.60s' is no state for it: WARNING, CRITICAL or UNKNOWN",
			rest + 1);
	options->timeout = seconds;
	options->timeout_state = (enum state)state;
	return 0;
}

static int
set_explain(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->explain = true;
	return 0;
}

static int
set_probe(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->probe = true;
	return 0;
}

static int
set_mail_log(struct options *options, const char *argument, struct error *error)
{
	return set_file(&options->mail_log, argument, error);
}

/* Read beforehand: read_extra_opts(). */
static int
set_extra_opts(struct options *options, const char *argument,
	struct error *error)
{
	(void)options;
	(void)argument;
	(void)error;
	return 0;
}

static int
set_verbose(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->verbosity++;
	return 0;
}

static int
set_help(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->action = ACTION_HELP;
	return 0;
}

static int
set_version(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->action = ACTION_VERSION;
	return 0;
}

static const struct option_row rows[] = {
	{ 0, NULL, NULL, "Thresholds, repeatable (default: -w 0 -c age=4h)",
		NULL },
	{ 'w', "warning", "[METRIC=]RANGE", "WARNING outside of this range",
		set_warning },
	{ 'c', "critical", "[METRIC=]RANGE", "CRITICAL outside of this range",
		set_critical },
	{ 0, NULL, NULL, "What to read (default: postqueue -j)", NULL },
	{ 'i', "input", "FILE", "a saved listing; - is standard input",
		set_input },
	{ 0, "input-format", "FORMAT", INPUT_FORMATS, set_input_format },
	{ 0, "now", "EPOCH", "with --input: when the listing was taken",
		set_now },
	{ 'I', "instance", "NAME|DIR", "this Postfix instance; repeatable",
		set_instance },
	{ 'A', "all-instances", NULL, "all that postmulti -l tells",
		set_all_instances },
	{ 0, "postqueue", "PATH", "another postqueue", set_postqueue },
	{ 0, "socket", "PATH", "the showq socket itself, no postqueue",
		set_socket },
	{ 't', "timeout", "SECONDS[:STATE]",
		"for the whole run (default 10:UNKNOWN)", set_timeout },
	{ 0, NULL, NULL, "What counts", NULL },
	{ 'q', "queue", "LIST", "incoming,active,deferred,hold,maildrop or all",
		set_queue },
	{ 0, "domain", "GLOB", "only recipients of these domains", set_domain },
	{ 0, "exclude-domain", "GLOB", "all but these", set_exclude_domain },
	{ 0, "sender", "GLOB", "only mail from these addresses", set_sender },
	{ 0, "exclude-sender", "GLOB", "all but these", set_exclude_sender },
	{ 0, "cause", "LIST", "only these causes count", set_cause },
	{ 0, "exclude-cause", "LIST", "all causes but these",
		set_exclude_cause },
	{ 0, "min-age", "DURATION", "only messages at least this old",
		set_min_age },
	{ 0, "rules", "FILE", "your own: CAUSE or ignore, then a PCRE2",
		set_rules },
	{ 0, NULL, NULL, "Saying why, for each destination named", NULL },
	{ 0, "explain", NULL, "the TLS policy, its source, what to do next",
		set_explain },
	{ 0, "mail-log", "FILE", "what the log says; - is standard input",
		set_mail_log },
	{ 0, "probe", NULL, "test the servers now with posttls-finger",
		set_probe },
	{ 0, NULL, NULL, "Output", NULL },
	{ 'o', "output-format", "FORMAT", OUTPUT_FORMATS, set_format },
	{ 0, "output-file", "FILE", "write there, replacing it as a whole",
		set_output_file },
	{ 0, "top", "N", "destinations named in detail (default 10)", set_top },
	{ 'v', "verbose", NULL, "more details; up to three times",
		set_verbose },
	{ 0, "extra-opts", "[=[SECTION][@FILE]]", "options from an ini file",
		set_extra_opts },
	{ 'h', "help", NULL, "this help", set_help },
	{ 'V', "version", NULL, "the version", set_version },
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* What getopt_long() gives for a row: its letter, or a number above all. */
#define ROW_VALUE(i) (rows[i].letter ? rows[i].letter : 256 + (int)(i))

static int
argument_kind(const struct option_row *row)
{
	if (row->argument == NULL)
		return no_argument;
	return row->argument[0] == '[' && row->argument[1] == '='
		? optional_argument
		: required_argument;
}

static void
getopt_tables(struct option long_options[ROW_COUNT + 1],
	char letters[2 * ROW_COUNT + 2])
{
	size_t names = 0, at = 0;

	letters[at++] = ':';
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].name == NULL)
			continue;
		long_options[names++] = (struct option){
			.name = rows[i].name,
			.has_arg = argument_kind(&rows[i]),
			.val = ROW_VALUE(i),
		};
		if (rows[i].letter == 0)
			continue;
		letters[at++] = rows[i].letter;
		if (rows[i].argument != NULL)
			letters[at++] = ':';
	}
	long_options[names] = (struct option){ .name = NULL };
	letters[at] = '\0';
}

static const struct option_row *
row_of(int value)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (rows[i].name != NULL && ROW_VALUE(i) == value)
			return &rows[i];
	return NULL;
}

static int
take(struct options *options, const struct option_row *row,
	const char *argument, struct error *error)
{
	struct error problem;

	if (row->set(options, argument, &problem) == 0)
		return 0;
	return error_set(error, "option --%s: %.600s", row->name, problem.text);
}

/* What getopt_long() could not make sense of. Always -1. */
static int
refuse(int value, char *argv[], struct error *error)
{
	const struct option_row *row = row_of(optopt);
	const char *word = argv[optind > 1 ? optind - 1 : 1];

	if (value == ':' && row != NULL)
		return error_set(error, "option --%s: its %s is missing",
			row->name, row->argument);
	if (value == '?' && optopt == 0)
		return error_set(error,
			"%.60s is no option, or not the only one that begins so; -h lists them",
			word);
	if (row != NULL)
		return error_set(error, "option --%s takes no argument",
			row->name);
	return error_set(error, "-%c is no option; -h lists them", optopt);
}

/* Where only unclassified mail is left, that is what the check is about. */
static void
adapt_thresholds(struct options *options)
{
	if (!options->has_threshold &&
		filter_causes(&options->filter) == 1U << CAUSE_UNCLASSIFIED)
		options->thresholds = (struct thresholds){
			.warning[METRIC_UNCLASSIFIED] = { .set = true },
		};
}

static void
options_init(struct options *options)
{
	*options = (struct options){
		.config_file = options->config_file,
		.config_path = options->config_path,
		.now = -1,
		.format = format_of_name("nagios"),
		.top = TOP_DEFAULT,
		.timeout = OPTIONS_TIMEOUT,
		.timeout_state = STATE_UNKNOWN,
	};
	filter_init(&options->filter);
	thresholds_default(&options->thresholds);
}

/* The row of an option's whole name or of its letter; NULL: there is none. */
static const struct option_row *
row_of_name(const char *name)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (rows[i].name != NULL &&
			(strcmp(rows[i].name, name) == 0 ||
				(name[0] == rows[i].letter && name[1] == 0)))
			return &rows[i];
	return NULL;
}

static int
take_extra_option(struct options *options, const struct extra_option *extra,
	struct error *error)
{
	const struct option_row *row = row_of_name(extra->name);
	bool has_value = extra->value[0] != '\0';

	if (row == NULL || row->set == set_extra_opts)
		return error_set(error, "'%.100s' is no option", extra->name);
	if (has_value != (row->argument != NULL))
		return error_set(error, "option --%s %s", row->name,
			has_value ? "takes no argument" : "has no argument");
	return take(options, row, extra->value, error);
}

/* All of one --extra-opts, as if it stood before the command line. */
static int
read_extra_opts(struct options *options, const char *argument,
	struct error *error)
{
	struct extra_opts_request request = {
		.argument = argument,
		.default_section = "check_tls_queue",
		.config_file = options->config_file,
		.config_path = options->config_path,
	};
	struct extra_opts *extra;
	struct error problem;

	options->extra = xrealloc(options->extra, options->extra_count + 1,
		sizeof(*options->extra));
	extra = &options->extra[options->extra_count];
	if (extra_opts_read(&request, extra, error) < 0)
		return -1;
	options->extra_count++;
	for (size_t i = 0; i < extra->count; i++)
		if (take_extra_option(options, &extra->options[i], &problem) <
			0)
			return error_set(error, "%.300s:%lu: %.400s",
				extra->file, extra->options[i].line,
				problem.text);
	return 0;
}

/*
 * The argument of --extra-opts may be the next word, too, as in Monitoring
 * Plugins (lib/extra_opts.c); no other word stands alone. NULL: it is none.
 */
static char *
next_word(int argc, char *argv[])
{
	if (optind >= argc || argv[optind][0] == '-')
		return NULL;
	return argv[optind++];
}

/*
 * One run of getopt_long() over the words: first for the ini files, then for
 * all else, so that the command line has the last word.
 */
static int
parse_words(int argc, char *argv[], struct options *options, bool ini_files,
	struct error *error)
{
	struct option long_options[ROW_COUNT + 1];
	char letters[2 * ROW_COUNT + 2];
	int value;

	getopt_tables(long_options, letters);
	opterr = 0;
	optind = 1;
	while ((value = getopt_long(argc, argv, letters, long_options, NULL)) !=
		-1) {
		const struct option_row *row = row_of(value);

		if (row == NULL || value == '?' || value == ':')
			return refuse(value, argv, error);
		if (row->set == set_extra_opts && optarg == NULL)
			optarg = next_word(argc, argv);
		if (ini_files && row->set == set_extra_opts &&
			read_extra_opts(options, optarg, error) < 0)
			return -1;
		if (!ini_files && take(options, row, optarg, error) < 0)
			return -1;
	}
	if (optind < argc)
		return error_set(error,
			"'%.60s' is no option; a saved listing goes with --input",
			argv[optind]);
	return 0;
}

int
options_parse(int argc, char *argv[], struct options *options,
	struct error *error)
{
	options_init(options);
	if (parse_words(argc, argv, options, true, error) < 0 ||
		parse_words(argc, argv, options, false, error) < 0)
		return -1;
	adapt_thresholds(options);
	if (options->action != ACTION_RUN)
		return 0;
	return options_check(options, error);
}

void
options_release(struct options *options)
{
	filter_release(&options->filter);
	for (size_t i = 0; i < options->extra_count; i++)
		extra_opts_release(&options->extra[i]);
	free(options->extra);
	free(options->instances);
	options->instances = NULL;
	options->instance_count = 0;
	options->extra = NULL;
	options->extra_count = 0;
}

static void
print_row(FILE *out, const struct option_row *row)
{
	char names[64];

	if (row->name == NULL) {
		fprintf(out, "\n%s:\n", row->help);
		return;
	}
	if (row->letter != 0)
		snprintf(names, sizeof(names), "-%c, --%s %s", row->letter,
			row->name, row->argument ? row->argument : "");
	else
		snprintf(names, sizeof(names), "    --%s%s%s", row->name,
			argument_kind(row) == required_argument ? " " : "",
			row->argument ? row->argument : "");
	fprintf(out, "  %-31s %s\n", names, row->help);
}

void
options_print_help(FILE *out)
{
	fputs("Usage: check_tls_queue [OPTION...]\n"
	      "Tells the mail that Postfix holds back for TLS reasons from all other mail.\n",
		out);
	for (size_t i = 0; i < ROW_COUNT; i++)
		print_row(out, &rows[i]);
	fputs("\nMETRIC: messages (default), recipients, percent, age (s, m, h, d),\n"
	      "unclassified, or a cause:\n",
		out);
	for (int cause = 0; cause < CAUSE_TLS_COUNT; cause++)
		fprintf(out, "%s%s%s", cause % 4 ? " " : "  ",
			cause_name((enum cause)cause),
			cause % 4 == 3 || cause + 1 == CAUSE_TLS_COUNT ? "\n"
								       : "");
	fputs("RANGE: [@][START:][END]; 10 alerts above 10, 10: below 10, @5:9 from 5 to 9.\n"
	      "\nExamples:\n"
	      "  check_tls_queue\n"
	      "  check_tls_queue -w 5 -c 50 -c age=1d -c policy_error=0\n"
	      "  postqueue -j > queue.json; check_tls_queue -i queue.json -o json\n",
		out);
}
