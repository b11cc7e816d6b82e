/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * smtpctl.txt is what smtpctl show queue of OpenSMTPD 6.8.0p2 printed after
 * it had sent three messages to a relay that must offer STARTTLS and did not,
 * and the first message had been paused; smtpctl-offline.txt is the same
 * queue once the daemon was stopped.
 */
#include "listings.h"

#define E1    "0b7459f8661daa92"
#define E2    "0b7459f8c5bf1518"
#define E3    "2e50b249b4a573a8"
#define FROM  "|inet4|mta||s@x|"
#define TIMES "|1699999000|1700345600|1699999500|3|"
#define PEND  TIMES "pending|389|"
#define WRONG ": not a line of a smtpctl listing: "

static const struct {
	const char *name, *listing, *want;
} cases[] = {
	{ "empty queue", "", "end" },
	{ "one", E1 FROM "a@b|a@b" PEND "no\n",
		"deferred 0b7459f8 1000 0 <s@x> [a@b|no]\nend" },
	{ "no line end", E1 FROM "a@b|a@b" PEND "no",
		"cut off in line 1: it has no line break" },
	{ "no line end in the second line",
		E1 FROM "a@b|a@b" PEND "no\n" E2 FROM "c@d|c@d" PEND "no",
		"deferred 0b7459f8 1000 0 <s@x> [a@b|no]\ncut off in line 2: "
		"it has no line break" },
	{ "no error", E1 FROM "a@b|a@b" PEND "\n",
		"incoming 0b7459f8 1000 0 <s@x> [a@b|]\nend" },
	{ "being sent", E1 FROM "a@b|a@b" TIMES "inflight|-1|no\n",
		"active 0b7459f8 1000 0 <s@x> [a@b|no]\nend" },
	{ "neither", E1 FROM "a@b|a@b" TIMES "invalid||no\n",
		"deferred 0b7459f8 1000 0 <s@x> [a@b|no]\nend" },
	{ "paused", E1 "|local|mta|auth,suspend|s@x|a@b|a@b" PEND "no\n",
		"hold 0b7459f8 1000 0 <s@x> [a@b|no]\nend" },
	{ "waiting for a busy route",
		E1 "|local|mta|auth,hold|s@x|a@b|a@b" PEND "no\n",
		"deferred 0b7459f8 1000 0 <s@x> [a@b|no]\nend" },
	{ "another flag", E1 "|local|mta|suspended|s@x|a@b|a@b" PEND "no\n",
		"deferred 0b7459f8 1000 0 <s@x> [a@b|no]\nend" },
	{ "null sender", E1 "|?|bounce|bounce|@|a@b|a@b" PEND "no\n",
		"deferred 0b7459f8 1000 0 <> [a@b|no]\nend" },
	{ "two recipients, another message",
		E1 FROM "a@b|a@b" PEND "no\n" E2 FROM "c@d|c@d" PEND
			"yes\n" E3 FROM "e@f|e@f" PEND "\n",
		"deferred 0b7459f8 1000 0 <s@x> [a@b|no] [c@d|yes]\nincoming "
		"2e50b249 1000 0 <s@x> [e@f|]\nend" },
	{ "one paused, one not",
		E1 "|local|mta|suspend|s@x|a@b|a@b" PEND "no\n" E2 FROM
		   "c@d|c@d" PEND "\n",
		"incoming 0b7459f8 1000 0 <s@x> [a@b|no] [c@d|]\nend" },
	{ "one being sent",
		E1 FROM "a@b|a@b" TIMES "inflight|1|\n" E2 FROM "c@d|c@d" PEND
			"no\n",
		"active 0b7459f8 1000 0 <s@x> [a@b|] [c@d|no]\nend" },
	{ "empty lines",
		"\n" E1 FROM "a@b|a@b" PEND "no\n\n" E2 FROM "c@d|c@d" PEND
		"yes\n\n",
		"deferred 0b7459f8 1000 0 <s@x> [a@b|no] [c@d|yes]\nend" },
	{ "bars", E1 "|inet6|mta||a|1|2@x|b|c@d|e|f@g" PEND "450 x | y | z|1\n",
		"deferred 0b7459f8 1000 0 <a|1|2@x> [b|c@d|450 x | y | "
		"z|1]\nend" },
	{ "a local part like the rest of a line",
		E1 FROM "b|1|2|3|4|pending|5|TLS@d|b@d" PEND "no\n",
		"deferred 0b7459f8 1000 0 <s@x> "
		"[b|1|2|3|4|pending|5|TLS@d|no]\nend" },
	{ "quoted", E1 FROM "\"a@|\\\"b|\"@c|x@y" PEND "no\n",
		"deferred 0b7459f8 1000 0 <s@x> [\"a@|\\\"b|\"@c|no]\nend" },
	{ "offline", E1 FROM "a@b|a@b" TIMES "offline||no\n",
		"deferred 0b7459f8 1000 0 <s@x> [a@b|no]\nend" },

	{ "no error field", E1 FROM "a@b|a@b" TIMES "pending|389\n",
		"line 1" WRONG E1 FROM "a@b|a@b|1699999000|170034560" },
	{ "a second line that is broken",
		E1 FROM "a@b|a@b" PEND "no\n" E2 "|inet\n",
		"deferred 0b7459f8 1000 0 <s@x> [a@b|no]\nline 2" WRONG E2
		"|inet" },
	{ "quote without an end", E1 FROM "\"a@b|a@b" PEND "no\\\n",
		"line 1" WRONG E1 FROM "\"a@b|a@b|1699999000|17003456" },
	{ "short id", "0b7459f8661daa9" FROM "a@b|a@b" PEND "no\n",
		"line 1" WRONG "0b7459f8661daa9" FROM
		"a@b|a@b|1699999000|1700345600" },
	{ "no hexadecimal id", "0b7459f8661daa9x" FROM "a@b|a@b" PEND "no\n",
		"line 1" WRONG "0b7459f8661daa9x" FROM
		"a@b|a@b|1699999000|170034560" },
	{ "no number", E1 FROM "a@b|a@b|now|1|2|3|pending|4|\n",
		"line 1" WRONG E1 FROM "a@b|a@b|now|1|2|3|pending|4|" },
	{ "no address", E1 FROM "a|b|1|1|2|3|pending|4|no\n",
		"line 1" WRONG E1 FROM "a|b|1|1|2|3|pending|4|no" },
	{ "not root", "smtpctl: need root privileges\n",
		"line 1" WRONG "smtpctl: need root privileges" },
};

