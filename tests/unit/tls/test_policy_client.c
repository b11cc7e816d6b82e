/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plugins/tls/policy_client.c, and what plugins/tls/probe_arguments.c makes of
 * it: the command that tests what Postfix does.
 */
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tls/policy_client.h"
#include "tls/probe.h"

static struct policy
policy_for(const char *level, const char *attributes)
{
	struct policy policy = {
		.level = xstrdup(level),
		.attributes = xstrdup(attributes),
		.valid = true,
	};

	policy.next_hop.transport = xstrdup("smtp");
	policy.next_hop.destination = xstrdup("a.example");
	return policy;
}

/* The options of the command, without "posttls-finger -c -l". */
static char *
options_of(const struct policy *policy)
{
	struct sentences words = { 0 };
	struct sentences options;
	char *line;

	probe_arguments(policy, &words);
	assert_true(words.count >= 3);
	options = (struct sentences){ words.list + 3, words.count - 3 };
	line = sentences_join(&options, " ");
	sentences_release(&words);
	return line;
}

struct option_case {
	const char *main; /* what postconf prints of it */
	const char *level, *attributes, *want_options;
};

static void
check_options(const struct option_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct policy policy =
			policy_for(cases[i].level, cases[i].attributes);
		struct postfix postfix = { 0 };
		char *got;

		postfix_parse_values(&postfix.main, cases[i].main);
		policy_client_take(&postfix, &policy);
		got = options_of(&policy);
		if (strcmp(got, cases[i].want_options) != 0)
			print_error("main.cf: %s\n", cases[i].main);
		assert_string_equal(got, cases[i].want_options);
		free(got);
		policy_release(&policy);
		postfix_release(&postfix);
	}
}

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void
authorities_are_those_of_postfix(void **state)
{
	static const struct option_case cases[] = {
		/* None is invented. */
		{ "", "secure", "", "secure -- a.example" },
		{ "smtp_tls_CAfile = /ca.pem\n", "secure", "",
			"secure -F /ca.pem -- a.example" },
		{ "smtp_tls_CAfile = /ca.pem\nsmtp_tls_CApath = /cas\n",
			"secure", "",
			"secure -F /ca.pem -P /cas -- a.example" },
		{ "smtp_tls_CApath = /cas\ntls_append_default_CA = yes\n",
			"encrypt", "",
			"encrypt -P /cas -o tls_append_default_CA=yes -- "
			"a.example" },
		{ "smtp_tls_trust_anchor_file = /a.pem, /b.pem\n", "verify", "",
			"verify -A/a.pem -A/b.pem -- a.example" },
		{ "smtp_tls_trust_anchor_file = /a.pem\n", "secure",
			"tafile=/c.pem { tafile = /d.pem }",
			"secure -A/c.pem -A/d.pem -- a.example" },
		{ "smtp_tls_trust_anchor_file = /a.pem\n", "encrypt", "",
			"encrypt -- a.example" },
		{ "smtp_tls_CAfile = /ca.pem\n", "fingerprint", "match=AA",
			"fingerprint -- a.example AA" },
	};

	(void)state;
	check_options(cases, COUNT(cases));
}

static void
all_names_are_given(void **state)
{
	static const struct option_case cases[] = {
		{ "", "secure", "match=a match=b:.c",
			"secure -- a.example a b .c" },
		{ "", "fingerprint", "match=AA|BB match=CC",
			"fingerprint -- a.example AA BB CC" },
		{ "smtp_tls_secure_cert_match = nexthop, hostname\n", "secure",
			"", "secure -- a.example nexthop hostname" },
		{ "smtp_tls_secure_cert_match = nexthop\n", "secure", "match=b",
			"secure -- a.example b" },
		{ "smtp_tls_verify_cert_match = hostname\n", "verify", "",
			"verify -- a.example" },
	};

	(void)state;
	check_options(cases, COUNT(cases));
}

#define LISTS "tls_high_cipherlist = H\ntls_medium_cipherlist = M\n"

