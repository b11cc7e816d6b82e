/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extra_opts.h"

#define SECTION "check_test"

/* The folder of a test, with everything that the test writes into it. */
struct folder {
	char path[64];
};

static int
folder_make(void **state)
{
	struct folder *folder = malloc(sizeof(*folder));

	*state = folder;
	if (folder == NULL)
		return -1;
	snprintf(folder->path, sizeof(folder->path), "%s",
		"/tmp/test_extra_opts.XXXXXX");
	return mkdtemp(folder->path) != NULL ? 0 : -1;
}

static int
folder_remove(void **state)
{
	struct folder *folder = *state;
	int result = rmdir(folder->path);

	free(folder);
	return result;
}

/* The path of a file in the folder, in a buffer of 128. */
static char *
path_of(char path[128], const struct folder *folder, const char *name)
{
	snprintf(path, 128, "%s/%s", folder->path, name);
	return path;
}

static void
file_write(const char *path, const char *bytes, size_t length)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, length, out), length);
	assert_int_equal(fclose(out), 0);
}

/* "LINE:ARGUMENT" of each option, with a comma behind it. */
static void
opts_list(const struct extra_opts *opts, char *list, size_t size)
{
	size_t used = 0;

	list[0] = '\0';
	for (size_t i = 0; i < opts->count && used < size; i++) {
		char *argument = extra_option_argument(&opts->options[i]);

		used += (size_t)snprintf(list + used, size - used, "%lu:%s,",
			opts->options[i].line, argument);
		free(argument);
	}
}

/* Reads the file at path with --extra-opts=SECTION@PATH. */
static int
section_of(const char *section, const char *path, struct extra_opts *opts,
	struct error *error)
{
	char argument[256];

	snprintf(argument, sizeof(argument), "%s@%s", section, path);
	return extra_opts_read(
		&(struct extra_opts_request){
			.argument = argument,
			.default_section = SECTION,
		},
		opts, error);
}

/* Writes the file at path, and reads a section of it. */
static void
read_check(const char *path, const char *section, const char *text,
	const char *want)
{
	struct extra_opts opts;
	struct error error = { "" };
	char got[256];
	int result;

	file_write(path, text, strlen(text));
	result = section_of(section, path, &opts, &error);
	expect(result == 0, "'%s': got %d, '%s'", text, result, error.text);
	assert_string_equal(opts.file, path);
	opts_list(&opts, got, sizeof(got));
	expect(strcmp(got, want) == 0, "'%s': got '%s', want '%s'", text, got,
		want);
	extra_opts_release(&opts);
}

static void
extra_opts_reads_lines(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "[check_test]\nwarning=5\n", "2:--warning=5," },
		{ "[check_test]\nwarning=5", "2:--warning=5," },
		{ "[check_test]\r\nwarning = 5\r\n", "2:--warning=5," },
		{ "[ check_test\t]\nwarning\t= 5 \n", "2:--warning=5," },
		{ "\xEF\xBB\xBF[check_test]\nwarning=5\n", "2:--warning=5," },
		{ "# a\n; b\n\n[check_test]\n# c=d\n;e=f\n  # g\nall=\n",
			"8:--all," },
		{ "[check_test]\nall\nw=5\nv=\nA\n",
			"2:--all,3:-w5,4:-v,5:-A," },
		{ "[check_test]\ndomain=b\ndomain=a\ndomain=b\n",
			"2:--domain=b,3:--domain=a,4:--domain=b," },
		{ "[check_test]\n  warning=1\n  critical=2\n\tall\n",
			"2:--warning=1,3:--critical=2,4:--all," },
		{ "[check_test]\ncritical=age=4h\n", "2:--critical=age=4h," },
		{ "[check_test]\nwarning=@10:20\n", "2:--warning=@10:20," },
		{ "[check_test]\nwarning: 7\n", "2:--warning=7," },
		{ "[check_test]\nrules=\"/a b\"\n", "2:--rules=\"/a b\"," },
		{ "[check_test]\nrules=/a#b;c\n", "2:--rules=/a#b;c," },
		{ "[check_test]\nwarning=5 ; five\nall ; yes\n",
			"2:--warning=5,3:--all," },
		{ "[check_test]\nsocket=\xC3\xA9\n", "2:--socket=\xC3\xA9," },
	};
	char path[128];

	path_of(path, *state, "plugins.ini");
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		read_check(path, "", cases[i].text, cases[i].want);
	unlink(path);
}

