/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plugins/tls/remedy.c, by the advice that it becomes. */
#include "unit.h"

#include <stdlib.h>

#include "tls/advice.h"
#include "unit/tls/lab.h"
#include "unit/tls/policies.h"

#define NO_CA                                                                  \
	"The issuer is unknown here, because Postfix is told of no CA at "     \
	"all: name a file of those that you trust, such as "                   \
	"/etc/ssl/certs/ca-certificates.crt or "                               \
	"/etc/pki/tls/certs/ca-bundle.crt, by 'postconf -e "                   \
	"smtp_tls_CAfile=FILE', run 'postfix reload', then try again"

static const char test[] = "posttls-finger -c -l ";
static const char dialogue[] = "posttls-finger -l encrypt ";

/* Mail for a.example, by the service out. */
static const struct {
	const char *main, *overrides;
	enum cause cause;
	enum log_finding finding;
	bool works;
	const char *want_sentence; /* its start */
	const char *want_command;  /* its start */
} cases[] = {
	/* Levels, and who sets them. */
	{ "smtp_tls_security_level = none\n", "", CAUSE_REMOTE_REQUIRES_TLS, 0,
		false,
		"The server takes mail by TLS only: set the level to may or "
		"more, by 'postconf -e smtp_tls_security_level=may', then run "
		"'postfix reload'",
		"postconf smtp_tls_security_level" },
	{ "smtp_tls_security_level = may\n",
		"out/unix/smtp_tls_security_level = none\n",
		CAUSE_REMOTE_REQUIRES_TLS, 0, false,
		"The server takes mail by TLS only: set the level to may or "
		"more, by 'postconf -P out/unix/smtp_tls_security_level=may', "
		"then run 'postfix reload'",
		"postconf -P out/unix/smtp_tls_security_level" },
	{ "smtp_use_tls = no\n", "", CAUSE_REMOTE_REQUIRES_TLS, 0, false,
		"The server takes mail by TLS only: set the level to may or "
		"more, by 'postconf -e smtp_tls_security_level=may', ",
		"postconf smtp_tls_security_level" },
	{ "smtp_tls_security_level = may\n", "", CAUSE_REMOTE_REQUIRES_TLS, 0,
		false,
		"The server takes mail by TLS only, and the level is may "
		"already: it did not offer STARTTLS, or the handshake failed ",
		"posttls-finger -l may " },
	{ "smtp_tls_security_level = encrypt\n", "", CAUSE_REMOTE_REQUIRES_TLS,
		0, false,
		"The server takes mail by TLS only, and the level is encrypt "
		"now: try again",
		"postqueue -i 4X" },
	{ "smtp_tls_security_level = encrypt\n"
	  "smtp_tls_per_site = hash:/etc/postfix/sites\n",
		"", CAUSE_REMOTE_REQUIRES_TLS, 0, false,
		"The server takes mail by TLS only: see whether "
		"smtp_tls_per_site has NONE for the next-hop a.example or ",
		"postconf smtp_tls_per_site" },
	/* Issuers. */
	{ "smtp_tls_security_level = secure\nsmtp_tls_CAfile = /ca.pem\n", "",
		CAUSE_CERT_UNVERIFIED, LOG_UNTRUSTED_ISSUER, false,
		"The issuer is unknown here: if you trust it, add its "
		"certificate to /ca.pem (smtp_tls_CAfile), run 'postfix "
		"reload', then try again; else the other side ",
		test },
	{ "smtp_tls_security_level = secure\nsmtp_tls_CApath = /cas\n",
		"out/unix/smtp_tls_CApath = /own\n", CAUSE_CERT_UNVERIFIED,
		LOG_UNTRUSTED_ISSUER, false,
		"The issuer is unknown here: if you trust it, put its "
		"certificate into /own (out/unix/smtp_tls_CApath), run "
		"'openssl rehash /own' and 'postfix reload', then try again; ",
		test },
	{ "smtp_tls_security_level = secure\n", "", CAUSE_CERT_UNVERIFIED,
		LOG_UNTRUSTED_ISSUER, true, NO_CA, "postconf smtp_tls_CAfile" },
	{ "smtp_tls_security_level = verify\n", "", CAUSE_CERT_UNVERIFIED,
		LOG_NOTHING, false, NO_CA, "postconf smtp_tls_CAfile" },
	{ "smtp_tls_security_level = secure\nsmtp_tls_CAfile = /ca.pem\n", "",
		CAUSE_CERT_UNVERIFIED, LOG_NOTHING, false,
		"The certificate does not pass the policy: ", test },
	/* Names and fingerprints. */
	{ "smtp_tls_security_level = secure\n", "", CAUSE_CERT_UNVERIFIED,
		LOG_NAME_MISMATCH, false, "See which names the certificate has",
		"posttls-finger -cC -l secure " },
	{ "smtp_tls_security_level = secure\nsmtp_tls_CAfile = /ca.pem\n"
	  "smtp_tls_fingerprint_digest = sha512\n",
		"", CAUSE_CERT_UNVERIFIED, LOG_SELF_SIGNED, false,
		"Nobody vouches for this certificate: ",
		"posttls-finger -dsha512 -c -l secure " },
	{ "smtp_tls_security_level = fingerprint\n", "", CAUSE_CERT_UNVERIFIED,
		LOG_NOTHING, false,
		"The server has another certificate than the policy pins: ",
		test },
	{ "smtp_tls_security_level = dane\n", "", CAUSE_CERT_UNVERIFIED,
		LOG_NOTHING, false,
		"The certificate does not fit the TLSA records in DNS, or, ",
		test },
	/* Handshakes. */
	{ "smtp_tls_security_level = may\n", "", CAUSE_HANDSHAKE_FAILED, 0,
		false,
		"The two sides found no common protocol or cipher, or the port "
		"speaks no TLS: see what the server can, and compare "
		"smtp_tls_protocols",
		test },
	{ "smtp_tls_security_level = encrypt\n",
		"out/unix/smtp_tls_mandatory_protocols = TLSv1.3\n",
		CAUSE_HANDSHAKE_FAILED, 0, false,
		"The two sides found no common protocol or cipher, or the port "
		"speaks no TLS: see what the server can, and compare "
		"out/unix/smtp_tls_mandatory_protocols",
		test },
	{ "smtp_tls_security_level = encrypt\nsmtp_tls_wrappermode = yes\n", "",
		CAUSE_HANDSHAKE_FAILED, 0, false,
		"smtp_tls_wrappermode = yes lets Postfix begin with TLS, as "
		"port 465 wants it and others do not: turn it off by 'postconf "
		"-e smtp_tls_wrappermode=no' and run 'postfix reload', or ",
		test },
	/* On this machine. */
	{ "smtp_tls_security_level = encrypt\n"
	  "relayhost = [127.0.0.1]:10024\n",
		"", CAUSE_NOT_OFFERED, 0, false,
		"The next-hop is on this machine, where mail needs no TLS: "
		"give its key [127.0.0.1]:10024 in smtp_tls_policy_maps the "
		"level may",
		dialogue },
	/* Mended since. */
	{ "smtp_tls_security_level = encrypt\n", "", CAUSE_NOT_OFFERED, 0, true,
		"The server meets the policy now: try again; if the mail "
		"stays, look for the cause on this machine, not there",
		"postqueue -i 4X" },
	{ "smtp_tls_security_level = encrypt\nrelayhost = [a], [b]:25\n", "",
		CAUSE_NOT_OFFERED, 0, true,
		"The server meets the policy now: try again; ",
		"postqueue -i 4X" },
	{ "smtp_tls_security_level = may\n", "", CAUSE_NOT_OFFERED, 0, false,
		"The level is may now, which sends without TLS where the "
		"server has none: try again; if the mail stays for the same "
		"reason, run 'postfix reload' first",
		"postqueue -i 4X" },
	{ "smtp_tls_security_level = secure\n",
		"out/unix/smtp_tls_security_level = encrypt\n",
		CAUSE_CERT_UNVERIFIED, LOG_SELF_SIGNED, false,
		"The level is encrypt now, which takes any certificate: ",
		"postqueue -i 4X" },
	{ "smtp_tls_security_level = none\n", "", CAUSE_HANDSHAKE_FAILED, 0,
		false, "The level is none now, which uses no TLS: try again",
		"postqueue -i 4X" },
	{ "smtp_tls_security_level = dane\n", "", CAUSE_DANE_POLICY, 0, false,
		"The level is dane now, which does without TLSA records: ",
		"postqueue -i 4X" },
	{ "smtp_tls_security_level = dane\n", "", CAUSE_NOT_OFFERED, 0, false,
		"The policy wants TLS and the server offers none: ",
		"posttls-finger -l " },
	{ "smtp_tls_security_level = may\n"
	  "smtp_tls_per_site = hash:/etc/postfix/sites\n",
		"", CAUSE_NOT_OFFERED, 0, false,
		"The policy wants TLS and the server offers none: ",
		"posttls-finger -l may " },
	{ "smtp_tls_security_level = encrypt\n", "", CAUSE_REMOTE_TLS_FAILURE,
		0, true, "The other side reports a TLS failure of its own: ",
		"postqueue -i 4X" },
	{ "smtp_tls_security_level = encrypt\n", "", CAUSE_POLICY_ERROR, 0,
		true, "Postfix can't use the policy of this destination: ",
		"postconf smtp_tls_security_level" },
	/* DNS. */
	{ "smtp_tls_security_level = dane-only\n", "", CAUSE_DANE_POLICY, 0,
		false,
		"The policy wants DANE, but the domain has no usable TLSA "
		"records or no DNSSEC: ask the other side, or give its key "
		"a.example in smtp_tls_policy_maps the level dane",
		"posttls-finger -c -l dane-only " },
	{ "smtp_tls_security_level = dane-only\nsmtp_host_lookup = dns\n", "",
		CAUSE_POLICY_ERROR, 0, false,
		"The level dane-only needs signed answers of DNS, which "
		"Postfix does not ask for: let it by 'postconf -e "
		"smtp_dns_support_level=dnssec', then run 'postfix reload'; ",
		"postconf smtp_dns_support_level" },
	{ "smtp_tls_security_level = dane-only\nsmtp_host_lookup = native\n"
	  "smtp_dns_support_level = dnssec\n",
		"", CAUSE_POLICY_ERROR, 0, false,
		"The level dane-only needs signed answers of DNS, which "
		"Postfix does not ask for: let it by 'postconf -e "
		"smtp_host_lookup=dns', then run 'postfix reload'; ",
		"postconf smtp_host_lookup" },
	/* Files. */
	{ "smtp_tls_security_level = secure\n"
	  "smtp_tls_trust_anchor_file = /missing/ta.pem\n",
		"", CAUSE_POLICY_ERROR, 0, false,
		"smtp_tls_trust_anchor_file = /missing/ta.pem: there is no "
		"such file: put it there, or correct the value by 'postconf "
		"-e smtp_tls_trust_anchor_file=FILE'",
		"postconf smtp_tls_trust_anchor_file" },
	{ "smtp_tls_security_level = secure\n"
	  "smtp_tls_trust_anchor_file = /, /missing/ta.pem\n",
		"", CAUSE_POLICY_ERROR, 0, false,
		"smtp_tls_trust_anchor_file = /missing/ta.pem: there is no "
		"such file: ",
		"postconf smtp_tls_trust_anchor_file" },
	{ "smtp_tls_security_level = secure\n"
	  "smtp_tls_trust_anchor_file = /, /etc\n",
		"", CAUSE_POLICY_ERROR, 0, false,
		"Postfix can't use the policy of this destination: ",
		"postconf smtp_tls_security_level" },
	{ "smtp_tls_security_level = may\n"
	  "smtp_tls_trust_anchor_file = /missing/ta.pem\n",
		"", CAUSE_POLICY_ERROR, 0, false,
		"Postfix can't use the policy of this destination: ",
		"postconf smtp_tls_security_level" },
};

