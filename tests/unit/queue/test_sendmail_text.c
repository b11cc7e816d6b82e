/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sendmail.txt is what Sendmail 8.17.1.9 printed of messages that it queued
 * itself; their times and reasons were then changed in the queue files, one
 * file was locked, one emptied, and one robbed of its body.
 */
#include "listings.h"

#define GROUP "\t\t/var/spool/mqueue (1 request)\n"
#define HEAD                                                                   \
	"-----Q-ID----- --Size-- -----Q-Time----- "                            \
	"------------Sender/Recipient-----------\n"
#define ID   "u8T9idh4006507"
#define DATE "Tue Nov 14 22:13"
#define ONE  ID "       27 " DATE " <s@x>\n"
#define TO   "\t\t\t\t\t "
#define END  "\t\tTotal requests: 1\n"
#define GOT  "deferred " ID " 20 27 <s@x>"
#define CUT(line)                                                              \
	"cut off after line " line ": it lacks its last line, like \"Total "   \
	"requests: N\""
#define WRONG ": not a line of a sendmail listing: "

static const struct {
	const char *name, *listing, *want;
} cases[] = {
	{ "empty queue", "/var/spool/mqueue is empty\n\t\tTotal requests: 0\n",
		"end" },
	{ "one",
		GROUP HEAD ONE "                 (Deferred: 403 4.7.0 TLS "
			       "handshake failed.)\n" TO "<a@b>\n" END,
		GOT " [a@b|Deferred: 403 4.7.0 TLS handshake failed.]\nend" },
	{ "blanks for tabs",
		"                /q (1 request)\n" HEAD ONE
		"                                         <a@b>\n"
		"                Total requests: 1\n",
		GOT " [a@b|]\nend" },
	{ "no header", ONE TO "a@b\n" END, GOT " [a@b|]\nend" },
	{ "no recipients", GROUP HEAD ONE END, GOT "\nend" },
	{ "body type", GROUP HEAD ONE "      8BITMIME\n" TO "a@b\n" END,
		GOT " [a@b|]\nend" },
	{ "body type and reason",
		GROUP HEAD ONE "      8BITMIME   (no (a) way)\n" TO "a@b\n" TO
			       "c@d\n" END,
		GOT " [a@b|no (a) way] [c@d|no (a) way]\nend" },
	{ "quarantine",
		GROUP HEAD ONE
		"     QUARANTINE: (bad) mail\n          7BIT   (why)\n" TO
		"a@b\n" END,
		"hold " ID " 20 27 <s@x> [a@b|why]\nend" },
	{ "active", GROUP HEAD ID "*      27 " DATE " <>\n" END,
		"active " ID " 20 27 <>\nend" },
	{ "load", GROUP HEAD ID "X      27 " DATE " <s@x>\n" END, GOT "\nend" },
	{ "young", GROUP HEAD ID "-      27 " DATE " <s@x>\n" END,
		GOT "\nend" },
	{ "lost", GROUP HEAD ID "?      27 " DATE " s@x\n" END, GOT "\nend" },
	{ "large", GROUP HEAD ID "*123456789 " DATE " s@x\n" END,
		"active " ID " 20 123456789 <s@x>\nend" },
	{ "no size", GROUP HEAD ID "       -1 " DATE " s@x\n" END,
		"deferred " ID " 20 0 <s@x>\nend" },
	{ "no body file",
		GROUP HEAD ID
		"readqf: cannot open d/df: No such file\n*      -1 " DATE
		" s@x\n" END,
		"active " ID " 20 0 <s@x>\nend" },
	{ "addresses that were cut",
		GROUP HEAD ID "        1 " DATE " <s@\n" TO "<a@b\n" TO
			      "<\n" END,
		"deferred " ID " 20 1 <s@> [a@b|] [|]\nend" },
	{ "no sender", GROUP HEAD ID "        1 " DATE "\n" END,
		"deferred " ID " 20 1 <>\nend" },
	{ "delivered meanwhile", GROUP HEAD ID " (job completed)\n" END,
		"end" },
	{ "being written", GROUP HEAD ID "  (no control file)\n" END, "end" },
	{ "several groups",
		"/var/spool/mqueue/a is empty\n" GROUP HEAD ONE GROUP HEAD ONE
		"\t\tTotal requests: 2\n",
		GOT "\n" GOT "\nend" },
	{ "two queues of Debian",
		"MSP Queue status...\n/var/spool/mqueue-client is "
		"empty\n\t\tTotal requests: 0\nMTA Queue status...\n" GROUP HEAD
			ONE END,
		GOT "\nend" },
	{ "a recipient like a header",
		GROUP HEAD ONE TO "/tmp/x (1 request)\n" TO
				  "Total requests: 1\n" TO "(x)\n" TO
				  "8BITMIME\n" END,
		GOT " [/tmp/x (1 request)|] [Total requests: 1|] [(x)|] "
		    "[8BITMIME|]\nend" },

	{ "nothing", "",
		"it is empty: even an empty queue has a line that says so" },
	{ "only a heading", GROUP HEAD, CUT("2") },
	{ "no trailer", GROUP HEAD ONE TO "a@b\n", GOT " [a@b|]\n" CUT("4") },
	{ "not readable", GROUP HEAD ID " (permission denied)\n" END,
		"line 4: the listing has a hole: it counts 1 messages and "
		"shows 0" },
	{ "not all shown",
		"\t\t/q (2 requests, only 1 printed)\n" HEAD ONE
		"\t\tTotal requests: 2\n",
		GOT "\nline 4: the listing has a hole: it counts 2 messages "
		    "and shows 1" },
	{ "more than counted", GROUP HEAD ONE ONE END,
		GOT "\n" GOT "\nline 5: the listing has a hole: it counts 1 "
		    "messages and shows 2" },
	{ "first queue cut off",
		"MSP Queue status...\n" GROUP HEAD ONE "MTA Queue status...\n",
		GOT
		"\nline 5: a listing begins before the one above has ended" },
	{ "no body file, cut off", ID "readqf: cannot open",
		"cut off after line 1" },
	{ "mailq -v",
		GROUP "-----Q-ID----- --Size-- -Priority- ---Q-Time--- "
		      "--------Sender/Recipient--------\n",
		"line 2" WRONG "-----Q-ID----- --Size-- -Priority- "
		"---Q-Time--- --------Send" },
	{ "not allowed", "510 You are not permitted to see the queue\n",
		"line 1" WRONG "510 You are not permitted to see the queue" },
	{ "reason not closed", GROUP HEAD ONE "                 (why\n" END,
		GOT "\nline 4" WRONG "                 (why" },
	{ "a remark behind a recipient",
		GROUP HEAD ONE TO "a@b\n                 (why)\n" END,
		GOT " [a@b|]\nline 5" WRONG "                 (why)" },
	{ "no such date", GROUP HEAD ID "       27 Tue Nov 31 22:13 s\n" END,
		"line 3" WRONG ID "       27 Tue Nov 31 22:13 s" },
	{ "Postfix", "Mail queue is empty\n",
		"line 1" WRONG "Mail queue is empty" },
};

