/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks Postfix, the mail log and the servers why the destinations named in
 * the report wait: --explain, --mail-log, --probe.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "options.h"
#include "report/why.h"
#include "survey.h"
#include "tls/hops.h"
#include "tls/mail_log.h"
#include "tls/postfix.h"

/* smtp/smtp_proto.c: from here on, one text for each bad certificate. */
#define EXPLAIN_ONE_TEXT 306

/* What is asked, and kept while the report is printed. All zero: nothing. */
struct explanation {
	struct whys whys;
	struct mail_log log;
	struct postfix postfix; /* the one that is being asked */
	struct hops hops;       /* its next-hops, as far as they are needed */
};

/*
 * Fills what the options ask for, for the worst destinations of what was
 * read, as far as the time goes, each of its own instance. What can't be
 * found out is said in a warning.
 */
void explain(struct explanation *explanation, const struct options *options,
	const struct survey *survey);

void explanation_release(struct explanation *explanation);

#endif
