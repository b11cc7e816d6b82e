/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of posttls-finger, judged: its exit status means nothing. For
 * probe.c.
 */
#ifndef TLS_PROBE_FINDING_H
#define TLS_PROBE_FINDING_H

#include "tls/policy.h"
#include "tls/probe.h"

/* What a line of posttls-finger means, and how much it outweighs others. */
enum probe_meaning {
	MEANS_NOTHING,
	MEANS_UNREACHED, /* no server, or none that talks SMTP */
	MEANS_BROKEN,    /* it talks, but not TLS */
	MEANS_DISABLED,  /* we don't talk TLS */
	MEANS_REASON,    /* why a certificate does not pass */
	MEANS_UNTRUSTED,
	MEANS_ANONYMOUS,
	MEANS_TRUSTED,
	MEANS_VERIFIED,
};

/* What becomes of dane at the server that was reached. */
enum probe_trust {
	TRUST_AS_ASKED,
	TRUST_NO_RECORDS, /* no usable TLSA records: no certificate counts */
	TRUST_NO_MX,      /* the MX records are not signed: the same */
	TRUST_HALF,       /* the same, but TLSA records count: "Trusted" */
};

/* What posttls-finger said, in copies. All zero: nothing so far. */
struct probe_finding {
	enum probe_meaning best;
	char *line;    /* owned: the line that says so */
	char *reason;  /* owned: why a certificate does not pass */
	char *library; /* owned: the TLS library's first complaint */
	enum probe_trust trust;
};

/* Takes in the next line, or a text of several. */
void probe_finding_line(struct probe_finding *finding, const char *line);
void probe_finding_words(struct probe_finding *finding, const char *words);

/* What it means for mail with this policy. Releases the finding. */
struct probe probe_of_finding(struct probe_finding *finding,
	const struct policy *policy);

/* The same for all of the words at once. */
struct probe probe_of_words(const char *words, const struct policy *policy);

#endif