static void
extra_opts_reads_sections(void **state)
{
	static const struct {
		const char *section, *text, *want;
	} cases[] = {
		{ "", "[other]\nx=1\n[check_test]\ny=2\n[more]\nz=3\n",
			"4:-y2," },
		{ "", "[check_test]\na=1\n[other]\nb=2\n[check_test]\nc=3\n",
			"2:-a1,6:-c3," },
		{ "", "[check_test2]\na=1\n[check_tes]\nb=2\n[check_test]\nc\n",
			"6:-c," },
		{ "other", "[check_test]\na=1\n[other]\nb=2\n", "4:-b2," },
		{ "my mail", "[my mail]\nb=2\n", "2:-b2," },
		{ "", "[other]\nno equals sign\n=5\n$=7\n[check_test]\na=1\n",
			"6:-a1," },
		{ "", "[other]\nx ; a=b\n[check_test]\nall ; a=b\n",
			"4:--all," },
	};
	char path[128];

	path_of(path, *state, "plugins.ini");
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		read_check(path, cases[i].section, cases[i].text,
			cases[i].want);
	unlink(path);
}

#define NO_NAME ": an option's name has letters, digits, '-' and '_'"
#define NEITHER ": neither [section] nor name = value"

/* Bytes with their length, because one of them may be NUL. */
#define BYTES(text) (text), sizeof(text) - 1

static void
extra_opts_refuses(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *want; /* behind "--extra-opts: FILE:" */
	} cases[] = {
		{ BYTES("[check_test]\na=1\n=5\n"), "3" NO_NAME },
		{ BYTES("[check_test]\nwarning 5\n"), "2" NO_NAME },
		{ BYTES("[check_test]\n--warning=5\n"), "2" NO_NAME },
		{ BYTES("[check_test]\nwar ning=5\n"), "2" NO_NAME },
		{ BYTES("[check_test]\n\xC3\xA9=5\n"), "2" NO_NAME },
		{ BYTES("[check_test]\n]\n"), "2" NO_NAME },
		{ BYTES("[check_test\na=1\n"), "1" NEITHER },
		{ BYTES("[check_test]\na=1\n[other\nb=2\n"), "3" NEITHER },
		{ BYTES("# x\na=1\n[check_test]\nb=2\n"),
			"2: the line stands in no [section]" },
		{ BYTES("all\n[check_test]\nb=2\n"),
			"1: the line stands in no [section]" },
		{ BYTES("[]\na=1\n[check_test]\nb=2\n"),
			"2: the line stands in no [section]" },
		{ BYTES("[check_test]\na=1\nb=\0002\n"),
			"3: the line has a NUL byte" },
		{ BYTES("[check_test]\n\0\n"), "2: the line has a NUL byte" },
	};
	char path[128];

	path_of(path, *state, "plugins.ini");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct extra_opts opts;
		struct error error = { "" };
		char want[256];
		int result;

		file_write(path, cases[i].bytes, cases[i].length);
		result = section_of("", path, &opts, &error);
		snprintf(want, sizeof(want), "--extra-opts: %s:%s", path,
			cases[i].want);
		expect(result == -1, "'%s': got %d", cases[i].bytes, result);
		expect(strcmp(error.text, want) == 0,
			"'%s': got '%s', want '%s'", cases[i].bytes, error.text,
			want);
		assert_null(opts.options);
		assert_null(opts.file);
	}
	unlink(path);
}

/* Writes head, fill bytes of x and tail; reads the default section. */
static int
long_read(const char *path, const char *head, size_t fill, const char *tail,
	struct error *error)
{
	struct extra_opts opts = { 0 };
	FILE *out = fopen(path, "w");
	int result;

