/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of `postmulti -l`: as Postfix 3.7 printed them, and broken ones. */
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "queue/instance.h"

#define DEFAULT "-               -               y         /etc/postfix\n"
#define OUT     "postfix-out     mta             y         /etc/postfix-out\n"
#define IN      "-               -               n         /srv/in\n"

/* "name group enabled directory" of each, a line each. */
static char *
describe(const struct instance_list *list)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < list->count; i++)
		fprintf(out, "%s (%s) %d %s\n", list->items[i].name,
			list->items[i].group, list->items[i].enabled,
			list->items[i].directory);
	fclose(out);
	return text;
}

/* What a list holds, or the error; releases the list. */
static void
expect_list(const char *name, struct instance_list *list,
	const struct error *error, const char *want)
{
	char *got =
		error->text[0] != '\0' ? xstrdup(error->text) : describe(list);

	expect(strcmp(got, want) == 0, "%s: got\n%s\nwant\n%s", name, got,
		want);
	free(got);
	instance_list_release(list);
	assert_int_equal(list->count, 0);
}

static const struct {
	const char *name, *table, *want;
} tables[] = {
	{ "one", DEFAULT, "postfix () 1 /etc/postfix\n" },
	{ "three", DEFAULT OUT IN,
		"postfix () 1 /etc/postfix\n"
		"postfix-out (mta) 1 /etc/postfix-out\n"
		"in () 0 /srv/in\n" },
	{ "a named default",
		"postfix-main    -               y         /etc/postfix\n",
		"postfix-main () 1 /etc/postfix\n" },
	{ "wider than the columns",
		"a-very-long-instance-name averylonggroupname n         /b\n",
		"a-very-long-instance-name (averylonggroupname) 0 /b\n" },
	{ "a name with blanks",
		"a b  c          mta             y         /x\n",
		"a b  c (mta) 1 /x\n" },
	{ "no line end", "- - y /etc/postfix", "postfix () 1 /etc/postfix\n" },
	{ "empty lines and DOS line ends", "\n \r\n- - y /x\r\n\n",
		"x () 1 /x\n" },
	{ "a directory twice", DEFAULT OUT OUT DEFAULT,
		"postfix () 1 /etc/postfix\n"
		"postfix-out (mta) 1 /etc/postfix-out\n" },
	{ "a name twice", DEFAULT "- - y /srv/postfix\n",
		"postfix () 1 /etc/postfix\n"
		"/srv/postfix () 1 /srv/postfix\n" },
	{ "slashes at the end", "- - y /srv/in//\n- - y /\n",
		"in () 1 /srv/in\n/ () 1 /\n" },
	{ "nothing", "", "postmulti -l names no instance" },
	{ "blanks", " \n\t\n", "postmulti -l names no instance" },
	{ "no table", DEFAULT "postmulti: fatal\n",
		"no line of 'postmulti -l': postmulti: fatal" },
	{ "neither y nor n", "- - yes /etc/postfix\n",
		"no line of 'postmulti -l': - - yes /etc/postfix" },
	{ "no absolute path", "- - y etc\n",
		"no line of 'postmulti -l': - - y etc" },
	{ "a column too few", "- y /etc\n",
		"no line of 'postmulti -l': - y /etc" },
	{ "a directory alone", "/etc\n", "no line of 'postmulti -l': /etc" },
};

static void
instance_parses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		struct instance_list list;
		struct error error = { "" };
		int result = instance_parse(tables[i].table, &list, &error);

		assert_int_equal(result, error.text[0] != '\0' ? -1 : 0);
		expect_list(tables[i].name, &list, &error, tables[i].want);
	}
}

