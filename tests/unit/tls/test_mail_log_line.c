/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of log lines: times, tags and the fields of a delivery. */
#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "tls/mail_log_line.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct log_span
span(const char *text)
{
	return (struct log_span){ text, strlen(text) };
}

static void
assert_span(const char *name, struct log_span got, const char *want)
{
	if (log_span_is(got, want))
		return;
	print_error("%s: got \"%.*s\", want \"%s\"\n", name, (int)got.length,
		got.at, want);
	fail();
}

static const struct {
	const char *text;
	enum log_line_kind want;
	const char *want_process, *want_message;
} lines[] = {
	{ "Nov 24 02:31:25 mail postfix/smtp[191]: Text", LOG_LINE_TAGGED,
		"mail postfix/smtp[191]", "Text" },
	{ "Nov  4 02:31:25 mail postfix-out/smtp[191]: Text", LOG_LINE_TAGGED,
		"mail postfix-out/smtp[191]", "Text" },
	{ "Nov 24 02:31:25.123456 mail postfix/relay/smtp[1]: Text",
		LOG_LINE_TAGGED, "mail postfix/relay/smtp[1]", "Text" },
	{ "2026-11-24T02:31:25.123456+01:00 mail postfix/lmtp[191]: Text",
		LOG_LINE_TAGGED, "mail postfix/lmtp[191]", "Text" },
	{ "2026-11-24T02:31:25+0000 mail postfix/error[191]: Text",
		LOG_LINE_TAGGED, "mail postfix/error[191]", "Text" },
	{ "Nov 24 02:31:25 mail mail.info postfix/tlsproxy[7]: Text",
		LOG_LINE_TAGGED, "mail mail.info postfix/tlsproxy[7]", "Text" },
	{ "Nov 24 02:31:25 mail postfix/smtp[191]: ", LOG_LINE_TAGGED,
		"mail postfix/smtp[191]", "" },
	{ "Nov 24 02:31:25 mail postfix/smtpd[191]: Text", LOG_LINE_OTHER, NULL,
		NULL },
	{ "Nov 24 02:31:25 mail postfix/qmgr[191]: Text", LOG_LINE_OTHER, NULL,
		NULL },
	{ "Nov 24 02:31:25 mail smtp[191]: Text", LOG_LINE_OTHER, NULL, NULL },
	{ "Nov 24 02:31:25 mail /smtp[191]: Text", LOG_LINE_OTHER, NULL, NULL },
	{ "Nov 24 02:31:25 mail postfix/smtp: Text", LOG_LINE_OTHER, NULL,
		NULL },
	{ "Nov 24 02:31:25 mail postfix/smtp[]: Text", LOG_LINE_OTHER, NULL,
		NULL },
	{ "Nov 24 02:31:25 mail postfix/smtp[1x]: Text", LOG_LINE_OTHER, NULL,
		NULL },
	{ "Nov 24 02:31:25 mail app[1]: x postfix/smtp[1]: Text",
		LOG_LINE_OTHER, NULL, NULL },
	{ "Nov 24 02:31:25 mail app: postfix/smtp[1]: Text", LOG_LINE_OTHER,
		NULL, NULL },
	{ "Nov 24 02:31:25 a b c postfix/smtp[1]: Text", LOG_LINE_OTHER, NULL,
		NULL },
	{ "Nov 24 02:31:25 mail", LOG_LINE_OTHER, NULL, NULL },
	{ "Nov 24 02:31:25 ", LOG_LINE_OTHER, NULL, NULL },
	{ "Nov 24 02:31:25", LOG_LINE_BARE, "", "Nov 24 02:31:25" },
	{ "Nov 24 02:31", LOG_LINE_BARE, "", "Nov 24 02:31" },
	{ "SSL_connect error to x", LOG_LINE_BARE, "",
		"SSL_connect error to x" },
	{ "", LOG_LINE_BARE, "", "" },
};

static void
line_split(void **state)
{
	struct log_line line;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		enum log_line_kind got =
			log_line_split(span(lines[i].text), &line);

		if (got != lines[i].want)
			print_error("%s\n", lines[i].text);
		assert_int_equal(got, lines[i].want);
		if (lines[i].want == LOG_LINE_OTHER)
			continue;
		assert_span(lines[i].text, line.process, lines[i].want_process);
		assert_span(lines[i].text, line.message, lines[i].want_message);
	}
}

