/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * check_tls_queue: queue -> tls -> report. The flow, and all that touches the
 * command line, the clock, the terminal, standard output and the exit status.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "explain.h"
#include "options.h"
#include "output_file.h"
#include "report/remarks.h"
#include "survey.h"
#include "text.h"
#include "watchdog.h"

/* Everything that waits keeps the timeout itself; the watchdog comes later. */
#define WATCHDOG_GRACE 2

#define WIDTH_DEFAULT 80

static int
print_unknown(FILE *out, const char *why)
{
	fputs("TLS QUEUE UNKNOWN - ", out);
	text_print(out, why, TEXT_MONITORING, 0);
	putc('\n', out);
	return STATE_UNKNOWN;
}

static int
print_option_unknown(const char *option, const struct error *problem)
{
	struct error error;

	error_set(&error, "%s: %.700s", option, problem->text);
	return print_unknown(stdout, error.text);
}

/* Never under NO_COLOR, and a dumb terminal would print the codes. */
static bool
takes_color(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	return (no_color == NULL || no_color[0] == '\0') &&
		(terminal == NULL || strcmp(terminal, "dumb") != 0);
}

/* Colour for people only. */
static void
look_at_terminal(struct report *report, FILE *out)
{
	struct winsize size;

	report->width = WIDTH_DEFAULT;
	if (!isatty(fileno(out)))
		return;
	if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		report->width = size.ws_col;
	report->color = takes_color();
}

/* The format's own status; what it can't show goes to standard error. */
static int
status_of(const struct report *report, const struct format *format)
{
	if (format->exits_with_state)
		return (int)report->verdict.state;
	remarks_print_all(stderr, report);
	if (report->complete || format->row == NULL)
		return STATE_OK;
	return STATE_UNKNOWN;
}

/* A log that can't be read is said before anything else. */
static int
check_mail_log(const struct options *options, struct error *error)
{
	const char *path = options->mail_log;
	struct stat status;

	if (path == NULL || strcmp(path, "-") == 0)
		return 0;
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return error_set(error,
			"--mail-log: can't read the mail log %.300s: it is a folder",
			path);
	if (access(path, R_OK) == 0)
		return 0;
	return error_set(error,
		"--mail-log: can't read the mail log %.300s: %s%s", path,
		strerror(errno),
		errno == EACCES ? " (its group, often adm, may)" : "");
}

/* All that can fail before anything is read or written. */
static int
prepare(struct survey *survey, const struct options *options,
	struct error *error)
{
	*survey = (struct survey){ .parts = NULL };
	if (check_mail_log(options, error) < 0)
		return -1;
	return survey_open(survey, options, (long long)time(NULL), error);
}

static int
run(struct survey *survey, const struct options *options, FILE *out)
{
	struct explanation explanation = { .whys = { .list = NULL } };
	int status;

	look_at_terminal(&survey->report, out);
	survey_read(survey, options, out);
	if (options->explain || options->probe || options->mail_log != NULL) {
		explain(&explanation, options, survey);
		survey->report.whys = &explanation.whys;
	}
	if (options->format->print != NULL)
		options->format->print(out, &survey->report);
	/* Remarks come behind it; close_output() sees a failure. */
	(void)fflush(out);
	status = status_of(&survey->report, options->format);
	survey->report.whys = NULL;
	explanation_release(&explanation);
	return status;
}

/* A listing that broke off would leave half a file: the old one stays. */
static int
run_into_file(struct survey *survey, const struct options *options)
{
	struct output_file file;
	struct error error;
	int status;

	if (output_file_open(&file, options->output_file, &error) < 0)
		return print_option_unknown("--output-file", &error);
	status = run(survey, options, file.stream);
	if (status == STATE_UNKNOWN && !options->format->exits_with_state)
		output_file_abandon(&file);
	else if (output_file_commit(&file, &error) < 0)
		return print_option_unknown("--output-file", &error);
	return status;
}

static int
act(const struct options *options)
{
	struct survey survey;
	struct error error;
	int status;

	switch (options->action) {
	case ACTION_HELP:
		options_print_help(stdout);
		return STATE_UNKNOWN;
	case ACTION_VERSION:
		puts("check_tls_queue " VERSION);
		return STATE_UNKNOWN;
	case ACTION_RUN:
		break;
	}
	watchdog_start((unsigned)options->timeout + WATCHDOG_GRACE,
		options->timeout_state);
	if (prepare(&survey, options, &error) < 0)
		status = print_unknown(stdout, error.text);
	else if (options->output_file != NULL)
		status = run_into_file(&survey, options);
	else
		status = run(&survey, options, stdout);
	survey_release(&survey);
	return status;
}

/*
 * An answer that did not get out whole is no answer. Where it went into a file,
 * it does not matter that the caller had closed standard output.
 */
static int
close_output(int status)
{
	if (!ferror(stdout) && fflush(stdout) == 0 &&
		(fclose(stdout) == 0 || errno == EBADF))
		return status;
	fprintf(stderr, "TLS QUEUE UNKNOWN - can't write the output: %s\n",
		strerror(errno));
	return STATE_UNKNOWN;
}

/*
 * Without TZ, glibc looks at this file again for each date of a text listing,
 * which takes longer than all else.
 */
static void
fix_time_zone(void)
{
	(void)setenv("TZ", ":/etc/localtime", 0);
}

int
main(int argc, char *argv[])
{
	struct options options = {
		.config_file = getenv("MP_CONFIG_FILE"),
		.config_path = getenv("NAGIOS_CONFIG_PATH"),
	};
	struct error error;
	int status;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	fix_time_zone();
	if (geteuid() != getuid() || getegid() != getgid())
		return close_output(print_unknown(stdout,
			"this program refuses to run set-uid or set-gid"));
	/* An ini file may be a pipe that nobody writes to. */
	watchdog_start(OPTIONS_TIMEOUT + WATCHDOG_GRACE, STATE_UNKNOWN);
	if (options_parse(argc, argv, &options, &error) < 0)
		status = print_unknown(stdout, error.text);
	else
		status = act(&options);
	options_release(&options);
	return close_output(status);
}
