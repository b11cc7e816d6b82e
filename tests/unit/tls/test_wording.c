/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plugins/tls/wording.c: the signs of a wording and what may come behind. */
#include "unit.h"

#include "tls/wording.h"

static void
wording_match_knows_the_signs(void **state)
{
	static const struct {
		const char *wording, *text;
		const char *want; /* the rest of the text, or NULL */
	} cases[] = {
		{ "", "any", "any" },
		{ "use tls", "use tls now", " now" },
		{ "use tls", "use  \n\rtls", "" },
		{ "use tls", "use tlsv1.2", NULL },
		{ "use tls", "use", NULL },
		{ "use tls", "use: tls", NULL },
		{ "use|issue tls", "issue tls.", "." },
		{ "use|issue tls", "use|issue tls", NULL },
		{ "a|the? tls", "the tls", "" },
		{ "a|the? tls", "tls", "" },
		{ "a|the? tls", "a the tls", NULL },
		{ "smtp? smtp", "smtp", "" },
		{ "use tls?", "use it", " it" },
		{ "use 'tls", "use 'tls'", NULL },
		{ "use tls first", "use 'tls' first", "" },
		{ "use tls first", "use \"tls\" first", "" },
		{ "use tls", "use 'tls\"", NULL },
		{ "use tls first", "use 'tls first'", NULL },
		{ "use %", "use ssl/tls encryption", "" },
		{ "use %", "use starttls here", " here" },
		{ "use % now", "use ssl/tls encryption now", "" },
		{ "use % now", "use a plain connection now", NULL },
		{ "use % now", "use an encrypted connection now", "" },
		{ "use % now", "use strong encryption now", "" },
		{ "use & now", "use strong encryption now", NULL },
		{ "use & now", "use transport layer security now", "" },
		{ "use & now", "use a tls-encrypted connection now", "" },
		{ "use & now", "use tls encrypted sessions now", "" },
		{ "use & now", "use tls or ssl now", "" },
		{ "use &", "use tls 1.2", "" },
		{ "use &", "use tls version 1.3 or later now", " now" },
		{ "use &", "use tlsv1.2+ sessions", "" },
		{ "use &", "use tls 1.1", " 1.1" },
		{ "use &", "use a tls encrypted session", "" },
		{ "use &", "use a tls encrypted file", " encrypted file" },
		{ "use % first?", "use tls encrypted sessions first", "" },
		{ "use & now", "use tls or what now", NULL },
		{ "use % now", "use encryption (tls) now", "" },
		{ "use % now", "use encryption (pgp) now", NULL },
		{ "use % now", "use encryption (tls now", NULL },
		{ "to $ now", "to example.net now", "" },
		{ "to $ now", "to  <user@example.net> now", "" },
		{ "to $ now", "to example now", NULL },
		{ "to $ now", "to <example.net now", NULL },
		{ "to $", "to <a b.c>", NULL },
		{ "$", "example.net.", "." },
		{ "use %", "use encryption (tls)", "" },
		{ "use %", "use encryption (pgp)", " (pgp)" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *got =
			wording_match(cases[i].text, cases[i].wording);

		expect((got == NULL) == (cases[i].want == NULL) &&
				(got == NULL ||
					strcmp(got, cases[i].want) == 0),
			"\"%s\" in \"%s\": got \"%s\"", cases[i].wording,
			cases[i].text, got != NULL ? got : "(nothing)");
		expect(got == NULL ||
				(wording_first(cases[i].text) &
					wording_firsts(cases[i].wording)) != 0,
			"\"%s\" in \"%s\": no first in common",
			cases[i].wording, cases[i].text);
	}
}

static void
wording_firsts_tell_texts_apart(void **state)
{
	static const struct {
		const char *wording, *text;
		bool want;
	} cases[] = {
		{ "use tls", "use", true },
		{ "use tls", "  \n'use", true },
		{ "use tls", "tls", false },
		{ "use tls", "", false },
		{ "use|issue tls", "issue", true },
		{ "use|issue tls", "is", false },
		{ "use|issue? tls", "'tls' now", true },
		{ "use|issue? tls", "see", false },
		{ "use? tls?", "see", true },
		{ "1.2|v1.2? or", "1.2", true },
		{ "1.2|v1.2? or", "or higher", true },
		{ "1.2|v1.2? or", "use", false },
		{ "% now", "an", true },
		{ "% now", "session", true },
		{ "% now", "now", false },
		{ "a? & now", "strong", true },
		{ "a? & now", "user", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		expect(((wording_first(cases[i].text) &
				wording_firsts(cases[i].wording)) != 0) ==
				cases[i].want,
			"\"%s\" and \"%s\": want %d", cases[i].wording,
			cases[i].text, cases[i].want);
}

static void
wording_ends_at_a_thought(void **state)
{
	static const struct {
		const char *text;
		bool want;
	} cases[] = {
		{ "", true },
		{ "  ", true },
		{ ", as said", true },
		{ " - as said", true },
		{ " \nas said", true },
		{ " \ras said", true },
		{ " / starttls", true },
		{ " /optional", false },
		{ " as said", false },
		{ "for mail", false },
		{ " for mail", true },
		{ " to send", true },
		{ " for a login", false },
		{ " for mail; a login", true },
		{ " for mail \na login", true },
		{ " for mail \ra login", false },
		{ " for example.org login", false },
		{ " see the manual", true },
		{ " https://example.org/", true },
		{ " u14sm10399872gvf.1", true },
		{ " u14sm10399872gvf.1 - gsmtp", true },
		{ " u14sm10399872gvf.1 login", false },
		{ "u14sm10399872gvf.1", false },
		{ " 10399872.1", false },
		{ " x509", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		expect(wording_ends(cases[i].text, "for to", "login log") ==
				cases[i].want,
			"\"%s\": want %d", cases[i].text, cases[i].want);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(wording_match_knows_the_signs),
		cmocka_unit_test(wording_firsts_tell_texts_apart),
		cmocka_unit_test(wording_ends_at_a_thought),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
