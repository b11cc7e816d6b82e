/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of posttls-finger, as Postfix 3.7 was seen to write them. */
#include "unit.h"

#include <stdlib.h>

#include "tls/probe_finding.h"
#include "unit/tls/policies.h"

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
			"no server was reached: Invalid TLS level \"x\"" },
		{ "secure", F "STARTTLS rejected: 454 4.7.0 no TLS\n",
			PROBE_FAILS,
			"does not meet the level secure: STARTTLS rejected: "
			"454 4.7.0 no TLS" },
		{ "secure", F "fatal: lost connection while sending STARTTLS\n",
			PROBE_FAILS,
			"does not meet the level secure: lost connection while "
			"sending STARTTLS" },
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
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy policy = policy_with_ca("d", cases[i].level);
		struct probe probe = probe_of_words(cases[i].words, &policy);

		if (probe.verdict != cases[i].want_verdict)
			print_error("words: %s\n", cases[i].words);
		assert_int_equal(probe.verdict, cases[i].want_verdict);
		assert_string_equal(probe.sentence, cases[i].want_sentence);
		probe_release(&probe);
		policy_release(&policy);
	}
}

/* For advice: the fault as the log would name it. */
static void
probe_names_the_fault(void **state)
{
	static const struct {
		const char *level, *words;
		enum log_finding want_fault;
	} cases[] = {
		{ "secure", F REASON "\n" F UNTRUSTED, LOG_SELF_SIGNED },
		{ "secure", F ISSUER "\n" F UNTRUSTED, LOG_UNTRUSTED_ISSUER },
		{ "dane-only", F NO_MATCH "\n" F UNTRUSTED, LOG_TLSA_MISMATCH },
		{ "secure", F VERIFIED, LOG_NOTHING },
		{ "secure", "", LOG_NOTHING },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy policy = policy_with_ca("d", cases[i].level);
		struct probe probe = probe_of_words(cases[i].words, &policy);

		assert_int_equal(probe.fault, cases[i].want_fault);
		probe_release(&probe);
		policy_release(&policy);
	}
}

/* What an entry with an error lets pass is no delivery. */
static void
probe_minds_errors(void **state)
{
	struct policy policy = policy_with_ca("d", "secure");
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
	struct policy policy = policy_with_ca("d", "dane");
	struct probe probe;

	(void)state;
	policy.dnssec = false;
	probe = probe_of_words(F UNTRUSTED, &policy);
	assert_int_equal(probe.verdict, PROBE_PASSES);
	assert_string_equal(probe.sentence,
		"meets the level dane, which is may without "
		"smtp_dns_support_level = dnssec: " UNTRUSTED);
	probe_release(&probe);
	policy.lmtp = true;
	probe = probe_of_words(F UNTRUSTED, &policy);
	assert_string_equal(probe.sentence,
		"meets the level dane, which is may without "
		"lmtp_dns_support_level = dnssec: " UNTRUSTED);
	probe_release(&probe);
	policy_release(&policy);
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
			"there is no CA folder /none/cas, for this relay is "
			"chrooted to /none" },
		{ "/ca", "/none", "", NULL,
			"the certificate's issuer is not trusted here: /CN=x" },
		{ "", "/", "", NULL,
			"the certificate's issuer is not trusted here: /CN=x" },
		{ "", "", "", "/a.pem",
			"the certificate's issuer is not trusted here: /CN=x" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy policy = policy_with_ca("d", "secure");
		struct probe probe;
		char *want = sentence_format(
			"does not meet the level secure: %s, a[1.2.3.4]:25",
			cases[i].want_words);

		policy_set(&policy.authority, cases[i].authority);
		policy_set(&policy.folder, cases[i].folder);
		policy_set(&policy.root, cases[i].root);
		policy_set(&policy.next_hop.transport, "relay");
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
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy policy = policy_with_ca("[a], [b]", "secure");
		struct probe probe;

		policy.certificate = cases[i].certificate;
		policy_set(&policy.others, cases[i].others);
		if (cases[i].doubt != NULL)
			sentences_add(&policy.doubts, "%s", cases[i].doubt);
		probe = probe_of_words(cases[i].words, &policy);
		assert_string_equal(probe.sentence, cases[i].want_sentence);
		assert_int_equal(probe.verdict, cases[i].want_verdict);
		probe_release(&probe);
		policy_release(&policy);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(probe_reads_words),
		cmocka_unit_test(probe_names_the_fault),
		cmocka_unit_test(probe_minds_errors),
		cmocka_unit_test(probe_minds_dnssec),
		cmocka_unit_test(probe_misses_authorities),
		cmocka_unit_test(probe_minds_doubts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
