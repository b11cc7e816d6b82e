/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which log line explains which delivery. For mail_log*.c only. */
#ifndef TLS_MAIL_LOG_SCAN_H
#define TLS_MAIL_LOG_SCAN_H

#include "tls/mail_log_memory.h"
#include "tls/mail_log_text.h"

/* How many domains, processes and servers are remembered at a time. */
#define LOG_SCAN_LIMIT 20000

struct log_scan {
	struct log_clock clock;
	const struct sentences *names; /* borrowed: of mail_log_source */
	bool tagged;                 /* a line with time and process was seen */
	bool known;                  /* a line that counts was seen */
	bool apart;                  /* "not trusted" is not "not verified" */
	struct log_record untold;    /* a mismatch that no line tells of */
	struct log_memory processes; /* by "host postfix/smtp[123]" */
	struct log_memory subjects;  /* by log_notice.key */
	struct log_memory *domains;  /* borrowed: the result */
	struct log_common {
		struct log_record last; /* what explained this reason last */
		bool mixed;             /* it was not always the same */
	} common[LOG_REASON_COUNT];
};

/* Borrows both until log_scan_release(). */
void log_scan_init(struct log_scan *scan, struct log_memory *domains,
	const struct mail_log_source *source);

/* The next line of the log, without its line end. Oldest first. */
void log_scan_line(struct log_scan *scan, struct log_span text);

void log_scan_release(struct log_scan *scan);

/* The key of an address's or a domain's record, cut and in lower case. */
struct log_span log_domain_key(struct log_span domain,
	char buffer[LOG_TEXT_LIMIT]);

#endif
