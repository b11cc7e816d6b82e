/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the program ends when it can't end by itself. Everything that waits has
 * a deadline of its own; what has none (a disk that does not answer, a pipe
 * that nobody reads) ends here, and so does a run that is interrupted. The
 * children, which are in groups of their own, end with it.
 */
#ifndef WATCHDOG_H
#define WATCHDOG_H

#include "state.h"

/*
 * After so many seconds: kills all children's groups, writes one line of that
 * state on standard output and exits with it. On SIGINT, SIGTERM, SIGHUP and
 * the like: kills the groups and ends by that signal. On SIGSEGV, SIGABRT and
 * the like, on SIGXCPU, and when memory runs out (error.h): kills the groups,
 * writes an UNKNOWN line, exits. Called again, it counts anew.
 */
void watchdog_start(unsigned seconds, enum state state);

/*
 * A file to remove in all of these cases, until called again with NULL. The
 * string is borrowed.
 */
void watchdog_remove_at_end(const char *path);

#endif