static const struct {
	const char *name, *table;
	const char *texts[4];
	const char *want;
} searches[] = {
	{ "by name", DEFAULT OUT IN, { "postfix-out" },
		"postfix-out (mta) 1 /etc/postfix-out\n" },
	{ "the default", DEFAULT OUT, { "-" }, "postfix () 1 /etc/postfix\n" },
	{ "by the end of the directory", DEFAULT OUT IN, { "in" },
		"in () 0 /srv/in\n" },
	{ "by directory", OUT, { "/etc/postfix-out/" },
		"postfix-out (mta) 1 /etc/postfix-out\n" },
	{ "a directory nobody knows", OUT, { "/srv/new" },
		"new () 1 /srv/new\n" },
	{ "a directory without a list", "", { "/etc/postfix" },
		"postfix () 1 /etc/postfix\n" },
	{ "several, some twice", DEFAULT OUT IN,
		{ "in", "postfix-out", "/srv/in", "postfix-out" },
		"in () 0 /srv/in\npostfix-out (mta) 1 /etc/postfix-out\n" },
	{ "one in several spellings", "",
		{ "/usr/bin", "/usr//bin", "/usr/lib/../bin/", "/usr/./bin" },
		"bin () 1 /usr/bin\n" },
	{ "two of one name", DEFAULT, { "/srv/postfix", "postfix" },
		"postfix () 1 /srv/postfix\n"
		"/etc/postfix () 1 /etc/postfix\n" },
	{ "unknown", DEFAULT OUT, { "postfix-ou" },
		"no Postfix instance has the name 'postfix-ou'; known are: "
		"postfix, postfix-out" },
	{ "a relative path", DEFAULT, { "etc/postfix" },
		"'etc/postfix' is no absolute path, and no Postfix instance "
		"has the name" },
	{ "empty", DEFAULT, { "" },
		"no Postfix instance has the name ''; known are: postfix" },
	{ "unknown without a list", "", { "-" },
		"no Postfix instance has the name '-'; known are: none" },
};

static void
search_check(size_t row)
{
	struct instance_list known = { 0 }, found = { 0 };
	struct error error = { "" };
	int result = 0;

	if (searches[row].table[0] != '\0')
		assert_int_equal(instance_parse(searches[row].table, &known,
					 &error),
			0);
	for (int i = 0; i < 4 && searches[row].texts[i] != NULL; i++)
		result = instance_find(&known, searches[row].texts[i], &found,
			&error);
	assert_int_equal(result, error.text[0] != '\0' ? -1 : 0);
	expect_list(searches[row].name, &found, &error, searches[row].want);
	instance_list_release(&known);
}

static void
instance_finds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(searches); i++)
		search_check(i);
}

/* More names than an error has room for. */
static void
instance_find_among_many(void **state)
{
	struct instance_list known, found = { 0 };
	struct error error = { "" };
	char *table;
	size_t size;
	FILE *out = open_memstream(&table, &size);

	(void)state;
	for (int i = 0; i < 300; i++)
		fprintf(out, "instance-%03d - y /srv/%d\n", i, i);
	fclose(out);
	assert_int_equal(instance_parse(table, &known, &error), 0);
	assert_int_equal(known.count, 300);
	assert_int_equal(instance_find(&known, "none", &found, &error), -1);
	assert_non_null(strstr(error.text, "instance-000, instance-001, "));
	assert_int_equal(instance_find(&known, "instance-299", &found, &error),
		0);
	instance_list_release(&known);
	instance_list_release(&found);
	free(table);
}

/* Scripts in postmulti's place. */
static const struct {
	const char *script, *want;
} programs[] = {
	{ "[ \"$*\" = -l ] && echo '- - y /etc/postfix'",
		"postfix () 1 /etc/postfix\n" },
	{ "echo '- - y /etc/postfix'; echo postconf: warning: a >&2",
		"postfix () 1 /etc/postfix\n" },
	{ "echo '- - y /etc/postfix'; exit 1",
		"postmulti -l failed with exit status 1: see the mail log" },
	{ "echo postconf: warning: a >&2; echo postconf: fatal: open "
	  "/srv/main.cf: Permission denied >&2; echo b >&2; exit 1",
		"postmulti -l failed with exit status 1: fatal: open "
		"/srv/main.cf: Permission denied" },
	{ "echo broken >&2; exit 2",
		"postmulti -l failed with exit status 2: broken" },
	{ "kill -9 $$", "postmulti -l was ended by signal 9" },
	{ "exit 0", "postmulti -l names no instance" },
};

static void
program_write(const char *path, const char *script)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fprintf(out, "#!/bin/sh\n%s\n", script);
	fclose(out);
	assert_int_equal(chmod(path, 0700), 0);
}

static void
instance_keeps_enabled(void **state)
{
	struct error error = { "" };
	struct instance_list list;

	(void)state;
	assert_int_equal(instance_parse(IN OUT "c - n /c\nd - y /d\n", &list,
				 &error),
		0);
	instance_list_keep_enabled(&list);
	expect_list("kept", &list, &error,
		"in () 0 /srv/in\npostfix-out (mta) 1 /etc/postfix-out\n"
		"d () 1 /d\n");
	instance_list_keep_enabled(&list);
	assert_int_equal(list.count, 0);
}

