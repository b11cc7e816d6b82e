/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plugins/tls/policy.c: parameters without a Postfix, then whole policies asked
 * of the installed one, in a configuration of our own.
 */
#include "unit.h"

#include <stdlib.h>

#include "tls/policy.h"
#include "unit/tls/lab.h"

static void
policy_takes_the_global_level(void **state)
{
	static const struct {
		const char *main, *overrides, *transport;
		const char *want_level, *want_source;
	} cases[] = {
		{ "smtp_tls_security_level = encrypt\n", "", "smtp", "encrypt",
			"smtp_tls_security_level" },
		{ "smtp_tls_security_level =\n", "", "smtp", "none",
			"smtp_tls_security_level" },
		{ "smtp_use_tls = yes\n", "", "smtp", "may", "smtp_use_tls" },
		{ "smtp_use_tls = yes\nsmtp_enforce_tls = yes\n"
		  "smtp_tls_enforce_peername = yes\n",
			"", "smtp", "verify", "smtp_enforce_tls" },
		{ "smtp_enforce_tls = yes\nsmtp_tls_enforce_peername = no\n",
			"", "smtp", "encrypt", "smtp_enforce_tls" },
		{ "smtp_tls_security_level = may\nsmtp_enforce_tls = yes\n", "",
			"smtp", "may", "smtp_tls_security_level" },
		{ "smtp_tls_security_level = may\n",
			"relay/unix/smtp_tls_security_level = secure\n",
			"relay", "secure",
			"relay/unix/smtp_tls_security_level" },
		{ "smtp_tls_security_level = may\n",
			"relay/unix/smtp_tls_security_level = secure\n", "smtp",
			"may", "smtp_tls_security_level" },
		{ "smtp_tls_security_level = may\n"
		  "lmtp_tls_security_level = verify\n",
			"", "lmtp", "verify", "lmtp_tls_security_level" },
	};
	static const char agents[] =
		"smtp unix - - y - - smtp\nrelay unix - - y - - smtp -o x=y\n"
		"lmtp unix - - y - - lmtp\n";

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct postfix postfix = { 0 };
		struct policy_client client;
		const char *got;
		char *source;

		postfix_parse_values(&postfix.main, cases[i].main);
		postfix_parse_values(&postfix.overrides, cases[i].overrides);
		postfix_parse_agents(&postfix.agents, agents);
		assert_int_equal(policy_client_of(&postfix, cases[i].transport,
					 &client),
			1);
		got = policy_global_level(&postfix, &client, &source);
		if (strcmp(got, cases[i].want_level) != 0)
			print_error("main.cf: %s\n", cases[i].main);
		assert_string_equal(got, cases[i].want_level);
		assert_string_equal(source, cases[i].want_source);
		free(source);
		postfix_release(&postfix);
	}
}

static const char lab_main[] =
	"smtp_tls_security_level = may\n"
	"lmtp_tls_security_level = encrypt\n"
	"smtp_tls_policy_maps = hash:$config_directory/tls_policy,"
	" texthash:$config_directory/more,\n"
	"    inline:{ { inline.example = dane } }\n"
	"lmtp_tls_policy_maps = static:{verify match=hostname}\n"
	"transport_maps = texthash:$config_directory/transport\n"
	"mydestination = here.example\n"
	"local_transport = lmtp:unix:private/store\n"
	"relay_domains = relayed.example\n"
	"relay_transport = relay:[in.example]:2525\n"
	"virtual_mailbox_domains = boxes.example\n"
	"virtual_transport = lmtp:inet:[store.example]:24\n"
	"smtp_tls_CAfile = /etc/ca.pem\n";
static const char lab_policy[] =
	"example.com secure match=nexthop\n.example.org verify\n"
	"[in.example]:2525 encrypt ciphers=high\n"
	"broken.example secure foo=bar\nUPPER.example may\n";
static const char lab_more[] = "more.example fingerprint match=AA|BB\n";
static const char lab_transport[] =
	"routed.example smtp:[mx.in.example]\n.routed.example :\n"
	"piped.example maildrop:\nlost.example nowhere:\n"
	"same.example :example.com\nlist.example smtp:example.com, other\n";

