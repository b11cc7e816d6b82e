/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Children that behave and children that don't: most of them are a line of
 * sh. Those that have to be killed would run for a minute, so that a test
 * that forgets one takes longer than its limit.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"

static const struct script {
	const char *name, *script;
	int want_status;         /* exit status, or signal + 1000 */
	const char *want_output; /* NULL: it fails with want_error */
	const char *want_errors; /* start of them */
	const char *want_error;
} scripts[] = {
	{ "output", "echo a; echo b", 0, "a\nb\n", "", "" },
	{ "nothing", ":", 0, "", "", "" },
	{ "no line end", "printf a", 0, "a", "", "" },
	{ "exit status and errors", "echo a; echo no >&2; exit 69", 69, "a\n",
		"no\n", "" },
	{ "killed by a signal", "kill -9 $$", 1009, "", "", "" },
	{ "standard input is empty", "cat; echo $?", 0, "0\n", "", "" },
	{ "one byte more",
		"head -c 1048577 /dev/zero | tr '\\0' o; exec sleep 60", 0,
		NULL, "", "/bin/sh: it printed more than 1048576 bytes" },
	{ "output without an end", "exec yes", 0, NULL, "",
		"/bin/sh: it printed more than 1048576 bytes" },
	{ "NUL byte", "printf 'a\\0b'", 0, NULL, "",
		"/bin/sh: it printed a NUL byte" },
	{ "flood of errors",
		"head -c 1000000 /dev/zero | tr '\\0' e >&2; echo a", 0, "a\n",
		"eeeeeeee", "" },
	{ "errors closed first", "exec 2>&-; sleep 0.1; echo a", 0, "a\n", "",
		"" },
	{ "output closed first", "exec >&-; sleep 0.1; echo a >&2; exit 3", 3,
		"", "a\n", "" },
	{ "all closed, then an exit", "exec >&- 2>&-; sleep 0.1; exit 4", 4, "",
		"", "" },
	{ "hangs", "echo a; echo b >&2; exec sleep 60", 0, NULL, "b\n",
		"/bin/sh: no answer within 0.5 s" },
	{ "hangs with all closed", "exec >&- 2>&-; exec sleep 60", 0, NULL, "",
		"/bin/sh: no end within 0.5 s" },
	{ "a grandchild holds the output", "sleep 60 & echo a", 0, NULL, "",
		"/bin/sh: no answer within 0.5 s" },
	{ "a grandchild holds the errors", "sleep 60 >/dev/null & echo a", 0,
		NULL, "", "/bin/sh: no answer within 0.5 s" },
	{ "does not want to end", "trap '' TERM INT HUP; sleep 60; sleep 60", 0,
		NULL, "", "/bin/sh: no answer within 0.5 s" },
	{ "errors without an end", "exec yes >&2", 0, NULL, "y\ny\ny\n",
		"/bin/sh: no answer within 0.5 s" },
	{ "SIGTERM is not ignored", "kill -TERM $$; echo a", 1015, "", "", "" },
	{ "SIGPIPE is not ignored", "kill -PIPE $$; echo a", 1013, "", "", "" },
	{ "SIGUSR1 is not blocked", "kill -USR1 $$; echo a", 1010, "", "", "" },
};

