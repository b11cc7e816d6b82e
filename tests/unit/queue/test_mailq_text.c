/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mailq-short.txt and mailq-long.txt are what postqueue -p of Postfix 3.7.11
 * printed, with enable_long_queue_ids = no and = yes, of one queue that a
 * script offered at the showq socket.
 */
#include "listings.h"

#define SHORT                                                                  \
	"-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
#define LONG                                                                   \
	"----Queue ID-----  --Size-- ---Arrival Time---- "                     \
	"--Sender/Recipient------\n"
#define DATE  "Tue Nov 14 22:13:20"
#define ONE   "0123456789A     100 " DATE "  s@x\n"
#define GOT   "deferred 0123456789A 0 100 <s@x>"
#define END   "\n-- 0 Kbytes in 1 Request.\n"
#define TWO   "\n-- 0 Kbytes in 2 Requests.\n"
#define WRONG ": not a line of a mailq listing: "
#define CUT(line)                                                              \
	"cut off after line " line ": it lacks its last line, like \"-- N "    \
	"Kbytes in N Requests.\""

static const struct {
	const char *name, *listing, *want;
} cases[] = {
	{ "empty queue", "Mail queue is empty\n", "end" },
	{ "empty queue, no line end", "Mail queue is empty", "end" },
	{ "several empty queues",
		"Mail queue is empty\nMail queue is empty\r\n", "end" },
	{ "no recipients", SHORT ONE END, GOT "\nend" },
	{ "no heading", ONE END, GOT "\nend" },
	{ "empty lines above", "\n\n" SHORT ONE END "\n\n", GOT "\nend" },
	{ "carriage returns",
		"0123456789A     100 " DATE "  s@x\r\n"
		"          a@b\r\n\r\n"
		"-- 0 Kbytes in 1 Request.\r\n",
		GOT " [a@b|]\nend" },
	{ "long ids", LONG "4bXyZ12345z9Q1        2048 " DATE " s@x\n" END,
		"deferred 4bXyZ12345z9Q1 0 2048 <s@x>\nend" },
	{ "long id under the short heading",
		SHORT "4bXyZ12345z9Q1    2048 " DATE "  s@x\n" END,
		"deferred 4bXyZ12345z9Q1 0 2048 <s@x>\nend" },
	{ "active", "0123456789A*    100 " DATE "  s@x\n" END,
		"active 0123456789A 0 100 <s@x>\nend" },
	{ "hold", "0123456789A!    100 " DATE "  s@x\n" END,
		"hold 0123456789A 0 100 <s@x>\nend" },
	{ "forced to expire", "0123456789A#    100 " DATE "  s@x\n" END,
		GOT "\nend" },
	{ "active, forced to expire", "0123456789A*#   100 " DATE "  s@x\n" END,
		"active 0123456789A 0 100 <s@x>\nend" },
	{ "hold, forced to expire", "0123456789A!#   100 " DATE "  s@x\n" END,
		"hold 0123456789A 0 100 <s@x>\nend" },
	{ "2.3: id and size in one", "0123456789A12345678 " DATE "  s@x\n" END,
		"deferred 0123456789A 0 12345678 <s@x>\nend" },
	{ "2.3: marker and size in one",
		"0123456789*12345678 " DATE "  s@x\n" END,
		"active 0123456789 0 12345678 <s@x>\nend" },
	{ "2.3: no size of eight digits", "0123456789AB2345678 " DATE " s\n",
		"line 1" WRONG "0123456789AB2345678 " DATE " s" },
	{ "2.3: no id", "12345678 " DATE " s\n",
		"line 1" WRONG "12345678 " DATE " s" },
	{ "an id of digits", "0123456789      100 " DATE "  s@x\n" END,
		"deferred 0123456789 0 100 <s@x>\nend" },
	{ "blanks in the sender",
		"0123456789A     100 " DATE "  \"a  b\"@x \t\n" END,
		"deferred 0123456789A 0 100 <\"a  b\"@x>\nend" },
	{ "no sender", "0123456789A     100 " DATE "\n" END,
		"deferred 0123456789A 0 100 <>\nend" },
	{ "maildrop before 3.1",
		"0123456789A     100 " DATE
		"  (maildrop queue, sender UID 1000)\n" END,
		"maildrop 0123456789A 0 100 <>\nend" },
	{ "a sender like it",
		"0123456789A     100 " DATE
		"  (maildrop queue, sender UID 1)@x\n" END,
		"deferred 0123456789A 0 100 <(maildrop queue, sender UID "
		"1)@x>\nend" },
	{ "no reason", ONE "     a@b\n     c@d\n" END,
		GOT " [a@b|] [c@d|]\nend" },
	{ "one reason for two", ONE "  (why)\n     a@b\n     c@d\n" END,
		GOT " [a@b|why] [c@d|why]\nend" },
	{ "another reason", ONE " (x)\n     a@b\n (y)\n     c@d\n" END,
		GOT " [a@b|x] [c@d|y]\nend" },
	{ "no more reason",
		ONE " (x)\n     a@b\n   (reason unavailable)\n     c@d\n" END,
		GOT " [a@b|x] [c@d|]\nend" },
	{ "a reason that begins alike",
		ONE "   (reason unavailable now)\n     c@d\n" END,
		GOT " [c@d|reason unavailable now]\nend" },
	{ "empty reason", ONE " (x)\n ()\n     c@d\n" END, GOT " [c@d|]\nend" },
	{ "long reason in the first column", ONE "(why)\n     a@b\n" END,
		GOT " [a@b|why]\nend" },
	{ "parentheses in the reason",
		ONE " (host h[1] said: 450 :( (in reply to RCPT TO command))\n "
		    "    a@b\n" END,
		GOT " [a@b|host h[1] said: 450 :( (in reply to RCPT TO "
		    "command)]\nend" },
	{ "reason without an end", ONE " (why\n     a@b\n" END,
		GOT "\nline 2" WRONG " (why" },
	{ "reason not carried to the next message",
		ONE " (x)\n  a@b\n\n" ONE "  c@d\n" TWO,
		GOT " [a@b|x]\n" GOT " [c@d|]\nend" },
	{ "no empty lines between",
		ONE "  a@b\n" ONE "  c@d\n-- 0 Kbytes in 2 Requests.\n",
		GOT " [a@b|]\n" GOT " [c@d|]\nend" },
	{ "quoted addresses", ONE "     \"(a) b\"@c \n" END,
		GOT " [\"(a) b\"@c|]\nend" },
	{ "an address like a message line",
		ONE "     0123456789A     100 " DATE "  s@x\n" END,
		GOT " [0123456789A     100 " DATE "  s@x|]\nend" },
	{ "an address like a trailer", ONE " -- 0 Kbytes in 1 Request.\n" END,
		GOT " [-- 0 Kbytes in 1 Request.|]\nend" },
	{ "two instances", SHORT ONE END "Mail queue is empty\n" LONG ONE END,
		GOT "\n" GOT "\nend" },
	{ "two instances, the second without a heading",
		SHORT ONE END "\n\n" ONE "\n" ONE TWO,
		GOT "\n" GOT "\n" GOT "\nend" },
	{ "warnings of postqueue",
		"postqueue: warning: Mail system is down\n" SHORT ONE
		"  (x)\nmailq: warning: hm\n  a@b\nsendmail: warning: hm\n" END,
		GOT " [a@b|x]\nend" },
	{ "before 3.1: messages that went away",
		SHORT "\n\n" ONE "\n\n-- 0 Kbytes in 4 Requests.\n",
		GOT "\nend" },
	{ "the size of a large queue",
		ONE "\n-- 18446744073709551 Kbytes in 1 Request.\n",
		GOT "\nend" },
	{ "a year ago", "0123456789A     100 Mon Nov 14 22:13:20  s@x\n" END,
		"deferred 0123456789A 31536000 100 <s@x>\nend" },

	{ "nothing", "",
		"it is empty: even an empty queue has a line that says so" },
	{ "nothing but a warning", "postqueue: warning: x\n", CUT("1") },
	{ "only a heading", SHORT, CUT("1") },
	{ "no trailer", SHORT ONE "  (x)\n  a@b\n", GOT " [a@b|x]\n" CUT("4") },
	{ "half a trailer", ONE "\n-- 0 Kbytes in 1 Request",
		GOT "\nline 3" WRONG "-- 0 Kbytes in 1 Request" },
	{ "a trailer of another kind", ONE "\n-- 0 Kbytes in 1 Requests. \tx\n",
		GOT "\nline 3" WRONG "-- 0 Kbytes in 1 Requests. \tx" },
	{ "half of nothing", "Mail queue is empt",
		"line 1" WRONG "Mail queue is empt" },
	{ "fewer messages than counted", ONE TWO,
		GOT "\nline 3: the listing has a hole: it counts 2 messages "
		    "and shows 1" },
	{ "more messages than counted", ONE "\n" ONE END,
		GOT "\n" GOT "\nline 5: the listing has a hole: it counts 1 "
		    "messages and shows 2" },
	{ "more messages than counted, and lines as many", ONE ONE END,
		GOT "\n" GOT "\nline 4: the listing has a hole: it counts 1 "
		    "messages and shows 2" },
	{ "the end of a listing", TWO,
		"line 2: the listing has a hole: it counts 2 messages and "
		"shows 0" },
	{ "empty lines of the listing above",
		ONE END "\n\n" ONE "\n-- 0 Kbytes in 3 Requests.\n",
		GOT "\n" GOT "\nline 8: the listing has a hole: it counts 3 "
		    "messages and shows 1" },
	{ "a heading before the end", SHORT ONE "\n" SHORT ONE END,
		GOT
		"\nline 4: a listing begins before the one above has ended" },
	{ "two headings", SHORT SHORT,
		"line 2: a listing begins before the one above has ended" },
	{ "messages and none", ONE "\nMail queue is empty\n",
		GOT
		"\nline 3: a listing begins before the one above has ended" },
	{ "a second listing cut off", ONE END SHORT ONE,
		GOT "\n" GOT "\n" CUT("5") },
	{ "a recipient before a message", SHORT "       a@b\n",
		"line 2" WRONG "       a@b" },
	{ "a recipient behind an empty line", ONE "\n   a@b\n",
		GOT "\nline 3" WRONG "   a@b" },
	{ "not run",
		"postqueue: fatal: Queue report unavailable - mail system is "
		"down\n",
		"line 1: the listing failed: postqueue: fatal: Queue report "
		"unavailable - mail system is down" },
	{ "died",
		ONE
		"  a@b\npostqueue: fatal: malformed showq server response\n",
		GOT " [a@b|]\nline 3: the listing failed: postqueue: fatal: "
		    "malformed showq server response" },
	{ "mailq died", "mailq: fatal: x\n",
		"line 1: the listing failed: mailq: fatal: x" },
	{ "sendmail died", "sendmail: error: x\n",
		"line 1: the listing failed: sendmail: error: x" },
	{ "another program", "postqueues: fatal: x\n",
		"line 1" WRONG "postqueues: fatal: x" },
	{ "a log line",
		"Nov 14 22:13:20 mx postfix/qmgr[1]: 0123456789A: removed, and "
		"so on\n",
		"line 1" WRONG "Nov 14 22:13:20 mx postfix/qmgr[1]: "
		"0123456789A: removed, an" },
	{ "a size too large", "0123456789A 99999999999999999999 " DATE " s\n",
		"line 1" WRONG "0123456789A 99999999999999999999 " DATE " s" },
	{ "no blank behind the size", "0123456789A 100" DATE " s\n",
		"line 1" WRONG "0123456789A 100" DATE " s" },
	{ "no blank behind the date", "0123456789A 100 " DATE "s\n",
		"line 1" WRONG "0123456789A 100 " DATE "s" },
	{ "no such date", "0123456789A 100 Tue Nov 31 22:13:20 s\n",
		"line 1" WRONG "0123456789A 100 Tue Nov 31 22:13:20 s" },
	{ "an id with a hyphen", "0t5C6f-0000c8-00 100 " DATE " s\n",
		"line 1" WRONG "0t5C6f-0000c8-00 100 " DATE " s" },
};

