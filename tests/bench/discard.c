/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a command as the plugin runs postqueue and keeps nothing of its output:
 * the least that a program costs which reads it all.
 */
#include <stdio.h>

#include "command.h"

int
main(int argc, char *argv[])
{
	struct deadline deadline = deadline_in(300);
	struct command command;
	struct error error;
	int status;

	if (argc < 2) {
		fputs("usage: discard PROGRAM ARGUMENT...\n", stderr);
		return 125;
	}
	if (command_start(&command, (const char *const *)argv + 1, &deadline,
		    &error) < 0 ||
		command_finish(&command, &status, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return 126;
	}
	return status != 0;
}
