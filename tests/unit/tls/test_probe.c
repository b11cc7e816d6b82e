/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plugins/tls/probe.c: the words of posttls-finger as Postfix 3.7 was seen to
 * write them, its arguments, and runs of a script in its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tls/probe.h"
#include "unit/tls/policies.h"

static struct policy
policy_for(const char *destination, const char *level)
{
	struct policy policy = policy_at(destination, level);

	policy_set(&policy.authority, "/etc/ca.pem");
	return policy;
}

#define F         "posttls-finger: "
#define VERIFIED  "Verified TLS connection established to a[1.2.3.4]:25: x"
#define TRUSTED   "Trusted TLS connection established to a[1.2.3.4]:25: x"
#define UNTRUSTED "Untrusted TLS connection established to a[1.2.3.4]:25: x"
#define REASON                                                                 \
	"certificate verification failed for a[1.2.3.4]:25: self-signed "      \
	"certificate"
#define SELF "the certificate is self-signed, a[1.2.3.4]:25"
#define ISSUER                                                                 \
	"certificate verification failed for a[1.2.3.4]:25: untrusted issuer " \
	"/CN=x"
#define NO_MATCH                                                               \
	"server certificate verification failed for a[1.2.3.4]:25: num=65:no " \
	"matching DANE TLSA records"
#define RESORTING F "no TLSA records found, resorting to \"secure\"\n"
#define UNSIGNED  F "MX RRset is insecure: try to encrypt\n"
#define HALF      F "MX RRset insecure: log verified as trusted\n"
#define BROKEN    "SSL_connect error to a[1.2.3.4]:25: Connection reset by peer"
#define REFUSED                                                                \
	"Failed to establish session to d via b: connect to b[1.2.3.4]:25: "   \
	"Connection refused"

