/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file that is replaced as a whole or not at all: written beside its place
 * under another name and renamed when it is complete, mode 0644.
 */
#ifndef OUTPUT_FILE_H
#define OUTPUT_FILE_H

#include <stdio.h>

#include "error.h"

struct output_file {
	FILE *stream;
	const char *path; /* borrowed */
	char *temporary;  /* owned: in the same folder, no ".prom" at its end */
};

/*
 * Returns 0, or -1 with *error that names the file. A symbolic link is refused:
 * the rename would take its place, and that of /dev/stdout is root's to lose.
 */
int output_file_open(struct output_file *file, const char *path,
	struct error *error);

/*
 * Writes what is buffered, to the disk, and takes the place. When anything
 * fails, what was there before stays and -1 is returned with *error. Either
 * way the stream is closed.
 */
int output_file_commit(struct output_file *file, struct error *error);

/* Forgets it: what was there before stays. Safe after commit. */
void output_file_abandon(struct output_file *file);

#endif
