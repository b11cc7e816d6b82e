/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plugins/tls/running.c: a /proc of our own making. */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "tls/running.h"
#include "tls/sentences.h"

#define BOOT 1000000000

struct made {
	char folder[64];
	struct sentences paths; /* to be removed, last first */
};

static void
make_folder(struct made *made, const char *name)
{
	sentences_add(&made->paths, "%s/%s", made->folder, name);
	assert_int_equal(mkdir(made->paths.list[made->paths.count - 1], 0700),
		0);
}

static const char *
make_file(struct made *made, const char *name, const char *text)
{
	const char *path;
	FILE *file;

	sentences_add(&made->paths, "%s/%s", made->folder, name);
	path = made->paths.list[made->paths.count - 1];
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	return path;
}

static void
make_process(struct made *made, const char *id, const char *rest)
{
	char *name = sentence_format("%s/stat", id);
	char *text = sentence_format("%s %s\n", id, rest);

	make_folder(made, id);
	make_file(made, name, text);
	free(name);
	free(text);
}

/* A parent, and a start in seconds after the boot. */
static char *
stat_of(const char *name, int parent, int start)
{
	return sentence_format("(%s) S %d 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 "
			       "%ld 0 0",
		name, parent, start * sysconf(_SC_CLK_TCK));
}

static void
remove_all(struct made *made)
{
	for (size_t i = made->paths.count; i > 0; i--)
		remove(made->paths.list[i - 1]);
	rmdir(made->folder);
	sentences_release(&made->paths);
}

struct running_case {
	const char *name;
	const char *master, *manager; /* the names of the processes */
	int started, managed;         /* seconds after the boot */
	int written;                  /* master.pid; -1: there is none */
	int want_since;               /* 0: unknown */
};

static time_t
since_of(const struct running_case *one)
{
	struct made made = { .folder = "/tmp/test_running.XXXXXX" };
	char *master = stat_of(one->master, 1, one->started);
	char *manager = stat_of(one->manager, 10, one->managed);
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
		{ .tv_sec = BOOT + one->written } };
	time_t since;

	assert_non_null(mkdtemp(made.folder));
	make_file(&made, "stat", "cpu 1 2\nbtime 1000000000\n");
	make_process(&made, "10", master);
	make_process(&made, "11", manager);
	make_process(&made, "12", "(broken");
	make_folder(&made, "pid");
	if (one->written >= 0)
		assert_int_equal(utimensat(AT_FDCWD,
					 make_file(&made, "pid/master.pid", ""),
					 times, 0),
			0);
	since = running_since(made.folder, made.folder);
	remove_all(&made);
	free(master);
	free(manager);
	return since;
}

static void
running_finds_the_last_reload(void **state)
{
	static const struct running_case cases[] = {
		{ "just started", "master", "qmgr", 100, 100, 100, 100 },
		{ "slow start", "master", "qmgr", 100, 101, 104, 101 },
		{ "reloaded", "master", "qmgr", 100, 900, 100, 900 },
		{ "odd names", "master", "qm (gr)", 100, 900, 100, 0 },
		{ "another instance", "master", "qmgr", 100, 900, 500, 0 },
		{ "not a master", "bash", "qmgr", 100, 900, 100, 0 },
		{ "no manager", "master", "pickup", 100, 900, 100, 0 },
		{ "no file", "master", "qmgr", 100, 900, -1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		long long got = (long long)since_of(&cases[i]);
		long long want = cases[i].want_since;

		if (want != 0)
			want += BOOT;
		if (got != want)
			fail_msg("%s: got %lld, want %lld", cases[i].name, got,
				want);
	}
}

static void
running_needs_no_proc(void **state)
{
	(void)state;
	assert_int_equal(running_since("/nonexistent", "/nonexistent"), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(running_finds_the_last_reload),
		cmocka_unit_test(running_needs_no_proc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
