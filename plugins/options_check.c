/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options_check.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "same_file.h"
#include "tls/cause.h"

/* The causes that a metric is made of. */
static unsigned
causes_of(enum metric metric)
{
	if (metric == METRIC_UNCLASSIFIED)
		return 1U << CAUSE_UNCLASSIFIED;
	if (metric >= METRIC_CAUSE)
		return 1U << (metric - METRIC_CAUSE);
	return (1U << CAUSE_TLS_COUNT) - 1;
}

/* A threshold on what was filtered away would never speak. */
static int
check_thresholds(const struct options *options, struct error *error)
{
	const struct thresholds *thresholds = &options->thresholds;
	unsigned causes = filter_causes(&options->filter);

	for (int i = 0; i < METRIC_COUNT; i++) {
		enum metric metric = (enum metric)i;
		bool warning = thresholds->warning[i].set;

		if ((!warning && !thresholds->critical[i].set) ||
			(causes & causes_of(metric)) != 0)
			continue;
		return error_set(error,
			"option --%s: --cause and --exclude-cause leave nothing that %s counts",
			warning ? "warning" : "critical", metric_name(metric));
	}
	return 0;
}

static int
check_sources(const struct options *options, struct error *error)
{
	const struct {
		const char *name;
		bool given;
	} sources[] = {
		{ "--input", options->input != NULL },
		{ "--socket", options->socket != NULL },
		{ "--postqueue", options->postqueue != NULL },
	};
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		if (!sources[i].given)
			continue;
		if (first != NULL)
			return error_set(error,
				"%s and %s exclude each other: two sources at once",
				first, sources[i].name);
		first = sources[i].name;
	}
	return 0;
}

/* Others are not replaced. */
static bool
is_regular(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* What is read would be gone, and the next run would read its own answer. */
static int
check_output_file(const struct options *options, struct error *error)
{
	const struct {
		const char *name, *path;
	} files[] = {
		{ "--input", options->input },
		{ "--mail-log", options->mail_log },
		{ "--rules", options->rules_file },
	};

	if (options->output_file == NULL ||
		strcmp(options->output_file, "-") == 0 ||
		!is_regular(options->output_file))
		return 0;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (files[i].path != NULL && strcmp(files[i].path, "-") != 0 &&
			same_file(options->output_file, files[i].path))
			return error_set(error,
				"option --output-file: it would replace the file of %s",
				files[i].name);
	return 0;
}

int
options_check(const struct options *options, struct error *error)
{
	if (check_sources(options, error) < 0 ||
		check_output_file(options, error) < 0)
		return -1;
	if (options->input != NULL && options->mail_log != NULL &&
		strcmp(options->input, "-") == 0 &&
		strcmp(options->mail_log, "-") == 0)
		return error_set(error,
			"--input and --mail-log can't both be standard input");
	if (options->instance_count > 0 && options->all_instances)
		return error_set(error,
			"--instance and --all-instances exclude each other");
	if ((options->instance_count > 0 || options->all_instances) &&
		(options->input != NULL || options->socket != NULL))
		return error_set(error,
			"instances are read by postqueue, not from --input or --socket");
	if ((options->explain || options->probe || options->mail_log != NULL) &&
		!options->format->exits_with_state)
		return error_set(error,
			"-o %s has no place for what %s would say",
			options->format->name,
			options->explain         ? "--explain"
				: options->probe ? "--probe"
						 : "--mail-log");
	if (filter_causes(&options->filter) == 0)
		return error_set(error,
			"--cause and --exclude-cause leave no cause that counts");
	if (options->input == NULL && options->now >= 0)
		return error_set(error, "option --now needs --input");
	if (options->input == NULL && options->input_format != INPUT_AUTO)
		return error_set(error, "option --input-format needs --input");
	return check_thresholds(options, error);
}
