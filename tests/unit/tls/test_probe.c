/* SPDX-License-Identifier: GPL-3.0-or-later */
/* posttls-finger's arguments, and runs of a script in its place. */
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tls/probe.h"
#include "unit/tls/policies.h"

static void
probe_puts_arguments_together(void **state)
{
	static const struct {
		const char *destination, *level, *protocols, *match;
		bool lmtp;
		const char *want_words;
	} cases[] = {
		{ "example.com", "secure", "", "", false,
			"posttls-finger -c -l secure -F /etc/ca.pem -- "
			"example.com" },
		{ "example.com", "secure", "", "example.com x.example", false,
			"posttls-finger -c -l secure -F /etc/ca.pem -- "
			"example.com example.com x.example" },
		{ "example.com", "none", "", "x", false,
			"posttls-finger -c -l may -F /etc/ca.pem -- "
			"example.com" },
		{ "example.com", "bogus", "", "", false,
			"posttls-finger -c -l secure -F /etc/ca.pem -- "
			"example.com" },
		{ "[a.example]:587", "fingerprint", "", "AA BB", false,
			"posttls-finger -c -l fingerprint -dsha256 -- "
			"[a.example]:587 AA BB" },
		{ "example.com", "dane", "", "", false,
			"posttls-finger -c -l dane-only -- example.com" },
		{ "example.com", "dane-only", "", "", false,
			"posttls-finger -c -l dane-only -- example.com" },
		{ "a, b", "encrypt", "!TLSv1", "", false,
			"posttls-finger -c -l encrypt -F /etc/ca.pem "
			"-p!TLSv1 -- a" },
		{ "a", "encrypt", ">=TLSv1.2", "", false,
			"posttls-finger -c -l encrypt -F /etc/ca.pem "
			"-p!SSLv2:!SSLv3:!TLSv1:!TLSv1.1 -- a" },
		{ "a", "encrypt", ">=TLSv1.1:<=TLSv1.2", "", false,
			"posttls-finger -c -l encrypt -F /etc/ca.pem "
			"-p!SSLv2:!SSLv3:!TLSv1:!TLSv1.3 -- a" },
		{ "a", "encrypt", ">=0303", "", false,
			"posttls-finger -c -l encrypt -F /etc/ca.pem "
			"-p>=0303 -- a" },
		{ "inet:[a.example]:24", "verify", "", "", true,
			"posttls-finger -c -S -l verify -F /etc/ca.pem -- "
			"inet:[a.example]:24" },
		{ "a.example", "verify", "", "", true,
			"posttls-finger -c -S -l verify -F /etc/ca.pem -- "
			"inet:a.example" },
		{ "unix:private/x", "encrypt", "", "", true, "" },
		{ "-x", "encrypt", "", "", false,
			"posttls-finger -c -l encrypt -F /etc/ca.pem -- -x" },
		{ "example.com", "", "", "", false, "" },
		{ ", ", "encrypt", "", "", false, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy policy =
			policy_with_ca(cases[i].destination, cases[i].level);
		struct sentences words = { 0 };
		char *got;

		policy_set(&policy.protocols, cases[i].protocols);
		policy_set(&policy.match, cases[i].match);
		policy.lmtp = cases[i].lmtp;
		probe_arguments(&policy, &words);
		got = sentences_join(&words, " ");
		assert_string_equal(got, cases[i].want_words);
		free(got);
		sentences_release(&words);
		policy_release(&policy);
	}
}

/* Without DNSSEC, dane is may. */
static void
probe_puts_dane_as_may(void **state)
{
	struct policy policy = policy_with_ca("d", "dane");
	struct sentences words = { 0 };

	(void)state;
	policy.dnssec = false;
	probe_arguments(&policy, &words);
	assert_string_equal(words.list[3], "may");
	sentences_release(&words);
	policy_release(&policy);
}

static void
probe_knows_sockets(void **state)
{
	static const struct {
		const char *destination;
		bool lmtp;
		const char *want_path; /* NULL: none */
	} cases[] = {
		{ "unix:private/x", true, "/var/spool/postfix/private/x" },
		{ "unix:/run/x", true, "/run/x" },
		{ "inet:mail.example", true, NULL },
		{ "mail.example:24", true, NULL },
		{ "unix:private/x", false, NULL },
		{ "", true, NULL },
	};
	struct postfix postfix = { 0 };

	(void)state;
	postfix_parse_values(&postfix.main,
		"queue_directory = /var/spool/postfix\n");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy policy =
			policy_with_ca(cases[i].destination, "encrypt");
		char *got;

		policy.lmtp = cases[i].lmtp;
		got = probe_socket(&postfix, &policy);
		if (cases[i].want_path == NULL)
			assert_null(got);
		else
			assert_string_equal(got, cases[i].want_path);
		free(got);
		policy_release(&policy);
	}
	postfix_release(&postfix);
}

