/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a destination's servers say right now, by posttls-finger(1): it talks
 * TLS as the SMTP client does, but sends no mail and reads no policy table.
 */
#ifndef TLS_PROBE_H
#define TLS_PROBE_H

#include <stddef.h>

#include "error.h"
#include "tls/mail_log.h"
#include "tls/policy.h"
#include "tls/postfix.h"
#include "tls/sentences.h"

enum probe_verdict {
	PROBE_PASSES,   /* a delivery would go out now */
	PROBE_FAILS,    /* the server does not meet the policy */
	PROBE_UNSURE,   /* the words say too little */
	PROBE_NOT_DONE, /* no such test, no program, no time */
};

struct probe {
	enum probe_verdict verdict;
	char *sentence;         /* owned; quotes the server */
	enum log_finding fault; /* why it fails; LOG_NOTHING: not known */
};

/*
 * The words of the command that tests this policy, program name first; empty
 * when there is nothing to test, or only a Unix socket, to which
 * posttls-finger (3.7 to 3.11) connects without a word. Each word is one
 * argument.
 */
void probe_arguments(const struct policy *policy, struct sentences *arguments);

/*
 * The path of the Unix socket that mail is delivered to, which stands below
 * the queue directory when it is relative; NULL when there is none. The
 * caller frees it.
 */
char *probe_socket(const struct postfix *postfix, const struct policy *policy);

/*
 * Tests each policy, four at a time, inside of the deadline of *postfix, and
 * fills one probe for each. Never fails: what went wrong is its sentence.
 */
void probe_run(const struct postfix *postfix,
	const struct policy *const policies[], size_t count,
	struct probe probes[]);

/* Safe on one that is all zero, and twice. */
void probe_release(struct probe *probe);

#endif