static void
policy_asks_postfix(void **state)
{
	static const struct {
		const char *domain, *want_sentence, *want_note;
	} cases[] = {
		{ "example.com",
			"next-hop example.com by smtp; TLS level secure "
			"match=nexthop, from hash:@/tls_policy, key "
			"example.com",
			"" },
		{ "EXAMPLE.com",
			"next-hop example.com by smtp; TLS level secure "
			"match=nexthop, from hash:@/tls_policy, key "
			"example.com",
			"" },
		{ "a.b.example.org",
			"next-hop a.b.example.org by smtp; TLS level verify, "
			"from hash:@/tls_policy, key .example.org",
			"" },
		{ "example.org",
			"next-hop example.org by smtp; TLS level may, from "
			"smtp_tls_security_level",
			"" },
		{ "upper.example",
			"next-hop upper.example by smtp; TLS level may, from "
			"hash:@/tls_policy, key upper.example",
			"" },
		{ "more.example",
			"next-hop more.example by smtp; TLS level fingerprint "
			"match=AA|BB, from texthash:@/more, key more.example",
			"" },
		{ "inline.example",
			"next-hop inline.example by smtp; TLS level dane, from "
			"inline:{ { inline.example = dane } }, key "
			"inline.example",
			"" },
		{ "relayed.example",
			"next-hop [in.example]:2525 by relay, from "
			"relay_transport; TLS level encrypt ciphers=high, from "
			"hash:@/tls_policy, key [in.example]:2525",
			"" },
		{ "routed.example",
			"next-hop [mx.in.example] by smtp, from transport_maps "
			"(texthash:@/transport, key routed.example); TLS level "
			"may, from smtp_tls_security_level",
			"" },
		{ "x.routed.example",
			"next-hop x.routed.example by smtp; TLS level may, "
			"from smtp_tls_security_level",
			"" },
		{ "boxes.example",
			"next-hop inet:[store.example]:24 by lmtp, from "
			"virtual_transport; TLS level verify match=hostname, "
			"from static:{verify match=hostname}, key "
			"[store.example]:24",
			"" },
		{ "here.example",
			"next-hop unix:private/store by lmtp, from "
			"local_transport; TLS level verify match=hostname, "
			"from static:{verify match=hostname}, key "
			"private/store",
			"" },
		{ "piped.example",
			"next-hop piped.example by maildrop, which is no TLS "
			"client, from transport_maps (texthash:@/transport, "
			"key piped.example)",
			"" },
		{ "lost.example",
			"next-hop lost.example by nowhere, which is no TLS "
			"client, from transport_maps (texthash:@/transport, "
			"key lost.example)",
			"master.cf has no service \"nowhere\", so its mail "
			"can't leave" },
		{ "broken.example",
			"next-hop broken.example by smtp; TLS level secure "
			"foo=bar, from hash:@/tls_policy, key broken.example",
			"the entry broken.example in hash:@/tls_policy has an "
			"error, so Postfix defers all its mail: there is no "
			"attribute \"foo\"" },
		{ "-q",
			"next-hop -q by smtp; TLS level may, from "
			"smtp_tls_security_level",
			"" },
		{ "-",
			"next-hop - by smtp; TLS level may, from "
			"smtp_tls_security_level",
			"" },
		{ "[192.0.2.1]",
			"next-hop [192.0.2.1] by smtp; TLS level may, from "
			"smtp_tls_security_level",
			"" },
	};
	struct lab lab;

	(void)state;
	if (!lab_open(&lab, lab_main))
		skip();
	lab_write(&lab, "more", lab_more);
	lab_write(&lab, "transport", lab_transport);
	lab_write(&lab, "tls_policy", lab_policy);
	lab_postmap(&lab, "tls_policy");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct policy policy;
		struct error error = { 0 };
		char *got, *shown;

		if (policy_of(&lab.postfix, cases[i].domain, &policy, &error) <
			0)
			fail_msg("%s: %s", cases[i].domain, error.text);
		got = policy_sentence(&policy);
		shown = lab_shorten(&lab, got);
		if (strcmp(shown, cases[i].want_sentence) != 0)
			print_error("domain: %s\n", cases[i].domain);
		assert_string_equal(shown, cases[i].want_sentence);
		free(shown);
		shown = lab_shorten(&lab,
			policy.notes.count ? policy.notes.list[0] : "");
		assert_string_equal(shown, cases[i].want_note);
		free(shown);
		free(got);
		policy_release(&policy);
	}
	lab_release(&lab);
}