static void
ciphers_are_those_of_postfix(void **state)
{
	static const struct option_case cases[] = {
		{ "smtp_tls_mandatory_ciphers = medium\n", "encrypt", "",
			"encrypt -- a.example" },
		{ "smtp_tls_mandatory_ciphers = strong\n", "encrypt", "",
			"encrypt -gstrong -- a.example" },
		{ "smtp_tls_mandatory_ciphers = strong\n", "may", "",
			"may -- a.example" },
		{ "smtp_tls_ciphers = high\n", "may", "",
			"may -ghigh -- a.example" },
		{ "smtp_tls_mandatory_ciphers = strong\n", "encrypt",
			"ciphers=high", "encrypt -ghigh -- a.example" },
		{ LISTS "smtp_tls_mandatory_ciphers = medium\n", "encrypt",
			"exclude=aECDSA:RC4",
			"encrypt -o tls_medium_cipherlist=M:!aECDSA:!RC4 -- "
			"a.example" },
		{ LISTS "smtp_tls_exclude_ciphers = A\n"
			"smtp_tls_mandatory_exclude_ciphers = B, C\n",
			"secure", "ciphers=high",
			"secure -ghigh -o tls_high_cipherlist=H:!A:!B:!C -- "
			"a.example" },
		{ LISTS "smtp_tls_exclude_ciphers = A\n"
			"smtp_tls_ciphers = medium\n"
			"smtp_tls_mandatory_exclude_ciphers = B, C\n",
			"may", "",
			"may -o tls_medium_cipherlist=M:!A -- a.example" },
		{ LISTS "smtp_tls_exclude_ciphers = A\n", "encrypt",
			"ciphers=medium exclude=", "encrypt -- a.example" },
	};

	(void)state;
	check_options(cases, COUNT(cases));
}

static void
hosts_are_found_as_postfix_does(void **state)
{
	static const struct option_case cases[] = {
		{ "smtp_host_lookup = dns\n", "may", "", "may -- a.example" },
		{ "smtp_host_lookup = native\n", "may", "",
			"may -hnative -- a.example" },
		{ "smtp_host_lookup = dns\nsmtp_dns_support_level = "
		  "disabled\n",
			"may", "", "may -hnative -- [a.example]" },
		{ "smtp_host_lookup = dns\ndisable_dns_lookups = yes\n", "may",
			"", "may -hnative -- [a.example]" },
		{ "smtp_dns_support_level = dnssec\ndisable_dns_lookups = "
		  "yes\n",
			"may", "", "may -- a.example" },
	};

	(void)state;
	check_options(cases, COUNT(cases));
}

#define DNSSEC "smtp_host_lookup = dns\nsmtp_dns_support_level = dnssec\n"

static void
dane_is_that_of_postfix(void **state)
{
	static const struct option_case cases[] = {
		{ DNSSEC, "dane", "", "dane-only -- a.example" },
		{ DNSSEC "smtp_tls_dane_insecure_mx_policy = may\n", "dane", "",
			"dane-only -Mmay -- a.example" },
		{ DNSSEC "smtp_tls_dane_insecure_mx_policy = may\n",
			"dane-only", "", "dane-only -- a.example" },
		{ "smtp_host_lookup = dns\n", "dane", "", "may -- a.example" },
		{ "smtp_host_lookup = native\nsmtp_dns_support_level = "
		  "dnssec\n",
			"dane", "", "may -hnative -- a.example" },
	};

	(void)state;
	check_options(cases, COUNT(cases));
}

static void
names_are_sent_as_postfix_does(void **state)
{
	static const struct option_case cases[] = {
		{ "smtp_tls_servername = x\n", "may", "",
			"may -sx -- a.example" },
		{ "smtp_tls_servername = x\n", "may", "servername=y",
			"may -sy -- a.example" },
		{ "smtp_tls_servername = nexthop\n", "may", "",
			"may -sa.example -- a.example" },
		{ "smtp_tls_servername = hostname\ndisable_dns_lookups = yes\n",
			"may", "", "may -hnative -sa.example -- [a.example]" },
	};

	(void)state;
	check_options(cases, COUNT(cases));
}

/* In a jail, only the CA file is read from outside. */
static void
folders_are_those_of_the_jail(void **state)
{
	struct policy policy = policy_for("secure", "");
	struct postfix postfix = { 0 };

	(void)state;
	postfix_parse_values(&postfix.main,
		"queue_directory = /q\nsmtp_tls_CAfile = /ca.pem\n"
		"smtp_tls_CApath = /cas\n"
		"smtp_tls_trust_anchor_file = /a.pem\n");
	postfix_parse_roots(&postfix.roots, "smtp unix - - y - - smtp\n");
	policy_client_take(&postfix, &policy);
	assert_string_equal(policy.root, "/q");
	assert_string_equal(policy.authority, "/ca.pem");
	assert_string_equal(policy.folder, "/q/cas");
	assert_string_equal(policy.anchors.list[0], "/q/a.pem");
	assert_int_equal(policy.doubts.count, 0);
	policy_release(&policy);
	postfix_release(&postfix);
}

