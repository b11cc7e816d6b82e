/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A Postfix configuration in a folder of its own, for tests that ask the
 * installed postconf and postmap. Nothing runs, nobody needs to be root.
 */
#ifndef UNIT_TLS_LAB_H
#define UNIT_TLS_LAB_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "tls/postfix.h"
#include "tls/sentences.h"

struct lab {
	char folder[64];
	struct postfix postfix;
	struct deadline deadline;
};

static inline void
lab_write(const struct lab *lab, const char *name, const char *text)
{
	char *path = sentence_format("%s/%s", lab->folder, name);
	FILE *file = fopen(path, "w");

	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
		fail_msg("can't write %s", path);
	free(path);
}

static inline void
lab_run(const struct lab *lab, const char *const arguments[])
{
	struct error error;
	struct command_answer answer;

	if (command_output(arguments, &lab->deadline, &answer, &error) < 0 ||
		answer.status != 0)
		fail_msg("%s failed", arguments[0]);
	free(answer.output);
}

static inline void
lab_release(struct lab *lab)
{
	const char *const arguments[] = { "/bin/rm", "-rf", lab->folder, NULL };

	lab_run(lab, arguments);
	postfix_release(&lab->postfix);
}

/*
 * util/dict.c and dict_thash.c: a text that was changed less than two seconds
 * ago may be half-written, and is waited for.
 */
static inline void
lab_backdate(const struct lab *lab, const char *name)
{
	const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
		{ .tv_sec = time(NULL) - 60 } };
	char *path = sentence_format("%s/%s", lab->folder, name);

	if (utimensat(AT_FDCWD, path, times, 0) != 0)
		fail_msg("can't set the time of %s", path);
	free(path);
}

/*
 * With these services of master.cf besides the usual ones. False, with a
 * message, where no Postfix is installed.
 */
static inline bool
lab_open_with(struct lab *lab, const char *main_cf, const char *services)
{
	static const char agents[] =
		"smtp unix - - n - - smtp\nrelay unix - - n - - smtp\n"
		"lmtp unix - - n - - lmtp\nlocal unix - n n - - local\n"
		"maildrop unix - n n - - pipe\n  flags=D argv=/bin/true\n";
	struct error error = { 0 };
	char *whole, *master;

	if (access("/usr/sbin/postconf", X_OK) != 0 ||
		access("/usr/sbin/postmap", X_OK) != 0) {
		print_message("skipped: Postfix is not installed\n");
		return false;
	}
	snprintf(lab->folder, sizeof(lab->folder), "/tmp/test_tls.XXXXXX");
	if (mkdtemp(lab->folder) == NULL)
		fail_msg("can't make %s", lab->folder);
	chmod(lab->folder, 0755);
	lab->deadline = deadline_in(60);
	whole = sentence_format("compatibility_level = 3.6\n"
				"mydestination =\nmyhostname = here.example\n"
				"%s",
		main_cf);
	lab_write(lab, "main.cf", whole);
	lab_backdate(lab, "main.cf");
	master = sentence_format("%s%s", agents, services);
	lab_write(lab, "master.cf", master);
	free(master);
	free(whole);
	if (postfix_open(&lab->postfix, lab->folder, &lab->deadline, &error) <
		0)
		fail_msg("%s", error.text);
	return true;
}

static inline bool
lab_open(struct lab *lab, const char *main_cf)
{
	return lab_open_with(lab, main_cf, "");
}

/* Whether a map may have its patterns in main.cf itself: from 3.7 on. */
static inline bool
lab_takes_patterns(const struct lab *lab)
{
	int major = 0, minor = 0;

	if (sscanf(postfix_parameter(&lab->postfix, "mail_version"), "%d.%d",
		    &major, &minor) != 2)
		fail_msg("Postfix has no version");
	return major > 3 || minor >= 7;
}

/* The text with the lab's folder as "@". */
static inline char *
lab_shorten(const struct lab *lab, const char *text)
{
	size_t length = strlen(lab->folder);
	char *copy = xstrdup(text);
	char *found;

	while ((found = strstr(copy, lab->folder)) != NULL) {
		*found = '@';
		memmove(found + 1, found + length, strlen(found + length) + 1);
	}
	return copy;
}

static inline void
lab_postmap(const struct lab *lab, const char *name)
{
	char *map = sentence_format("hash:%s/%s", lab->folder, name);
	const char *const arguments[] = { "/usr/sbin/postmap", "-c",
		lab->folder, map, NULL };

	lab_run(lab, arguments);
	free(map);
}

#endif
