/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>

#include "queue/postqueue_exact.h"
#include "queue/reader.h"

/* A listing's messages as one text: "queue id arrival size sender [...]". */
static void
describe(FILE *out, const struct message *message)
{
	static const char *const kinds[] = { "none", "delay", "bounce",
		"other" };

	fprintf(out, "%s %s %lld %lld <%s>", queue_name(message->queue),
		message->id, message->arrival, message->size, message->sender);
	for (size_t i = 0; i < message->count; i++)
		fprintf(out, " [%s %s %s]", message->recipients[i].address,
			kinds[message->recipients[i].kind],
			message->recipients[i].reason
				? message->recipients[i].reason
				: "-");
	fputc('\n', out);
}

/* All of a listing, then "end" or the error; the caller frees. */
static char *
read_all(const char *listing, size_t length)
{
	struct message message = MESSAGE_INIT;
	struct stream stream = { 0 };
	struct reader reader = { .stream = &stream };
	struct error error = { "" };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int got;

	stream_open_memory(&stream, listing, length);
	while ((got = postqueue_json_next(&reader, &message, &error)) > 0)
		describe(out, &message);
	fputs(got < 0 ? error.text : "end", out);
	fclose(out);
	message_release(&message);
	stream_release(&stream);
	return text;
}

#define HEAD                                                                   \
	"{\"queue_name\": \"deferred\", \"queue_id\": \"A1\", "                \
	"\"arrival_time\": 1700000000, \"message_size\": 330, "                \
	"\"forced_expire\": false, \"sender\": \"s@x\", \"recipients\": ["
#define TAIL "]}\n"
#define READ "deferred A1 1700000000 330 <s@x>"