#define VERIFIED "Verified TLS connection established to a[1.2.3.4]:25: x"

/* A program that takes its answer from the name of its destination. */
static const char script[] =
	"#!/bin/sh\n"
	"while [ \"$1\" != -- ]; do shift; done\n"
	"case $2 in\n"
	"hang) sleep 60 ;;\n"
	"slow) sleep 0.3; echo 'posttls-finger: " VERIFIED "' >&2 ;;\n"
	"plain) ;;\n"
	"crash) kill -KILL $$ ;;\n"
	"lost) echo 'posttls-finger: error while loading x.so' >&2; exit 127 ;;\n"
	"flood) yes 'posttls-finger: warning: x' | head -n 9999;\n"
	"	yes 'posttls-finger: warning: x' | head -n 9999 >&2;\n"
	"	echo 'posttls-finger: " VERIFIED "' ;;\n"
	"*) echo 'posttls-finger: " VERIFIED "'; exit 1 ;;\n"
	"esac\n";

static double
seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
make_script(char path[64])
{
	FILE *file;
	int descriptor;

	snprintf(path, 64, "/tmp/test_probe.XXXXXX");
	descriptor = mkstemp(path);
	assert_true(descriptor >= 0);
	file = fdopen(descriptor, "w");
	assert_non_null(file);
	assert_true(fputs(script, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0700), 0);
}

static void
probe_runs_four_at_a_time(void **state)
{
	static const struct {
		const char *destination;
		enum probe_verdict want_verdict;
	} cases[] = {
		{ "hang", PROBE_NOT_DONE },
		{ "one", PROBE_PASSES },
		{ "plain", PROBE_FAILS },
		{ "crash", PROBE_NOT_DONE },
		{ "lost", PROBE_NOT_DONE },
		{ "slow", PROBE_PASSES },
		{ "slow", PROBE_PASSES },
		{ "slow", PROBE_PASSES },
		{ "flood", PROBE_PASSES },
		{ "slow", PROBE_PASSES },
		{ "slow", PROBE_PASSES },
	};
	enum { COUNT = COUNT_OF(cases) };
	struct policy policies[COUNT];
	const struct policy *borrowed[COUNT];
	struct probe probes[COUNT];
	struct postfix postfix = { .deadline = deadline_in(6) };
	double start = seconds_now();
	char path[64];

	(void)state;
	make_script(path);
	postfix.finger = xstrdup(path);
	for (size_t i = 0; i < COUNT; i++) {
		policies[i] = policy_with_ca(cases[i].destination, "secure");
		borrowed[i] = &policies[i];
	}
	probe_run(&postfix, borrowed, COUNT, probes);
	assert_true(seconds_now() - start < 6);
	for (size_t i = 0; i < COUNT; i++) {
		if (probes[i].verdict != cases[i].want_verdict)
			print_error("%s: %s\n", cases[i].destination,
				probes[i].sentence);
		assert_int_equal(probes[i].verdict, cases[i].want_verdict);
		probe_release(&probes[i]);
		policy_release(&policies[i]);
	}
	unlink(path);
	postfix_release(&postfix);
}

static void
probe_says_why_it_did_not(void **state)
{
	static const struct {
		const char *level, *finger, *want_sentence;
		const char *anchor;
		bool unsigned_names;
	} cases[] = {
		{ "secure", NULL,
			"not tested: there is no posttls-finger program", NULL,
			false },
		{ "", "/bin/true", "not tested: smtp is no TLS client", NULL,
			false },
		{ "secure", "/bin/true",
			"not tested: our own trust anchor file /none/a.pem "
			"can't be read: No such file or directory",
			"/none/a.pem", false },
		{ "dane-only", "/bin/true",
			"not tested: the level dane-only needs "
			"smtp_dns_support_level = dnssec",
			NULL, true },
		{ "fingerprint", "/bin/true",
			"not tested: the policy has no fingerprint that can be "
			"compared",
			NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy policy = policy_with_ca("d", cases[i].level);
		const struct policy *borrowed = &policy;
		struct postfix postfix = { .deadline = deadline_in(5) };
		struct probe probe;

		policy.dnssec = !cases[i].unsigned_names;
		if (cases[i].anchor != NULL)
			sentences_add(&policy.anchors, "%s", cases[i].anchor);
		if (cases[i].finger != NULL)
			postfix.finger = xstrdup(cases[i].finger);
		probe_run(&postfix, &borrowed, 1, &probe);
		assert_int_equal(probe.verdict, PROBE_NOT_DONE);
		assert_string_equal(probe.sentence, cases[i].want_sentence);
		probe_release(&probe);
		policy_release(&policy);
		postfix_release(&postfix);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(probe_puts_arguments_together),
		cmocka_unit_test(probe_puts_dane_as_may),
		cmocka_unit_test(probe_knows_sockets),
		cmocka_unit_test(probe_runs_four_at_a_time),
		cmocka_unit_test(probe_says_why_it_did_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