static bool
starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static void
configure(struct postfix *postfix, const char *main_cf, const char *overrides)
{
	postfix_parse_values(&postfix->main, "default_transport = out\n");
	postfix_parse_values(&postfix->main, main_cf);
	postfix_parse_values(&postfix->overrides, overrides);
	postfix_parse_agents(&postfix->agents, "out unix - - n - - smtp\n");
}

static void
remedy_names_what_is_set(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct postfix postfix = { 0 };
		struct policy policy;
		struct advice_case what = { .cause = cases[i].cause,
			.finding = cases[i].finding,
			.policy = &policy,
			.queue_id = "4X",
			.works = cases[i].works };
		struct advice advice;
		struct error error;

		configure(&postfix, cases[i].main, cases[i].overrides);
		assert_int_equal(policy_of(&postfix, "a.example", &policy,
					 &error),
			0);
		advice = advice_of(&postfix, &what);
		if (!starts_with(advice.sentence, cases[i].want_sentence) ||
			!starts_with(advice.command, cases[i].want_command))
			fail_msg("%s: %s: %s", cases[i].main, advice.sentence,
				advice.command);
		advice_release(&advice);
		policy_release(&policy);
		postfix_release(&postfix);
	}
}

/* Who is in a jail opens trust anchors there, whatever lies outside. */
static void
remedy_looks_into_the_jail(void **state)
{
	struct postfix postfix = { 0 };
	struct policy policy;
	struct advice_case what = { .cause = CAUSE_POLICY_ERROR,
		.policy = &policy };
	struct advice advice;
	struct error error;

	(void)state;
	configure(&postfix,
		"queue_directory = /missing\n"
		"smtp_tls_security_level = secure\n"
		"smtp_tls_trust_anchor_file = /etc\n",
		"");
	postfix_parse_roots(&postfix.roots, "out unix - - y - - smtp\n");
	assert_int_equal(policy_of(&postfix, "a.example", &policy, &error), 0);
	advice = advice_of(&postfix, &what);
	if (!starts_with(advice.sentence,
		    "smtp_tls_trust_anchor_file = /etc: there is no such file "
		    "below /missing: put it there"))
		fail_msg("%s", advice.sentence);
	advice_release(&advice);
	policy_release(&policy);
	postfix_release(&postfix);
}

