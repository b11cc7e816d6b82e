/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A verification line names a process and a server, but no mail; the line of
 * the delivery comes later, from the same process, with a reason that leaves
 * open what happened. So a process's last finding is kept until its delivery
 * is logged, and the last one of each server besides: with connection reuse
 * tlsproxy logs the finding, a resumed session logs none, and journalctl -o
 * cat shows no process. Mail that Postfix holds back untried has neither
 * server nor finding: it gets what others with its reason had, when all of
 * them had the same.
 */
#include "tls/mail_log_scan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tls/words.h"

void
log_scan_init(struct log_scan *scan, struct log_memory *domains,
	const struct mail_log_source *source)
{
	*scan = (struct log_scan){
		.clock = { .now = source->now },
		.names = &source->names,
		.processes = { .limit = LOG_SCAN_LIMIT },
		.subjects = { .limit = LOG_SCAN_LIMIT },
		.domains = domains,
	};
	domains->limit = LOG_SCAN_LIMIT;
}

void
log_scan_release(struct log_scan *scan)
{
	log_memory_release(&scan->processes);
	log_memory_release(&scan->subjects);
	for (int reason = 0; reason < LOG_REASON_COUNT; reason++)
		log_record_clear(&scan->common[reason].last);
	log_record_clear(&scan->untold);
}

struct log_span
log_domain_key(struct log_span domain, char buffer[LOG_TEXT_LIMIT])
{
	size_t length = domain.length;

	if (length > LOG_TEXT_LIMIT)
		length = LOG_TEXT_LIMIT;
	for (size_t i = 0; i < length; i++)
		buffer[i] = words_to_lower(domain.at[i]);
	return (struct log_span){ buffer, length };
}

/* Names of sockets are logged in lower case by some, not by others. */
static struct log_record *
subject_find(const struct log_scan *scan, struct log_span key)
{
	char buffer[LOG_TEXT_LIMIT];

	return log_memory_find(&scan->subjects, log_domain_key(key, buffer));
}

static void
record_copy(struct log_record *to, const struct log_record *from)
{
	log_record_set(to, &from->finding, log_span_of(from->detail),
		log_span_of(from->host));
}

static void
subject_learn(struct log_scan *scan, struct log_span key,
	const struct log_record *found)
{
	char buffer[LOG_TEXT_LIMIT];

	if (key.length != 0 && key.length <= LOG_TEXT_LIMIT)
		record_copy(log_memory_touch(&scan->subjects,
				    log_domain_key(key, buffer)),
			found);
}

static bool
same_endpoint(struct log_span one, struct log_span other)
{
	one = log_endpoint_of(one);
	other = log_endpoint_of(other);
	return one.length == other.length &&
		strncasecmp(one.at, other.at, one.length) == 0;
}

/* Once its delivery is logged, a finding explains no other mail. */
static bool
record_is_open(const struct log_record *process)
{
	return process->finding.kind != LOG_NOTHING &&
		process->queue_id == NULL;
}

static void
process_learn(struct log_record *process,
	const struct mail_log_finding *finding, struct log_span detail,
	struct log_span host)
{
	log_record_set(process, finding, detail, host);
	free(process->library);
	free(process->queue_id);
	process->library = NULL;
	process->queue_id = NULL;
	process->resumed = false;
}

/*
 * Behind a handshake that failed without a reason it is the reason, the
 * first line of several. tlsproxy logs it before that.
 */
static void
scan_library(struct log_scan *scan, struct log_record *process,
	struct log_span text)
{
	struct log_record *server;

	if (process->finding.kind != LOG_HANDSHAKE ||
		!record_is_open(process) || process->host[0] == '\0') {
		log_text_set(&process->library, text);
		return;
	}
	if (process->detail[0] != '\0')
		return;
	log_text_set(&process->detail, text);
	process->finding.detail = process->detail;
	server =
		subject_find(scan, log_endpoint_of(log_span_of(process->host)));
	if (server != NULL)
		record_copy(server, process);
}

/* What is wrong with a policy is logged when it is read, not each time. */
static void
scan_nexthop(struct log_scan *scan, struct log_record *process,
	struct log_span nexthop)
{
	const struct log_record *known;

	if (record_is_open(process) &&
		process->finding.kind == LOG_POLICY_TABLE) {
		if (process->key.length != 0)
			subject_learn(scan, nexthop, process);
		return;
	}
	known = subject_find(scan, nexthop);
	if (known != NULL && known->finding.kind == LOG_POLICY_TABLE)
		process_learn(process, &known->finding,
			log_span_of(known->detail), log_span_of(known->host));
}

static void
scan_finding(struct log_scan *scan, struct log_record *process,
	const struct log_notice *notice, const struct mail_log_finding *finding)
{
	struct log_span detail = notice->detail;

	/* The general line of a fault that has been told already. */
	if (finding->kind == LOG_VERIFICATION &&
		process->finding.kind == LOG_FINGERPRINT_UNUSABLE &&
		record_is_open(process))
		return;
	if (finding->kind == LOG_HANDSHAKE && notice->host.length == 0)
		detail = log_span_of(process->library);
	process_learn(process, finding, detail, notice->host);
	subject_learn(scan, notice->key, process);
}

