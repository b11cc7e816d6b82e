/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output_file.h"

static char folder[] = "/tmp/output_file.XXXXXX";

static int
enter_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL || chdir(folder) != 0 ? -1 : 0;
}

static int
leave_folder(void **state)
{
	(void)state;
	return chdir("/") != 0 || rmdir(folder) != 0 ? -1 : 0;
}

static void
output_file_takes_the_place(void **state)
{
	struct output_file file;
	struct error error;
	struct stat status;

	(void)state;
	assert_int_equal(output_file_open(&file, "new", &error), 0);
	fputs("all of it\n", file.stream);
	assert_int_equal(access("new", F_OK), -1);
	assert_int_equal(output_file_commit(&file, &error), 0);
	assert_int_equal(stat("new", &status), 0);
	assert_int_equal(status.st_size, 10);
	assert_int_equal(status.st_mode & 0777, 0644);
	assert_int_equal(output_file_open(&file, "new", &error), 0);
	output_file_abandon(&file);
	assert_int_equal(stat("new", &status), 0);
	assert_int_equal(status.st_size, 10);
	assert_int_equal(unlink("new"), 0);
}

/* A link to a file, too: /dev/stdout is one, and the rename would replace it. */
static void
output_file_refuses_links(void **state)
{
	static const struct {
		const char *target;
	} cases[] = { { "file" }, { "missing" }, { "/dev/null" }, { "." } };
	struct output_file output;
	struct error error;
	FILE *file = fopen("file", "w");

	(void)state;
	assert_non_null(file);
	fclose(file);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(symlink(cases[i].target, "link"), 0);
		expect(output_file_open(&output, "link", &error) < 0,
			"link to %s: taken", cases[i].target);
		expect(strcmp(error.text,
			       "can't write link: it is a symbolic link") == 0,
			"link to %s: %s", cases[i].target, error.text);
		assert_int_equal(unlink("link"), 0);
	}
	assert_int_equal(unlink("file"), 0);
	assert_int_equal(output_file_open(&output, "/dev/null", &error), -1);
	assert_string_equal(error.text, "can't write /dev/null: it is no file");
}

/* A caller may have closed them: the file must not be what is read or said. */
static void
output_file_is_no_standard_stream(void **state)
{
	struct output_file file;
	struct error error;
	int kept = dup(STDIN_FILENO), got;

	(void)state;
	close(STDIN_FILENO);
	assert_int_equal(output_file_open(&file, "new", &error), 0);
	got = fileno(file.stream);
	output_file_abandon(&file);
	assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
	close(kept);
	assert_true(got > STDERR_FILENO && got <= 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_file_takes_the_place),
		cmocka_unit_test(output_file_refuses_links),
		cmocka_unit_test(output_file_is_no_standard_stream),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
