/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * master(8) writes pid/master.pid when it starts, and a reload leaves that
 * file alone but replaces the queue manager (master/master.c: on SIGHUP). So:
 * a process "master" that started when the file was written is this
 * instance's, and its youngest "qmgr" tells the last reload. Without Linux's
 * /proc nothing is known. No file is read that an ordinary user may not read.
 */
#include "tls/running.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tls/sentences.h"

/* From the start of master to its writing of the file. */
#define START_SECONDS 10

struct process {
	char name[32];
	long parent;
	time_t start;
};

struct machine {
	const char *proc;
	time_t boot;
};

static FILE *
open_in(const char *folder, const char *name, const char *file)
{
	char *path = sentence_format("%s/%s%s", folder, name, file);
	FILE *stream = fopen(path, "r");

	free(path);
	return stream;
}

static time_t
boot_time(const char *proc)
{
	FILE *file = open_in(proc, "stat", "");
	char line[256];
	long long boot = 0;

	while (file != NULL && boot == 0 &&
		fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "btime %lld", &boot) != 1)
			boot = 0;
	if (file != NULL)
		fclose(file);
	return (time_t)boot;
}

/* The text behind so many blanks. */
static const char *
field(const char *text, int count)
{
	for (; count > 0; count--) {
		text += strcspn(text, " ");
		text += *text == ' ';
	}
	return text;
}

/* proc(5): "ID (NAME) state parent ...", the start is the 22nd. */
static bool
process_read(const struct machine *machine, const char *id,
	struct process *process)
{
	FILE *file = open_in(machine->proc, id, "/stat");
	char line[1024] = "";
	char *name, *end;
	unsigned long long ticks;

	if (file == NULL)
		return false;
	if (fgets(line, sizeof(line), file) == NULL)
		line[0] = '\0';
	fclose(file);
	name = strchr(line, '(');
	end = strrchr(line, ')');
	if (name == NULL || end == NULL || end < name)
		return false;
	*end = '\0';
	process->parent = strtol(field(end + 1, 2), NULL, 10);
	ticks = strtoull(field(end + 1, 20), NULL, 10);
	process->start = machine->boot +
		(time_t)(ticks / (unsigned long long)sysconf(_SC_CLK_TCK));
	snprintf(process->name, sizeof(process->name), "%s", name + 1);
	return true;
}

/* Does this process's parent look like the master of that file? */
static bool
is_of_master(const struct machine *machine, const struct process *process,
	time_t written)
{
	struct process parent;
	char id[24];

	snprintf(id, sizeof(id), "%ld", process->parent);
	return process_read(machine, id, &parent) &&
		strcmp(parent.name, "master") == 0 &&
		parent.start <= written + 2 &&
		parent.start + START_SECONDS >= written;
}

static time_t
youngest_manager(const struct machine *machine, time_t written)
{
	DIR *folder = opendir(machine->proc);
	const struct dirent *entry;
	time_t since = 0;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		struct process process;

		if (!isdigit((unsigned char)entry->d_name[0]) ||
			!process_read(machine, entry->d_name, &process))
			continue;
		if (strcmp(process.name, "qmgr") == 0 &&
			process.start > since &&
			is_of_master(machine, &process, written))
			since = process.start;
	}
	if (folder != NULL)
		closedir(folder);
	return since;
}

time_t
running_since(const char *proc, const char *queue_directory)
{
	char *path = sentence_format("%s/pid/master.pid", queue_directory);
	struct machine machine = { proc, boot_time(proc) };
	struct stat status;
	time_t since = 0;

	if (machine.boot != 0 && stat(path, &status) == 0)
		since = youngest_manager(&machine, status.st_mtime);
	free(path);
	return since;
}
