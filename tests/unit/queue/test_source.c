/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <unistd.h>

#include "queue/source.h"

#define MESSAGE                                                                \
	"{\"queue_name\": \"deferred\", \"queue_id\": \"A\", "                 \
	"\"arrival_time\": 1700000000, \"message_size\": 1, "                  \
	"\"sender\": \"a@b\", \"recipients\": []}\n"

/*
 * A pipe that nobody closes: whatever came is read, and then the time is over,
 * also when too little came to be sure of its format.
 */
static void
source_gives_what_came_in_time(void **state)
{
	static const struct {
		const char *bytes;
		unsigned long messages;
	} cases[] = {
		{ "", 0 },
		{ "\n", 0 },
		{ "{", 0 },
		{ "\xEF\xBB", 0 },
		{ "postqueue: warning: x\n", 0 },
		{ MESSAGE, 1 },
		{ "postqueue: warning: x\n" MESSAGE, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct message message = MESSAGE_INIT;
		struct source source = { .deadline = deadline_in(0.05) };
		char path[32];
		struct error error;
		int ends[2], status;

		assert_int_equal(pipe(ends), 0);
		assert_int_equal(write(ends[1], cases[i].bytes,
					 strlen(cases[i].bytes)),
			strlen(cases[i].bytes));
		snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
		source.input = path;
		status = source_open(&source, &error);
		while (status >= 0 &&
			(status = source_next(&source, &message, &error)) > 0)
			continue;
		expect(status < 0 && source.timed_out &&
				strstr(error.text, "no answer within 0.05 s"),
			"%zu: %s", i, error.text);
		expect(source.messages == cases[i].messages,
			"%zu: %lu messages", i, source.messages);
		source_release(&source);
		message_release(&message);
		close(ends[0]);
		close(ends[1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(source_gives_what_came_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