	assert_non_null(out);
	fputs(head, out);
	for (size_t i = 0; i < fill; i++)
		putc('x', out);
	fputs(tail, out);
	fclose(out);
	result = section_of("", path, &opts, error);
	if (result == 0 && opts.count == 1)
		result = (int)strlen(opts.options[0].value);
	extra_opts_release(&opts);
	return result;
}

/* inih's own buffer has 200 bytes at least; nothing may be cut silently. */
static void
extra_opts_refuses_long_lines(void **state)
{
	static const struct {
		const char *head;
		size_t fill;
		const char *tail;
		int want;
		const char *want_error; /* behind "--extra-opts: FILE:" */
	} cases[] = {
		{ "[check_test]\na=", 195, "\n", 195, "" },
		{ "[check_test]\na=", 195, "", 195, "" },
		{ "[check_test]\n", 100000, "=1\n", -1,
			"2: the line is too long" },
		{ "[check_test]\na=", 100000, "\nb=1\n", -1,
			"2: the line is too long" },
		{ "[check_test]\na=", 100000, "", -1,
			"2: the line is too long" },
		{ "[other]\na=", 100000, "\n[check_test]\na=12\n", 2, "" },
		{ "#", 100000, "\n[check_test]\na=12\n", 2, "" },
		{ "[check_test]\n;", 100000, "\na=12\n", 2, "" },
		{ "[", 100000, "]\na=1\n[check_test]\na=12\n", -1,
			"1: neither [section] nor name = value" },
	};
	char path[128];

	path_of(path, *state, "plugins.ini");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error error = { "" };
		char want[256] = "";
		int got = long_read(path, cases[i].head, cases[i].fill,
			cases[i].tail, &error);

		if (*cases[i].want_error != '\0')
			snprintf(want, sizeof(want), "--extra-opts: %s:%s",
				path, cases[i].want_error);
		expect(got == cases[i].want, "row %zu: got %d, want %d", i, got,
			cases[i].want);
		expect(strcmp(error.text, want) == 0,
			"row %zu: got '%s', want '%s'", i, error.text, want);
	}
	unlink(path);
}

#define NAME_OF_48 "23456789b23456789c23456789d23456789e23456789f234"
#define NAME_OF_49 "a" NAME_OF_48

static void
extra_opts_compares_whole_section_names(void **state)
{
	static const char text[] = "[" NAME_OF_49 "5]\na=1\n[" NAME_OF_49 "]\n"
				   "b=2\n";
	char path[128], want[256];
	struct extra_opts opts;
	struct error error = { "" };

	path_of(path, *state, "plugins.ini");
	file_write(path, text, sizeof(text) - 1);
	assert_int_equal(section_of(NAME_OF_49, path, &opts, &error), -1);
	assert_string_equal(error.text,
		"--extra-opts: section '" NAME_OF_49
		"' has more than 48 bytes");
	assert_int_equal(section_of(NAME_OF_48, path, &opts, &error), -1);
	snprintf(want, sizeof(want),
		"--extra-opts: no option in a section [%s] of %s", NAME_OF_48,
		path);
	assert_string_equal(error.text, want);
	unlink(path);
}

static void
extra_opts_names_what_is_missing(void **state)
{
	const struct folder *folder = *state;
	char path[128], want[256];
	struct extra_opts opts;
	struct error error = { "" };

	path_of(path, folder, "plugins.ini");
	snprintf(want, sizeof(want),
		"--extra-opts: cannot open %s: No such file or directory",
		path);
	assert_int_equal(section_of("", path, &opts, &error), -1);
	assert_string_equal(error.text, want);

	assert_int_equal(section_of("", "", &opts, &error), -1);
	assert_string_equal(error.text,
		"--extra-opts: '@' names no file behind its @");

	snprintf(want, sizeof(want),
		"--extra-opts: cannot read %s: Is a directory", folder->path);
	assert_int_equal(section_of("", folder->path, &opts, &error), -1);
	assert_string_equal(error.text, want);

	file_write(path, BYTES("[other]\na=1\n[check_test]\n"));
	snprintf(want, sizeof(want),
		"--extra-opts: no option in a section [check_test] of %s",
		path);
	assert_int_equal(section_of("", path, &opts, &error), -1);
	assert_string_equal(error.text, want);
	unlink(path);
}

