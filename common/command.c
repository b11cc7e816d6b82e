/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * posix_spawn(3) does what fork and exec would, and returns the errno of an
 * exec that failed. The child leads a process group of its own; all groups
 * that run are written down in one array, which a signal handler may read.
 * Signals wait while a child is started or taken off that array, so that a
 * handler never sees half of it. Nothing here waits longer than a deadline:
 * not even for a child that SIGKILL can't end, because it hangs in a file
 * system or belongs to somebody else.
 */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "descriptor.h"

#define GROUPS_LIMIT   32
#define SAID_LIMIT     ((size_t)300)
#define REAP_SECONDS   1.0
#define PAUSE_SHORTEST 100000L /* nanoseconds */
#define PAUSE_LONGEST  20000000L

/* The groups that run, for a signal handler; 0 is a free place. */
static volatile sig_atomic_t groups[GROUPS_LIMIT];

/* Writes new over the first place that holds old. */
static bool
group_replace(pid_t old, pid_t new)
{
	for (size_t i = 0; i < GROUPS_LIMIT; i++) {
		if (groups[i] != old)
			continue;
		groups[i] = new;
		return true;
	}
	return false;
}

void
command_kill_all(void)
{
	int number = errno;

	for (size_t i = 0; i < GROUPS_LIMIT; i++)
		if (groups[i] != 0)
			kill(-(pid_t)groups[i], SIGKILL);
	errno = number;
}

static void
signals_block(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, before);
}

/* An inherited SIG_IGN would make waitpid(2) fail with ECHILD. */
static void
signals_keep_children(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	sigemptyset(&action.sa_mask);
	sigaction(SIGCHLD, &action, NULL);
}

/* Leaves errno as it was: it says why they have to be closed. */
static void
close_both(int ends[2])
{
	int number = errno;

	close(ends[0]);
	close(ends[1]);
	errno = number;
}

/* Where there is nothing to read. */
static int
null_open(void)
{
	return descriptor_raise(open("/dev/null", O_RDONLY | O_CLOEXEC));
}

