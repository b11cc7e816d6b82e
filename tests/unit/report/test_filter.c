/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "report/filter.h"

static void
filter_domains_of_addresses(void **state)
{
	static const struct {
		const char *address, *want;
	} cases[] = {
		{ "a@Example.COM", "example.com" },
		{ "\"a@b\"@c.d", "c.d" },
		{ "root", "" },
		{ "a@[IPv6:2001:DB8::1]", "[ipv6:2001:db8::1]" },
		{ "", "" },
		{ "a@", "" },
	};
	char domain[DOMAIN_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		address_domain(cases[i].address, domain);
		expect(strcmp(domain, cases[i].want) == 0,
			"%s: got '%s', want '%s'", cases[i].address, domain,
			cases[i].want);
	}
}

static void
filter_lists(void **state)
{
	static const struct {
		const char *list;
		int want; /* bits, or -1 */
	} cases[] = {
		{ "deferred", 1 << QUEUE_DEFERRED },
		{ "hold,active", 1 << QUEUE_HOLD | 1 << QUEUE_ACTIVE },
		{ "all", (1 << QUEUE_COUNT) - 1 },
		{ "", -1 },
		{ ",", -1 },
		{ "deferred,", -1 },
		{ "deferred,,hold", -1 },
		{ ",deferred", -1 },
		{ "other", -1 },
		{ "corrupt", -1 },
		{ "deferred,corrupt", -1 },
	};
	struct error error;
	unsigned bits;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int got = filter_parse_queues(cases[i].list, &bits, &error);

		if (got == 0)
			got = (int)bits;
		expect(got == cases[i].want, "'%s': got %d, want %d",
			cases[i].list, got, cases[i].want);
	}
	assert_int_equal(filter_parse_causes("not_offered,unclassified", &bits,
				 &error),
		0);
	assert_int_equal(bits,
		1 << CAUSE_NOT_OFFERED | 1 << CAUSE_UNCLASSIFIED);
	assert_int_equal(filter_parse_causes("other", &bits, &error), -1);
	assert_int_equal(filter_parse_causes("custom,", &bits, &error), -1);
	assert_int_equal(filter_parse_causes("", &bits, &error), -1);
	assert_int_equal(filter_parse_causes("tls", &bits, &error), -1);
	assert_non_null(strstr(error.text, "'tls'"));
}

static void
filter_messages(void **state)
{
	struct filter filter;
	struct message message = MESSAGE_INIT;
	struct error error;

	(void)state;
	filter_init(&filter);
	assert_false(filter_is_on(&filter));
	message.queue = QUEUE_DEFERRED;
	message.arrival = 1000;
	message.sender = "News@Example.com";
	assert_true(filter_passes_message(&filter, &message, 1100));
	message.queue = QUEUE_HOLD;
	assert_false(filter_passes_message(&filter, &message, 1100));
	message.queue = QUEUE_DEFERRED;
	filter.min_age = 100;
	assert_true(filter_is_on(&filter));
	assert_true(filter_passes_message(&filter, &message, 1100));
	assert_false(filter_passes_message(&filter, &message, 1099));
	assert_int_equal(globs_add_sender(&filter.senders, "news@*", &error),
		0);
	assert_true(filter_passes_message(&filter, &message, 1100));
	assert_int_equal(globs_add_sender(&filter.not_senders, "*.COM", &error),
		0);
	assert_false(filter_passes_message(&filter, &message, 1100));
	assert_int_equal(globs_add_sender(&filter.senders, "", &error), -1);
	message.sender = "";
	assert_false(filter_passes_message(&filter, &message, 1100));
	assert_int_equal(globs_add_sender(&filter.senders, "Mailer-Daemon",
				 &error),
		0);
	assert_true(filter_passes_message(&filter, &message, 1100));
	filter_release(&filter);
	assert_false(filter_is_on(&filter));
}

static void
filter_patterns(void **state)
{
	static const struct {
		const char *pattern;
		int domain, sender; /* what the two functions return */
	} cases[] = {
		{ "", -1, -1 },
		{ "*.partner.example", 0, 0 },
		{ "[1.2.3.4]", -1, 0 },
		{ "\\[1.2.3.4]", 0, 0 },
		{ "[ipv6:2001:db8::1]", -1, 0 },
		{ "[.]example", 0, 0 },
		{ "[ab]", 0, 0 },
		{ "[!a-z]*", 0, 0 },
		{ "a.example,b.example", -1, -1 },
		{ "@partner.example", -1, 0 },
		{ "<>", 0, -1 },
		{ "<user@partner.example>", -1, -1 },
		{ "<*", 0, 0 },
		{ "user@partner.example", -1, 0 },
		{ ".partner.example", -1, 0 },
		{ " partner.example", -1, 0 },
		{ "\"partner.example\"", -1, 0 },
		{ "\"last, first\"@partner.example", -1, 0 },
	};
	struct filter filter;
	struct error error;

	(void)state;
	filter_init(&filter);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *pattern = cases[i].pattern;

		expect(globs_add_domain(&filter.domains, pattern, &error) ==
				cases[i].domain,
			"domain '%s'", pattern);
		expect(globs_add_sender(&filter.senders, pattern, &error) ==
				cases[i].sender,
			"sender '%s'", pattern);
	}
	filter_release(&filter);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filter_domains_of_addresses),
		cmocka_unit_test(filter_lists),
		cmocka_unit_test(filter_messages),
		cmocka_unit_test(filter_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
