/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What only the mail log knows: which fault a server's certificate had, why a
 * handshake broke, which lookup failed. A queue listing has a general reason
 * for each of them. The end of the log is read once, bounded in bytes and in
 * time, and the newest finding of each recipient domain is kept.
 * The tls room: knows no queue and no report.
 */
#ifndef TLS_MAIL_LOG_H
#define TLS_MAIL_LOG_H

#include <stdbool.h>

#include "deadline.h"
#include "error.h"
#include "tls/sentences.h"

/* How much of a file's end is read, and how old a line may be. */
#define MAIL_LOG_WINDOW (64L << 20) /* bytes */
#define MAIL_LOG_AGE    86400       /* seconds */

/*
 * smtp/smtp_connect.c: what the queue says when no server is left to try,
 * also when a policy ruled them all out.
 */
#define MAIL_LOG_HIDING_TEXT "server unavailable or unable to receive mail"

/* A closed set; mail_log_finding_name() has a word for each. */
enum log_finding {
	LOG_NOTHING,
	LOG_UNTRUSTED_ISSUER,
	LOG_SELF_SIGNED,
	LOG_EXPIRED,
	LOG_NOT_YET_VALID,
	LOG_NAME_MISMATCH,
	LOG_FINGERPRINT_MISMATCH,
	LOG_FINGERPRINT_UNUSABLE,
	LOG_TLSA_MISMATCH,
	LOG_KEY_MISMATCH, /* one of those two; the level tells which */
	LOG_MISMATCH,     /* one of those three */
	LOG_WRONG_PURPOSE,
	LOG_CHAIN_TOO_LONG,
	LOG_NO_LOCAL_TRUST,
	LOG_VERIFICATION, /* a fault that has no kind of its own */
	LOG_STS_POLICY,
	LOG_STS_MX_MISMATCH,
	LOG_WRAPPERMODE_LEVEL,
	LOG_HANDSHAKE,
	LOG_DANE_LOOKUP,
	LOG_POLICY_TABLE,
	LOG_ENGINE,
	LOG_FINDING_COUNT,
};

/*
 * The strings are never NULL and valid until mail_log_release(). They are
 * the log's words, partly a remote server's: not made safe for printing.
 */
struct mail_log_finding {
	enum log_finding kind;
	const char *detail; /* the issuer, the library's error, ... or "" */
	const char *host;   /* "name[address]:port", or "" */
	long long time;     /* epoch seconds, 0 when the log has no time */
	bool direct;        /* from a delivery to this very domain; else what
	                       others failed with that were held back for the
	                       same reason, or what an alias's mail met */
};

struct mail_log {
	struct log_memory *domains; /* owned; NULL before reading */
	bool known; /* there was a line of a delivery agent, not too old */
};

struct mail_log_source {
	const char *path; /* "-": standard input */
	long long now;    /* epoch seconds */
	/* What the programs' names start with: "postfix-out" for
	   "postfix-out/smtp[1]:"; empty: whatever there is. */
	struct sentences names;
};

/*
 * Reads the log at the path: syslog files with RFC 3164 or RFC 3339 times,
 * maillog_file, and the output of journalctl -o short, short-iso or cat. Of a
 * regular file only the last MAIL_LOG_WINDOW bytes; of all, no line older than
 * MAIL_LOG_AGE before now.
 * Returns 0, or -1 with *error, which names the file and what to do. What
 * was found before the error can be asked for. *log needs no initialising
 * and is to be released in both cases.
 */
int mail_log_read(struct mail_log *log, const struct mail_log_source *source,
	const struct deadline *deadline, struct error *error);

/* The newest finding of a recipient domain in any case; NULL: none. */
const struct mail_log_finding *mail_log_find(const struct mail_log *log,
	const char *domain);

/* Safe on a log that is all zero, and twice. */
void mail_log_release(struct mail_log *log);

/* Which mismatch it is at this level ("secure"); other findings stay. */
enum log_finding mail_log_finding_at(enum log_finding kind, const char *level);

/* Whether it is what this reason in the queue leaves open. */
bool mail_log_explains(enum log_finding kind, const char *reason);

/* "untrusted_issuer", ... */
const char *mail_log_finding_name(enum log_finding kind);

/* What is wrong, for people, without a full stop. */
const char *mail_log_finding_sentence(enum log_finding kind);

#endif