/* 2026-11-24 03:00:00 UTC, and 2024-02-29 00:00:30 UTC */
#define NOW  1795489200LL
#define LEAP 1709164830LL

static const struct {
	const char *stamp;
	long long now;
	const char *zone;
	long long want;
} times[] = {
	{ "Nov 24 02:31:25", NOW, "UTC", NOW - 1715 },
	{ "Nov 24 02:31:25.999", NOW, "UTC", NOW - 1715 },
	{ "Nov 24 03:31:25", NOW, "CET-1", NOW - 1715 },
	{ "Nov  4 03:00:00", NOW, "UTC", NOW - 20 * 86400 },
	{ "Nov 25 03:00:00", NOW, "UTC", NOW + 86400 },
	{ "Nov 25 04:00:00", NOW, "UTC", NOW - 364 * 86400 + 3600 },
	{ "Dec 31 23:59:59", 1767225600, "UTC", 1767225599 },
	{ "Feb 28 23:59:30", LEAP, "UTC", LEAP - 60 },
	{ "Xxx 24 02:31:25", NOW, "UTC", 0 },
	{ "2026-11-24T02:31:25Z", NOW, "CET-1", NOW - 1715 },
	{ "2026-11-24T02:31:25.123456Z", NOW, "CET-1", NOW - 1715 },
	{ "2026-11-24T03:31:25+01:00", NOW, "UTC", NOW - 1715 },
	{ "2026-11-24T03:31:25.5+0100", NOW, "UTC", NOW - 1715 },
	{ "2026-11-23T21:01:25-05:30", NOW, "UTC", NOW - 1715 },
	{ "2026-11-24T02:31:25", NOW, "UTC", NOW - 1715 },
	{ "2026-11-24T03:31:25", NOW, "CET-1", NOW - 1715 },
	{ "2024-02-29T00:00:30Z", LEAP, "UTC", LEAP },
	{ "1970-01-02T00:00:01Z", NOW, "UTC", 86401 },
	{ "2000-03-01T00:00:00Z", NOW, "UTC", 951868800 },
	{ "", NOW, "UTC", 0 },
};

static void
clock_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(times); i++) {
		struct log_clock clock = { .now = times[i].now };

		setenv("TZ", times[i].zone, 1);
		tzset();
		/* the second time from what is remembered */
		for (int turn = 0; turn < 2; turn++) {
			long long got =
				log_clock_read(&clock, span(times[i].stamp));

			if (got != times[i].want)
				print_error("%s: got %lld, want %lld\n",
					times[i].stamp, got, times[i].want);
			assert_true(got == times[i].want);
		}
	}
}

static void
clock_remembers_no_other_hour(void **state)
{
	struct log_clock clock = { .now = NOW };

	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	assert_true(log_clock_read(&clock, span("Nov 24 01:59:59")) ==
		NOW - 3601);
	assert_true(log_clock_read(&clock, span("Nov 24 02:00:00")) ==
		NOW - 3600);
	assert_true(log_clock_read(&clock, span("Nov 23 02:00:00")) ==
		NOW - 90000);
	assert_true(log_clock_read(&clock, span("2026-11-24T02:00:00")) ==
		NOW - 3600);
}

#define AFTER ", delay=1, delays=0/0/1/0, dsn=4.7.5, status=deferred (No)"

