/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a command once and says what it took: measure FILE COMMAND... appends
 * one line to FILE, tab separated: seconds on the clock, seconds of CPU of
 * the process alone (user and system), the same with the children it waited
 * for, and the peak memory of the largest of them in KiB. It ends with the
 * command's own exit status.
 *
 * A process is charged with the memory of the one that started it; this one
 * is small for that reason. The first CPU figure is the scheduler's, in
 * nanoseconds, read while the process is dead and not yet waited for; where
 * the kernel does not keep it the line says "-".
 */
#define _DEFAULT_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double
seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* Of a process of one thread; false when the kernel does not say. */
static bool
own_seconds(pid_t pid, double *result)
{
	char path[64];
	unsigned long long nanoseconds = 0;
	bool found;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/schedstat", (long)pid);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	found = fscanf(file, "%llu", &nanoseconds) == 1 && nanoseconds > 0;
	fclose(file);
	*result = (double)nanoseconds / 1e9;
	return found;
}

int
main(int argc, char *argv[])
{
	struct rusage usage;
	siginfo_t ended;
	double begin, wall, own;
	bool owns;
	int status;
	FILE *out;
	pid_t pid;

	out = argc > 2 ? fopen(argv[1], "ae") : NULL;
	if (out == NULL) {
		fputs("usage: measure FILE COMMAND...\n", stderr);
		return 125;
	}
	begin = now();
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (pid < 0 ||
		waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOWAIT) < 0) {
		perror("measure");
		return 125;
	}
	wall = now() - begin;
	owns = own_seconds(pid, &own);
	if (wait4(pid, &status, 0, &usage) != pid)
		return 125;
	fprintf(out, "%.6f\t", wall);
	if (owns)
		fprintf(out, "%.6f", own);
	else
		putc('-', out);
	fprintf(out, "\t%.6f\t%ld\n",
		seconds(usage.ru_utime) + seconds(usage.ru_stime),
		usage.ru_maxrss);
	if (fclose(out) != 0)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