/* tlsproxy checks a certificate just before smtp says "Trusted". */
#define SESSION_SECONDS 60

/* Is this what was said of the certificate of that session? */
static bool
record_is_said(const struct log_record *record, struct log_span host)
{
	return log_finding_explains(record->finding.kind,
		       LOG_REASON_NOT_VERIFIED) &&
		log_span_equal(log_span_of(record->host), host);
}

/*
 * A session alone is a fault only when no line says which: not of this
 * process, and not of the server; old ones of a server that has become
 * trusted since don't count.
 */
static void
scan_session(struct log_scan *scan, struct log_record *process,
	const struct log_notice *notice, const struct mail_log_finding *finding)
{
	const struct log_record *server = subject_find(scan, notice->key);
	bool told;

	if ((process->resumed &&
		    log_span_equal(log_span_of(process->host), notice->host)) ||
		(record_is_open(process) &&
			record_is_said(process, notice->host)))
		return;
	told = server != NULL && server->finding.kind != LOG_MISMATCH &&
		record_is_said(server, notice->host) &&
		(finding->kind != LOG_MISMATCH ||
			finding->time - server->finding.time <=
				SESSION_SECONDS);
	if (told)
		process_learn(process, &server->finding,
			log_span_of(server->detail), log_span_of(server->host));
	else
		scan_finding(scan, process, notice, finding);
}

static void
scan_notice(struct log_scan *scan, const struct log_line *line,
	const struct log_notice *notice)
{
	struct mail_log_finding finding = {
		.kind = notice->kind,
		.time = log_clock_read(&scan->clock, line->stamp),
	};
	struct log_record *process =
		log_memory_touch(&scan->processes, line->process);

	switch (notice->type) {
	case LOG_NOTICE_LIBRARY:
		scan_library(scan, process, notice->detail);
		break;
	case LOG_NOTICE_SESSION:
		scan_session(scan, process, notice, &finding);
		break;
	case LOG_NOTICE_RESUMED:
		process_learn(process, &finding, notice->detail, notice->host);
		process->resumed = true;
		break;
	case LOG_NOTICE_NEXTHOP:
		scan_nexthop(scan, process, notice->key);
		break;
	case LOG_NOTICE_FINDING:
		scan_finding(scan, process, notice, &finding);
		break;
	}
}

static struct log_span
domain_of(struct log_span address)
{
	size_t start = address.length;

	while (start > 0 && address.at[start - 1] != '@')
		start--;
	if (start == 0)
		return (struct log_span){ "", 0 };
	return (struct log_span){ address.at + start, address.length - start };
}

/* What was met on a domain's own way is not replaced by what others met. */
static void
domain_learn(struct log_scan *scan, struct log_span address,
	const struct log_record *found, bool direct)
{
	char buffer[LOG_TEXT_LIMIT];
	struct log_span key = log_domain_key(domain_of(address), buffer);
	struct log_record *record;

	if (key.length == 0)
		return;
	record = log_memory_find(scan->domains, key);
	if (record != NULL && record->finding.direct && !direct)
		return;
	record = log_memory_touch(scan->domains, key);
	record_copy(record, found);
	record->finding.direct = direct;
}

static void
common_learn(struct log_common *common, const struct log_record *found)
{
	if (common->last.finding.kind != LOG_NOTHING &&
		(common->last.finding.kind != found->finding.kind ||
			strcmp(common->last.host, found->host) != 0 ||
			strcmp(common->last.detail, found->detail) != 0))
		common->mixed = true;
	record_copy(&common->last, found);
}

/* One delivery, and what its reason was taken for. */
struct failure {
	struct log_delivery fields;
	enum log_reason reason;
	struct log_span key; /* of log_reason_of() */
	bool suspended;
	long long time;
};

/* The process's own finding, when it is about the server of the delivery. */
static const struct log_record *
failure_own(const struct failure *failure, const struct log_record *process)
{
	if (process == NULL ||
		!log_finding_explains(process->finding.kind, failure->reason))
		return NULL;
	if (log_endpoint_of(log_span_of(process->host)).length != 0 &&
		!same_endpoint(log_span_of(process->host),
			failure->fields.relay))
		return NULL;
	return process;
}

static const struct log_record *
failure_cause(const struct log_scan *scan, const struct failure *failure,
	const struct log_record *process)
{
	const struct log_span keys[] = {
		log_endpoint_of(failure->fields.relay),
		domain_of(failure->fields.address),
		failure->key,
	};
	const struct log_record *found = failure_own(failure, process);

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && !found; i++) {
		found = subject_find(scan, keys[i]);
		if (found != NULL &&
			!log_finding_explains(found->finding.kind,
				failure->reason))
			found = NULL;
	}
	return found;
}

/*
 * Until 3.5 a certificate that is "not verified" is a trusted one, and unless
 * sessions are logged there is no line about it.
 */
