/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The TLS policy that Postfix applies to the next-hop of a domain, where it
 * stands, and what the SMTP client checks a certificate with.
 */
#ifndef TLS_POLICY_H
#define TLS_POLICY_H

#include <stdbool.h>

#include "error.h"
#include "tls/next_hop.h"
#include "tls/postfix.h"
#include "tls/sentences.h"

/* All strings are owned, and "" when there is no such thing. */
struct policy {
	char *domain;
	struct next_hop next_hop;
	bool lmtp;         /* delivered by lmtp(8): lmtp_ parameters */
	char *level;       /* "secure"; "" when no TLS client delivers */
	char *attributes;  /* the rest of the entry: "match=example.com" */
	char *table;       /* "hash:/etc/postfix/tls_policy"; "" when global */
	char *key;         /* the key that was found there */
	char *parameter;   /* main.cf's, or "relay/unix/..." of master.cf */
	char *authority;   /* CA file of the TLS client */
	char *folder;      /* CA folder, where the client finds it */
	char *match;       /* names or fingerprints, separated by blanks */
	char *digest;      /* of fingerprints */
	char *protocols;   /* that TLS may be, unless it is a usual list */
	char *server_name; /* sent as SNI */
	char *grade;       /* of ciphers, unless it is the usual one */
	char *lookup;      /* how hosts are found, unless it is DNS */
	char *insecure_mx; /* level of dane for a domain that is not signed */
	char *root;        /* folder the client is chrooted to */
	char *others;      /* what else may take the mail, for people */
	bool mx;           /* it looks for MX records */
	bool dnssec;       /* it asks for signed answers */
	bool certificate;  /* it shows one of its own, if asked */
	bool wrapped;      /* TLS from the first byte, no STARTTLS */
	bool valid;        /* false: the entry has an error, mail is deferred */
	bool lost;         /* the mail was seen elsewhere: detour_take() */
	struct sentences anchors;  /* files that count instead of CAs */
	struct sentences settings; /* other parameters, "name=value" */
	struct sentences doubts;   /* why Postfix may do otherwise */
	struct sentences notes;
};

/*
 * Fills *policy. Returns 0, or -1 with *error: the domain can't be asked
 * about, or the time is up. A table that this user can't read is no error
 * but one of the notes.
 */
int policy_of(struct postfix *postfix, const char *domain,
	struct policy *policy, struct error *error);

/* The same when the next-hop is known, which the policy takes over. */
int policy_of_next_hop(struct postfix *postfix, const char *domain,
	const struct next_hop *next_hop, struct policy *policy,
	struct error *error);

/* Safe on one that is all zero, and twice. */
void policy_release(struct policy *policy);

/*
 * One sentence for people: next-hop, level, and where they come from. The
 * caller frees it. The notes are not in it.
 */
char *policy_sentence(const struct policy *policy);

/* Who speaks TLS: a service of master.cf that runs smtp(8) or lmtp(8). */
struct policy_client {
	const char *transport;
	bool lmtp;
};

/* Returns 1 with *client (it borrows the transport), 0 when it is none. */
int policy_client_of(const struct postfix *postfix, const char *transport,
	struct policy_client *client);

/* The client that a policy is for. It borrows the policy's transport. */
struct policy_client policy_own_client(const struct policy *policy);

/*
 * The client's value of "tls_CAfile", say, by master.cf and main.cf. In
 * *source (may be NULL) the parameter's full name, that the caller frees.
 */
const char *policy_parameter(const struct postfix *postfix,
	const struct policy_client *client, const char *name, char **source);

/* Whether such a name is one of master.cf, "relay/unix/smtp_tls_CAfile". */
bool policy_source_is_service(const char *source);

/* The words of the command that shows it, "postconf -P relay/unix/...". */
void policy_source_words(const struct postfix *postfix, const char *source,
	struct sentences *words);

/*
 * The command that sets it, for a sentence: "'postconf -e NAME=VALUE'", or with
 * -P for one of master.cf. The caller frees it.
 */
char *policy_source_setting(const struct postfix *postfix, const char *source,
	const char *value);

/* Whether the value of that parameter is "yes". */
bool policy_says_yes(const struct postfix *postfix,
	const struct policy_client *client, const char *name);

/*
 * Whether the client asks DNS for hosts, and for signed answers: without, the
 * levels dane and dane-only do not work (smtp/smtp_tls_policy.c: dane_init()).
 */
bool policy_has_dnssec(const struct postfix *postfix,
	const struct policy_client *client);

/* False also for what this user can't see. */
bool policy_file_is_missing(const char *path);

/*
 * Where a path really is that the client opens late: below the queue
 * directory when it is chrooted. The caller frees it.
 */
char *policy_inside(const struct postfix *postfix,
	const struct policy_client *client, const char *path);

/*
 * The level without an entry. In *source (not NULL) the full name of the
 * parameter that gives it, that the caller frees.
 */
const char *policy_global_level(const struct postfix *postfix,
	const struct policy_client *client, char **source);

/*
 * Whether Postfix is told of any CA: by the client's parameters or, for one
 * destination, by its entry's attributes.
 */
bool policy_has_authority(const struct postfix *postfix,
	const struct policy_client *client, const char *entry);

#endif
