/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plugins/tls/detour.c: servers that are not the next-hop's. */
#include "unit.h"

#include <stdlib.h>

#include "tls/detour.h"
#include "unit/tls/lab.h"

static void
detour_reads_reasons(void **state)
{
	static const struct {
		const char *reason, *want_server; /* NULL: none */
	} cases[] = {
		{ "TLS is required, but was not offered by host m[::1]",
			"m[::1]" },
		{ "delivery temporarily suspended: lost connection with "
		  "m[192.0.2.1] while receiving the STARTTLS response",
			"m[192.0.2.1] while receiving the STARTTLS response" },
		{ "TLS is required, but host m[::1] refused to start TLS: x",
			"m[::1] refused to start TLS: x" },
		{ "host m[::1] said: 530 Must issue a STARTTLS command first",
			"m[::1] said: 530 Must issue a STARTTLS command "
			"first" },
		{ "Server certificate not verified", NULL },
		{ "TLS is required, but our TLS engine is unavailable", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = detour_server(cases[i].reason);

		assert_string_equal(got != NULL ? got : "none",
			cases[i].want_server != NULL ? cases[i].want_server
						     : "none");
	}
}

#define PLAIN                                                                  \
	"default_transport = smtp\nrelay_transport = relay\n"                  \
	"local_transport = local\nvirtual_transport = virtual\n"               \
	"smtp_tls_security_level = encrypt\n"
#define FILTER    PLAIN "content_filter = smtp:[127.0.1.1]:10024\n"
#define UNCHANGED "smtp a.example ()"
#define FILTERED  "smtp [127.0.1.1]:10024 (content_filter)"

static const struct {
	const char *main, *server;
	const char *want_way; /* transport destination (source) */
	bool want_lost;
} ways[] = {
	{ PLAIN, "mx.a.example[192.0.2.1] said: x", UNCHANGED, false },
	{ PLAIN, "127.0.1.1[127.0.1.1]", UNCHANGED, true },
	{ PLAIN, "::1[::1]:25", UNCHANGED, true },
	{ PLAIN, "here.example[private/dovecot]", UNCHANGED, false },
	{ PLAIN, "no server", UNCHANGED, false },
	{ PLAIN, "m[192.0.2.1", UNCHANGED, false },
	{ PLAIN, "", UNCHANGED, false },
	{ FILTER, "mx.a.example[192.0.2.1]", UNCHANGED, false },
	{ FILTER, "127.0.1.1[127.0.1.1]", FILTERED, false },
	{ FILTER "mydestination = a.example\n", "127.0.1.1[127.0.1.1]:10024",
		FILTERED, false },
	{ PLAIN "relayhost = [192.0.2.9]:587\n"
		"smtp_fallback_relay = [192.0.2.8]\n",
		"192.0.2.9[192.0.2.9]", "smtp [192.0.2.9]:587 (relayhost)",
		false },
	{ PLAIN "relayhost = [192.0.2.9]:587\n"
		"smtp_fallback_relay = [192.0.2.8]\n",
		"192.0.2.8[192.0.2.8]",
		"smtp [192.0.2.8] (smtp_fallback_relay)", false },
	{ PLAIN "relayhost = [r.example]\n", "other.example[192.0.2.8]",
		"smtp [r.example] (relayhost)", false },
	{ PLAIN "relayhost = [ipv6:::1]\n", "::1[::1]",
		"smtp [ipv6:::1] (relayhost)", false },
	{ PLAIN "relayhost = [192.0.2.1], [192.0.2.2]\n",
		"192.0.2.2[192.0.2.2]",
		"smtp [192.0.2.1], [192.0.2.2] (relayhost)", false },
	{ "default_transport = smtp\nvirtual_transport = smtp:[192.0.2.7]\n",
		"192.0.2.7[192.0.2.7]", UNCHANGED, true },
};

static void
detour_finds_the_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		struct postfix postfix = { 0 };
		struct hops hops = { 0 };
		struct policy policy;
		struct error error;
		char *got;

		postfix_parse_values(&postfix.main, ways[i].main);
		postfix_parse_agents(&postfix.agents,
			"smtp unix - - n - - smtp\n"
			"relay unix - - n - - smtp\n"
			"local unix - n n - - local\n");
		assert_int_equal(policy_of(&postfix, "a.example", &policy,
					 &error),
			0);
		detour_take(&postfix, &hops, ways[i].server, &policy);
		got = sentence_format("%s %s (%s)", policy.next_hop.transport,
			policy.next_hop.destination, policy.next_hop.source);
		if (strcmp(got, ways[i].want_way) != 0)
			print_error("%s: %s\n", ways[i].main, ways[i].server);
		assert_string_equal(got, ways[i].want_way);
		assert_int_equal(policy.lost, ways[i].want_lost);
		free(got);
		policy_release(&policy);
		hops_release(&hops);
		postfix_release(&postfix);
	}
}

/*
 * One user's route is no other domain's, and says whose it is. The table is
 * read once.
 */
static void
detour_knows_users(void **state)
{
	static const char want_note[] =
		"the mail went to 127.0.1.1[127.0.1.1], not to a.example: by "
		"transport_maps (texthash:@/transport), key user@a.example, "
		"it seems, unless the configuration has changed since";
	struct lab lab;
	struct hops hops = { 0 };
	struct policy policy;
	struct error error;
	char *got;

	(void)state;
	if (!lab_open(&lab,
		    "transport_maps = texthash:$config_directory/transport\n"))
		skip();
	lab_write(&lab, "transport",
		"user@b.example smtp:[127.0.1.2]\n"
		"user@a.example smtp:[127.0.1.1]:25\nc.example smtp:[::1]\n");
	lab_backdate(&lab, "transport");
	assert_int_equal(policy_of(&lab.postfix, "a.example", &policy, &error),
		0);
	detour_take(&lab.postfix, &hops, "::1[::1]", &policy);
	assert_true(policy.lost);
	lab_write(&lab, "transport", "");
	detour_take(&lab.postfix, &hops, "127.0.1.2[127.0.1.2]", &policy);
	assert_true(policy.lost);
	detour_take(&lab.postfix, &hops, "127.0.1.1[127.0.1.1]", &policy);
	assert_false(policy.lost);
	assert_string_equal(policy.next_hop.destination, "[127.0.1.1]:25");
	assert_int_equal(policy.notes.count, 1);
	got = lab_shorten(&lab, policy.notes.list[0]);
	assert_string_equal(got, want_note);
	free(got);
	policy_release(&policy);
	hops_release(&hops);
	lab_release(&lab);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(detour_reads_reasons),
		cmocka_unit_test(detour_finds_the_way),
		cmocka_unit_test(detour_knows_users),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
