/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "tls/hops.h"

static const char agents[] =
	"smtp unix - - n - - smtp\nlmtp unix - - n - - lmtp\n";

static void
hops_collect_all_places(void **state)
{
	static const char main_cf[] =
		"default_transport = smtp\nrelay_transport = lmtp\n"
		"relayhost = [relay.example]:587\n"
		"content_filter = smtp:[127.0.0.1]:10024\n"
		"smtp_fallback_relay = [a.example], [b.example]\n";
	static const char *const want[] = {
		"smtp [relay.example]:587 relayhost",
		"lmtp [relay.example]:587 relayhost",
		"smtp [127.0.0.1]:10024 content_filter",
		"smtp [a.example] smtp_fallback_relay",
		"smtp [b.example] smtp_fallback_relay",
	};
	struct postfix postfix = { 0 };
	struct hops hops = { 0 };

	(void)state;
	postfix_parse_values(&postfix.main, main_cf);
	postfix_parse_agents(&postfix.agents, agents);
	hops_collect(&postfix, &hops);
	assert_int_equal(hops.count, COUNT_OF(want));
	for (size_t i = 0; i < hops.count; i++) {
		char *got = sentence_format("%s %s %s", hops.list[i].service,
			hops.list[i].key, hops.list[i].source);

		assert_string_equal(got, want[i]);
		free(got);
	}
	assert_false(hops.open);
	hops_release(&hops);
	postfix_release(&postfix);
}

/* From a transport table of so many destinations, each with its own next-hop. */
static struct hops
hops_of_table(int count, double seconds)
{
	char path[] = "/tmp/test_hops.XXXXXX";
	struct postfix postfix = { .deadline = deadline_in(seconds) };
	struct hops hops = { 0 };
	FILE *file = fdopen(mkstemp(path), "w");
	char *main_cf = sentence_format("transport_maps = texthash:%s\n", path);

	assert_non_null(file);
	for (int i = 0; i < count; i++)
		fprintf(file, "%d.example smtp:[mx.%d.example]\n", i, i);
	assert_int_equal(fclose(file), 0);
	postfix_parse_values(&postfix.main, main_cf);
	postfix_parse_agents(&postfix.agents, agents);
	hops_collect(&postfix, &hops);
	postfix_release(&postfix);
	free(main_cf);
	unlink(path);
	return hops;
}

/* A large provider's routes: so many are collected, and no more. */
static void
hops_collect_a_long_table(void **state)
{
	struct hops hops = hops_of_table(400000, 60);

	(void)state;
	assert_int_equal(hops.count, 1000);
	assert_string_equal(hops.list[999].key, "[mx.999.example]");
	assert_true(hops.open);
	hops_release(&hops);
}

/* Not to its end when the time is up: what was not read may name others. */
static void
hops_collect_until_the_deadline(void **state)
{
	struct hops hops = hops_of_table(1, 0);

	(void)state;
	assert_int_equal(hops.count, 0);
	assert_true(hops.open);
	hops_release(&hops);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hops_collect_all_places),
		cmocka_unit_test(hops_collect_a_long_table),
		cmocka_unit_test(hops_collect_until_the_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
