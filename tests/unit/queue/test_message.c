/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>

#include "queue/message.h"

static void
message_keeps_addresses_while_it_grows(void **state)
{
	struct message message = MESSAGE_INIT;
	const char *first = message_keep(&message, "first", 5);
	char large[40000];

	(void)state;
	memset(large, 'x', sizeof(large));
	for (int i = 0; i < 100; i++)
		message_keep(&message, large, sizeof(large) - (size_t)i);
	assert_string_equal(first, "first");
	message_release(&message);
}

static void
message_keep_hides_nul(void **state)
{
	struct message message = MESSAGE_INIT;

	(void)state;
	assert_string_equal(message_keep(&message, "a\0b\0", 4), "a?b?");
	assert_string_equal(message_keep(&message, "", 0), "");
	message_release(&message);
}

static void
message_reset_empties(void **state)
{
	struct message message = MESSAGE_INIT;

	(void)state;
	for (int round = 0; round < 3; round++) {
		message_reset(&message);
		assert_int_equal(message.count, 0);
		assert_string_equal(message.id, "");
		for (int i = 0; i < 10000; i++)
			message_add(&message, "a@b", REASON_DELAY, "why");
		message_add(&message, "c@d", REASON_NONE, "ignored");
		assert_int_equal(message.count, 10001);
		assert_null(message.recipients[10000].reason);
		assert_string_equal(message.recipients[9999].reason, "why");
		message.id = message_keep(&message, "ID", 2);
	}
	message_release(&message);
	assert_null(message.recipients);
}

static void
queue_names_go_both_ways(void **state)
{
	(void)state;
	for (int queue = 0; queue < QUEUE_OTHER; queue++)
		assert_int_equal(queue_of_name(queue_name((enum queue)queue)),
			queue);
	assert_int_equal(queue_of_name("corrupt"), QUEUE_OTHER);
	assert_int_equal(queue_of_name("other"), QUEUE_OTHER);
	assert_string_equal(queue_name(QUEUE_DEFERRED), "deferred");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(message_keeps_addresses_while_it_grows),
		cmocka_unit_test(message_keep_hides_nul),
		cmocka_unit_test(message_reset_empties),
		cmocka_unit_test(queue_names_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