static void
sendmail_text_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		listings_expect(sendmail_text_next, cases[i].name,
			cases[i].listing, cases[i].want);
}

static const char want_real[] =
	"deferred 6AO2uZkQ000929 80 6 <user@example.com>"
	" [rcpt@x.example|Deferred: 403 4.7.0 TLS handshake failed.]\n"
	"deferred 6AO2xZBr011069 3456020 6 "
	"<the.news.letter.of.the.company@lists.ex>"
	" [four@z.example|Deferred: 451 4.4.1 reply: read error from "
	"mx.z.example. (an]\n"
	"deferred 6AO2vZXD000002 259220 0 <user@example.com>"
	" [a.very.long.local.part.of.an.address@t|Deferred: Connection refused "
	"by x.example.]"
	" [one@x.example|Deferred: Connection refused by x.example.]"
	" [two@y.example|Deferred: Connection refused by x.example.]\n"
	"active 6AO2wZgo007734 3620 7 <>"
	" [three@tls.example|Deferred: 403 4.7.0 TLS handshake failed.]\n"
	"deferred 6AO2vZXD004613 259220 6 <user@example.com>"
	" [a.very.long.local.part.of.an.address@t|Deferred: Connection refused "
	"by x.example.]"
	" [one@x.example|Deferred: Connection refused by x.example.]"
	" [two@y.example|Deferred: Connection refused by x.example.]\n"
	"end";

static void
sendmail_text_of_sendmail(void **state)
{
	size_t length;
	char *listing = listings_load("sendmail.txt", &length);

	(void)state;
	listings_expect(sendmail_text_next, "sendmail.txt", listing, want_real);
	free(listing);
}

static void
sendmail_text_cut_off(void **state)
{
	(void)state;
	listings_expect_cuts_seen(sendmail_text_next, "sendmail.txt");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sendmail_text_cases),
		cmocka_unit_test(sendmail_text_of_sendmail),
		cmocka_unit_test(sendmail_text_cut_off),
	};

	return cmocka_run_group_tests(tests, listings_setup, NULL);
}
