/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fork and execve with everything decided beforehand. A pipe that closes on
 * exec tells why an exec failed. The groups that run are kept in a small
 * table, the one thing a signal handler needs to end them.
 */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define GROUPS_MOST 32
#define REAP_PAUSE  5 /* milliseconds between two looks at a child */
#define SIGNAL_LAST 64

static volatile pid_t groups[GROUPS_MOST];

static int
group_remember(pid_t pid)
{
	for (int i = 0; i < GROUPS_MOST; i++)
		if (groups[i] == 0) {
			groups[i] = pid;
			return 0;
		}
	return -1;
}

static void
group_forget(pid_t pid)
{
	for (int i = 0; i < GROUPS_MOST; i++)
		if (groups[i] == pid)
			groups[i] = 0;
}

void
command_kill_all(void)
{
	for (int i = 0; i < GROUPS_MOST; i++)
		if (groups[i] > 0)
			(void)kill(-groups[i], SIGKILL);
}

/* Out of the way of 0 to 2, which may be closed when the program starts. */
static int
move_up(int *descriptor)
{
	int moved = fcntl(*descriptor, F_DUPFD_CLOEXEC, 3);

	if (moved >= 0) {
		close(*descriptor);
		*descriptor = moved;
	}
	return moved;
}

struct pipes {
	int output[2], errors[2], exec[2];
};

static void
pipes_close(struct pipes *pipes)
{
	int *all[] = { pipes->output, pipes->errors, pipes->exec };

	for (size_t i = 0; i < 3; i++)
		for (size_t end = 0; end < 2; end++) {
			if (all[i][end] >= 0)
				close(all[i][end]);
			all[i][end] = -1;
		}
}

static int
pipes_open(struct pipes *pipes)
{
	int *all[] = { pipes->output, pipes->errors, pipes->exec };

	for (size_t i = 0; i < 3; i++)
		all[i][0] = all[i][1] = -1;
	for (size_t i = 0; i < 3; i++)
		if (pipe(all[i]) < 0 || move_up(&all[i][0]) < 0 ||
			move_up(&all[i][1]) < 0) {
			int problem = errno;

			pipes_close(pipes);
			errno = problem;
			return -1;
		}
	return 0;
}

/* An empty mask, and no handler or ignored signal of ours. */
static void
reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number <= SIGNAL_LAST; number++)
		(void)signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void
become(const char *const argv[], const struct pipes *pipes)
{
	static char *const environment[] = {
		(char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
		(char *)"LC_ALL=C",
		NULL,
	};
	int nothing, problem;

	(void)setpgid(0, 0);
	reset_signals();
	nothing = open("/dev/null", O_RDONLY);
	if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
		dup2(pipes->output[1], STDOUT_FILENO) >= 0 &&
		dup2(pipes->errors[1], STDERR_FILENO) >= 0) {
		if (nothing > STDERR_FILENO)
			close(nothing);
		(void)execve(argv[0], (char *const *)argv, environment);
	}
	problem = errno;
	if (write(pipes->exec[1], &problem, sizeof(problem)) < 0)
		_exit(126);
	_exit(127);
}

/* 0 once the child has become the program, else the errno of its failure. */
static int
exec_problem(int descriptor)
{
	int problem = 0;
	ssize_t got;

	do
		got = read(descriptor, &problem, sizeof(problem));
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)sizeof(problem) ? problem : 0;
}

static int
fail_to_start(const char *path, int problem, struct error *error)
{
	error_set(error, "can't run %.300s: %s", path, strerror(problem));
	errno = problem;
	return -1;
}

int
command_start(struct command *command, const char *const argv[],
	const struct deadline *deadline, struct error *error)
{
	struct pipes pipes;
	int problem;

	memset(command, 0, sizeof(*command));
	command->stream.descriptor = command->stream.side = -1;
	/* An inherited "ignore" would take the exit status away. */
	(void)signal(SIGCHLD, SIG_DFL);
	if (pipes_open(&pipes) < 0)
		return fail_to_start(argv[0], errno, error);
	command->pid = fork();
	if (command->pid == 0)
		become(argv, &pipes);
	problem = errno;
	if (command->pid < 0) {
		command->pid = 0;
		pipes_close(&pipes);
		return fail_to_start(argv[0], problem, error);
	}
	(void)setpgid(command->pid, command->pid);
	(void)group_remember(command->pid);
	close(pipes.exec[1]);
	pipes.exec[1] = -1;
	problem = exec_problem(pipes.exec[0]);
	stream_open(&command->stream, pipes.output[0], pipes.errors[0],
		*deadline);
	pipes.output[0] = pipes.errors[0] = -1;
	pipes_close(&pipes);
	if (problem == 0)
		return 0;
	command_release(command);
	return fail_to_start(argv[0], problem, error);
}

/* waitpid(2) that gives up at the deadline: 1 reaped, 0 not, -1 error. */
static int
reap(struct command *command, int *status)
{
	for (;;) {
		pid_t reaped = waitpid(command->pid, status, WNOHANG);

		if (reaped == command->pid)
			return 1;
		if (reaped < 0 && errno != EINTR)
			return -1;
		if (deadline_passed(&command->stream.deadline))
			return 0;
		(void)poll(NULL, 0, REAP_PAUSE);
	}
}

int
command_finish(struct command *command, int *status, struct error *error)
{
	int reaped;

	if (stream_drain(&command->stream, error) < 0) {
		command_release(command);
		return -1;
	}
	reaped = reap(command, status);
	if (reaped == 1) {
		group_forget(command->pid);
		command->pid = 0;
		return 0;
	}
	if (reaped == 0)
		error_set(error, "it did not end within %g s",
			command->stream.deadline.seconds);
	else
		error_set(error, "waitpid: %s", strerror(errno));
	command_release(command);
	return -1;
}

/* The child's group is killed before it is reaped: its pid is still ours. */
void
command_release(struct command *command)
{
	if (command->pid > 0) {
		(void)kill(-command->pid, SIGKILL);
		(void)kill(command->pid, SIGKILL);
		while (waitpid(command->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
		group_forget(command->pid);
		command->pid = 0;
	}
	stream_release(&command->stream);
}

/* All of a stream into memory of the caller's. */
static int
read_all(struct stream *stream, size_t limit, char **output,
	struct error *error)
{
	const char *bytes;
	long count = stream_peek(stream, limit + 1, &bytes, error);

	if (count < 0)
		return -1;
	if ((size_t)count > limit)
		return error_set(error, "its output is longer than %zu bytes",
			limit);
	*output = xstrndup(bytes, (size_t)count);
	return 0;
}

int
command_output(const char *const argv[], const struct deadline *deadline,
	size_t limit, char **output, int *status, char *errors,
	struct error *error)
{
	struct command command;
	struct error problem;
	int result;

	*output = NULL;
	if (command_start(&command, argv, deadline, error) < 0)
		return -1;
	result = read_all(&command.stream, limit, output, &problem);
	if (result == 0)
		result = command_finish(&command, status, &problem);
	if (errors != NULL)
		memcpy(errors, command.stream.side_text,
			sizeof(command.stream.side_text));
	command_release(&command);
	if (result == 0)
		return 0;
	free(*output);
	*output = NULL;
	return error_set(error, "%.300s: %.400s", argv[0], problem.text);
}