/* Of an entry, its attributes count, not the parameters. */
static const struct {
	const char *entry;
	enum cause cause;
	const char *want_sentence, *want_command; /* its starts */
} entries[] = {
	{ "encrypt ciphers=high protocols=TLSv1.3", CAUSE_HANDSHAKE_FAILED,
		"The two sides found no common protocol or cipher, or the port "
		"speaks no TLS: see what the server can, and compare "
		"protocols= in the entry a.example",
		test },
	{ "encrypt exclude=aECDSA", CAUSE_HANDSHAKE_FAILED,
		"The two sides found no common protocol or cipher, or the port "
		"speaks no TLS: see what the server can, and compare exclude= "
		"in the entry a.example",
		test },
	{ "secure tafile=/ tafile=/missing/ta.pem", CAUSE_POLICY_ERROR,
		"tafile=/missing/ta.pem in the entry a.example: there is no "
		"such file: ",
		"postmap -q a.example " },
	{ "secure tafile=/", CAUSE_POLICY_ERROR,
		"Postfix can't use the policy of this destination: ",
		"postmap -q a.example " },
	{ "none", CAUSE_REMOTE_REQUIRES_TLS,
		"The server takes mail by TLS only: give its key a.example in "
		"static:{none} the level may or more",
		"postmap -q a.example " },
	{ "may", CAUSE_REMOTE_REQUIRES_TLS,
		"The server takes mail by TLS only, and the level is may ",
		"posttls-finger -l may " },
};

