/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A child process: by absolute path, without a shell, with an environment of
 * its own and in a process group of its own, so that it can be ended with
 * everything it started. At the deadline the group is killed.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <sys/types.h>

#include "deadline.h"
#include "error.h"
#include "stream.h"

struct command {
	pid_t pid;            /* 0: none runs */
	struct stream stream; /* its standard output, and its standard error
	                          as the stream's side text */
};

/*
 * Starts argv[0], an absolute path, with standard input from /dev/null and
 * the environment PATH=/usr/sbin:/usr/bin:/sbin:/bin, LC_ALL=C and nothing
 * else. Returns 0, or -1 with *error that names the path and what the system
 * said (errno is kept).
 */
int command_start(struct command *command, const char *const argv[],
	const struct deadline *deadline, struct error *error);

/*
 * Reads the rest of its output, waits for its end and gives the status of
 * waitpid(2). When the deadline passes or anything goes wrong, kills the
 * group and returns -1 with *error. Afterwards only stream.side_text is left
 * to read, until command_release().
 */
int command_finish(struct command *command, int *status, struct error *error);

/* Kills the group if it still runs, reaps it, frees. Safe to call twice. */
void command_release(struct command *command);

/* What a command for a short answer gave. */
struct command_answer {
	char *output; /* NUL-terminated, the caller's to free; NULL on errors */
	int status;   /* of waitpid(2) */
	char errors[STREAM_SIDE_LIMIT + 1]; /* its standard error's end */
};

/* Longer answers are an error. */
#define COMMAND_OUTPUT_LIMIT ((size_t)1 << 20)

/*
 * For short answers: starts, reads all output and finishes. Returns 0, or -1
 * with *error; the answer's errors are there in both cases.
 */
int command_output(const char *const argv[], const struct deadline *deadline,
	struct command_answer *answer, struct error *error);

/*
 * Tells how a program ended that failed, by its status of waitpid(2): "PROGRAM
 * was ended by signal N", or "PROGRAM failed with exit status N: SAID", of which
 * SAID is the first line of what it said, if anything. Always -1.
 */
int command_failed(const char *program, int status, const char *said,
	struct error *error);

/*
 * Kills every group that is still running. Async-signal-safe: for the
 * watchdog's handlers.
 */
void command_kill_all(void);

#endif
