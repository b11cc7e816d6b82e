/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plugins/tls/advice.c: quoting, and the command of each cause. The domains
 * and next-hops here are what a stranger could put into a queue.
 */
#include "unit.h"

#include <stdlib.h>

#include "command.h"
#include "tls/advice.h"
#include "unit/tls/policies.h"

static void
advice_quotes_for_a_shell(void **state)
{
	static const struct {
		const char *argument, *want_text; /* NULL: can't be shown */
	} cases[] = {
		{ "example.com", "example.com" },
		{ "hash:/etc/postfix/tls_policy",
			"hash:/etc/postfix/tls_policy" },
		{ "[mx.example.com]:587", "'[mx.example.com]:587'" },
		{ "inline:{a=b}", "'inline:{a=b}'" },
		{ "it's", "'it'\"'\"'s'" },
		{ "a\\b", NULL },
		{ "a b", "'a b'" },
		{ "a;b", "'a;b'" },
		{ "*", "'*'" },
		{ "~root", "'~root'" },
		{ "!x", "'!x'" },
		{ "", "''" },
		{ "$(id)", NULL },
		{ "`id`", NULL },
		{ "a|b", NULL },
		{ "a>b", NULL },
		{ "a&b", NULL },
		{ "a\nb", NULL },
		{ "a\x7f", NULL },
		{ "b\xc3\xbc", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *got = advice_quote(cases[i].argument);
		const char *want = cases[i].want_text;

		if (strcmp(got ? got : "(none)", want ? want : "(none)") != 0)
			print_error("argument: %s\n", cases[i].argument);
		assert_string_equal(got ? got : "(none)",
			want ? want : "(none)");
		free(got);
	}
}

/* A shell has to read back what was quoted. */
static void
advice_survives_a_shell(void **state)
{
	static const char *const arguments[] = { "a b", "it's '' x",
		"[mx.example.com]:587", "a\"b", "*;#~!{}()", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(arguments) / sizeof(*arguments); i++) {
		struct deadline deadline = deadline_in(10);
		struct error error;
		char *quoted = advice_quote(arguments[i]);
		char *script = sentence_format("printf '%%s' %s", quoted);
		const char *const command[] = { "/bin/sh", "-c", script, NULL };
		struct command_answer answer;

		assert_int_equal(command_output(command, &deadline, &answer,
					 &error),
			0);
		assert_string_equal(answer.output, arguments[i]);
		free(answer.output);
		free(script);
		free(quoted);
	}
}

static struct policy
policy_for(const char *destination, const char *level)
{
	struct policy policy = policy_at(destination, level);

	policy_set(&policy.table, "hash:/etc/postfix/tls_policy");
	policy_set(&policy.key, destination);
	policy_set(&policy.parameter, "smtp_tls_policy_maps");
	policy_set(&policy.folder, "/etc/ssl/certs");
	return policy;
}

/* Of a cause alone. */
static struct advice
advice_for(enum cause cause, const struct postfix *postfix,
	const struct policy *policy, const char *queue_id)
{
	const struct advice_case what = {
		.cause = cause, .policy = policy, .queue_id = queue_id
	};

	return advice_of(postfix, &what);
}

static void
advice_names_a_command(void **state)
{
	static const char test[] =
		"posttls-finger -c -l secure -P /etc/ssl/certs -- example.com";
	static const char dialogue[] =
		"posttls-finger -l secure -P /etc/ssl/certs -- example.com";
	static const char dane[] = "posttls-finger -c -l dane-only -P "
				   "/etc/ssl/certs -- example.com";
	static const struct {
		enum cause cause;
		const char *want_command; /* NULL: none */
	} cases[] = {
		{ CAUSE_CERT_UNTRUSTED, test },
		{ CAUSE_CERT_UNVERIFIED, test },
		{ CAUSE_NOT_OFFERED, dialogue },
		{ CAUSE_STARTTLS_REFUSED, test },
		{ CAUSE_STARTTLS_LOST, test },
		{ CAUSE_HANDSHAKE_FAILED, test },
		{ CAUSE_ENGINE_UNAVAILABLE,
			"postconf smtp_tls_CAfile smtp_tls_CApath "
			"smtp_tls_chain_files smtp_tls_cert_file "
			"smtp_tls_key_file smtp_tls_eccert_file "
			"smtp_tls_eckey_file smtp_tls_dcert_file "
			"smtp_tls_dkey_file" },
		{ CAUSE_POLICY_ERROR,
			"postmap -q example.com "
			"hash:/etc/postfix/tls_policy" },
		{ CAUSE_DANE_LOOKUP, dane },
		{ CAUSE_DANE_POLICY,
			"posttls-finger -c -l dane-only -- example.com" },
		{ CAUSE_REQUIRETLS, dialogue },
		{ CAUSE_REMOTE_REQUIRES_TLS, "postqueue -i 4XyZ0123" },
		{ CAUSE_REMOTE_TLS_FAILURE, "postqueue -i 4XyZ0123" },
		{ CAUSE_CUSTOM, "postqueue -i 4XyZ0123" },
		{ CAUSE_UNCLASSIFIED, test },
		{ CAUSE_OTHER, NULL },
	};
	struct policy policy = policy_for("example.com", "secure");
	struct postfix postfix = { 0 };

	(void)state;
	postfix_parse_values(&postfix.main,
		"smtp_tls_CApath = /etc/ssl/certs\n");
	assert_int_equal(sizeof(cases) / sizeof(*cases), CAUSE_COUNT);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *want = cases[i].want_command;
		struct advice advice;

		policy_set(&policy.level,
			cases[i].cause == CAUSE_DANE_POLICY ? "dane-only"
							    : "secure");
		advice = advice_for(cases[i].cause, &postfix, &policy,
			"4XyZ0123");
		assert_true(strlen(advice.sentence) > 15);
		if (want == NULL)
			assert_null(advice.command);
		else
			assert_string_equal(advice.command, want);
		advice_release(&advice);
	}
	policy_release(&policy);
	postfix_release(&postfix);
}