static const struct {
	const char *message;
	const char *want_address, *want_original, *want_relay, *want_status;
	const char *want_reason;
} deliveries[] = {
	{ "AB12: to=<u@d.test>, relay=m[192.0.2.1]:25" AFTER, "u@d.test", "",
		"m[192.0.2.1]:25", "deferred", "No" },
	{ "4bxYz0tJ2WzqX: to=<u@d.test>, orig_to=<root>, relay=none" AFTER,
		"u@d.test", "root", "none", "deferred", "No" },
	{ "AB12: to=<u@d.test>, relay=m[2001:db8::1]:25, conn_use=2" AFTER,
		"u@d.test", "", "m[2001:db8::1]:25", "deferred", "No" },
	{ "AB12: to=<u@d.test>, relay=m[192.0.2.1]:25, delay=1, "
	  "delays=0/0/1/0, tls=!secure, dsn=4.7.5, status=deferred (No)",
		"u@d.test", "", "m[192.0.2.1]:25", "deferred", "No" },
	{ "AB12: to=<u@d.test>, relay=m[192.0.2.1]:25, delay=1, "
	  "dsn=2.0.0, status=sent (250 ok (queued))",
		"u@d.test", "", "m[192.0.2.1]:25", "sent", "250 ok (queued)" },
	{ "AB12: to=<\"a>, relay=x\"@d.test>, relay=none" AFTER,
		"\"a>, relay=x\"@d.test", "", "none", "deferred", "No" },
	{ "AB12: to=<\"a\\\">, relay=x\"@d.test>, relay=none" AFTER,
		"\"a\\\">, relay=x\"@d.test", "", "none", "deferred", "No" },
	{ "AB12: to=<u@d.test>, relay=none, dsn=4.0.0, status=deferred (cut",
		"u@d.test", "", "none", "deferred", "cut" },
	{ "AB12: to=<u@d.test>, relay=none, status=deferred (", "u@d.test", "",
		"none", "deferred", "" },
	{ .message = "AB12: to=<u@d.test>, relay=none, dsn=4.0.0, status=x" },
	{ .message = "AB12: to=<u@d.test>, relay=none, dsn=4" },
	{ .message = "AB12: to=<u@d.test>, relay=none" },
	{ .message = "AB12: to=<u@d.test>, status=deferred (No)" },
	{ .message = "AB12: to=<u@d.test>" },
	{ .message = "AB12: to=<\"\\" },
	{ .message = "AB12: to=<u@d.test>, orig_to=<x" },
	{ .message = "AB12: from=<u@d.test>, relay=none" AFTER },
	{ .message = ": to=<u@d.test>, relay=none" AFTER },
	{ .message = "A B: to=<u@d.test>, relay=none" AFTER },
	{ .message = "" },
};

static void
delivery_parse(void **state)
{
	struct log_delivery got;

	(void)state;
	for (size_t i = 0; i < COUNT(deliveries); i++) {
		const char *name = deliveries[i].message;
		bool want = deliveries[i].want_address != NULL;

		if (log_delivery_parse(span(name), &got) != want)
			print_error("%s\n", name);
		assert_int_equal(log_delivery_parse(span(name), &got), want);
		if (!want)
			continue;
		assert_span(name, got.address, deliveries[i].want_address);
		assert_span(name, got.original, deliveries[i].want_original);
		assert_span(name, got.relay, deliveries[i].want_relay);
		assert_span(name, got.status, deliveries[i].want_status);
		assert_span(name, got.reason, deliveries[i].want_reason);
	}
}

/* A sanitizer sees a byte that is read beyond the end. */
static void
line_of_every_length(void **state)
{
	static const char text[] =
		"2026-11-24T02:31:25.5+01:00 mail postfix/smtp[1]: AB: "
		"to=<\"a\\\"\"@d.test>, orig_to=<x>, "
		"relay=m[192.0.2.1]:25" AFTER;
	struct log_clock clock = { .now = NOW };
	struct log_delivery delivery;
	struct log_line line;
	size_t whole = 0;

	(void)state;
	for (size_t length = 0; length < sizeof(text); length++) {
		char *copy = malloc(length + 1);
		struct log_span cut = { copy, length };

		assert_non_null(copy);
		memcpy(copy, text, length);
		copy = realloc(copy, length ? length : 1);
		assert_non_null(copy);
		cut.at = copy;
		log_line_split(cut, &line);
		log_clock_read(&clock, line.stamp);
		whole += log_delivery_parse(line.message, &delivery);
		free(copy);
	}
	assert_true(whole >= 4 && whole <= 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_split),
		cmocka_unit_test(clock_read),
		cmocka_unit_test(clock_remembers_no_other_hour),
		cmocka_unit_test(delivery_parse),
		cmocka_unit_test(line_of_every_length),
	};

	return cmocka_run_group_tests_name("mail_log_line", tests, NULL, NULL);
}
