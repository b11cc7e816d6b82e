/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdbool.h>
#include <stdlib.h>

#include "tls/policy_entry.h"

static void
policy_walks_keys(void **state)
{
	static const struct {
		const char *destination, *want_keys;
	} cases[] = {
		{ "example.com", "example.com .com" },
		{ "mx.sub.example.com",
			"mx.sub.example.com .sub.example.com .example.com .com" },
		{ "[mx.example.com]", "[mx.example.com]" },
		{ "[mx.example.com]:587", "[mx.example.com]:587" },
		{ "example.com:587", "example.com:587" },
		{ "inet:mx.example.com:24", "mx.example.com:24" },
		{ "inet:mx.example.com", "mx.example.com .example.com .com" },
		{ "unix:private/dovecot.lmtp", "private/dovecot.lmtp" },
		{ "unix:lmtp.sock", "lmtp.sock .sock" },
		{ "localhost", "localhost" },
		{ ".", "." },
		{ "", "" },
		{ "a..b", "a..b ..b .b" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *key = policy_key_first(cases[i].destination);
		char got[256] = "";

		for (; key != NULL; key = policy_key_next(key))
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
				"%s%s", *got != '\0' ? " " : "", key);
		if (strcmp(got, cases[i].want_keys) != 0)
			print_error("destination: %s\n", cases[i].destination);
		assert_string_equal(got, cases[i].want_keys);
	}
}

static void
policy_knows_hosts(void **state)
{
	static const struct {
		const char *key, *want_host;
	} cases[] = {
		{ "mx.example", "mx.example" },
		{ "mx.example:587", "mx.example" },
		{ "[mx.example]", "mx.example" },
		{ "[mx.example]:587", "mx.example" },
		{ "[192.0.2.1]:24", "192.0.2.1" },
		{ "[2001:db8::1]:25", "2001:db8::1" },
		{ "[IPv6:::1]:25", "::1" },
		{ "[mx.example", "mx.example" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *host = policy_key_host(cases[i].key);

		assert_string_equal(host, cases[i].want_host);
		free(host);
	}
}

static void
policy_checks_entries(void **state)
{
	static const struct {
		const char *entry;
		int version;
		const char *want_error; /* "": valid */
	} cases[] = {
		{ "encrypt ciphers=foo", 0, "\"foo\" is no cipher grade" },
		{ "encrypt ciphers=HIGH", 0, "" },
		{ "encrypt protocols=TLSv9", 0, "\"TLSv9\" is no protocol" },
		{ "encrypt protocols=!SSLv2:!TLSv1.4", 0,
			"\"!TLSv1.4\" is no protocol" },
		{ "encrypt protocols=>=TLSv1.2:<=0304:!sslv3", 0, "" },
		{ "encrypt protocols=", 0, "" },
		{ "fingerprint match=zz", 0, "\"zz\" is no fingerprint" },
		{ "fingerprint match=AA:b1|C2:D3 match=00", 0, "" },
		{ "fingerprint match=AA:B", 0, "\"AA:B\" is no fingerprint" },
		{ "secure match=zz", 0, "" },
		{ "may", 307, "" },
		{ "SECURE match=.example.com:example.com", 307, "" },
		{ "secure, ciphers=high protocols=!SSLv3", 307, "" },
		{ "secure match=a match=b", 307, "" },
		{ "secure protocols=", 307, "" },
		{ "none what=ever", 307, "" },
		{ "fingerprint match=AA:BB|CC:DD", 307, "" },
		{ "dane-only", 307, "" },
		{ "secure servername=hostname connection_reuse=yes", 307, "" },
		{ "secure { match = a.example }", 310, "" },
		{ "secure policy_type=sts policy_ttl=1", 310, "" },
		{ "secure policy_type=sts", 0, "" },
		{ "", 307, "it is empty" },
		{ " , ", 307, "it is empty" },
		{ "half-dane", 307, "there is no level \"half-dane\"" },
		{ "verified", 307, "there is no level \"verified\"" },
		{ "secure foo=bar", 307, "there is no attribute \"foo\"" },
		{ "secure foo", 307, "\"foo\" is no name=value" },
		{ "secure =foo", 307, "\"=foo\" is no name=value" },
		{ "secure {}", 307, "\"\" is no name=value" },
		{ "secure match=", 307, "attribute \"match\" is empty" },
		{ "secure ciphers=high ciphers=low", 307,
			"attribute \"ciphers\" stands twice" },
		{ "encrypt match=a", 307,
			"attribute \"match\" does not go with the level "
			"\"encrypt\"" },
		{ "dane tafile=/x", 307,
			"attribute \"tafile\" does not go with the level "
			"\"dane\"" },
		{ "secure connection_reuse=maybe", 307,
			"attribute \"connection_reuse\" is neither yes nor no" },
		{ "secure policy_type=sts", 309,
			"attribute \"policy_type\" needs Postfix 3.10, this is "
			"3.9" },
		{ "secure servername=x", 303,
			"attribute \"servername\" needs Postfix 3.4, this is "
			"3.3" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error error = { 0 };
		int got =
			policy_check(cases[i].entry, cases[i].version, &error);

		if ((got == 0) != (cases[i].want_error[0] == '\0') ||
			strcmp(error.text, cases[i].want_error) != 0)
			print_error("entry: %s\n", cases[i].entry);
		assert_int_equal(got, cases[i].want_error[0] ? -1 : 0);
		assert_string_equal(error.text, cases[i].want_error);
	}
}

static void
policy_finds_attributes(void **state)
{
	static const struct {
		const char *list, *name, *want_value; /* NULL: none */
	} cases[] = {
		{ "match=a.example:b.example ciphers=high", "match",
			"a.example:b.example" },
		{ "ciphers=high, MATCH=b", "match", "b" },
		{ "{ match = c d }", "match", "c d" },
		{ "servername=x", "match", NULL },
		{ "match", "match", NULL },
		{ "match=", "match", "" },
		{ "", "match", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *got = policy_attribute(cases[i].list, cases[i].name);
		const char *want = cases[i].want_value;

		if (want == NULL ? got != NULL
				 : got == NULL || strcmp(got, want) != 0)
			print_error("list: %s\n", cases[i].list);
		assert_string_equal(got ? got : "(none)",
			want ? want : "(none)");
		free(got);
	}
}

static void
policy_knows_levels(void **state)
{
	static const struct {
		const char *level;
		bool want_authority, want_key;
	} cases[] = {
		{ "none", false, false },
		{ "may", false, false },
		{ "encrypt", false, false },
		{ "dane", false, true },
		{ "Dane-Only", false, true },
		{ "FINGERPRINT", false, true },
		{ "verify", true, false },
		{ "secure", true, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *level = cases[i].level;

		expect(policy_level_exists(level), "%s: not known", level);
		expect(policy_level_needs_authority(level) ==
				cases[i].want_authority,
			"%s: authority", level);
		expect(policy_level_compares_key(level) == cases[i].want_key,
			"%s: key", level);
	}
	assert_false(policy_level_exists("half-dane"));
	assert_false(policy_level_needs_authority(""));
	assert_false(policy_level_compares_key("dane "));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(policy_walks_keys),
		cmocka_unit_test(policy_knows_hosts),
		cmocka_unit_test(policy_checks_entries),
		cmocka_unit_test(policy_finds_attributes),
		cmocka_unit_test(policy_knows_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