/* A pipe that no other child inherits; reading from it does not block. */
static int
pipe_open(int ends[2])
{
	int low[2];

	if (pipe(low) < 0)
		return -1;
	ends[0] = descriptor_raise(low[0]);
	ends[1] = descriptor_raise(low[1]);
	if (ends[0] >= 0 && ends[1] >= 0 &&
		fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
		return 0;
	close_both(ends);
	return -1;
}

/* No signal is blocked or ignored in the child. */
static void
attributes_fill(posix_spawnattr_t *attributes)
{
	sigset_t set;

	sigemptyset(&set);
	posix_spawnattr_setsigmask(attributes, &set);
	sigfillset(&set);
	sigdelset(&set, SIGKILL);
	sigdelset(&set, SIGSTOP);
	posix_spawnattr_setsigdefault(attributes, &set);
	posix_spawnattr_setpgroup(attributes, 0);
	posix_spawnattr_setflags(attributes,
		POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
			POSIX_SPAWN_SETSIGDEF);
}

/* The child's standard input, output and error. */
struct child_ends {
	int input, output, errors;
};

/* Returns 0 or an error number, as posix_spawn(3) does. */
static int
child_spawn(pid_t *pid, const char *const argv[], const struct child_ends *ends)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char locale[] = "LC_ALL=C";
	char *environment[] = { path, locale, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int number;

	posix_spawnattr_init(&attributes);
	attributes_fill(&attributes);
	posix_spawn_file_actions_init(&actions);
	number = posix_spawn_file_actions_adddup2(&actions, ends->input,
		STDIN_FILENO);
	if (number == 0)
		number = posix_spawn_file_actions_adddup2(&actions,
			ends->output, STDOUT_FILENO);
	if (number == 0)
		number = posix_spawn_file_actions_adddup2(&actions,
			ends->errors, STDERR_FILENO);
	if (number == 0)
		number = posix_spawn(pid, argv[0], &actions, &attributes,
			(char *const *)argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return number;
}

/* Starts the child and writes its group down. Returns an error number. */
static int
group_start(pid_t *pid, const char *const argv[], const struct child_ends *ends)
{
	sigset_t before;
	int number;

	signals_block(&before);
	number = child_spawn(pid, argv, ends);
	if (number == 0) {
		setpgid(*pid, *pid);
		group_replace(0, *pid);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return number;
}

static bool
group_is_free(void)
{
	for (size_t i = 0; i < GROUPS_LIMIT; i++)
		if (groups[i] == 0)
			return true;
	return false;
}

/* Pipes for the output and the errors around the start of the child. */
static int
child_start(struct command *command, const char *const argv[], int input,
	const struct deadline *deadline)
{
	int output[2], errors[2], number;
	struct child_ends ends;

	if (!group_is_free()) {
		errno = EAGAIN;
		return -1;
	}
	if (pipe_open(output) < 0)
		return -1;
	if (pipe_open(errors) < 0) {
		close_both(output);
		return -1;
	}
	ends = (struct child_ends){ input, output[1], errors[1] };
	number = group_start(&command->pid, argv, &ends);
	if (number != 0) {
		close_both(output);
		close_both(errors);
		command->pid = 0;
		errno = number;
		return -1;
	}
	close(output[1]);
	close(errors[1]);
	stream_open(&command->stream, output[0], errors[0], *deadline);
	return 0;
}

int
command_start(struct command *command, const char *const argv[],
	const struct deadline *deadline, struct error *error)
{
	int input, number, result;

	*command = (struct command){ .pid = 0 };
	if (argv[0][0] != '/') {
		errno = EINVAL;
		return error_set(error, "cannot run %s: no absolute path",
			argv[0]);
	}
	input = null_open();
	if (input < 0)
		return error_set(error,
			"cannot run %s: /dev/null can't be opened: %s", argv[0],
			strerror(errno));
	signals_keep_children();
	result = child_start(command, argv, input, deadline);
	number = errno;
	close(input);
	errno = number;
	if (result == 0)
		return 0;
	return error_set(error, "cannot run %s: %s", argv[0], strerror(errno));
}

/* waitpid(2) without waiting; the group leaves the array with its leader. */
static pid_t
child_reap(pid_t pid, int *status)
{
	sigset_t before;
	pid_t reaped;

	signals_block(&before);
	reaped = waitpid(pid, status, WNOHANG);
	if (reaped != 0)
		group_replace(pid, 0);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return reaped;
}

/*
 * POSIX has no waiting for a child with a time limit; a child that closed
 * its output ends at once as a rule, so short pauses do. Returns the pid, 0
 * when the deadline passed, -1 with errno.
 */
static pid_t
child_wait(pid_t pid, int *status, const struct deadline *deadline)
{
	struct timespec pause = { 0, PAUSE_SHORTEST };
	pid_t reaped;

	while ((reaped = child_reap(pid, status)) == 0) {
		if (deadline_passed(deadline))
			return 0;
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < PAUSE_LONGEST)
			pause.tv_nsec *= 2;
	}
	return reaped;
}

/*
 * The leader is not reaped before the kill: until then no other process can
 * get its number.
 */
static void
command_kill(struct command *command)
{
	struct deadline deadline = deadline_in(REAP_SECONDS);
	int status;

	if (command->pid == 0)
		return;
	kill(-command->pid, SIGKILL);
	child_wait(command->pid, &status, &deadline);
	group_replace(command->pid, 0);
	command->pid = 0;
}

static int
command_wait(struct command *command, int *status, struct error *error)
{
	struct deadline *deadline = &command->stream.deadline;
	pid_t reaped = child_wait(command->pid, status, deadline);

	if (reaped > 0) {
		command->pid = 0;
		return 0;
	}
	if (reaped < 0)
		return error_set(error, "cannot wait for its end: %s",
			strerror(errno));
	command->stream.timed_out = true;
	return error_set(error, "no end within %g s", deadline->seconds);
}

int
command_finish(struct command *command, int *status, struct error *error)
{
	int result = stream_drain(&command->stream, error);

	if (result == 0)
		result = command_wait(command, status, error);
	command_release(command);
	return result;
}

void
command_release(struct command *command)
{
	command_kill(command);
	stream_release(&command->stream);
}

/* All that the command prints, in memory that the caller frees. */
static int
output_read(struct stream *stream, char **output, struct error *error)
{
	const char *bytes;
	long length =
		stream_peek(stream, COMMAND_OUTPUT_LIMIT + 1, &bytes, error);

	if (length < 0)
		return -1;
	if ((size_t)length > COMMAND_OUTPUT_LIMIT)
		return error_set(error, "it printed more than %zu bytes",
			COMMAND_OUTPUT_LIMIT);
	if (memchr(bytes, '\0', (size_t)length) != NULL)
		return error_set(error, "it printed a NUL byte");
	*output = xstrndup(bytes, (size_t)length);
	return 0;
}

int
command_output(const char *const argv[], const struct deadline *deadline,
	struct command_answer *answer, struct error *error)
{
	struct command command;
	struct error why;
	int result;

	*answer = (struct command_answer){ .output = NULL };
	if (command_start(&command, argv, deadline, error) < 0)
		return -1;
	result = output_read(&command.stream, &answer->output, &why);
	if (result == 0)
		result = command_finish(&command, &answer->status, &why);
	command_release(&command);
	memcpy(answer->errors, command.stream.side_text,
		command.stream.side_length + 1);
	if (result == 0)
		return 0;
	free(answer->output);
	answer->output = NULL;
	return error_set(error, "%.300s: %.400s", argv[0], why.text);
}

int
command_failed(const char *program, int status, const char *said,
	struct error *error)
{
	size_t length = strcspn(said, "\n");

	if (WIFSIGNALED(status))
		return error_set(error, "%s was ended by signal %d", program,
			WTERMSIG(status));
	return error_set(error, "%s failed with exit status %d%s%.*s", program,
		WEXITSTATUS(status), length > 0 ? ": " : "",
		(int)(length < SAID_LIMIT ? length : SAID_LIMIT), said);
}
