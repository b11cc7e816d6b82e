/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Advice that names the very parameter, file or table, found in this
 * configuration; for advice.c.
 */
#ifndef TLS_REMEDY_H
#define TLS_REMEDY_H

#include "tls/advice.h"

/* All zero: none. */
struct remedy {
	char *sentence;           /* owned; NULL: none */
	struct sentences command; /* its arguments; empty: the cause's own */
	bool test;                /* the command is to show the dialogue */
	bool keyed;               /* the command has the next-hop in it */
};

/* Looks at the cause with its policy, which is not lost. */
struct remedy remedy_of(const struct postfix *postfix,
	const struct advice_case *what);

/* Safe on one that is all zero, and twice. */
void remedy_release(struct remedy *remedy);

#endif