static void
probe_reads_words(void **state)
{
	static const struct {
		const char *level, *words;
		enum probe_verdict want_verdict;
		const char *want_sentence;
	} cases[] = {
		{ "secure", F VERIFIED "\n", PROBE_PASSES,
			"meets the level secure: " VERIFIED },
		{ "secure", F REASON "\n" F UNTRUSTED "\n", PROBE_FAILS,
			"does not meet the level secure: " SELF },
		{ "may", F REASON "\n" F UNTRUSTED "\n", PROBE_PASSES,
			"meets the level may: " UNTRUSTED },
		{ "encrypt", F UNTRUSTED, PROBE_PASSES,
			"meets the level encrypt: " UNTRUSTED },
		{ "verify", F TRUSTED, PROBE_FAILS,
			"does not meet the level verify: the certificate is "
			"for another name, a[1.2.3.4]:25" },
		{ "fingerprint", F UNTRUSTED, PROBE_FAILS,
			"does not meet the level fingerprint: the certificate "
			"has another fingerprint than the policy, "
			"a[1.2.3.4]:25" },
		{ "fingerprint", F NO_MATCH "\n" F UNTRUSTED, PROBE_FAILS,
			"does not meet the level fingerprint: the certificate "
			"has another fingerprint than the policy, "
			"a[1.2.3.4]:25" },
		{ "dane", F NO_MATCH "\n" F UNTRUSTED, PROBE_FAILS,
			"does not meet the level dane: the certificate fits "
			"none of the TLSA records, a[1.2.3.4]:25" },
		/* Before 3.6 the issuer is always said, and counts for some. */
		{ "fingerprint", F REASON "\n" F UNTRUSTED, PROBE_FAILS,
			"does not meet the level fingerprint: the certificate "
			"has another fingerprint than the policy, "
			"a[1.2.3.4]:25" },
		{ "dane-only", F ISSUER "\n" F UNTRUSTED, PROBE_FAILS,
			"does not meet the level dane-only: the certificate "
			"fits none of the TLSA records, a[1.2.3.4]:25" },
		{ "fingerprint", F ISSUER "\n" F VERIFIED, PROBE_PASSES,
			"meets the level fingerprint: " VERIFIED },
		{ "secure", F ISSUER "\n" F UNTRUSTED, PROBE_FAILS,
			"does not meet the level secure: the certificate's "
			"issuer is not trusted here: /CN=x, a[1.2.3.4]:25" },
		{ "secure", F UNTRUSTED, PROBE_FAILS,
			"does not meet the level secure: " UNTRUSTED },
		{ "secure", F REFUSED "\n" F VERIFIED "\n", PROBE_PASSES,
			"meets the level secure: " VERIFIED },
		{ "secure", F REFUSED "\n", PROBE_UNSURE,
			"no server was reached: " REFUSED },
		{ "may", F "fatal: Invalid TLS level \"x\"", PROBE_UNSURE,
			"no server was reached: fatal: Invalid TLS level "
			"\"x\"" },
		{ "secure", F "STARTTLS rejected: 454 4.7.0 no TLS\n",
			PROBE_FAILS,
			"does not meet the level secure: STARTTLS rejected: "
			"454 4.7.0 no TLS" },
		{ "secure", F "fatal: lost connection while sending STARTTLS\n",
			PROBE_FAILS,
			"does not meet the level secure: fatal: lost "
			"connection while sending STARTTLS" },
		{ "secure",
			F "SSL_connect error to a[1.2.3.4]:25: Connection "
			  "reset by peer",
			PROBE_FAILS,
			"does not meet the level secure: the TLS handshake "
			"broke off: Connection reset by peer, a[1.2.3.4]:25" },
		{ "encrypt",
			F "SSL_connect error to a[1.2.3.4]:25: -1\n" F
			  "warning: TLS library problem: error:0A00042E:SSL "
			  "routines::tlsv1 alert protocol version:x.c:1:\n",
			PROBE_FAILS,
			"does not meet the level encrypt: the TLS handshake "
			"broke off: tlsv1 alert protocol version, "
			"a[1.2.3.4]:25" },
		/* Without records, dane is content with any certificate. */
		{ "dane", RESORTING F UNTRUSTED "\n", PROBE_PASSES,
			"meets the level dane, which asks for no certificate "
			"where there are no TLSA records: " UNTRUSTED },
		{ "dane", RESORTING F VERIFIED "\n", PROBE_PASSES,
			"meets the level dane, which asks for no certificate "
			"where there are no TLSA records: " VERIFIED },
		{ "dane", RESORTING F "STARTTLS rejected: 454 no\n",
			PROBE_UNSURE,
			"may meet the level dane, which asks for no "
			"certificate where there are no TLSA records: STARTTLS "
			"rejected: 454 no" },
		{ "dane", UNSIGNED F ISSUER "\n" F UNTRUSTED "\n", PROBE_PASSES,
			"meets the level dane, which asks for no certificate "
			"where the MX records are not signed: " UNTRUSTED },
		{ "dane", HALF F TRUSTED "\n", PROBE_PASSES,
			"meets the level dane: " TRUSTED },
		{ "dane", HALF F NO_MATCH "\n" F UNTRUSTED "\n", PROBE_FAILS,
			"does not meet the level dane: the certificate fits "
			"none of the TLSA records, a[1.2.3.4]:25" },
		{ "dane-only", HALF F TRUSTED "\n", PROBE_FAILS,
			"does not meet the level dane-only: the MX records are "
			"not signed" },
		/* It is said of each server that is tried. */
		{ "dane", RESORTING F REFUSED "\n" F NO_MATCH "\n" F UNTRUSTED,
			PROBE_FAILS,
			"does not meet the level dane: the certificate fits "
			"none of the TLSA records, a[1.2.3.4]:25" },
		{ "may", F "STARTTLS rejected: 454 no\n", PROBE_UNSURE,
			"mail may leave without TLS at the level may: STARTTLS "
			"rejected: 454 no" },
		{ "dane-only", RESORTING F UNTRUSTED "\n", PROBE_FAILS,
			"does not meet the level dane-only: there are no "
			"usable TLSA records" },
		/* A certificate that an authority vouches for is no DANE. */
		{ "dane-only", RESORTING F VERIFIED "\n", PROBE_FAILS,
			"does not meet the level dane-only: there are no "
			"usable TLSA records" },
		{ "secure",
			F "cannot load Certification Authority data, "
			  "CAfile=\"/x\": disabling TLS support\n" F
			  "warning: TLS library problem: x\n",
			PROBE_NOT_DONE,
			"not tested: our own settings do not work: cannot load "
			"Certification Authority data, CAfile=\"/x\": "
			"disabling TLS support" },
		{ "secure",
			F "warning: a[1.2.3.4]:25: invalid cipher grade: "
			  "\"strong\"\n",
			PROBE_NOT_DONE,
			"not tested: our own settings do not work: "
			"a[1.2.3.4]:25: invalid cipher grade: \"strong\"" },
		{ "secure",
			F "fatal: Failed to load trust anchor file: /x.pem\n",
			PROBE_NOT_DONE,
			"not tested: our own settings do not work: Failed to "
			"load trust anchor file: /x.pem" },
		{ "secure", "", PROBE_FAILS, "d offers no STARTTLS" },
		{ "may", F "warning: DNSSEC validation may be unavailable\n",
			PROBE_UNSURE, "d offers no STARTTLS" },
		{ "secure", F REASON, PROBE_FAILS,
			"does not meet the level secure: " SELF },
		/* The words of a server are never the start of a line. */
		{ "secure",
			F "STARTTLS rejected: 454 Verified TLS connection "
			  "established to x",
			PROBE_FAILS,
			"does not meet the level secure: STARTTLS rejected: "
			"454 Verified TLS connection established to x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct policy policy = policy_for("d", cases[i].level);
		struct probe probe = probe_of_words(cases[i].words, &policy);

		if (probe.verdict != cases[i].want_verdict)
			print_error("words: %s\n", cases[i].words);
		assert_int_equal(probe.verdict, cases[i].want_verdict);
		assert_string_equal(probe.sentence, cases[i].want_sentence);
		probe_release(&probe);
		policy_release(&policy);
	}
}

/* What an entry with an error lets pass is no delivery. */
static void
probe_minds_errors(void **state)
{
	struct policy policy = policy_for("d", "secure");
	struct probe probe;

	(void)state;
	policy.valid = false;
	probe = probe_of_words(F VERIFIED, &policy);
	assert_int_equal(probe.verdict, PROBE_UNSURE);
	assert_string_equal(probe.sentence,
		"meets the level secure, but for the error in the entry: " VERIFIED);
	probe_release(&probe);
	policy.valid = true;
	probe = probe_of_words(F "warning: a[1.2.3.4]:25: Invalid TLS protocol "
				 "list \"x\": aborting TLS session",
		&policy);
	assert_int_equal(probe.verdict, PROBE_NOT_DONE);
	probe_release(&probe);
	policy_release(&policy);
}

/* Without DNSSEC, dane is may. */
static void
probe_minds_dnssec(void **state)
{
	struct policy policy = policy_for("d", "dane");
	struct sentences words = { 0 };
	struct probe probe;

	(void)state;
	policy.dnssec = false;
	probe_arguments(&policy, &words);
	assert_string_equal(words.list[3], "may");
	sentences_release(&words);
	probe = probe_of_words(F UNTRUSTED, &policy);
	assert_int_equal(probe.verdict, PROBE_PASSES);
	assert_string_equal(probe.sentence,
		"meets the level dane, which is may without "
		"smtp_dns_support_level = dnssec: " UNTRUSTED);
	probe_release(&probe);
	policy_release(&policy);
}

static void
replace(char **text, const char *with)
{
	free(*text);
	*text = xstrdup(with);
}

/* No authority that is told of: the server can't be blamed. */
static void
probe_misses_authorities(void **state)
{
	static const struct {
		const char *authority, *folder, *root, *anchor, *want_words;
	} cases[] = {
		{ "", "", "", NULL,
			"Postfix is told of no CA by smtp_tls_CAfile or "
			"smtp_tls_CApath" },
		{ "", "/none", "", NULL, "there is no CA folder /none" },
		{ "", "/none/cas", "/none", NULL,
			"there is no CA folder /none/cas, for this smtp is "
			"chrooted to /none" },
		{ "/ca", "/none", "", NULL,
			"the certificate's issuer is not trusted here: /CN=x" },
		{ "", "/", "", NULL,
			"the certificate's issuer is not trusted here: /CN=x" },
		{ "", "", "", "/a.pem",
			"the certificate's issuer is not trusted here: /CN=x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct policy policy = policy_for("d", "secure");
		struct probe probe;
		char *want = sentence_format(
			"does not meet the level secure: %s, a[1.2.3.4]:25",
			cases[i].want_words);

		replace(&policy.authority, cases[i].authority);
		replace(&policy.folder, cases[i].folder);
		replace(&policy.root, cases[i].root);
		if (cases[i].anchor != NULL)
			sentences_add(&policy.anchors, "%s", cases[i].anchor);
		probe = probe_of_words(F ISSUER "\n" F UNTRUSTED, &policy);
		assert_int_equal(probe.verdict, PROBE_FAILS);
		assert_string_equal(probe.sentence, want);
		free(want);
		probe_release(&probe);
		policy_release(&policy);
	}
}

/* What is true of a server need not be true of the mail. */
static void
probe_minds_doubts(void **state)
{
	static const struct {
		const char *others, *doubt, *words, *want_sentence;
		enum probe_verdict want_verdict;
		bool certificate;
	} cases[] = {
		{ "", NULL, F BROKEN,
			"does not meet the level secure: the TLS handshake "
			"broke off: Connection reset by peer, a[1.2.3.4]:25",
			PROBE_FAILS, false },
		{ "", NULL, F BROKEN,
			"does not meet the level secure: the TLS handshake "
			"broke off: Connection reset by peer, a[1.2.3.4]:25; "
			"not tested: our client certificate",
			PROBE_UNSURE, true },
		{ "", NULL, F REASON, "does not meet the level secure: " SELF,
			PROBE_FAILS, true },
		{ "the other next-hops", NULL, F VERIFIED,
			"meets the level secure: " VERIFIED, PROBE_PASSES,
			false },
		{ "the other next-hops", NULL, "",
			"[a] offers no STARTTLS; not tested: the other "
			"next-hops",
			PROBE_UNSURE, false },
		{ "smtp_fallback_relay", NULL, F REASON,
			"does not meet the level secure: " SELF
			"; not tested: smtp_fallback_relay",
			PROBE_UNSURE, false },
		{ "", "m can't be used", F VERIFIED,
			"the server meets the level secure, but m can't be "
			"used",
			PROBE_UNSURE, false },
		{ "", "m can't be used", F REASON,
			"does not meet the level secure: " SELF
			"; but m can't be used",
			PROBE_UNSURE, false },
		{ "x", "m can't be used", F "invalid cipher grade: \"y\"",
			"not tested: our own settings do not work: invalid "
			"cipher grade: \"y\"",
			PROBE_NOT_DONE, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct policy policy = policy_for("[a], [b]", "secure");
		struct probe probe;

		policy.certificate = cases[i].certificate;
		replace(&policy.others, cases[i].others);
		if (cases[i].doubt != NULL)
			sentences_add(&policy.doubts, "%s", cases[i].doubt);
		probe = probe_of_words(cases[i].words, &policy);
		assert_string_equal(probe.sentence, cases[i].want_sentence);
		assert_int_equal(probe.verdict, cases[i].want_verdict);
		probe_release(&probe);
		policy_release(&policy);
	}
}

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
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct policy policy =
			policy_for(cases[i].destination, cases[i].level);
		struct sentences words = { 0 };
		char *got;

		replace(&policy.protocols, cases[i].protocols);
		replace(&policy.match, cases[i].match);
		policy.lmtp = cases[i].lmtp;
		probe_arguments(&policy, &words);
		got = sentences_join(&words, " ");
		assert_string_equal(got, cases[i].want_words);
		free(got);
		sentences_release(&words);
		policy_release(&policy);
	}
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
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct policy policy =
			policy_for(cases[i].destination, "encrypt");
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

/* A program that takes its answer from the name of its destination. */
static const char script[] =
	"#!/bin/sh\n"
	"while [ \"$1\" != -- ]; do shift; done\n"
	"case $2 in\n"
	"hang) sleep 60 ;;\n"
	"slow) sleep 0.3; echo 'posttls-finger: " VERIFIED "' >&2 ;;\n"
	"plain) ;;\n"
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
		{ "slow", PROBE_PASSES },
		{ "slow", PROBE_PASSES },
		{ "slow", PROBE_PASSES },
		{ "flood", PROBE_PASSES },
		{ "slow", PROBE_PASSES },
		{ "slow", PROBE_PASSES },
	};
	enum { COUNT = sizeof(cases) / sizeof(*cases) };
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
		policies[i] = policy_for(cases[i].destination, "secure");
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
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct policy policy = policy_for("d", cases[i].level);
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
		cmocka_unit_test(probe_reads_words),
		cmocka_unit_test(probe_minds_errors),
		cmocka_unit_test(probe_minds_dnssec),
		cmocka_unit_test(probe_misses_authorities),
		cmocka_unit_test(probe_minds_doubts),
		cmocka_unit_test(probe_puts_arguments_together),
		cmocka_unit_test(probe_knows_sockets),
		cmocka_unit_test(probe_runs_four_at_a_time),
		cmocka_unit_test(probe_says_why_it_did_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
