/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the running Postfix last read main.cf. */
#ifndef TLS_RUNNING_H
#define TLS_RUNNING_H

#include <time.h>

/*
 * The time of the last start or reload of the Postfix with this queue
 * directory, epoch seconds, right to about two seconds; 0 when it does not
 * run or when this can't be seen here. proc is "/proc".
 */
time_t running_since(const char *proc, const char *queue_directory);

#endif
