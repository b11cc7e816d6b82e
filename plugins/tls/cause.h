/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a reason means: the table of every text about TLS that Postfix writes
 * itself, and of the replies in which a remote server speaks of TLS.
 * The tls room: knows no queue and no report.
 */
#ifndef TLS_CAUSE_H
#define TLS_CAUSE_H

/* The closed set, in the order of perfdata and reports. */
enum cause {
	CAUSE_CERT_UNTRUSTED,
	CAUSE_CERT_UNVERIFIED,
	CAUSE_NOT_OFFERED,
	CAUSE_STARTTLS_REFUSED,
	CAUSE_STARTTLS_LOST,
	CAUSE_HANDSHAKE_FAILED,
	CAUSE_ENGINE_UNAVAILABLE,
	CAUSE_POLICY_ERROR,
	CAUSE_DANE_LOOKUP,
	CAUSE_DANE_POLICY,
	CAUSE_REQUIRETLS,
	CAUSE_REMOTE_REQUIRES_TLS,
	CAUSE_REMOTE_TLS_FAILURE,
	CAUSE_CUSTOM,
	CAUSE_TLS_COUNT, /* the causes below this are the TLS causes */
	/* Postfix's own words about TLS that fit no row: shown, never TLS. */
	CAUSE_UNCLASSIFIED = CAUSE_TLS_COUNT,
	CAUSE_OTHER, /* not about TLS */
	CAUSE_COUNT,
};

/* What a reason was taken for, and which row of which table said so. */
struct cause_match {
	enum cause cause;
	const char *row; /* the row's text or name, static; "" when none fits */
};

/* Judges a whole reason, as Postfix wrote it into the queue. Never fails. */
struct cause_match cause_of(const char *reason);

/*
 * qmgr/qmgr_deliver.c: before the reason of mail that the queue manager did
 * not try, once or more often.
 */
#define CAUSE_SUSPENDED "delivery temporarily suspended: "

/* The reason without each of them at its beginning. */
const char *cause_bare(const char *reason);

/* "cert_untrusted", ..., "unclassified", "other". */
const char *cause_name(enum cause cause);

/* One plain sentence for people: what happened. */
const char *cause_sentence(enum cause cause);

/* The cause of a name; CAUSE_COUNT when it is none. */
enum cause cause_of_name(const char *name);

#endif