static void
mailq_text_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		listings_expect(mailq_text_next, cases[i].name,
			cases[i].listing, cases[i].want);
}

static void
mailq_text_inner_nul(void **state)
{
	static const char listing[] = "0123456789A 100 " DATE " s\0@x\n"
				      " (a\0)\n  a\0\n" END;
	char *got =
		listings_read(mailq_text_next, listing, sizeof(listing) - 1);

	(void)state;
	assert_string_equal(got,
		"deferred 0123456789A 0 100 <s?@x> [a?|a?]\nend");
	free(got);
}

static const char want_real[] =
	"deferred 3F2A61C0B2 0 412 <root>\n"
	"active 4SVB6z1tPRz9vXN 60 2048 <MAILER-DAEMON>"
	" [a@x.example|delivery temporarily suspended: Server certificate not "
	"verified]"
	" [b@x.example|delivery temporarily suspended: Server certificate not "
	"verified]"
	" [\"(c) d\"@y.example|]\n"
	"active 0123456789A 864000 100 <s@x.example> [z@z.example|]\n"
	"deferred 89ABCDEF012 5 123456789 <\"a b\"@x.example>"
	" [p@q.example|] [r@q.example|]\n"
	"deferred A1B2C3D4E5F6 25920000 5000 <news@example.org>"
	" [c@y.example|host mx.example.net[192.0.2.25] said: 450 4.7.1 "
	"<c@y.example>: Recipient address rejected: Greylisted (see "
	"http://postgrey.example/) (in reply to RCPT TO command)]"
	" [t@tls.example|TLS is required, but was not offered by host "
	"mx.tls.example[192.0.2.26]]"
	" [u@tls.example|TLS is required, but was not offered by host "
	"mx.tls.example[192.0.2.26]]\n"
	"deferred 4SVB6z1tPRz9vXP 31968000 700 <MAILER-DAEMON>"
	" [w@x.example|connect to mx.x.example[192.0.2.27]:25: Connection "
	"timed out]\n"
	"hold B1B2C3D4E5F6 3600 5000 <info@example.org>"
	" [v@tls.example|Server certificate not trusted]\n"
	"end";