static const struct {
	const char *name, *listing, *want;
} cases[] = {
	{ "empty queue", "", "end" },
	{ "blank lines", "\n  \n", "end" },
	{ "no recipients", HEAD TAIL, READ "\nend" },
	{ "one", HEAD "{\"address\": \"a@b\", \"delay_reason\": \"why\"}" TAIL,
		READ " [a@b delay why]\nend" },
	{ "no line end", HEAD "{\"address\": \"a@b\"}]}",
		READ " [a@b none -]\nend" },
	{ "before 3.5",
		"{\"queue_name\": \"active\", \"queue_id\": \"A1\", "
		"\"arrival_time\": 1, \"message_size\": 2, \"sender\": "
		"\"MAILER-DAEMON\", \"recipients\": []}\n",
		"active A1 1 2 <MAILER-DAEMON>\nend" },
	{ "3.11",
		HEAD "{\"orig_address\": \"\", \"address\": \"a@b\", "
		     "\"bounce_reason\": \"no\"}, {\"orig_address\": \"o@b\", "
		     "\"address\": \"c@d\", \"other_reason\": \"hm\"}" TAIL,
		READ " [a@b bounce no] [c@d other hm]\nend" },
	{ "escapes",
		HEAD "{\"address\": \"\\\"a b\\\"@c\", \"delay_reason\": "
		     "\"x\\\\y\\/z\\tq\"}" TAIL,
		READ " [\"a b\"@c delay x\\y/z\tq]\nend" },
	{ "unicode escape",
		HEAD "{\"address\": \"a@b\", \"delay_reason\": "
		     "\"\\u00e9\\u0000\\u001b\"}" TAIL,
		READ " [a@b delay \303\251?\033]\nend" },
	{ "a control character and UTF-8",
		HEAD "{\"address\": \"a@b\", \"delay_reason\": "
		     "\"\\u001b \303\251 \200\"}" TAIL,
		READ " [a@b delay \033 \303\251 \200]\nend" },
	{ "a control character as it is",
		HEAD "{\"address\": \"a@b\", \"delay_reason\": "
		     "\"a\tb\033c\"}" TAIL,
		READ " [a@b delay a\tb\033c]\nend" },
	{ "UTF-8", HEAD "{\"address\": \"\303\266@\303\244\"}" TAIL,
		READ " [\303\266@\303\244 none -]\nend" },
	{ "unknown members",
		"{\"new\": [1, {\"x\": null}], \"queue_name\": \"hold\", "
		"\"queue_id\": \"B\", \"arrival_time\": 5, \"recipients\": "
		"[{\"address\": \"a\", \"later\": true, \"delay_reason\": "
		"\"r\"}]}\n",
		"hold B 5 0 <> [a delay r]\nend" },
	{ "another order and no blanks",
		"{\"recipients\":[{\"delay_reason\":\"r\",\"address\":\"a\"}],"
		"\"queue_id\":\"B\",\"queue_name\":\"deferred\",\"arrival_"
		"time\":5.9}\n",
		"deferred B 5 0 <> [a delay r]\nend" },
	{ "null reason",
		HEAD "{\"address\": \"a\", \"delay_reason\": null}" TAIL,
		READ " [a none -]\nend" },
	{ "unknown queue",
		"{\"queue_name\": \"corrupt\", \"queue_id\": \"B\", "
		"\"arrival_time\": 5, \"recipients\": []}\n",
		"other B 5 0 <>\nend" },
	{ "cut off", HEAD "{\"address\": \"a@b\"",
		"line 1: the JSON object is cut off" },
	{ "cut off in the second", HEAD TAIL HEAD,
		READ "\nline 2: the JSON object is cut off" },
	{ "two on a line", HEAD "]} " HEAD TAIL,
		"line 1: there is more behind the object, at byte 154" },
	{ "no JSON", "hello\n", "line 1: it is no JSON object" },
	{ "an array", "[]\n",
		"line 1: it is a JSON array, no object: 'jq -c .[]' makes a "
		"line of each one" },
	{ "laid out", "{\n  \"queue_name\": \"hold\"\n}\n",
		"line 1: the JSON object has several lines: 'jq -c .' makes "
		"one of them" },
	{ "a string", "\"{}\"\n", "line 1: it is no JSON object" },
	{ "a number", "\n7\n", "line 2: it is no JSON object" },
	{ "null", "null\n", "line 1: it is no JSON object" },
	{ "an empty object", "{}\n", "line 1: it has no \"queue_name\"" },
	{ "a queue that is no text",
		"{\"queue_name\": 1, \"queue_id\": \"A\"}\n",
		"line 1: its \"queue_name\" is no string" },
	{ "an empty id",
		"{\"queue_name\": \"hold\", \"queue_id\": \"\", "
		"\"arrival_time\": 1, \"recipients\": []}\n",
		"line 1: its \"queue_id\" is empty" },
	{ "no time",
		"{\"queue_name\": \"hold\", \"queue_id\": \"A\", "
		"\"recipients\": []}\n",
		"line 1: it has no \"arrival_time\"" },
	{ "a time that is text",
		"{\"queue_name\": \"hold\", \"queue_id\": \"A\", "
		"\"arrival_time\": \"1\", \"recipients\": []}\n",
		"line 1: its \"arrival_time\" is no number" },
	{ "a time beyond all",
		"{\"queue_name\": \"hold\", \"queue_id\": \"A\", "
		"\"arrival_time\": 1e300, \"recipients\": []}\n",
		"line 1: its \"arrival_time\" is out of bounds" },
	{ "no recipients member",
		"{\"queue_name\": \"hold\", \"queue_id\": \"A\", "
		"\"arrival_time\": 1}\n",
		"line 1: it has no \"recipients\"" },
	{ "recipients that are no array",
		"{\"queue_name\": \"hold\", \"queue_id\": \"A\", "
		"\"arrival_time\": 1, \"recipients\": {}}\n",
		"line 1: its \"recipients\" is no array" },
	{ "a recipient that is no object", HEAD "7" TAIL,
		"line 1: a recipient is no object" },
	{ "a recipient without address", HEAD "{}" TAIL,
		"line 1: it has no \"address\"" },
	{ "a reason that is no text",
		HEAD "{\"address\": \"a\", \"delay_reason\": 4}" TAIL,
		"line 1: its \"delay_reason\" is no string" },
};

static void
json_listings(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *got =
			read_all(cases[i].listing, strlen(cases[i].listing));

		expect(strcmp(got, cases[i].want) == 0,
			"%s: got '%s', want '%s'", cases[i].name, got,
			cases[i].want);
		free(got);
	}
}

/* Cut at any byte, a listing either fails or was cut between two objects. */
static void
json_truncated(void **state)
{
	static const char listing[] = HEAD
		"{\"address\": \"a@b\", \"delay_reason\": \"x \\\"q\\\"\"}" TAIL
			HEAD TAIL;
	const size_t second = (size_t)(strchr(listing, '\n') - listing) + 1;

	(void)state;
	for (size_t cut = 1; cut < sizeof(listing) - 1; cut++) {
		char *got = read_all(listing, cut);
		const char *end = strstr(got, "end");
		int clean = end != NULL && end[3] == '\0';
		int boundary = cut == second || cut == second - 1 ||
			cut == sizeof(listing) - 2;

		expect(clean == boundary, "cut at %zu: %s", cut, got);
		free(got);
	}
}