/* What a monitoring daemon may hand down to its plugins. */
static int
signals_spoil(void **state)
{
	sigset_t blocked;

	(void)state;
	signal(SIGTERM, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	return sigprocmask(SIG_BLOCK, &blocked, NULL);
}

static int
exit_or_signal(int status)
{
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

/* Half a second for children that hang, more than enough for all others. */
static void
script_check(const struct script *row)
{
	const char *argv[] = { "/bin/sh", "-c", row->script, NULL };
	const char *want = row->want_output ? row->want_output : "(none)";
	bool hangs = strstr(row->want_error, "within") != NULL;
	struct deadline deadline = deadline_in(hangs ? 0.5 : 10);
	struct deadline late = deadline_in(9);
	struct error error = { "" };
	struct command_answer answer;
	const char *output, *errors = answer.errors;
	int status;

	signal(SIGCHLD, SIG_IGN);
	if (command_output(argv, &deadline, &answer, &error) < 0)
		assert_null(answer.output);
	output = answer.output;
	status = answer.status;
	if (strcmp(output ? output : "(none)", want) != 0 ||
		strcmp(error.text, row->want_error) != 0 ||
		strncmp(errors, row->want_errors, strlen(row->want_errors)) ||
		(output && exit_or_signal(status) != row->want_status) ||
		deadline_passed(&late))
		fail_msg("%s: got status %d, output \"%s\", errors "
			 "\"%.100s\", error \"%s\" with %d ms left",
			row->name, exit_or_signal(status),
			output ? output : "(none)", errors, error.text,
			deadline_left(&late));
	free(answer.output);
}

static size_t
descriptors_open(void)
{
	size_t count = 0;

	for (int i = 0; i < 256; i++)
		count += fcntl(i, F_GETFD) >= 0;
	return count;
}

static void
command_scripts(void **state)
{
	size_t before = descriptors_open();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(scripts); i++)
		script_check(&scripts[i]);
	assert_int_equal(descriptors_open(), before);
	errno = 0;
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static int
output_of(const char *const argv[], char **output, struct error *error)
{
	struct deadline deadline = deadline_in(10);
	struct command_answer answer;
	int result = command_output(argv, &deadline, &answer, error);

	*output = answer.output;
	return result;
}

static void
command_environment(void **state)
{
	const char *argv[] = { "/usr/bin/env", NULL };
	struct error error;
	char *output;

	(void)state;
	setenv("LD_PRELOAD", "", 1);
	setenv("MAIL_CONFIG", "/nonexistent", 1);
	assert_int_equal(output_of(argv, &output, &error), 0);
	assert_string_equal(output,
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin\nLC_ALL=C\n");
	free(output);
}

static void
command_output_limit(void **state)
{
	static const struct {
		const char *script;
		size_t want;
	} rows[] = { { "head -c 1048575 /dev/zero | tr '\\0' o",
			     COMMAND_OUTPUT_LIMIT - 1 },
		{ "head -c 1048576 /dev/zero | tr '\\0' o",
			COMMAND_OUTPUT_LIMIT } };
	struct error error;
	char *output;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *argv[] = { "/bin/sh", "-c", rows[i].script, NULL };

		assert_int_equal(output_of(argv, &output, &error), 0);
		assert_int_equal(strlen(output), rows[i].want);
		free(output);
	}
}

static const struct {
	const char *path, *want_error;
	int want_errno;
} unstartable[] = {
	{ "/nonexistent/postqueue",
		"cannot run /nonexistent/postqueue: No such file or directory",
		ENOENT },
	{ "/", "cannot run /: Permission denied", EACCES },
	{ "/dev/null/x", "cannot run /dev/null/x: Not a directory", ENOTDIR },
	{ "sh", "cannot run sh: no absolute path", EINVAL },
	{ "", "cannot run : no absolute path", EINVAL },
};

static void
command_unstartable(void **state)
{
	struct deadline deadline = deadline_in(10);
	size_t before = descriptors_open();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(unstartable); i++) {
		const char *argv[] = { unstartable[i].path, NULL };
		struct command command;
		struct error error = { "" };

		assert_int_equal(command_start(&command, argv, &deadline,
					 &error),
			-1);
		assert_int_equal(errno, unstartable[i].want_errno);
		assert_string_equal(error.text, unstartable[i].want_error);
		assert_int_equal(command.pid, 0);
		command_release(&command);
	}
	assert_int_equal(descriptors_open(), before);
}

/* A child that runs for a minute; the next thing to read is its end. */
static void
sleeper_start(struct command *command, const struct deadline *deadline)
{
	const char *argv[] = { "/bin/sleep", "60", NULL };
	struct error error;

	assert_int_equal(command_start(command, argv, deadline, &error), 0);
}

/*
 * The write end of a pipe goes to the child and to its child: the pipe ends
 * when both are gone.
 */
static void
command_release_kills_the_group(void **state)
{
	const char *argv[] = { "/bin/sh", "-c",
		"sleep 60 >/dev/null 2>&1 & echo a; exec sleep 60", NULL };
	struct deadline deadline = deadline_in(10);
	struct pollfd polled = { .events = POLLIN };
	struct command command;
	struct error error;
	size_t length;
	char *line;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(command_start(&command, argv, &deadline, &error), 0);
	close(ends[1]);
	assert_int_equal(stream_line(&command.stream, &line, &length, &error),
		1);
	assert_string_equal(line, "a");
	polled.fd = ends[0];
	assert_int_equal(poll(&polled, 1, 0), 0);
	command_release(&command);
	assert_int_equal(poll(&polled, 1, 5000), 1);
	assert_int_equal(command.pid, 0);
	command_release(&command);
	close(ends[0]);
	assert_false(deadline_passed(&deadline));
}

/* More than the eight that are promised; one more than there is room for. */
static void
command_kill_all_kills(void **state)
{
	struct deadline deadline = deadline_in(10);
	struct command commands[33];
	struct error error;
	const char *argv[] = { "/bin/sleep", "60", NULL };
	int status;

	(void)state;
	for (size_t i = 0; i < 32; i++)
		sleeper_start(&commands[i], &deadline);
	assert_int_equal(command_start(&commands[32], argv, &deadline, &error),
		-1);
	assert_string_equal(error.text,
		"cannot run /bin/sleep: Resource "
		"temporarily unavailable");
	command_kill_all();
	for (size_t i = 0; i < 32; i++) {
		assert_int_equal(command_finish(&commands[i], &status, &error),
			0);
		assert_int_equal(exit_or_signal(status), 1000 + SIGKILL);
	}
	assert_false(deadline_passed(&deadline));
	sleeper_start(&commands[0], &deadline);
	command_release(&commands[0]);
	command_kill_all();
}

/* As cron jobs and bad daemons start their children. */
static void
command_without_standard_descriptors(void **state)
{
	const char *argv[] = { "/bin/sh", "-c", "cat; echo a; echo b >&2",
		NULL };
	struct deadline deadline = deadline_in(10);
	struct command_answer answer;
	struct error error;
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		close(0);
		close(1);
		close(2);
		status = command_output(argv, &deadline, &answer, &error);
		if (status != 0)
			_exit(1);
		_exit(strcmp(answer.output, "a\n") == 0 &&
					strcmp(answer.errors, "b\n") == 0
				? 0
				: 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(exit_or_signal(status), 0);
}

/* Pipes of one command are not handed to the next. */
static void
command_hands_nothing_down(void **state)
{
	const char *argv[] = { "/bin/ls", "/proc/self/fd", NULL };
	struct deadline deadline = deadline_in(10);
	struct command other;
	struct error error;
	char *alone, *beside;

	(void)state;
	if (access("/proc/self/fd", R_OK) < 0)
		skip();
	assert_int_equal(output_of(argv, &alone, &error), 0);
	sleeper_start(&other, &deadline);
	assert_int_equal(output_of(argv, &beside, &error), 0);
	assert_string_equal(beside, alone);
	command_release(&other);
	free(alone);
	free(beside);
}

static void
command_finish_gives_up(void **state)
{
	struct deadline deadline = deadline_in(0.1);
	struct command command;
	struct error error;
	int status;

	(void)state;
	sleeper_start(&command, &deadline);
	assert_int_equal(command_finish(&command, &status, &error), -1);
	assert_string_equal(error.text, "no answer within 0.1 s");
	assert_true(command.stream.timed_out);
	assert_int_equal(command.pid, 0);
	command_release(&command);
}

static void
command_release_of_zero(void **state)
{
	struct command command = { 0 };
	size_t before = descriptors_open();

	(void)state;
	command_release(&command);
	assert_int_equal(descriptors_open(), before);
}

/* The statuses are those of real children. */
static void
command_tells_the_end(void **state)
{
	static const struct {
		const char *script, *said, *want;
	} cases[] = {
		{ "exit 69", "", "p failed with exit status 69" },
		{ "exit 1", "no\nand more", "p failed with exit status 1: no" },
		{ "kill -9 $$", "no", "p was ended by signal 9" },
	};
	struct deadline deadline = deadline_in(10);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *argv[] = { "/bin/sh", "-c", cases[i].script, NULL };
		struct command_answer answer;
		struct error error;

		assert_int_equal(command_output(argv, &deadline, &answer,
					 &error),
			0);
		assert_int_equal(command_failed("p", answer.status,
					 cases[i].said, &error),
			-1);
		assert_string_equal(error.text, cases[i].want);
		free(answer.output);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(command_scripts),
		cmocka_unit_test(command_environment),
		cmocka_unit_test(command_output_limit),
		cmocka_unit_test(command_unstartable),
		cmocka_unit_test(command_release_kills_the_group),
		cmocka_unit_test(command_kill_all_kills),
		cmocka_unit_test(command_without_standard_descriptors),
		cmocka_unit_test(command_hands_nothing_down),
		cmocka_unit_test(command_finish_gives_up),
		cmocka_unit_test(command_release_of_zero),
		cmocka_unit_test(command_tells_the_end),
	};

	return cmocka_run_group_tests_name("command", tests, signals_spoil,
		NULL);
}