static void
links_out_of_the_jail_are_doubted(void **state)
{
	char folder[] = "/tmp/test_client.XXXXXX";
	struct policy policy = policy_for("secure", "");
	struct postfix postfix = { 0 };
	char *cas, *link;
	char *main;

	(void)state;
	assert_non_null(mkdtemp(folder));
	cas = sentence_format("%s/cas", folder);
	link = sentence_format("%s/cas/0", folder);
	main = sentence_format("queue_directory = %s\nsmtp_tls_CApath = /cas\n",
		folder);
	assert_int_equal(mkdir(cas, 0755), 0);
	assert_int_equal(symlink("/far", link), 0);
	postfix_parse_values(&postfix.main, main);
	postfix_parse_roots(&postfix.roots, "smtp unix - - y - - smtp\n");
	policy_client_take(&postfix, &policy);
	assert_int_equal(policy.doubts.count, 1);
	assert_non_null(strstr(policy.doubts.list[0], "smtp is chrooted"));
	unlink(link);
	rmdir(cas);
	rmdir(folder);
	free(cas);
	free(link);
	free(main);
	policy_release(&policy);
	postfix_release(&postfix);
}

static void
others_are_named(void **state)
{
	static const struct {
		const char *destination, *main, *want_others;
	} cases[] = {
		{ "a", "", "" },
		{ "[a], ", "", "" },
		{ "[a], [b]", "", "the other next-hops" },
		{ "a", "smtp_fallback_relay = [c]\n", "smtp_fallback_relay" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct policy policy = policy_for("may", "");
		struct postfix postfix = { 0 };

		free(policy.next_hop.destination);
		policy.next_hop.destination = xstrdup(cases[i].destination);
		postfix_parse_values(&postfix.main, cases[i].main);
		policy_client_take(&postfix, &policy);
		assert_string_equal(policy.others, cases[i].want_others);
		policy_release(&policy);
		postfix_release(&postfix);
	}
}

static void
certificates_are_known(void **state)
{
	static const char *const mains[] = { "", "smtp_tls_cert_file = /x\n",
		"smtp_tls_chain_files = /x\n" };

	(void)state;
	for (size_t i = 0; i < COUNT(mains); i++) {
		struct policy policy = policy_for("may", "");
		struct postfix postfix = { 0 };

		postfix_parse_values(&postfix.main, mains[i]);
		policy_client_take(&postfix, &policy);
		assert_int_equal(policy.certificate, i > 0);
		policy_release(&policy);
		postfix_release(&postfix);
	}
}

static void
doubts_are_kept(void **state)
{
	static const struct {
		const char *main, *attributes, *want_doubt;
		bool lmtp;
	} cases[] = {
		{ "", "ciphers=low exclude=A",
			"posttls-finger can't leave out the ciphers that "
			"Postfix excludes",
			false },
		{ "", "servername=hostname",
			"posttls-finger can't send servername=hostname",
			false },
		{ "smtp_discard_ehlo_keywords = silent-discard, STARTTLS\n", "",
			"smtp_discard_ehlo_keywords hides STARTTLS from "
			"Postfix",
			false },
		{ "lmtp_discard_lhlo_keywords = starttls\n", "",
			"lmtp_discard_lhlo_keywords hides STARTTLS from "
			"Postfix",
			true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct policy policy =
			policy_for("encrypt", cases[i].attributes);
		struct postfix postfix = { 0 };

		policy.lmtp = cases[i].lmtp;
		postfix_parse_values(&postfix.main, cases[i].main);
		policy_client_take(&postfix, &policy);
		assert_int_equal(policy.doubts.count, 1);
		assert_string_equal(policy.doubts.list[0], cases[i].want_doubt);
		policy_release(&policy);
		postfix_release(&postfix);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(authorities_are_those_of_postfix),
		cmocka_unit_test(all_names_are_given),
		cmocka_unit_test(ciphers_are_those_of_postfix),
		cmocka_unit_test(hosts_are_found_as_postfix_does),
		cmocka_unit_test(dane_is_that_of_postfix),
		cmocka_unit_test(names_are_sent_as_postfix_does),
		cmocka_unit_test(folders_are_those_of_the_jail),
		cmocka_unit_test(links_out_of_the_jail_are_doubted),
		cmocka_unit_test(others_are_named),
		cmocka_unit_test(certificates_are_known),
		cmocka_unit_test(doubts_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
