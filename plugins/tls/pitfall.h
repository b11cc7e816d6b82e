/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What makes a TLS policy not work, found in the configuration alone. Each
 * is a plain sentence with its mend; none of them changes a state.
 */
#ifndef TLS_PITFALL_H
#define TLS_PITFALL_H

#include "tls/hops.h"
#include "tls/postfix.h"
#include "tls/sentences.h"

/*
 * Adds a sentence for each one found, the worst first. Ends early, and says
 * so, when the time is up. *hops are collected unless they are there.
 */
void pitfall_find(struct postfix *postfix, struct hops *hops,
	struct sentences *warnings);

#endif