static void
advice_tests_the_first_of_several(void **state)
{
	static const char *const destinations[] = { "a.example,[b.example]:25",
		"a.example, [b.example]:25" };
	struct postfix postfix = { 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct policy policy = policy_for(destinations[i], "encrypt");
		struct advice advice =
			advice_for(CAUSE_NOT_OFFERED, &postfix, &policy, NULL);

		assert_non_null(strstr(advice.sentence,
			"give its key a.example in "));
		assert_string_equal(advice.command,
			"posttls-finger -l encrypt -P /etc/ssl/certs -- "
			"a.example");
		advice_release(&advice);
		policy_release(&policy);
	}
}

static void
advice_refuses_strange_names(void **state)
{
	static const char *const destinations[] = { "example.com;id", "a b",
		"$(id).example", "-x.example", "a'b.example", "`id`", "",
		("b\xc3\xbc"
		 "cher.example"),
		"a\nb", "a|b", "#x", "~root", "a\\b", "a,", ",a", "a,-x" };
	static const char *const ids[] = { "", "-i", "4X;id", "ALL ", "4 X",
		NULL };
	struct postfix postfix = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(destinations) / sizeof(*destinations);
		i++) {
		for (int cause = 0; cause < CAUSE_TLS_COUNT; cause++) {
			struct policy policy =
				policy_for(destinations[i], "secure");
			struct advice advice = advice_for((enum cause)cause,
				&postfix, &policy, NULL);

			if (advice.command != NULL &&
				strncmp(advice.command, "postconf ", 9) != 0)
				fail_msg("%s: %s", destinations[i],
					advice.command);
			advice_release(&advice);
			policy_release(&policy);
		}
	}
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		struct advice advice = advice_for(CAUSE_REMOTE_TLS_FAILURE,
			&postfix, NULL, ids[i]);

		assert_null(advice.command);
		advice_release(&advice);
	}
}

/* What has no name in it can be shown for any of them. */
static void
advice_tries_strange_names_again(void **state)
{
	struct postfix postfix = { 0 };
	struct policy policy = policy_for("b\xc3\xbc"
					  "cher.example",
		"may");
	struct advice advice =
		advice_for(CAUSE_NOT_OFFERED, &postfix, &policy, "4X");

	(void)state;
	assert_non_null(strstr(advice.sentence, ": try again"));
	assert_string_equal(advice.command, "postqueue -i 4X");
	advice_release(&advice);
	policy_release(&policy);
}

/* A sentence with commands in it is no place for a stranger's words. */
static void
advice_names_plain_keys_only(void **state)
{
	static const struct {
		const char *destination, *want_words;
	} cases[] = {
		{ "a.example", "give its key a.example in " },
		{ "[a.example]:25", "give its key [a.example]:25 in " },
		{ "a';id;'.example", "give its key in " },
		{ "$(id).example", "give its key in " },
		{ "", "give its key in " },
	};
	struct postfix postfix = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct policy policy =
			policy_for(cases[i].destination, "encrypt");
		struct advice advice =
			advice_for(CAUSE_NOT_OFFERED, &postfix, &policy, NULL);

		if (strstr(advice.sentence, cases[i].want_words) == NULL)
			fail_msg("%s", advice.sentence);
		advice_release(&advice);
		policy_release(&policy);
	}
}