static void
remedy_knows_entries(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++) {
		char *main_cf = sentence_format(
			"smtp_tls_policy_maps = static:{%s}\n"
			"smtp_tls_trust_anchor_file = /missing\n"
			"default_transport = smtp\n",
			entries[i].entry);
		struct lab lab;
		struct policy policy;
		struct advice_case what = { .cause = entries[i].cause,
			.policy = &policy };
		struct advice advice;
		struct error error;

		if (!lab_open(&lab, main_cf))
			skip();
		free(lab.postfix.directory);
		lab.postfix.directory = NULL;
		assert_int_equal(policy_of(&lab.postfix, "a.example", &policy,
					 &error),
			0);
		advice = advice_of(&lab.postfix, &what);
		if (!starts_with(advice.sentence, entries[i].want_sentence) ||
			!starts_with(advice.command, entries[i].want_command))
			fail_msg("%s: %s: %s", entries[i].entry,
				advice.sentence, advice.command);
		advice_release(&advice);
		policy_release(&policy);
		free(main_cf);
		lab_release(&lab);
	}
}

/* Where an entry that lets mail go without TLS belongs. */
static void
remedy_names_the_table(void **state)
{
	static const struct {
		const char *maps, *table; /* "": no entry applies */
		const char *want_end;
	} tables[] = {
		{ "", "", " in smtp_tls_policy_maps the level may" },
		{ "hash:/a", "",
			" in hash:/a the level may, then run 'postmap "
			"hash:/a'" },
		{ "proxy:hash:/a", "",
			" in proxy:hash:/a the level may, then run 'postmap "
			"hash:/a'" },
		{ "texthash:/a", "", " in texthash:/a the level may" },
		{ "hash:/a, lmdb:/b", "",
			" in smtp_tls_policy_maps the level may" },
		{ "hash:/a, lmdb:/b", "lmdb:/b",
			" in lmdb:/b the level may, then run 'postmap lmdb:/b"
			"'" },
		{ "socketmap:unix:/s:policy", "socketmap:unix:/s:policy",
			" in smtp_tls_policy_maps, before "
			"socketmap:unix:/s:policy, the level may" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct postfix postfix = { 0 };
		struct policy policy = policy_at("a.example", "encrypt");
		struct advice_case what = { .cause = CAUSE_NOT_OFFERED,
			.policy = &policy };
		struct advice advice;
		char *main_cf = sentence_format("smtp_tls_policy_maps = %s\n",
			tables[i].maps);
		const char *end;

		postfix_parse_values(&postfix.main, main_cf);
		policy_set(&policy.table, tables[i].table);
		advice = advice_of(&postfix, &what);
		end = strstr(advice.sentence, "give its key a.example");
		assert_non_null(end);
		assert_string_equal(end + strlen("give its key a.example"),
			tables[i].want_end);
		assert_string_equal(advice.command,
			"posttls-finger -l encrypt -- a.example");
		advice_release(&advice);
		policy_release(&policy);
		postfix_release(&postfix);
		free(main_cf);
	}
}

/* The table that can't be asked, not the one after it. */
static void
remedy_blames_the_broken_table(void **state)
{
	static const char want[] = "Postfix can't use nosuch:x: unsupported "
				   "dictionary type: nosuch: mend it, or take "
				   "it out of smtp_tls_policy_maps";
	struct lab lab;
	struct policy policy;
	struct advice_case what = { .cause = CAUSE_POLICY_ERROR,
		.policy = &policy };
	struct advice advice;
	struct error error;
	char *shown;

	(void)state;
	if (!lab_open(&lab,
		    "smtp_tls_policy_maps = nosuch:x, static:encrypt\n"))
		skip();
	assert_int_equal(policy_of(&lab.postfix, "a.example", &policy, &error),
		0);
	advice = advice_of(&lab.postfix, &what);
	assert_string_equal(advice.sentence, want);
	shown = lab_shorten(&lab, advice.command);
	assert_string_equal(shown, "postmap -c @ -q a.example nosuch:x");
	free(shown);
	advice_release(&advice);
	policy_release(&policy);
	lab_release(&lab);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(remedy_names_what_is_set),
		cmocka_unit_test(remedy_looks_into_the_jail),
		cmocka_unit_test(remedy_knows_entries),
		cmocka_unit_test(remedy_names_the_table),
		cmocka_unit_test(remedy_blames_the_broken_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
