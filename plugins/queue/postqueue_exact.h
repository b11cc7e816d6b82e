/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of the reader of `postqueue -j`: the form that Postfix writes. */
#ifndef QUEUE_POSTQUEUE_EXACT_H
#define QUEUE_POSTQUEUE_EXACT_H

#include <stdbool.h>
#include <stddef.h>

#include "queue/message.h"

/*
 * Fills *message from a line that has exactly the members, order and blanks
 * of postqueue/showq_json.c (3.1 to 3.11), without allocating anything for a
 * recipient: the strings stay in the line, unescaped in place. Returns false
 * for a line that deviates in any way; the line is then as it was, and the
 * message is to be reset. line[length] is a NUL.
 */
bool postqueue_exact(char *line, size_t length, struct message *message);

#endif
