/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What keeps the TLS of Postfix's own client from starting: a file that one
 * of its parameters names and that is not what it should be.
 */
#ifndef TLS_ENGINE_H
#define TLS_ENGINE_H

#include "tls/policy.h"
#include "tls/postfix.h"

struct engine_fault {
	char *source;        /* owned: "smtp_tls_CAfile", or, of master.cf,
	                        "relay/unix/smtp_tls_CAfile" */
	const char *value;   /* borrowed from the configuration: the file */
	const char *problem; /* static: "there is no such file" */
};

/*
 * Returns 1 with the first *fault of a client, 0 when there is none, or none
 * that this user may see: a file that he can't read is taken for good, for
 * Postfix opens them as root (tls/tls_client.c, tls/tls_certkey.c).
 */
int engine_find_fault(const struct postfix *postfix,
	const struct policy_client *client, struct engine_fault *fault);

/* Safe on one that is all zero, and twice. */
void engine_fault_release(struct engine_fault *fault);

/*
 * Parameters whose files are to be looked at when TLS does not start, without
 * "smtp_"; NULL ends.
 */
extern const char *const engine_parameters[];

/*
 * One sentence for people: parameter, value, where it is set, what is wrong
 * and how to mend it. The caller frees it.
 */
char *engine_fault_sentence(const struct postfix *postfix,
	const struct engine_fault *fault);

#endif