static const struct log_record *
failure_untold(struct log_scan *scan, const struct failure *failure)
{
	const struct mail_log_finding finding = {
		.kind = LOG_MISMATCH,
		.time = failure->time,
	};

	if (failure->reason != LOG_REASON_NOT_MATCHED)
		return NULL;
	log_record_set(&scan->untold, &finding, log_span_of(""),
		failure->fields.relay);
	return &scan->untold;
}

/* What was found, as this one delivery knows it: others may share it. */
static void
failure_learn(struct log_scan *scan, const struct failure *failure,
	const struct log_record *found)
{
	const struct log_delivery *fields = &failure->fields;
	struct log_record own = { .detail = NULL };

	record_copy(&own, found);
	own.finding.kind =
		log_finding_of_features(found->finding.kind, fields->features);
	if (own.finding.kind == LOG_HANDSHAKE && own.host[0] == '\0') {
		log_text_set(&own.host, fields->relay);
		own.finding.host = own.host;
	}
	common_learn(&scan->common[failure->reason], &own);
	domain_learn(scan, fields->original, &own, false);
	domain_learn(scan, fields->address, &own, true);
	log_record_clear(&own);
}

static void
scan_failure(struct log_scan *scan, const struct failure *failure,
	const struct log_record *process)
{
	const struct log_record *found = failure_cause(scan, failure, process);

	if (failure->reason == LOG_REASON_NOT_TRUSTED)
		scan->apart = true;
	if (found == NULL)
		found = failure_untold(scan, failure);
	if (found != NULL)
		failure_learn(scan, failure, found);
}

static void
scan_suspended(struct log_scan *scan, const struct failure *failure)
{
	const struct log_common *common = &scan->common[failure->reason];
	struct log_span domain = domain_of(failure->fields.address);
	char buffer[LOG_TEXT_LIMIT];

	if (common->mixed || common->last.finding.kind == LOG_NOTHING)
		return;
	if (!log_memory_find(scan->domains, log_domain_key(domain, buffer)))
		domain_learn(scan, failure->fields.address, &common->last,
			false);
}

/*
 * A process works at one message at a time and logs all its recipients
 * before the next; the finding stays until another message is logged.
 */
static void
scan_delivery(struct log_scan *scan, const struct log_line *line,
	struct failure *failure)
{
	const struct log_delivery *fields = &failure->fields;
	struct log_record *process = NULL;

	if (line->process.length != 0)
		process = log_memory_find(&scan->processes, line->process);
	if (process != NULL && process->queue_id != NULL &&
		!log_span_equal(log_span_of(process->queue_id),
			fields->queue_id))
		log_record_clear(process);
	failure->reason = log_reason_of(fields->reason, &failure->suspended,
		&failure->key);
	if (!log_span_is(fields->status, "deferred"))
		failure->reason = LOG_REASON_OTHER;
	if (failure->reason == LOG_REASON_NOT_VERIFIED && scan->apart)
		failure->reason = LOG_REASON_NOT_MATCHED;
	if (failure->reason != LOG_REASON_OTHER && failure->suspended)
		scan_suspended(scan, failure);
	else if (failure->reason != LOG_REASON_OTHER)
		scan_failure(scan, failure, process);
	if (process != NULL)
		log_text_set(&process->queue_id, fields->queue_id);
}

static bool
line_is_old(struct log_scan *scan, const struct log_line *line)
{
	long long time = log_clock_read(&scan->clock, line->stamp);

	return time != 0 && time < scan->clock.now - MAIL_LOG_AGE;
}

/* "host postfix-out/relay/smtp[1]": of one of the names, with a slash behind. */
static bool
line_is_wanted(const struct log_scan *scan, const struct log_line *line)
{
	struct log_span tag = line->process;
	bool found = scan->names->count == 0 || tag.length == 0;

	while (log_span_until(&tag, " ", NULL))
		;
	for (size_t i = 0; i < scan->names->count && !found; i++) {
		struct log_span rest = tag;

		found = log_span_skip(&rest, scan->names->list[i]) &&
			log_span_skip(&rest, "/");
	}
	return found;
}

static void
scan_message(struct log_scan *scan, const struct log_line *line)
{
	struct failure failure;
	struct log_notice notice;

	if (log_delivery_parse(line->message, &failure.fields)) {
		failure.time = log_clock_read(&scan->clock, line->stamp);
		scan_delivery(scan, line, &failure);
	} else if (log_notice_parse(line->message, &notice)) {
		scan_notice(scan, line, &notice);
	} else if (line->process.length == 0) {
		return;
	}
	scan->known = true;
}

void
log_scan_line(struct log_scan *scan, struct log_span text)
{
	struct log_line line;
	enum log_line_kind kind = log_line_split(text, &line);

	if (kind != LOG_LINE_BARE)
		scan->tagged = true;
	if (kind == LOG_LINE_OTHER || scan->tagged != (kind != LOG_LINE_BARE))
		return;
	if (line_is_old(scan, &line))
		return;
	if (line_is_wanted(scan, &line))
		scan_message(scan, &line);
	else
		scan->known = true;
}
