/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the system's programs are, for those who start them by their path. */
#ifndef PROGRAM_H
#define PROGRAM_H

/* The folders that are searched, in their order, for a sentence about them. */
#define PROGRAM_FOLDERS                                                        \
	"/usr/sbin, /usr/local/sbin, /usr/bin, /usr/local/bin, "               \
	"/opt/local/sbin, /opt/postfix/sbin, /usr/pkg/sbin"

/*
 * The absolute path of a program, in memory that the caller frees; NULL when
 * it is in none of the folders. PATH is not asked.
 */
char *program_find(const char *name);

#endif