static void
json_nul_byte_is_an_error(void **state)
{
	static const char listing[] = HEAD "{\"address\": \"a\0b\"}" TAIL;
	char *got = read_all(listing, sizeof(listing) - 1);

	(void)state;
	expect(strncmp(got, "line 1: this is no JSON", 23) == 0, "got %s", got);
	free(got);
}

/* What the exact reader takes it leaves nothing of for json-c; and back. */
static void
exact_restores_the_line(void **state)
{
	static const char line[] =
		HEAD "{\"address\": \"a\", \"delay_reason\": \"r\"}, "
		     "{\"address\": 7}]}";
	struct message message = MESSAGE_INIT;
	char copy[sizeof(line)];

	(void)state;
	memcpy(copy, line, sizeof(line));
	assert_false(postqueue_exact(copy, sizeof(line) - 1, &message));
	assert_memory_equal(copy, line, sizeof(line));
	message_release(&message);
}

static void
exact_takes_what_postfix_writes(void **state)
{
	static const char *const lines[] = {
		HEAD "]}",
		HEAD "{\"address\": \"a\", \"delay_reason\": \"\\\"r\\\"\"}]}",
		HEAD "{\"orig_address\": \"\", \"address\": \"a\"}]}",
	};
	struct message message = MESSAGE_INIT;
	char copy[512];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		snprintf(copy, sizeof(copy), "%s", lines[i]);
		expect(postqueue_exact(copy, strlen(lines[i]), &message),
			"declined: %s", lines[i]);
	}
	message_release(&message);
}

static void
json_many_recipients(void **state)
{
	struct message message = MESSAGE_INIT;
	struct stream stream = { 0 };
	struct reader reader = { .stream = &stream };
	struct error error;
	char *listing = NULL;
	size_t size;
	FILE *out = open_memstream(&listing, &size);

	(void)state;
	fputs(HEAD, out);
	for (int i = 0; i < 50000; i++)
		fprintf(out,
			"%s{\"address\": \"u%d@x\", \"delay_reason\": \"r\"}",
			i ? ", " : "", i);
	fputs(TAIL, out);
	fclose(out);
	stream_open_memory(&stream, listing, size);
	assert_int_equal(postqueue_json_next(&reader, &message, &error), 1);
	assert_int_equal(message.count, 50000);
	assert_string_equal(message.recipients[49999].address, "u49999@x");
	assert_int_equal(postqueue_json_next(&reader, &message, &error), 0);
	message_release(&message);
	stream_release(&stream);
	free(listing);
}

/* A listing of one message; so many commas stand between the two texts. */
static char *
read_commas(const char *before, size_t commas, const char *after)
{
	char *listing = NULL, *text;
	size_t size;
	FILE *out = open_memstream(&listing, &size);

	fputs(before, out);
	while (commas-- > 0)
		fputc(',', out);
	fputs(after, out);
	fclose(out);
	text = read_all(listing, size);
	free(listing);
	return text;
}

/* What json-c would make of them is bounded; Postfix's own form needs it not. */
static void
json_many_marks(void **state)
{
	static const char other[] = HEAD "], \"x\": \"";
	const size_t limit = 2000000, others = 9;
	char *got;

	(void)state;
	got = read_commas(other, limit - others, "\"}\n");
	assert_string_equal(got, READ "\nend");
	free(got);
	got = read_commas(other, limit - others + 1, "\"}\n");
	assert_string_equal(got,
		"line 1: it has more than 2000000 brackets and commas, which only postqueue's own form may have");
	free(got);
	got = read_commas(HEAD "{\"address\": \"a\", \"delay_reason\": \"",
		limit * 2, "\"}" TAIL);
	assert_non_null(strstr(got, ",]\nend"));
	free(got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_listings),
		cmocka_unit_test(json_truncated),
		cmocka_unit_test(json_nul_byte_is_an_error),
		cmocka_unit_test(exact_restores_the_line),
		cmocka_unit_test(exact_takes_what_postfix_writes),
		cmocka_unit_test(json_many_recipients),
		cmocka_unit_test(json_many_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
