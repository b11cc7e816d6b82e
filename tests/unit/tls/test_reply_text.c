/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plugins/tls/reply_text.c: codes, text and phrases of a reply. */
#include "unit.h"

#include "tls/reply_text.h"

static void
reply_in_finds_replies(void **state)
{
	(void)state;
	assert_string_equal(reply_in("host h[::1] said: 450 no"), "450 no");
	assert_string_equal(
		reply_in("host h[::1] refused to talk to me: 450 no"),
		"450 no");
	assert_null(reply_in("host  said: 450 no"));
	assert_null(reply_in("host h[::1] says: 450 no"));
	assert_null(reply_in("h[::1] said: 450 no"));
}

static void
reply_parse_takes_apart(void **state)
{
	static const struct {
		const char *text;
		const char *want; /* class, enhanced code, text; or NULL */
	} cases[] = {
		{ "530 Use TLS", "- none use tls" },
		{ "530 5.7.0 Use TLS", "5 7.0 use tls" },
		{ "530 #5.7.0: Use TLS", "5 7.0 use tls" },
		{ "530 Use TLS (#5.7.0)", "5 7.0 use tls " },
		{ "530 Use TLS #5.7.0", "5 7.0 use tls " },
		{ "530 Use TLS (#5.7.0", "- none use tls (#5.7.0" },
		{ "530 5.7.0 Use TLS (#5.7.1)", "5 7.0 use tls (#5.7.1)" },
		{ "530 5.7 Use TLS", "- none 5.7 use tls" },
		{ "530 5.7.1234 Use TLS", "- none 5.7.1234 use tls" },
		{ "530 5.7.0 A (in reply to MAIL FROM command)", "5 7.0 a" },
		{ "530-5.7.0 Use 530 5.7.0 TLS", "5 7.0 use \ntls" },
		{ "530-5.7.0 Use 530 5.7.0 tls", "5 7.0 use \rtls" },
		{ "530- 530-5.7.0 Use 530- 530 TLS", "5 7.0 use \ntls" },
		{ "530 5.7.0 Use 530 5.7.0 TLS", "5 7.0 use 530 5.7.0 tls" },
		{ "530 Isn't", "- none is not" },
		{ "530 TLS ISN'T used, wasn't.",
			"- none tls is not used, was not." },
		{ "530 Can't, cannot, won't",
			"- none can not, can not, will not" },
		{ "530 scan't Scannot cannots",
			"- none sca not scannot cannots" },
		{ "530 isn' isn'te isn'", "- none isn' isn'te isn'" },
		{ "530 'n't n'", "- none ' not n'" },
		{ "530-Isn't 530 used", "- none is not \rused" },
		{ "530 n't (in reply to MAIL FROM command)", "- none  not" },
		{ "550 5.1.1 No such user", NULL },
		{ "250 2.7.0 Ok", NULL },
		{ "530: Use TLS", NULL },
		{ "53 Use TLS", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct reply reply;
		char got[64] = "(nothing)";
		bool parsed = reply_parse(&reply, cases[i].text, "7.*");

		if (parsed)
			snprintf(got, sizeof(got), "%c %s %.40s",
				reply.class == '\0' ? '-' : reply.class,
				reply.enhanced, reply.text);
		expect(parsed == (cases[i].want != NULL) &&
				(!parsed || strcmp(got, cases[i].want) == 0),
			"\"%s\": got \"%s\"", cases[i].text, got);
	}
}

static void
reply_parse_cuts_in_a_letter(void **state)
{
	static const char *const fillings[] = { ".", "n't ", " n't",
		"n't 530-A", "won't 530-A" };
	char text[REPLY_TEXT_LIMIT * 2];
	struct reply reply;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(fillings); i++)
		for (size_t start = 0; start < 16; start++) {
			size_t size = strlen(fillings[i]);

			memset(text, '.', sizeof(text));
			memcpy(text, "530 ", 4);
			for (size_t at = 4 + start; at + size < sizeof(text);
				at += size)
				memcpy(text + at, fillings[i], size);
			text[sizeof(text) - 1] = '\0';
			assert_true(reply_parse(&reply, text, ""));
			assert_true(strlen(reply.text) < REPLY_TEXT_LIMIT);
			assert_int_equal(reply.text[strlen(reply.text) - 1],
				'x');
		}
}

static void
reply_phrase_is_behind_prefixes(void **state)
{
	static const struct {
		const char *text;
		const char *want;
		const char *want_next; /* or NULL */
	} cases[] = {
		{ "use tls", "use tls", NULL },
		{ "mx.example.org use tls", "use tls", NULL },
		{ "mx.example.org: use tls", "use tls", NULL },
		{ "tlsv1.2 is needed", "tlsv1.2 is needed", NULL },
		{ "<a\">\"@b>: use tls", "use tls", NULL },
		{ "<a@b>... use tls", "use tls", NULL },
		{ "<a>: client host rejected: error: (tls", "tls", NULL },
		{ "[mx1] sorry, error: error: a", "error: a", NULL },
		{ "access denied: tls", "tls", NULL },
		{ "access denied. tls", "access denied. tls", "tls" },
		{ "access denied \nerror: tls", "access denied \nerror: tls",
			"tls" },
		{ "access denied.tls", "access denied.tls", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *want = cases[i].want_next;
		struct reply reply = { 0 };
		const char *phrase, *next;

		snprintf(reply.text, sizeof(reply.text), "%s", cases[i].text);
		phrase = reply_phrase(&reply);
		expect(strcmp(phrase, cases[i].want) == 0, "\"%s\": got \"%s\"",
			cases[i].text, phrase);
		next = reply_next_phrase(phrase);
		expect((next == NULL) == (want == NULL) &&
				(next == NULL || strcmp(next, want) == 0),
			"\"%s\": got \"%s\" next", cases[i].text,
			next != NULL ? next : "(nothing)");
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reply_in_finds_replies),
		cmocka_unit_test(reply_parse_takes_apart),
		cmocka_unit_test(reply_parse_cuts_in_a_letter),
		cmocka_unit_test(reply_phrase_is_behind_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
