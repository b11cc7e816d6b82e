/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log's wordings: tables of what a message says and of the delivery
 * reasons that such a message explains. For mail_log*.c, and for probe.c, whose
 * posttls-finger says the same.
 */
#ifndef TLS_MAIL_LOG_TEXT_H
#define TLS_MAIL_LOG_TEXT_H

#include <stdbool.h>

#include "tls/mail_log.h"
#include "tls/mail_log_line.h"

enum log_notice_type {
	LOG_NOTICE_FINDING,
	LOG_NOTICE_LIBRARY, /* detail: what the TLS library said */
	LOG_NOTICE_SESSION, /* host speaks TLS; kind: what it then fails by */
	LOG_NOTICE_RESUMED, /* host's session is an old one */
	LOG_NOTICE_NEXTHOP, /* key: the destination whose policy failed */
};

struct log_notice {
	enum log_notice_type type;
	enum log_finding kind;
	struct log_span detail;
	struct log_span host; /* "name[address]:port", or empty */
	struct log_span key;  /* by which other deliveries find it: endpoint,
	                         next-hop, domain, ...; or empty */
};

bool log_notice_parse(struct log_span message, struct log_notice *notice);

/* "[address]:port" of "name[address]:port"; empty when there is none. */
struct log_span log_endpoint_of(struct log_span host);

/* The reasons in a queue that leave open what happened. */
enum log_reason {
	LOG_REASON_OTHER,
	LOG_REASON_NOT_TRUSTED, /* until 3.5 */
	LOG_REASON_NOT_VERIFIED,
	LOG_REASON_NOT_MATCHED, /* the same, where the other is used, too */
	LOG_REASON_HANDSHAKE,
	LOG_REASON_POLICY,
	LOG_REASON_DANE,
	LOG_REASON_UNAVAILABLE,
	LOG_REASON_ENGINE,
	LOG_REASON_COUNT,
};

/*
 * *suspended: mail that was not tried. *key: the key of a finding that goes
 * with the reason wherever it was logged, or empty.
 */
enum log_reason log_reason_of(struct log_span reason, bool *suspended,
	struct log_span *key);

/*
 * The same as mail_log_finding_at(), for the level in the "!dane:none" of a
 * delivery (smtp/smtp_tls_policy.c, since 3.11).
 */
enum log_finding log_finding_of_features(enum log_finding kind,
	struct log_span features);

bool log_finding_explains(enum log_finding kind, enum log_reason reason);

#endif