static const char *const ini_folders[] = { "a", "b", "c" };
static const char *const ini_files[] = {
	"a/monitoring-plugins.ini",
	"a/plugins.ini",
	"b/plugins.ini",
	"b/nagios-plugins.ini",
	"c/nagios-plugins.ini",
};

static int
folder_fill(void **state)
{
	char path[128];

	if (folder_make(state) != 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(ini_folders); i++)
		mkdir(path_of(path, *state, ini_folders[i]), 0700);
	for (size_t i = 0; i < COUNT_OF(ini_files); i++)
		file_write(path_of(path, *state, ini_files[i]),
			BYTES("[check_test]\na=1\n"));
	return 0;
}

static int
folder_empty(void **state)
{
	char path[128];

	for (size_t i = 0; i < COUNT_OF(ini_files); i++)
		unlink(path_of(path, *state, ini_files[i]));
	for (size_t i = 0; i < COUNT_OF(ini_folders); i++)
		rmdir(path_of(path, *state, ini_folders[i]));
	return folder_remove(state);
}

/* The pattern with the folder's path for each F. */
static void
folders_write(char *path, size_t size, const char *pattern,
	const struct folder *folder)
{
	size_t used = 0;

	path[0] = '\0';
	for (; *pattern != '\0'; pattern++)
		if (*pattern == 'F')
			used += (size_t)snprintf(path + used, size - used, "%s",
				folder->path);
		else
			used += (size_t)snprintf(path + used, size - used, "%c",
				*pattern);
}

/* Which file is found when --extra-opts names none. */
static void
extra_opts_searches(void **state)
{
	static const struct {
		const char *config_file, *config_path; /* F: the folder */
		const char *want;                      /* in the folder */
	} cases[] = {
		{ "F/b/nagios-plugins.ini", "F/a", "b/nagios-plugins.ini" },
		{ "", "F/a", "a/monitoring-plugins.ini" },
		{ "", "F/b", "b/plugins.ini" },
		{ "", "F/c", "c/nagios-plugins.ini" },
		{ "", "F/none:F/c:F/a", "c/nagios-plugins.ini" },
		{ "", "::F/b:F/a:", "b/plugins.ini" },
		{ "", "F/b:", "b/plugins.ini" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char config_file[256], config_path[256], want[128];
		struct extra_opts_request request = {
			.argument = i % 2 ? "" : NULL,
			.default_section = SECTION,
			.config_file = config_file,
			.config_path = config_path,
		};
		struct extra_opts opts;
		struct error error = { "" };

		folders_write(config_file, sizeof(config_file),
			cases[i].config_file, *state);
		folders_write(config_path, sizeof(config_path),
			cases[i].config_path, *state);
		expect(extra_opts_read(&request, &opts, &error) == 0,
			"row %zu: '%s'", i, error.text);
		path_of(want, *state, cases[i].want);
		expect(strcmp(opts.file, want) == 0,
			"row %zu: got '%s', want '%s'", i, opts.file, want);
		extra_opts_release(&opts);
	}
}

static void
extra_opts_release_is_repeatable(void **state)
{
	struct extra_opts opts = { 0 };

	(void)state;
	extra_opts_release(&opts);
	extra_opts_release(&opts);
	assert_int_equal(opts.count, 0);
}

#define IN_FOLDER(test)                                                        \
	cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(extra_opts_reads_lines),
		IN_FOLDER(extra_opts_reads_sections),
		IN_FOLDER(extra_opts_refuses),
		IN_FOLDER(extra_opts_refuses_long_lines),
		IN_FOLDER(extra_opts_compares_whole_section_names),
		IN_FOLDER(extra_opts_names_what_is_missing),
		cmocka_unit_test_setup_teardown(extra_opts_searches,
			folder_fill, folder_empty),
		cmocka_unit_test(extra_opts_release_is_repeatable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
