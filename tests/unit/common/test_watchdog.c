/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "watchdog.h"

/* How a run ended that a signal came to, and what it had printed. */
struct end {
	int status; /* of waitpid(2) */
	char output[200];
	bool blocks;  /* its standard output is as it was */
	bool removed; /* its unfinished file is gone */
};

static void
run(int number, const char *unfinished, int output)
{
	dup2(output, STDOUT_FILENO);
	watchdog_start(60, STATE_CRITICAL);
	watchdog_remove_at_end(unfinished);
	raise(number);
	_exit(99);
}

static struct end
end_by(int number)
{
	char path[] = "/tmp/test_watchdog.XXXXXX";
	struct end end = { .status = 0 };
	int ends[2], file = mkstemp(path);
	pid_t child;

	assert_true(file >= 0 && pipe(ends) == 0);
	close(file);
	child = fork();
	if (child == 0)
		run(number, path, ends[1]);
	assert_int_equal(waitpid(child, &end.status, 0), child);
	end.blocks = (fcntl(ends[1], F_GETFL) & O_NONBLOCK) == 0;
	close(ends[1]);
	assert_true(read(ends[0], end.output, sizeof(end.output) - 1) >= 0);
	close(ends[0]);
	end.removed = unlink(path) != 0;
	return end;
}

static void
watchdog_gives_up(void **state)
{
	struct end end = end_by(SIGALRM);

	(void)state;
	assert_true(WIFEXITED(end.status));
	assert_int_equal(WEXITSTATUS(end.status), STATE_CRITICAL);
	assert_string_equal(end.output,
		"TLS QUEUE CRITICAL - stuck for 60 s, given up\n");
	assert_true(end.removed);
	assert_true(end.blocks);
}

static void
watchdog_tells_of_a_crash(void **state)
{
	struct end end = end_by(SIGABRT);

	(void)state;
	assert_true(WIFEXITED(end.status));
	assert_int_equal(WEXITSTATUS(end.status), STATE_UNKNOWN);
	assert_non_null(strstr(end.output, "UNKNOWN - this program crashed"));
	assert_true(end.removed);
}

static void
watchdog_ends_by_the_signal(void **state)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		struct end end = end_by(numbers[i]);

		assert_true(WIFSIGNALED(end.status));
		assert_int_equal(WTERMSIG(end.status), numbers[i]);
		assert_string_equal(end.output, "");
		assert_true(end.removed);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(watchdog_gives_up),
		cmocka_unit_test(watchdog_tells_of_a_crash),
		cmocka_unit_test(watchdog_ends_by_the_signal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