static void
opensmtpd_text_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		listings_expect(opensmtpd_text_next, cases[i].name,
			cases[i].listing, cases[i].want);
}

#define SENT "-95489737 0 "
#define WHY  "|Network error on destination MXs]"

static void
opensmtpd_text_of_opensmtpd(void **state)
{
	size_t length;
	char *online = listings_load("smtpctl.txt", &length);
	char *offline = listings_load("smtpctl-offline.txt", &length);

	(void)state;
	listings_expect(opensmtpd_text_next, "smtpctl.txt", online,
		"hold 0b7459f8 " SENT "<s@example.org> [b@tls.example" WHY
		" [a@tls.example" WHY "\n"
		"deferred 2e50b249 " SENT "<> [c@other.example" WHY "\n"
		"deferred 6bc73da7 " SENT "<s2@example.org> [d@tls.example" WHY
		"\nend");
	listings_expect(opensmtpd_text_next, "smtpctl-offline.txt", offline,
		"deferred 6bc73da7 " SENT "<s2@example.org> [d@tls.example" WHY
		"\n"
		"deferred 2e50b249 " SENT "<> [c@other.example" WHY "\n"
		"deferred 0b7459f8 " SENT "<s@example.org> [b@tls.example" WHY
		" [a@tls.example" WHY "\nend");
	free(online);
	free(offline);
}

/* Without a trailer, a cut is seen unless it is between two lines. */
static void
opensmtpd_text_cut_off(void **state)
{
	size_t length;
	char *listing = listings_load("smtpctl.txt", &length);

	(void)state;
	for (size_t cut = 1; cut <= length; cut++) {
		char *got = listings_read(opensmtpd_text_next, listing, cut);
		bool whole = listing[cut - 1] == '\n';

		expect(listings_ended(got) == whole, "cut to %zu: %s", cut,
			got);
		free(got);
	}
	free(listing);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opensmtpd_text_cases),
		cmocka_unit_test(opensmtpd_text_of_opensmtpd),
		cmocka_unit_test(opensmtpd_text_cut_off),
	};

	return cmocka_run_group_tests(tests, listings_setup, NULL);
}