static void
advice_fits_the_instance(void **state)
{
	struct postfix postfix = { .directory = xstrdup("/etc/postfix out") };
	struct policy policy = policy_for("[mx.example]:25", "encrypt");
	struct advice advice =
		advice_for(CAUSE_POLICY_ERROR, &postfix, &policy, NULL);

	(void)state;
	assert_string_equal(advice.command,
		"postmap -c '/etc/postfix out' -q '[mx.example]:25' "
		"hash:/etc/postfix/tls_policy");
	advice_release(&advice);
	policy.lmtp = true;
	policy.table[0] = '\0';
	advice = advice_for(CAUSE_POLICY_ERROR, &postfix, &policy, NULL);
	assert_string_equal(advice.command,
		"postconf -c '/etc/postfix out' lmtp_tls_security_level "
		"lmtp_tls_policy_maps");
	advice_release(&advice);
	policy_release(&policy);
	postfix_release(&postfix);
}

/* The entry is to blame, and the entry is shown. */
static void
advice_shows_an_entry(void **state)
{
	static const struct {
		enum cause cause;
		bool valid;
		const char *want_start;
	} cases[] = {
		{ CAUSE_HANDSHAKE_FAILED, false,
			"Correct the entry example.com in "
			"hash:/etc/postfix/tls_policy, then run 'postmap "
			"hash:/etc/postfix/tls_policy'" },
		{ CAUSE_REMOTE_REQUIRES_TLS, true,
			"The server takes mail by TLS only: give its key "
			"example.com in hash:/etc/postfix/tls_policy the level "
			"may or more, then run 'postmap "
			"hash:/etc/postfix/tls_policy'" },
	};
	struct postfix postfix = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct policy policy = policy_for("example.com", "none");
		const char *want = cases[i].want_start;
		struct advice advice;

		policy.valid = cases[i].valid;
		advice = advice_for(cases[i].cause, &postfix, &policy, NULL);
		if (strncmp(advice.sentence, want, strlen(want)) != 0)
			fail_msg("%s", advice.sentence);
		assert_string_equal(advice.command,
			"postmap -q example.com hash:/etc/postfix/tls_policy");
		advice_release(&advice);
		policy_release(&policy);
	}
}

/* The policy is another next-hop's, and so would the test be. */
static void
advice_knows_when_it_is_lost(void **state)
{
	static const char want[] = "The mail met another server than ";
	struct postfix postfix = { 0 };
	struct policy policy = policy_for("example.com", "encrypt");
	struct advice advice;

	(void)state;
	policy.lost = true;
	advice = advice_for(CAUSE_NOT_OFFERED, &postfix, &policy, NULL);
	assert_memory_equal(advice.sentence, want, sizeof(want) - 1);
	assert_string_equal(advice.command,
		"postconf content_filter smtp_fallback_relay transport_maps "
		"relayhost");
	advice_release(&advice);
	advice = advice_for(CAUSE_REMOTE_TLS_FAILURE, &postfix, &policy, "4X");
	assert_string_equal(advice.command, "postqueue -i 4X");
	advice_release(&advice);
	policy_release(&policy);
}

static void
advice_tests_a_socket(void **state)
{
	struct postfix postfix = { 0 };
	struct policy policy = policy_for("unix:private/store", "secure");
	struct advice advice;

	(void)state;
	postfix_parse_values(&postfix.main,
		"queue_directory = /var/spool/postfix\n");
	policy.lmtp = true;
	advice = advice_for(CAUSE_NOT_OFFERED, &postfix, &policy, NULL);
	assert_string_equal(advice.command,
		"openssl s_client -brief -starttls lmtp -CApath /etc/ssl/certs "
		"-unix /var/spool/postfix/private/store");
	advice_release(&advice);
	policy_release(&policy);
	postfix_release(&postfix);
}