static const char *const real[] = { "mailq-short.txt", "mailq-long.txt" };

static void
mailq_text_of_postfix(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(real); i++) {
		size_t length;
		char *listing = listings_load(real[i], &length);

		listings_expect(mailq_text_next, real[i], listing, want_real);
		free(listing);
	}
}

static void
mailq_text_cut_off(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(real); i++)
		listings_expect_cuts_seen(mailq_text_next, real[i]);
}

#define MANY 100000

/* The reason is kept once, or this would take gigabytes. */
static void
mailq_text_many_recipients(void **state)
{
	struct message message = MESSAGE_INIT;
	struct stream stream = { 0 };
	struct reader reader = { .stream = &stream, .now = NOW };
	struct error error = { "" };
	char *listing = NULL;
	size_t length;
	FILE *out = open_memstream(&listing, &length);

	(void)state;
	fprintf(out, ONE "(%0100000d)\n", 0);
	for (int i = 0; i < MANY; i++)
		fprintf(out, "%41s%d@x.example\n", "", i);
	fputs(END, out);
	fclose(out);
	stream_open_memory(&stream, listing, length);
	free(listing);
	assert_int_equal(mailq_text_next(&reader, &message, &error), 1);
	assert_int_equal(message.count, MANY);
	assert_string_equal(message.recipients[MANY - 1].address,
		"99999@x.example");
	assert_int_equal(strlen(message.recipients[0].reason), 100000);
	assert_ptr_equal(message.recipients[0].reason,
		message.recipients[MANY - 1].reason);
	assert_int_equal(mailq_text_next(&reader, &message, &error), 0);
	message_release(&message);
	stream_release(&stream);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mailq_text_cases),
		cmocka_unit_test(mailq_text_inner_nul),
		cmocka_unit_test(mailq_text_of_postfix),
		cmocka_unit_test(mailq_text_cut_off),
		cmocka_unit_test(mailq_text_many_recipients),
	};

	return cmocka_run_group_tests(tests, listings_setup, NULL);
}