static void
policy_notes_what_fails(void **state)
{
	static const struct {
		const char *maps, *want_note; /* its start */
	} cases[] = {
		{ "smtp_tls_policy_maps = hash:$config_directory/absent\n",
			"hash:@/absent can't be used, so Postfix defers what "
			"depends on it: open database @/absent.db: No such "
			"file or directory" },
		{ "smtp_tls_policy_maps = nosuch:x, static:secure\n",
			"nosuch:x can't be used, so Postfix defers what "
			"depends on it: unsupported dictionary type: nosuch" },
		{ "smtp_tls_policy_maps = /etc/hosts\n",
			"/etc/hosts can't be used, so Postfix defers what "
			"depends on it: it has no type" },
		{ "smtp_tls_policy_maps = socketmap:unix:/nowhere:x\n",
			"socketmap:unix:/nowhere:x can't be used, so Postfix "
			"defers what depends on it: table "
			"socketmap:unix:/nowhere:x: query error" },
		{ "smtp_tls_per_site = static:MUST\n",
			"the obsolete smtp_tls_per_site is set" },
		{ "sender_dependent_relayhost_maps = static:x\n",
			"mail of some senders may take another way: "
			"sender_dependent_relayhost_maps is set" },
		{ "relayhost = one.example, two.example\n",
			"relayhost has several next-hops" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lab lab;
		struct policy policy;
		struct error error;
		char *got;

		if (!lab_open(&lab, cases[i].maps))
			skip();
		assert_int_equal(policy_of(&lab.postfix, "example.com", &policy,
					 &error),
			0);
		got = lab_shorten(&lab,
			policy.notes.count ? policy.notes.list[0] : "(none)");
		if (strncmp(got, cases[i].want_note,
			    strlen(cases[i].want_note)) != 0)
			fail_msg("%s got: %s\nwant: %s", cases[i].maps, got,
				cases[i].want_note);
		free(got);
		policy_release(&policy);
		lab_release(&lab);
	}
}

/* Of maps, those that Postfix asks before it has its answer. */
static void
policy_doubts_what_fails(void **state)
{
	static const struct {
		const char *main, *want_doubt; /* "": none */
	} cases[] = {
		{ "smtp_tls_policy_maps = hash:/absent, static:may\n",
			"hash:/absent can't be used, so Postfix defers what "
			"depends on it: open database /absent.db: No such "
			"file or directory" },
		{ "smtp_tls_policy_maps = static:may, hash:/absent\n", "" },
		{ "transport_maps = texthash:/absent\n",
			"texthash:/absent can't be used" },
		{ "smtp_tls_per_site = static:MUST\n",
			"the obsolete smtp_tls_per_site may say otherwise" },
		{ "smtp_tls_security_level = encrpyt\n",
			"smtp_tls_security_level = encrpyt: there is no such "
			"level" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lab lab;
		struct policy policy;
		struct error error;

		if (!lab_open(&lab, cases[i].main))
			skip();
		assert_int_equal(policy_of(&lab.postfix, "example.com", &policy,
					 &error),
			0);
		if (*cases[i].want_doubt == '\0')
			assert_int_equal(policy.doubts.count, 0);
		else if (policy.doubts.count == 0 ||
			strncmp(policy.doubts.list[0], cases[i].want_doubt,
				strlen(cases[i].want_doubt)) != 0)
			fail_msg("%s got: %s", cases[i].main,
				policy.doubts.count ? policy.doubts.list[0]
						    : "(none)");
		policy_release(&policy);
		lab_release(&lab);
	}
}

static void
policy_refuses_what_is_no_domain(void **state)
{
	static const struct {
		const char *domain, *want_error;
	} cases[] = {
		{ "", "a name of 0 bytes and 1 parts is not looked up" },
		{ "a b", "it is not a domain" },
		{ "a@b", "it is not a domain" },
		{ "a\nb", "it is not a domain" },
		{ "1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6.7",
			"a name of 33 bytes and 17 parts is not looked up" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct postfix postfix = { 0 };
		struct policy policy;
		struct error error = { 0 };

		assert_int_equal(policy_of(&postfix, cases[i].domain, &policy,
					 &error),
			-1);
		assert_string_equal(error.text, cases[i].want_error);
		assert_null(policy.domain);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(policy_takes_the_global_level),
		cmocka_unit_test(policy_asks_postfix),
		cmocka_unit_test(policy_notes_what_fails),
		cmocka_unit_test(policy_doubts_what_fails),
		cmocka_unit_test(policy_refuses_what_is_no_domain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