static void
advice_shows_protocols(void **state)
{
	struct postfix postfix = { 0 };
	struct policy policy = policy_for("example.com", "encrypt");
	struct advice advice;

	(void)state;
	free(policy.protocols);
	free(policy.grade);
	policy.protocols = xstrdup(">=TLSv1.2");
	policy.grade = xstrdup("high");
	advice = advice_for(CAUSE_NOT_OFFERED, &postfix, &policy, NULL);
	assert_string_equal(advice.command,
		"posttls-finger -l encrypt -P /etc/ssl/certs -ghigh "
		"'-p!SSLv2:!SSLv3:!TLSv1:!TLSv1.1' -- example.com");
	advice_release(&advice);
	policy_release(&policy);
}

/* The command shows what the sentence speaks of. */
static void
advice_blames_a_file(void **state)
{
	static const struct {
		const char *main, *overrides;
		const char *want_sentence, *want_command;
	} cases[] = {
		{ "smtp_tls_CAfile = /missing\n", "",
			"smtp_tls_CAfile = /missing, set in main.cf: there is "
			"no such file, so that TLS does not start for any "
			"destination: correct the file, or the value by "
			"'postconf -e smtp_tls_CAfile=FILE', then run 'postfix "
			"reload'",
			"postconf smtp_tls_CAfile" },
		{ "smtp_tls_CAfile =\n",
			"engine/unix/smtp_tls_CAfile = /missing\n",
			"engine/unix/smtp_tls_CAfile = /missing, set in "
			"master.cf: there is no such file, so that TLS does "
			"not start for this service: correct the file, or the "
			"value by 'postconf -P "
			"engine/unix/smtp_tls_CAfile=FILE', then run 'postfix "
			"reload'",
			"postconf -P engine/unix/smtp_tls_CAfile" },
		{ "", "engine/unix/smtp_tls_CApath = /missing\n",
			"Postfix's own TLS does not start: check that these "
			"files are there and fit each other, and look for "
			"'disabling TLS support' in the mail log",
			"postconf -P engine/unix/smtp_tls_CApath" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct policy policy = policy_for("example.com", "encrypt");
		struct postfix postfix = { 0 };
		struct advice advice;

		free(policy.next_hop.transport);
		policy.next_hop.transport = xstrdup("engine");
		postfix_parse_agents(&postfix.agents,
			"engine unix - - n - - smtp\n");
		postfix_parse_values(&postfix.main, cases[i].main);
		postfix_parse_values(&postfix.overrides, cases[i].overrides);
		advice = advice_for(CAUSE_ENGINE_UNAVAILABLE, &postfix, &policy,
			NULL);
		assert_string_equal(advice.sentence, cases[i].want_sentence);
		assert_string_equal(advice.command, cases[i].want_command);
		advice_release(&advice);
		policy_release(&policy);
		postfix_release(&postfix);
	}
}

static void
advice_knows_the_log(void **state)
{
	static const struct {
		enum cause cause;
		enum log_finding finding;
		const char *want_start;
	} cases[] = {
		{ CAUSE_CERT_UNVERIFIED, LOG_NOTHING,
			"The certificate does not pass the policy: " },
		{ CAUSE_CERT_UNVERIFIED, LOG_EXPIRED,
			"Tell the other side to renew its certificate; " },
		{ CAUSE_CERT_UNTRUSTED, LOG_UNTRUSTED_ISSUER,
			"The issuer is unknown here: " },
		{ CAUSE_CERT_UNVERIFIED, LOG_MISMATCH,
			"The certificate does not pass the policy: " },
		{ CAUSE_NOT_OFFERED, LOG_EXPIRED,
			"The policy wants TLS and the server offers none: " },
	};
	struct postfix postfix = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct advice_case what = { .cause = cases[i].cause,
			.finding = cases[i].finding };
		struct advice advice = advice_of(&postfix, &what);
		const char *want = cases[i].want_start;

		if (strncmp(advice.sentence, want, strlen(want)) != 0)
			fail_msg("%s", advice.sentence);
		advice_release(&advice);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(advice_quotes_for_a_shell),
		cmocka_unit_test(advice_survives_a_shell),
		cmocka_unit_test(advice_names_a_command),
		cmocka_unit_test(advice_tests_the_first_of_several),
		cmocka_unit_test(advice_refuses_strange_names),
		cmocka_unit_test(advice_tries_strange_names_again),
		cmocka_unit_test(advice_names_plain_keys_only),
		cmocka_unit_test(advice_fits_the_instance),
		cmocka_unit_test(advice_shows_an_entry),
		cmocka_unit_test(advice_knows_when_it_is_lost),
		cmocka_unit_test(advice_tests_a_socket),
		cmocka_unit_test(advice_shows_protocols),
		cmocka_unit_test(advice_blames_a_file),
		cmocka_unit_test(advice_knows_the_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
