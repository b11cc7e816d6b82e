/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "descriptor.h"

static void
descriptor_raise_leaves_the_first_three(void **state)
{
	int input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	int low, raised;

	(void)state;
	close(STDIN_FILENO);
	low = open("/dev/null", O_RDONLY);
	raised = descriptor_raise(low);
	assert_int_equal(low, STDIN_FILENO);
	assert_true(raised > STDERR_FILENO);
	assert_int_equal(fcntl(raised, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(low, F_GETFD), -1);
	close(raised);
	if (input >= 0) {
		dup2(input, STDIN_FILENO);
		close(input);
	}
}

static void
descriptor_raise_keeps_errno(void **state)
{
	(void)state;
	errno = ENFILE;
	assert_int_equal(descriptor_raise(-1), -1);
	assert_int_equal(errno, ENFILE);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptor_raise_leaves_the_first_three),
		cmocka_unit_test(descriptor_raise_keeps_errno),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
