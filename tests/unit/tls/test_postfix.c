/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plugins/tls/postfix.c: what postconf and postmap print, and lists of maps. */
#include "unit.h"

#include <stdlib.h>

#include "tls/postfix.h"
#include "unit/tls/lab.h"

static void
postfix_reads_parameters(void **state)
{
	static const struct {
		const char *text, *name, *want_value; /* "": not there */
	} cases[] = {
		{ "relayhost = [a]:25\n", "relayhost", "[a]:25" },
		{ "relayhost =\nx = y\n", "relayhost", "" },
		{ "relayhost =\nx = y\n", "x", "y" },
		{ "x = a = b\n", "x", "a = b" },
		{ "x = y", "x", "y" },
		{ "x =    y", "x", "y" },
		{ "x = \n", "x", "" },
		{ "no equals sign\n= nothing\n\nx = y\n", "x", "y" },
		{ "x\n= y\n", "x", "" },
		{ "relayhost2 = a\n", "relayhost", "" },
		{ "", "x", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct postfix postfix = { 0 };
		const char *got;

		postfix_parse_values(&postfix.main, cases[i].text);
		got = postfix_parameter(&postfix, cases[i].name);
		if (strcmp(got, cases[i].want_value) != 0)
			print_error("text: %s\n", cases[i].text);
		assert_string_equal(got, cases[i].want_value);
		postfix_release(&postfix);
	}
}

static void
postfix_reads_agents(void **state)
{
	static const char text[] =
		"smtp       inet  n  -  y  -  -  smtpd\n"
		"smtp       unix  -  -  y  -  -  smtp\n"
		"relay      unix  -  -  y  -  -  smtp -o syslog_name=x\n"
		"    -o smtp_helo_timeout=5\n"
		"out unix - - n - - lmtp\n"
		"short unix - - n\n"
		"\n"
		"last unix - - n - - pipe";
	static const struct {
		const char *service, *want_agent;
	} cases[] = {
		{ "smtp", "smtp" },
		{ "relay", "smtp" },
		{ "out", "lmtp" },
		{ "last", "pipe" },
		{ "short", "" },
		{ "none", "" },
		{ "", "" },
	};
	struct postfix postfix = { 0 };

	(void)state;
	postfix_parse_agents(&postfix.agents, text);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(postfix_agent(&postfix, cases[i].service),
			cases[i].want_agent);
	postfix_release(&postfix);
}

/* "-" is the default, which has changed. */
static void
postfix_knows_jails(void **state)
{
	static const char services[] =
		"smtp unix - - y - - smtp\nrelay unix - - n - - smtp\n"
		"lmtp unix - - - - - lmtp\n";
	static const struct {
		const char *service, *main, *want_root;
	} cases[] = {
		{ "smtp", "mail_version = 3.7.11\n", "/q" },
		{ "relay", "mail_version = 2.11.0\n", "" },
		{ "lmtp", "mail_version = 2.11.0\n", "/q" },
		{ "lmtp", "mail_version = 3.7.11\ncompatibility_level = 0\n",
			"/q" },
		{ "lmtp", "mail_version = 3.7.11\ncompatibility_level = 3.6\n",
			"" },
		{ "none", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct postfix postfix = { 0 };

		postfix_parse_values(&postfix.main, "queue_directory = /q\n");
		postfix_parse_values(&postfix.main, cases[i].main);
		postfix_parse_roots(&postfix.roots, services);
		assert_string_equal(postfix_root(&postfix, cases[i].service),
			cases[i].want_root);
		postfix_release(&postfix);
	}
}

static void
postfix_splits_lists(void **state)
{
	static const struct {
		const char *list, *want_words; /* with | between */
	} cases[] = {
		{ "hash:/a, lmdb:/b", "hash:/a|lmdb:/b" },
		{ "  hash:/a\tlmdb:/b,,", "hash:/a|lmdb:/b" },
		{ "inline:{a=b, c=d} x", "inline:{a=b, c=d}|x" },
		{ "regexp:{ {/a,b/ x} }, y", "regexp:{ {/a,b/ x} }|y" },
		{ "{ open, never closed", "{ open, never closed" },
		{ "a} b", "a}|b" },
		{ "", "" },
		{ " , ", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *list = cases[i].list;
		char got[128] = "";
		char *word;

		while ((word = postfix_word(&list)) != NULL) {
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
				"%s%s", *got != '\0' ? "|" : "", word);
			free(word);
		}
		assert_string_equal(got, cases[i].want_words);
		assert_null(postfix_word(&list));
	}
}

static void
postfix_reads_its_version(void **state)
{
	static const struct {
		const char *text;
		int want_version;
	} cases[] = {
		{ "mail_version = 3.7.11\n", 307 },
		{ "mail_version = 3.12-20260821\n", 312 },
		{ "mail_version = 2.11.0\n", 211 },
		{ "mail_version = new\n", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct postfix postfix = { 0 };

		postfix_parse_values(&postfix.main, cases[i].text);
		assert_int_equal(postfix_version(&postfix),
			cases[i].want_version);
		postfix_release(&postfix);
	}
}

static void
postfix_looks_keys_up(void **state)
{
	static const struct {
		const char *maps, *key;
		enum postfix_key kind;
		int want_found;
		const char *want_map, *want_value;
	} cases[] = {
		{ "static:may", "x", POSTFIX_KEY_WHOLE, 1, "static:may",
			"may" },
		{ "inline:{a=b} static:c", "a", POSTFIX_KEY_WHOLE, 1,
			"inline:{a=b}", "b" },
		{ "inline:{a=b}, static:c", "x", POSTFIX_KEY_WHOLE, 1,
			"static:c", "c" },
		{ "inline:{a=b}", "x", POSTFIX_KEY_WHOLE, 0, NULL, NULL },
		{ "regexp:{{/x/ yes}}", "axb", POSTFIX_KEY_WHOLE, 1,
			"regexp:{{/x/ yes}}", "yes" },
		{ "regexp:{{/x/ yes}}", "axb", POSTFIX_KEY_PART, 0, NULL,
			NULL },
		{ "nosuch:x static:c", "a", POSTFIX_KEY_WHOLE, 1, "static:c",
			"c" },
		{ "", "a", POSTFIX_KEY_WHOLE, 0, NULL, NULL },
		{ "static:may", "-", POSTFIX_KEY_WHOLE, 0, NULL, NULL },
		{ "static:may", "", POSTFIX_KEY_WHOLE, 0, NULL, NULL },
		{ "static:may", "-v", POSTFIX_KEY_WHOLE, 1, "static:may",
			"may" },
		{ "static:may", "--", POSTFIX_KEY_WHOLE, 1, "static:may",
			"may" },
		{ "inline:{a=b}", "a;id", POSTFIX_KEY_WHOLE, 0, NULL, NULL },
	};
	struct lab lab;

	(void)state;
	if (!lab_open(&lab, ""))
		skip();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct postfix_question question = { cases[i].maps,
			cases[i].key, cases[i].kind };
		struct postfix_answer answer;
		struct error error;
		int got;

		if (strstr(cases[i].maps, "{{") != NULL &&
			!lab_takes_patterns(&lab))
			continue;
		got = postfix_lookup(&lab.postfix, &question, &answer, &error);
		if (got != cases[i].want_found)
			print_error("%s in %s\n", cases[i].key, cases[i].maps);
		assert_int_equal(got, cases[i].want_found);
		if (got == 1) {
			assert_string_equal(answer.map, cases[i].want_map);
			assert_string_equal(answer.value, cases[i].want_value);
			assert_string_equal(answer.key, cases[i].key);
		}
		postfix_answer_release(&answer);
	}
	assert_int_equal(lab.postfix.broken.count, 1);
	lab_release(&lab);
}

static void
postfix_stops_at_the_deadline(void **state)
{
	struct postfix_question question = { "static:may", "x",
		POSTFIX_KEY_WHOLE };
	struct postfix_answer answer;
	struct error error = { 0 };
	struct lab lab;

	(void)state;
	if (!lab_open(&lab, ""))
		skip();
	lab.postfix.deadline = deadline_in(0);
	assert_int_equal(postfix_lookup(&lab.postfix, &question, &answer,
				 &error),
		-1);
	assert_int_equal(lab.postfix.broken.count, 0);
	assert_true(error.text[0] != '\0');
	lab_release(&lab);
}

static void
postfix_says_what_is_wrong(void **state)
{
	struct deadline deadline = deadline_in(10);
	struct error error = { 0 };
	struct postfix postfix;
	struct lab lab;

	(void)state;
	if (!lab_open(&lab, ""))
		skip();
	lab_release(&lab);
	assert_int_equal(postfix_open(&postfix, "/nonexistent", &deadline,
				 &error),
		-1);
	assert_string_equal(error.text,
		"open /nonexistent/main.cf: No such file or directory");
	assert_null(postfix.postconf);
}

static void
postfix_takes_master_cf(void **state)
{
	struct lab lab;
	struct error error;

	(void)state;
	if (!lab_open(&lab, "smtp_tls_security_level = may\n"))
		skip();
	lab_write(&lab, "master.cf",
		"smtp unix - - n - - smtp\nrelay unix - - n - - smtp\n"
		"  -o smtp_tls_security_level=encrypt\n"
		"  -o { smtp_tls_policy_maps = static:{secure match=a} }\n");
	postfix_release(&lab.postfix);
	assert_int_equal(postfix_open(&lab.postfix, lab.folder, &lab.deadline,
				 &error),
		0);
	assert_string_equal(postfix_parameter(&lab.postfix,
				    "smtp_tls_security_level"),
		"may");
	assert_string_equal(postfix_override(&lab.postfix, "relay",
				    "smtp_tls_security_level"),
		"encrypt");
	assert_string_equal(postfix_override(&lab.postfix, "relay",
				    "smtp_tls_policy_maps"),
		"static:{secure match=a}");
	assert_null(postfix_override(&lab.postfix, "smtp",
		"smtp_tls_security_level"));
	lab_release(&lab);
}

/* Only postconf knows what the parameter's default makes of it. */
static void
postfix_names_its_programs(void **state)
{
	static const struct {
		const char *main, *services, *want_names;
	} cases[] = {
		{ "", "", "postfix" },
		{ "multi_instance_name = postfix-out\n", "", "postfix-out" },
		{ "syslog_name = out\n",
			"odd unix - - n - - smtp\n -o syslog_name=else\n"
			"even unix - - n - - smtp\n -o syslog_name=else\n",
			"out else" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sentences names = { 0 };
		struct error error;
		struct lab lab;
		char got[64] = "";

		if (!lab_open_with(&lab, cases[i].main, cases[i].services))
			skip();
		assert_int_equal(postfix_log_names(lab.folder, &lab.deadline,
					 &names, &error),
			0);
		for (size_t j = 0; j < names.count; j++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
				"%s%s", j > 0 ? " " : "", names.list[j]);
		assert_string_equal(got, cases[i].want_names);
		sentences_release(&names);
		lab_release(&lab);
	}
}

/*
 * A postmap that ends without a word is told of all the same, and where it has
 * no "fatal: " its end says nothing about the table.
 */
static void
postfix_tells_how_programs_end(void **state)
{
	static const struct {
		const char *script, *want_start, *want_end;
	} cases[] = {
		{ "kill -KILL $$", "hash:/a could not be asked, ",
			" was ended by signal 9)" },
		{ "echo 'no library' >&2; exit 127",
			"hash:/a could not be asked, ",
			" failed with exit status 127: no library)" },
		{ "yes", "hash:/a could not be asked, ",
			": it printed more than 1048576 bytes)" },
		{ "echo 'postmap: fatal: x' >&2; exit 1",
			"hash:/a can't be used, ", ": x" },
		{ "echo 'postmap: fatal: ' >&2; exit 3",
			"hash:/a could not be asked, ",
			" failed with exit status 3)" },
	};
	struct postfix_question question = { "hash:/a", "a.example",
		POSTFIX_KEY_WHOLE };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char path[] = "/tmp/test_postfix.XXXXXX";
		FILE *script = fdopen(mkstemp(path), "w");
		struct postfix postfix = { .postmap = xstrdup(path),
			.deadline = deadline_in(10) };
		struct postfix_answer answer;
		struct sentences notes = { 0 };
		struct error error;
		const char *end;

		assert_non_null(script);
		fprintf(script, "#!/bin/sh\n%s\n", cases[i].script);
		assert_int_equal(fchmod(fileno(script), 0700), 0);
		assert_int_equal(fclose(script), 0);
		assert_int_equal(postfix_lookup(&postfix, &question, &answer,
					 &error),
			0);
		unlink(path);
		postfix_note_broken(&postfix, question.maps, &notes);
		assert_int_equal(notes.count, 1);
		end = notes.list[0] + strlen(notes.list[0]) -
			strlen(cases[i].want_end);
		assert_string_equal(end, cases[i].want_end);
		assert_int_equal(strncmp(notes.list[0], cases[i].want_start,
					 strlen(cases[i].want_start)),
			0);
		sentences_release(&notes);
		postfix_release(&postfix);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(postfix_names_its_programs),
		cmocka_unit_test(postfix_reads_parameters),
		cmocka_unit_test(postfix_reads_agents),
		cmocka_unit_test(postfix_knows_jails),
		cmocka_unit_test(postfix_splits_lists),
		cmocka_unit_test(postfix_reads_its_version),
		cmocka_unit_test(postfix_looks_keys_up),
		cmocka_unit_test(postfix_stops_at_the_deadline),
		cmocka_unit_test(postfix_says_what_is_wrong),
		cmocka_unit_test(postfix_takes_master_cf),
		cmocka_unit_test(postfix_tells_how_programs_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
