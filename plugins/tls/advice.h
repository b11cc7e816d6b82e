/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to do next about a destination: a sentence for each cause. */
#ifndef TLS_ADVICE_H
#define TLS_ADVICE_H

#include "tls/cause.h"
#include "tls/mail_log.h"
#include "tls/policy.h"
#include "tls/postfix.h"

struct advice {
	char *sentence; /* owned */
	char *command;  /* owned; NULL: none that is safe to paste */
};

/* What is known of a destination. */
struct advice_case {
	enum cause cause;
	enum log_finding finding;    /* of the log or a probe; or LOG_NOTHING */
	const struct policy *policy; /* NULL: not known */
	const char *queue_id;        /* of a message held back; NULL: none */
	bool works;                  /* a probe of the policy has passed */
};

/*
 * The command is one line for a shell, every argument quoted where it needs
 * to be; none is given when a name in it has signs that names of hosts don't
 * have.
 */
struct advice advice_of(const struct postfix *postfix,
	const struct advice_case *what);

/* Safe on one that is all zero, and twice. */
void advice_release(struct advice *advice);

/*
 * An argument as a shell reads it back, in memory that the caller frees;
 * NULL when it has control characters, bytes beyond ASCII, or a sign that
 * monitoring systems change ('|' '<' '>' '&' '$' '`' '\\').
 */
char *advice_quote(const char *argument);

#endif
