/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"

static void
error_set_formats(void **state)
{
	struct error error = { "before" };

	(void)state;
	assert_int_equal(error_set(&error, "%s:%d: %s", "file", 7, "why"), -1);
	assert_string_equal(error.text, "file:7: why");
}

static void
error_set_cuts(void **state)
{
	struct error error;
	char text[2 * sizeof(error.text)];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(error_set(&error, "%s", text), -1);
	assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
	assert_memory_equal(error.text, text, sizeof(error.text) - 1);
}

static void
error_memory_is_zeroed_and_copied(void **state)
{
	char *zeroed = xcalloc(3, 5), *nothing = xcalloc(0, 0);
	char *copy = xstrdup("text"), *part = xstrndup("text", 2);

	(void)state;
	for (int i = 0; i < 15; i++)
		assert_int_equal(zeroed[i], 0);
	assert_non_null(nothing);
	assert_string_equal(copy, "text");
	assert_string_equal(part, "te");
	copy = xrealloc(copy, 500, 2);
	assert_string_equal(copy, "text");
	memset(copy, 'x', 1000);
	copy = xrealloc(copy, 0, 7);
	assert_non_null(copy);
	free(zeroed);
	free(nothing);
	free(copy);
	free(part);
}

/* A child asks for too much; what it printed comes back in said. */
static int
exit_without_memory(size_t count, size_t size, char *said, size_t room)
{
	int ends[2], status;
	ssize_t length;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		free(xrealloc(NULL, count, size));
		_exit(0);
	}
	close(ends[1]);
	length = read(ends[0], said, room - 1);
	said[length > 0 ? length : 0] = '\0';
	close(ends[0]);
	assert_true(waitpid(child, &status, 0) == child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
error_memory_ends_in_unknown(void **state)
{
	char said[100];

	(void)state;
	assert_int_equal(exit_without_memory(SIZE_MAX / 2 + 1, 2, said,
				 sizeof(said)),
		3);
	assert_string_equal(said, "TLS QUEUE UNKNOWN - out of memory\n");
	assert_int_equal(exit_without_memory(3, 2, said, sizeof(said)), 0);
	assert_string_equal(said, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(error_set_formats),
		cmocka_unit_test(error_set_cuts),
		cmocka_unit_test(error_memory_is_zeroed_and_copied),
		cmocka_unit_test(error_memory_ends_in_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
