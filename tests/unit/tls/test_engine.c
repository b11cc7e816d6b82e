/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plugins/tls/engine.c: files that TLS does not start for, and good ones. */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "tls/engine.h"

#define CERTIFICATE "-----BEGIN CERTIFICATE-----\n"
#define KEY         "-----BEGIN EC PRIVATE KEY-----\n"

static char folder[] = "/tmp/test_engine.XXXXXX";

static const struct {
	const char *name, *text;
} texts[] = {
	{ "ca", "some words\n" CERTIFICATE },
	{ "certificate", CERTIFICATE },
	{ "key", KEY },
	{ "both", KEY CERTIFICATE },
	{ "garbage", "garbage\n" },
	{ "empty", "" },
};

static char *
path_of(const char *name)
{
	return sentence_format("%s/%s", folder, name);
}

static int
make_files(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char *path = path_of(texts[i].name);
		FILE *file = fopen(path, "w");

		free(path);
		if (file == NULL || fputs(texts[i].text, file) < 0 ||
			fclose(file) != 0)
			return -1;
	}
	return chdir(folder);
}

static int
remove_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		unlink(texts[i].name);
	return chdir("/") != 0 || rmdir(folder) != 0 ? -1 : 0;
}

#define NO_FILE        "there is no such file"
#define NO_CERTIFICATE "there is no certificate in it"
#define NO_KEY         "there is no private key in it"

/* The paths are below the folder that is made for this. */
static void
engine_finds_the_file(void **state)
{
	static const struct {
		const char *main, *overrides;
		const char *want_source, *want_value, *want_problem;
	} cases[] = {
		{ "", "", NULL, NULL, NULL },
		{ "smtp_tls_CAfile = ca\n", "", NULL, NULL, NULL },
		{ "smtp_tls_CAfile = missing\n", "", "smtp_tls_CAfile",
			"missing", NO_FILE },
		{ "smtp_tls_CAfile = ca/x\n", "", "smtp_tls_CAfile", "ca/x",
			NO_FILE },
		{ "smtp_tls_CAfile = /tmp\n", "", "smtp_tls_CAfile", "/tmp",
			"it is a folder, not a file" },
		{ "smtp_tls_CAfile = garbage\n", "", "smtp_tls_CAfile",
			"garbage", NO_CERTIFICATE },
		{ "smtp_tls_CAfile = empty\n", "", "smtp_tls_CAfile", "empty",
			NO_CERTIFICATE },
		{ "smtp_tls_CApath = missing\n", "", NULL, NULL, NULL },
		{ "smtp_tls_CAfile = ca\n",
			"s/unix/smtp_tls_CAfile = missing\n",
			"s/unix/smtp_tls_CAfile", "missing", NO_FILE },
		{ "smtp_tls_CAfile = missing\n",
			"s/unix/smtp_tls_CAfile = ca\n", NULL, NULL, NULL },
		{ "lmtp_tls_CAfile = missing\n", "", NULL, NULL, NULL },
		{ "smtp_tls_cert_file = both\nsmtp_tls_key_file = both\n", "",
			NULL, NULL, NULL },
		{ "smtp_tls_cert_file = key\nsmtp_tls_key_file = key\n", "",
			"smtp_tls_cert_file", "key", NO_CERTIFICATE },
		{ "smtp_tls_cert_file = certificate\n"
		  "smtp_tls_key_file = certificate\n",
			"", "smtp_tls_cert_file", "certificate", NO_KEY },
		{ "smtp_tls_cert_file = certificate\nsmtp_tls_key_file = key\n",
			"", NULL, NULL, NULL },
		{ "smtp_tls_key_file = missing\n", "", NULL, NULL, NULL },
		{ "smtp_tls_eccert_file = certificate\n"
		  "smtp_tls_eckey_file = missing\n",
			"", "smtp_tls_eckey_file", "missing", NO_FILE },
		/* postconf expands main.cf's default of the key file. */
		{ "smtp_tls_cert_file =\nsmtp_tls_key_file =\n",
			"s/unix/smtp_tls_cert_file = certificate\n",
			"s/unix/smtp_tls_cert_file", "certificate", NO_KEY },
		/* With chain files, certificate files are not read. */
		{ "smtp_tls_chain_files = both\nsmtp_tls_cert_file = missing\n",
			"", NULL, NULL, NULL },
	};
	const struct policy_client client = { "s", false };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct postfix postfix = { 0 };
		struct engine_fault fault;

		postfix_parse_values(&postfix.main, cases[i].main);
		postfix_parse_values(&postfix.overrides, cases[i].overrides);
		assert_int_equal(engine_find_fault(&postfix, &client, &fault),
			cases[i].want_source != NULL);
		if (cases[i].want_source != NULL) {
			assert_string_equal(fault.source, cases[i].want_source);
			assert_string_equal(fault.value, cases[i].want_value);
			assert_string_equal(fault.problem,
				cases[i].want_problem);
		}
		engine_fault_release(&fault);
		postfix_release(&postfix);
	}
}

static void
engine_names_the_place(void **state)
{
	struct postfix postfix = { .directory = xstrdup("/etc/postfix-out") };
	struct engine_fault fault = { xstrdup("s/unix/lmtp_tls_CAfile"), "/x",
		NO_FILE };
	char *sentence = engine_fault_sentence(&postfix, &fault);

	(void)state;
	assert_string_equal(sentence,
		"s/unix/lmtp_tls_CAfile = /x, set in master.cf: " NO_FILE
		", so that TLS does not start for this service: correct the "
		"file, or the value by 'postconf -c /etc/postfix-out -P "
		"s/unix/lmtp_tls_CAfile=FILE', then run 'postfix -c "
		"/etc/postfix-out reload'");
	free(sentence);
	engine_fault_release(&fault);
	engine_fault_release(&fault);
	postfix_release(&postfix);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(engine_finds_the_file),
		cmocka_unit_test(engine_names_the_place),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