static void
instance_lists(void **state)
{
	char folder[] = "/tmp/check_tls_queue.XXXXXX", path[64];
	struct deadline deadline = deadline_in(20);

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/postmulti", folder);
	for (size_t i = 0; i < COUNT_OF(programs); i++) {
		struct instance_list list;
		struct error error = { "" };
		int result;

		program_write(path, programs[i].script);
		result = instance_list(path, &deadline, &list, &error);
		assert_int_equal(result, error.text[0] != '\0' ? -1 : 0);
		expect_list(programs[i].script, &list, &error,
			programs[i].want);
	}
	unlink(path);
	rmdir(folder);
}

/* Scripts in postconf's place: with -c, the settings of another instance. */
#define SETTINGS(directory, name, group, enable, others)                       \
	"printf '%s\\n' " directory " '" name "' '" group "' " enable          \
	" '" others "'"
#define ELSEWHERE(own, other)                                                  \
	"case \"$*\" in *'-xh -c /srv/out config_directory '*) " other         \
	";; *' -c '*) exit 1;; *) " own ";; esac"

static const struct {
	const char *script, *want;
} settings[] = {
	{ SETTINGS("/etc/postfix", "", "", "no", ""),
		"postfix () 1 /etc/postfix\n" },
	{ ELSEWHERE(SETTINGS("/etc/postfix", "", "", "no", " /srv/out, "),
		  SETTINGS("/etc/postfix", "a b", "mta", "yes", "")),
		"postfix () 0 /etc/postfix\na b (mta) 1 /srv/out\n" },
	{ ELSEWHERE(SETTINGS("/etc/postfix", "main", "", "yes",
			    "/srv/out,/srv/out/"),
		  SETTINGS("/srv/out", "", "", "no", "") "; echo warning >&2"),
		"postconf failed with exit status 1: see the mail log" },
	{ ELSEWHERE(SETTINGS("/etc/postfix", "main", "", "yes",
			    "/srv/out /srv/out"),
		  SETTINGS("/srv/out", "", "", "no", "") "; echo warning >&2"),
		"main () 1 /etc/postfix\nout () 0 /srv/out\n" },
	{ "echo postconf: fatal: open /srv/main.cf: Permission denied >&2; "
	  "exit 1",
		"postconf failed with exit status 1: fatal: open "
		"/srv/main.cf: Permission denied" },
	{ "kill -9 $$", "postconf was ended by signal 9" },
	{ "echo /etc/postfix", "postconf does not know multi_instance_name" },
	{ SETTINGS("etc", "", "", "no", ""),
		"no absolute config_directory: etc" },
};

static void
instance_lists_by_settings(void **state)
{
	char folder[] = "/tmp/check_tls_queue.XXXXXX", path[64];
	struct deadline deadline = deadline_in(20);

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/postconf", folder);
	for (size_t i = 0; i < COUNT_OF(settings); i++) {
		struct instance_list list;
		struct error error = { "" };
		int result;

		program_write(path, settings[i].script);
		result = instance_list_settings(path, &deadline, &list, &error);
		assert_int_equal(result, error.text[0] != '\0' ? -1 : 0);
		expect_list(settings[i].script, &list, &error,
			settings[i].want);
	}
	unlink(path);
	rmdir(folder);
}

static void
instance_list_without_postmulti(void **state)
{
	struct deadline deadline = deadline_in(10);
	struct instance_list list;
	struct error error = { "" };

	(void)state;
	assert_int_equal(instance_list("/nonexistent", &deadline, &list,
				 &error),
		-1);
	expect_list("no postmulti", &list, &error,
		"cannot run /nonexistent: No such file or directory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instance_parses),
		cmocka_unit_test(instance_finds),
		cmocka_unit_test(instance_find_among_many),
		cmocka_unit_test(instance_keeps_enabled),
		cmocka_unit_test(instance_lists),
		cmocka_unit_test(instance_lists_by_settings),
		cmocka_unit_test(instance_list_without_postmulti),
	};

	return cmocka_run_group_tests_name("instance", tests, NULL, NULL);
}
