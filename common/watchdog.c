/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A signal handler gets no argument: the line that it writes, its state and
 * the file that it removes are made beforehand and kept here.
 */
#include "watchdog.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

static char last_line[96];
static size_t last_length;
static int last_state;
static const char *volatile unfinished_file;

static void
clean_up(void)
{
	command_kill_all();
	if (unfinished_file != NULL)
		(void)unlink(unfinished_file);
}

/*
 * A full pipe that nobody reads must not hold the handler either. A terminal
 * is the shell's, too, and gets its flags back.
 */
static void
give_up(int number)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);
	ssize_t written;

	(void)number;
	clean_up();
	if (flags != -1)
		(void)fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK);
	written = write(STDOUT_FILENO, last_line, last_length);
	if (flags != -1)
		(void)fcntl(STDOUT_FILENO, F_SETFL, flags);
	_exit(written < 0 ? STATE_UNKNOWN : last_state);
}

/*
 * Libraries that find no memory crash now and then; a limit of processor time
 * (ulimit -t) ends in SIGXCPU. Each is an answer, too.
 */
static void
crashed(int number)
{
	static const char crash[] = "TLS QUEUE UNKNOWN - this program crashed, "
				    "perhaps for want of memory\n";
	static const char limit[] = "TLS QUEUE UNKNOWN - the limit of "
				    "processor time is used up\n";
	bool is_limit = number == SIGXCPU;

	clean_up();
	if (write(STDOUT_FILENO, is_limit ? limit : crash,
		    is_limit ? sizeof(limit) - 1 : sizeof(crash) - 1) < 0)
		_exit(STATE_UNKNOWN);
	_exit(STATE_UNKNOWN);
}

static void
interrupted(int number)
{
	clean_up();
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

void
watchdog_start(unsigned seconds, enum state state)
{
	static const int interrupts[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT,
		SIGUSR1, SIGUSR2 };
	static const int crashes[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL,
		SIGXCPU };
	struct sigaction alarmed = { .sa_handler = give_up };
	struct sigaction action = { .sa_handler = interrupted };
	struct sigaction crash = { .sa_handler = crashed };
	sigset_t alarm_only;

	snprintf(last_line, sizeof(last_line),
		"TLS QUEUE %s - stuck for %u s, given up\n", state_name(state),
		seconds);
	last_length = strlen(last_line);
	last_state = (int)state;
	sigemptyset(&alarmed.sa_mask);
	sigemptyset(&action.sa_mask);
	sigemptyset(&crash.sa_mask);
	sigaction(SIGALRM, &alarmed, NULL);
	for (size_t i = 0; i < sizeof(crashes) / sizeof(*crashes); i++)
		sigaction(crashes[i], &crash, NULL);
	(void)at_quick_exit(clean_up);
	for (size_t i = 0; i < sizeof(interrupts) / sizeof(*interrupts); i++)
		sigaction(interrupts[i], &action, NULL);
	sigemptyset(&alarm_only);
	sigaddset(&alarm_only, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
	alarm(seconds);
}

void
watchdog_remove_at_end(const char *path)
{
	unfinished_file = path;
}
