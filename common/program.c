/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether this user may run what is found shows when it is started, and the
 * system then says better than a search why not.
 */
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"

#define SEPARATORS ", "

char *
program_find(const char *name)
{
	const char *folder = PROGRAM_FOLDERS;
	size_t room = sizeof(PROGRAM_FOLDERS) + strlen(name) + 1;
	char *path = xcalloc(room, 1);

	while (*folder != '\0') {
		size_t length = strcspn(folder, SEPARATORS);

		snprintf(path, room, "%.*s/%s", (int)length, folder, name);
		if (access(path, F_OK) == 0)
			return path;
		folder += length;
		folder += strspn(folder, SEPARATORS);
	}
	free(path);
	return NULL;
}
