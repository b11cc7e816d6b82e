/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which log lines explain which delivery (tests/data/mail_log/stories.txt, in
 * every form that a log has), a real log, and the ways to read a file.
 */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tls/mail_log.h"
#include "tls/mail_log_memory.h"
#include "tls/sentences.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DATA         "tests/data/mail_log/"
#define NOW          1795489200LL /* 2026-11-24 03:00:00 UTC */
#define LINE         2048

#define VERIFICATION(host, fault)                                              \
	"certificate verification failed for " host ": " fault "\n"
#define DELIVERY(address, host)                                                \
	"A1: to=<" address ">, relay=" host ", delay=1, delays=0/0/1/0, "      \
	"dsn=4.7.5, status=deferred (Server certificate not verified)\n"
#define TAG       " mail postfix/smtp[1]: "
#define TODAY     "Nov 24 02:31:25" TAG
#define YESTERDAY "Nov 23 03:00:00" TAG
#define TOO_OLD   "Nov 23 02:59:59" TAG
#define STORY(stamp)                                                           \
	stamp VERIFICATION("m[192.0.2.1]:25", "self-signed certificate")       \
		stamp DELIVERY("u@d.test", "m[192.0.2.1]:25")

/* A temporary file that has no name any more when the test has opened it. */
struct file {
	FILE *stream;
	char path[32];
};

static struct file
file_new(void)
{
	struct file file = { .path = "/tmp/test_mail_log.XXXXXX" };
	int descriptor = mkstemp(file.path);

	assert_true(descriptor >= 0);
	file.stream = fdopen(descriptor, "w");
	assert_non_null(file.stream);
	return file;
}

static int
log_read(struct mail_log *log, const char *path, struct error *error)
{
	const struct mail_log_source source = { .path = path, .now = NOW };
	struct deadline deadline = deadline_in(60);

	*error = (struct error){ .text = "" };
	return mail_log_read(log, &source, &deadline, error);
}

static void
file_read(struct file *file, struct mail_log *log)
{
	struct error error;
	int result;

	assert_int_equal(fclose(file->stream), 0);
	result = log_read(log, file->path, &error);
	unlink(file->path);
	assert_string_equal(error.text, "");
	assert_int_equal(result, 0);
}

static void
bytes_read(const char *bytes, size_t length, struct mail_log *log)
{
	struct file file = file_new();

	assert_int_equal(fwrite(bytes, 1, length, file.stream), length);
	file_read(&file, log);
}

static const char *
kind_of(const struct mail_log *log, const char *domain)
{
	const struct mail_log_finding *found = mail_log_find(log, domain);

	return found != NULL ? mail_log_finding_name(found->kind) : "nothing";
}

/* How a log shows the time; the last is journalctl -o cat. */
static const char *const forms[] = {
	"Nov 24 02:31:25 mail ",
	"2026-11-24T03:31:25.123456+01:00 mail ",
	"2026-11-24T02:31:25+0000 mail ",
	NULL,
};

static const struct {
	const char *code, *tag;
} processes[] = {
	{ "s1", "postfix/smtp[11]: " },
	{ "s2", "postfix-out/relay/smtp[12]: " },
	{ "l1", "postfix/lmtp[13]: " },
	{ "t", "postfix/tlsproxy[14]: " },
	{ "e", "postfix/error[15]: " },
	{ "d", "postfix/smtpd[11]: " },
	{ "x", "smtp[11]: " },
};

static void
story_line(FILE *out, const char *line, const char *form)
{
	size_t code = strcspn(line, "|"), i = 0;

	while (strncmp(processes[i].code, line, code) != 0 ||
		processes[i].code[code] != '\0')
		assert_true(++i < COUNT(processes));
	/* "cat" shows all programs alike: other ones are not its stories */
	if (form == NULL && (line[0] == 'd' || line[0] == 'x'))
		return;
	if (form != NULL)
		fprintf(out, "%s%s", form, processes[i].tag);
	fputs(line + code + 1, out);
}

/* The end of a story: "FINDING|DETAIL|HOST|FLAGS". */
static void
story_check(const char *name, char *want, const struct mail_log *log, bool bare)
{
	const struct mail_log_finding *found = mail_log_find(log, "d.test");
	static const struct mail_log_finding none = { .detail = "",
		.host = "" };
	char *tagged = strstr(want, "tagged"), got[LINE];

	want[strcspn(want, "\n")] = '\0';
	if (tagged != NULL)
		tagged[0] = '\0';
	if (bare && tagged != NULL)
		return;
	if (found == NULL)
		found = &none;
	else
		assert_true(found->time == (bare ? 0 : NOW - 1715));
	snprintf(got, sizeof(got), "%s|%s|%s|%s",
		mail_log_finding_name(found->kind), found->detail, found->host,
		found != &none && !found->direct ? "indirect" : "");
	if (strcmp(got, want) != 0)
		print_error("%s%s", bare ? "bare " : "", name);
	assert_string_equal(got, want);
}

static int
stories_read(const char *form)
{
	FILE *in = fopen(DATA "stories.txt", "r");
	char line[LINE], name[LINE] = "";
	struct mail_log log;
	struct file file = { .stream = NULL };
	int stories = 0;

	assert_non_null(in);
	while (fgets(line, sizeof(line), in) != NULL) {
		if (line[0] == '*') {
			memcpy(name, line, sizeof(line));
			file = file_new();
		} else if (line[0] == '=') {
			file_read(&file, &log);
			story_check(name, line + 2, &log, form == NULL);
			mail_log_release(&log);
			stories++;
		} else if (line[0] != '#' && line[0] != '\n') {
			story_line(file.stream, line, form);
		}
	}
	fclose(in);
	return stories;
}

static void
mail_log_stories(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		int stories = stories_read(forms[i]);

		assert_true(stories >= 60 && stories <= 1000);
	}
}

static const struct {
	const char *domain, *want, *want_detail, *want_host;
} real[] = {
	{ "untrusted.test", "untrusted_issuer",
		"/C=DE/O=Unknown Authority/CN=Unknown | Root <CA>",
		"mx.untrusted.test[192.0.2.11]:25" },
	{ "SELF.test", "self_signed", "", "mx.self.test[192.0.2.12]:25" },
	{ "expired.test", "expired", "", "mx.expired.test[192.0.2.13]:25" },
	{ "future.test", "not_yet_valid", "", "mx.future.test[192.0.2.14]:25" },
	{ "wrongname.test", "name_mismatch", "hostname mismatch",
		"mx.wrongname.test[192.0.2.15]:25" },
	{ "purpose.test", "wrong_purpose", "server certificate",
		"mx.purpose.test[192.0.2.16]:25" },
	{ "long.test", "chain_too_long", "1", "mx.long.test[192.0.2.17]:25" },
	{ "garbage.test", "handshake", "wrong version number",
		"mx.garbage.test[192.0.2.18]:25" },
	{ "close.test", "handshake", "Connection reset by peer",
		"mx.close.test[192.0.2.19]:25" },
	{ "oldproto.test", "handshake", "tlsv1 alert protocol version",
		"mx.oldproto.test[192.0.2.20]:25" },
	{ "reuse.test", "untrusted_issuer",
		"/C=DE/O=Unknown Authority/CN=Unknown | Root <CA>",
		"mx.reuse.test[192.0.2.23]:25" },
	{ "reusebad.test", "handshake", "wrong version number",
		"mx.reusebad.test[192.0.2.24]:25" },
	{ "wrap.test", "wrappermode_level",
		"smtp_tls_wrappermode requires \"smtp_tls_security_level = "
		"encrypt\" (or stronger)",
		"" },
	{ "engine.test", "engine",
		"cannot load Certification Authority data, "
		"CAfile=\"/nonexistent/ca.pem\"",
		"" },
	{ "policy.test", "policy_table",
		"smtp_tls_policy_maps, next-hop destination \"[mx.ok.test]\": "
		"invalid attribute name: \"policy_type\"",
		"" },
	{ "table.test", "policy_table",
		"smtp_tls_policy_maps, next-hop destination \"[mx.ok.test]\": "
		"policy table lookup error",
		"" },
	{ "ok.test", "nothing", NULL, NULL },
	{ "forge.test", "nothing", NULL, NULL },
	{ "relayed.test", "nothing", NULL, NULL },
	{ "", "nothing", NULL, NULL },
};

static void
mail_log_of_postfix_3_7(void **state)
{
	struct mail_log log;
	struct error error;

	(void)state;
	assert_int_equal(log_read(&log, DATA "postfix-3.7.11.log", &error), 0);
	for (size_t i = 0; i < COUNT(real); i++) {
		const struct mail_log_finding *found =
			mail_log_find(&log, real[i].domain);

		if (strcmp(kind_of(&log, real[i].domain), real[i].want) != 0)
			print_error("%s\n", real[i].domain);
		assert_string_equal(kind_of(&log, real[i].domain),
			real[i].want);
		if (found == NULL)
			continue;
		assert_string_equal(found->detail, real[i].want_detail);
		assert_string_equal(found->host, real[i].want_host);
	}
	mail_log_release(&log);
	mail_log_release(&log);
	assert_null(mail_log_find(&log, "self.test"));
}

/*
 * journalctl -o cat prints the messages alone, of all programs. Without a
 * process, only what names the server or the domain can be found.
 */
static void
mail_log_of_journalctl_cat(void **state)
{
	FILE *in = fopen(DATA "postfix-3.7.11.log", "r");
	struct file file = file_new();
	struct mail_log log;
	char line[LINE];

	(void)state;
	assert_non_null(in);
	while (fgets(line, sizeof(line), in) != NULL)
		fputs(strstr(line, "]: ") + strlen("]: "), file.stream);
	fclose(in);
	file_read(&file, &log);
	for (size_t i = 0; i < COUNT(real); i++) {
		bool lost = strcmp(real[i].want, "policy_table") == 0;

		if (strcmp(kind_of(&log, real[i].domain), real[i].want) != 0)
			print_error("%s\n", real[i].domain);
		assert_string_equal(kind_of(&log, real[i].domain),
			lost ? "nothing" : real[i].want);
	}
	mail_log_release(&log);
}

/* The same faults, with other releases and at other values of loglevel. */
static const struct {
	const char *domain;
	const char *wants[4]; /* of 3.5 at 0, 1 and 2, of 3.11 */
} releases[] = {
	{ "secure-selfsigned.example",
		{ "self_signed", "self_signed", "self_signed",
			"self_signed" } },
	{ "secure-expired.example",
		{ "expired", "expired", "expired", "expired" } },
	{ "secure-untrusted.example",
		{ "untrusted_issuer", "untrusted_issuer", "untrusted_issuer",
			"untrusted_issuer" } },
	{ "secure-wrongname.example",
		{ "mismatch", "mismatch", "mismatch", "name_mismatch" } },
	{ "verify-wrongname.example",
		{ "mismatch", "mismatch", "mismatch", "name_mismatch" } },
	{ "fingerprint-mismatch.example",
		{ "mismatch", "mismatch", "mismatch",
			"fingerprint_mismatch" } },
	{ "fingerprint-self.example",
		{ "mismatch", "key_mismatch", "key_mismatch",
			"fingerprint_mismatch" } },
	{ "dane-mismatch.example",
		{ "mismatch", "mismatch", "mismatch", "tlsa_mismatch" } },
	/* 3.5 says no more of it than of the same server's other mail */
	{ "dane-self.example",
		{ "self_signed", "key_mismatch", "key_mismatch",
			"tlsa_mismatch" } },
	{ "reusing.example",
		{ "mismatch", "mismatch", "mismatch", "name_mismatch" } },
	{ "reusing2.example",
		{ "untrusted_issuer", "untrusted_issuer", "untrusted_issuer",
			"untrusted_issuer" } },
	{ "encrypt-drops.example",
		{ "handshake", "handshake", "handshake", "handshake" } },
	{ "encrypt-oldtls.example",
		{ "handshake", "handshake", "handshake", "handshake" } },
	{ "encrypt-engine.example",
		{ "engine", "engine", "engine", "engine" } },
	{ "secure-misspelt.example",
		{ "policy_table", "policy_table", "policy_table",
			"policy_table" } },
	{ "dane-servfail.example",
		{ "dane_lookup", "dane_lookup", "dane_lookup",
			"dane_lookup" } },
	{ "encrypt-plain.example",
		{ "nothing", "nothing", "nothing", "nothing" } },
	{ "fingerprint-good.example",
		{ "nothing", "nothing", "nothing", "nothing" } },
	/* 3.11 has MTA-STS policies for these: of other servers, or of none */
	{ "secure-good.example",
		{ "nothing", "nothing", "nothing", "sts_mx_mismatch" } },
	{ "verify-good.example",
		{ "nothing", "nothing", "nothing", "sts_policy" } },
};

static void
mail_log_of_other_releases(void **state)
{
	static const char *const logs[] = {
		"postfix-3.5.25-loglevel-0.log",
		"postfix-3.5.25-loglevel-1.log",
		"postfix-3.5.25-loglevel-2.log",
		"postfix-3.11.7.log",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(logs); i++) {
		char *path = sentence_format(DATA "%s", logs[i]);
		struct mail_log log;
		struct error error;

		assert_int_equal(log_read(&log, path, &error), 0);
		for (size_t j = 0; j < COUNT(releases); j++) {
			const char *domain = releases[j].domain;
			const char *got = kind_of(&log, domain);

			if (strcmp(got, releases[j].wants[i]) != 0)
				print_error("%s: %s\n", path, domain);
			assert_string_equal(got, releases[j].wants[i]);
		}
		mail_log_release(&log);
		free(path);
	}
}

static void
mail_log_tells_mismatches_apart(void **state)
{
	static const struct {
		enum log_finding kind;
		const char *level;
		enum log_finding want;
	} cases[] = {
		{ LOG_MISMATCH, "verify", LOG_NAME_MISMATCH },
		{ LOG_MISMATCH, "SECURE", LOG_NAME_MISMATCH },
		{ LOG_MISMATCH, "fingerprint", LOG_FINGERPRINT_MISMATCH },
		{ LOG_MISMATCH, "dane-only", LOG_TLSA_MISMATCH },
		{ LOG_MISMATCH, "may", LOG_MISMATCH },
		{ LOG_MISMATCH, "", LOG_MISMATCH },
		{ LOG_KEY_MISMATCH, "fingerprint", LOG_FINGERPRINT_MISMATCH },
		{ LOG_KEY_MISMATCH, "dane", LOG_TLSA_MISMATCH },
		{ LOG_KEY_MISMATCH, "secure", LOG_KEY_MISMATCH },
		{ LOG_EXPIRED, "fingerprint", LOG_EXPIRED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(mail_log_finding_at(cases[i].kind,
					 cases[i].level),
			cases[i].want);
}

/* Whether there is anything to find is known, too. */
static void
mail_log_knows_a_mail_log(void **state)
{
	static const struct {
		const char *text;
		bool want;
	} cases[] = {
		{ "", false },
		{ "Nov 24 02:00:00 mail app[1]: x\n", false },
		{ "Nov 24 02:00:00 mail postfix/qmgr[1]: x\n", false },
		{ TOO_OLD "x\n", false },
		{ TODAY "x\n", true },
		{ STORY(""), true },
		{ "some words\n", false },
		{ "Tue 2026-11-24 02:31:25 UTC mail postfix/smtp[1]: x\n",
			false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct mail_log log;

		bytes_read(cases[i].text, strlen(cases[i].text), &log);
		if (log.known != cases[i].want)
			print_error("%s", cases[i].text);
		assert_int_equal(log.known, cases[i].want);
		mail_log_release(&log);
	}
}

static const struct {
	const char *name, *text, *want;
} files[] = {
	{ "nothing", "", "nothing" },
	{ "today", STORY(TODAY), "self_signed" },
	{ "24 hours ago", STORY(YESTERDAY), "self_signed" },
	{ "too old", STORY(TOO_OLD), "nothing" },
	{ "no line break at the end",
		TODAY VERIFICATION("m[192.0.2.1]:25", "self-signed certificate")
			TODAY "A1: to=<u@d.test>, relay=m[192.0.2.1]:25, "
			      "dsn=4.7.5, status=deferred (Server certificate "
			      "not verified)",
		"self_signed" },
	{ "a bare line among others",
		"Nov 24 02:00:00 mail app[1]: x\n" STORY(""), "nothing" },
	{ "journalctl's own lines",
		"-- Boot 0123456789abcdef --\n" STORY(TODAY), "self_signed" },
};

static void
mail_log_files(void **state)
{
	struct mail_log log;

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		bytes_read(files[i].text, strlen(files[i].text), &log);
		if (strcmp(kind_of(&log, "d.test"), files[i].want) != 0)
			print_error("%s\n", files[i].name);
		assert_string_equal(kind_of(&log, "d.test"), files[i].want);
		mail_log_release(&log);
	}
}

/*
 * NUL bytes and a line that is longer than any buffer change nothing, even
 * when what comes behind a buffer of it looks like a whole line.
 */
static void
mail_log_odd_bytes(void **state)
{
	static const char nul[] = "\0\0\n" TODAY "\0\n" STORY(TODAY) "\0\n\0";
	struct file file = file_new();
	struct mail_log log;

	(void)state;
	fwrite(nul, 1, sizeof(nul) - 1, file.stream);
	fputs(STORY(TODAY), file.stream);
	for (int i = 0; i < 4 << 18; i++)
		fputc('x', file.stream);
	fputs(TODAY DELIVERY("u@e.test", "m[192.0.2.1]:25"), file.stream);
	fputs(TODAY DELIVERY("u@f.test", "m[192.0.2.1]:25"), file.stream);
	file_read(&file, &log);
	assert_string_equal(kind_of(&log, "d.test"), "self_signed");
	assert_string_equal(kind_of(&log, "e.test"), "nothing");
	assert_string_equal(kind_of(&log, "f.test"), "self_signed");
	mail_log_release(&log);
}

/* Of a large file the last bytes count, and no part of a line. */
static void
mail_log_window(void **state)
{
	static const char story[] = STORY(TODAY);

	(void)state;
	for (int more = 0; more < 2; more++) {
		struct file file = file_new();
		struct mail_log log;

		fputs("x\n", file.stream);
		fputs(story, file.stream);
		fputs("\n", file.stream);
		fflush(file.stream);
		assert_int_equal(ftruncate(fileno(file.stream),
					 MAIL_LOG_WINDOW + 2 + more),
			0);
		file_read(&file, &log);
		assert_string_equal(kind_of(&log, "d.test"),
			more ? "nothing" : "self_signed");
		mail_log_release(&log);
	}
}

static void
mail_log_errors(void **state)
{
	static const struct {
		const char *bytes, *want;
	} foreign[] = {
		{ "\x1f\x8b\b", "is compressed; give the current log" },
		{ "\xfd"
		  "7zXZ",
			"xzcat" },
		{ "LPKSHHRH", "is a journal" },
	};
	struct mail_log log;
	struct error error;

	(void)state;
	assert_int_equal(log_read(&log, "/nonexistent/mail.log", &error), -1);
	assert_non_null(strstr(error.text,
		"cannot read the mail log "
		"/nonexistent/mail.log: No such file"));
	mail_log_release(&log);
	assert_int_equal(log_read(&log, "/tmp", &error), -1);
	assert_string_equal(error.text,
		"cannot read the mail log /tmp: Is a directory");
	mail_log_release(&log);
	for (size_t i = 0; i < COUNT(foreign); i++) {
		struct file file = file_new();

		fputs(foreign[i].bytes, file.stream);
		fclose(file.stream);
		assert_int_equal(log_read(&log, file.path, &error), -1);
		unlink(file.path);
		assert_non_null(strstr(error.text, file.path));
		if (strstr(error.text, foreign[i].want) == NULL)
			print_error("%s\n", error.text);
		assert_non_null(strstr(error.text, foreign[i].want));
		mail_log_release(&log);
	}
}

/* Runs with standard input from the read end of a pipe. */
static int
pipe_read(const char *text, bool close_it, struct mail_log *log,
	struct error *error)
{
	const struct mail_log_source source = { .path = "-", .now = NOW };
	struct deadline deadline = deadline_in(close_it ? 60 : 0.05);
	int ends[2], before = dup(STDIN_FILENO), result;

	*error = (struct error){ .text = "" };
	assert_int_equal(pipe(ends), 0);
	assert_true(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
	assert_true(write(ends[1], text, strlen(text)) == (long)strlen(text));
	if (close_it)
		close(ends[1]);
	result = mail_log_read(log, &source, &deadline, error);
	if (!close_it)
		close(ends[1]);
	close(ends[0]);
	dup2(before, STDIN_FILENO);
	close(before);
	return result;
}

static void
mail_log_of_standard_input(void **state)
{
	struct mail_log log;
	struct error error;

	(void)state;
	assert_int_equal(pipe_read(STORY(TODAY), true, &log, &error), 0);
	assert_string_equal(kind_of(&log, "d.test"), "self_signed");
	mail_log_release(&log);
	assert_int_equal(pipe_read("\x1f\x8b\b", true, &log, &error), -1);
	assert_non_null(strstr(error.text, "on standard input is compressed"));
	mail_log_release(&log);
	assert_int_equal(pipe_read(STORY(TODAY), false, &log, &error), -1);
	assert_string_equal(error.text,
		"the mail log on standard input did "
		"not end within 0.05 seconds");
	assert_string_equal(kind_of(&log, "d.test"), "self_signed");
	mail_log_release(&log);
}

/* One log of several instances, and those that are asked for. */
static void
mail_log_of_instances(void **state)
{
	static const struct {
		const char *names[3]; /* NULL ends */
		const char *want_d, *want_e;
	} cases[] = {
		{ { NULL }, "expired", "self_signed" },
		{ { "postfix" }, "self_signed", "self_signed" },
		{ { "postfix-out" }, "expired", "nothing" },
		{ { "postfix-out", "postfix" }, "expired", "self_signed" },
		{ { "post" }, "nothing", "nothing" },
		{ { "postfix/relay" }, "nothing", "self_signed" },
	};
	static const char text[] = STORY(
		TODAY) "Nov 24 02:31:26 mail postfix-out/smtp[2]: " VERIFICATION("n[192.0.2.2]:25",
		"certificate has expired") "Nov 24 02:31:26 mail postfix-out/smtp[2]: " DELIVERY("u@d.test",
		"n[192.0.2.2]:25") "Nov 24 02:31:26 mail postfix/relay/smtp[1]: " VERIFICATION("m[192.0.2.1]:25",
		"self-signed certificate") "Nov 24 02:31:26 mail postfix/relay/smtp[1]: " DELIVERY("u@e.test",
		"m[192.0.2.1]:25");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct file file = file_new();
		struct mail_log_source source = { .path = file.path,
			.now = NOW };
		struct deadline deadline = deadline_in(60);
		struct mail_log log;
		struct error error;

		fputs(text, file.stream);
		fclose(file.stream);
		for (size_t j = 0; j < 3 && cases[i].names[j] != NULL; j++)
			sentences_add(&source.names, "%s", cases[i].names[j]);
		assert_int_equal(mail_log_read(&log, &source, &deadline,
					 &error),
			0);
		unlink(file.path);
		assert_string_equal(kind_of(&log, "d.test"), cases[i].want_d);
		assert_string_equal(kind_of(&log, "e.test"), cases[i].want_e);
		assert_true(log.known);
		sentences_release(&source.names);
		mail_log_release(&log);
	}
}

static void
mail_log_memory_is_bounded(void **state)
{
	struct log_memory memory = { .limit = 3 };
	static const char *const keys[] = { "a", "b", "a", "c", "d", "" };

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++)
		log_memory_touch(&memory,
			(struct log_span){ keys[i], strlen(keys[i]) });
	assert_int_equal(memory.count, 3);
	assert_null(log_memory_find(&memory, LOG_SPAN("a")));
	assert_null(log_memory_find(&memory, LOG_SPAN("b")));
	assert_non_null(log_memory_find(&memory, LOG_SPAN("c")));
	assert_non_null(log_memory_find(&memory, LOG_SPAN("d")));
	assert_non_null(log_memory_find(&memory, LOG_SPAN("")));
	assert_string_equal(memory.oldest->key.at, "c");
	log_memory_release(&memory);
	assert_int_equal(memory.count, 0);
}

/* As many destinations and processes as a busy day has, and then some. */
static void
mail_log_many_domains(void **state)
{
	struct file file = file_new();
	struct mail_log log;

	(void)state;
	for (int i = 0; i < 20001; i++) {
		fprintf(file.stream,
			"Nov 24 02:31:25 mail postfix/smtp[%d]: " VERIFICATION(
				"m[192.0.2.1]:%d", "self-signed certificate"),
			i, i);
		fprintf(file.stream,
			"Nov 24 02:31:25 mail postfix/smtp[%d]: " DELIVERY(
				"u@%d.test", "m[192.0.2.1]:%d"),
			i, i, i);
	}
	file_read(&file, &log);
	assert_string_equal(kind_of(&log, "0.test"), "nothing");
	assert_string_equal(kind_of(&log, "1.test"), "self_signed");
	assert_string_equal(kind_of(&log, "20000.test"), "self_signed");
	mail_log_release(&log);
}

static void
mail_log_finding_names(void **state)
{
	(void)state;
	for (int kind = LOG_NOTHING; kind < LOG_FINDING_COUNT; kind++) {
		const char *name = mail_log_finding_name(kind);

		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"),
			strlen(name));
		assert_true(strlen(mail_log_finding_sentence(kind)) > 10);
		for (int other = LOG_NOTHING; other < kind; other++)
			assert_string_not_equal(name,
				mail_log_finding_name(other));
	}
}

static void
mail_log_findings_fit_reasons(void **state)
{
	static const struct {
		enum log_finding kind;
		const char *reason;
		bool want;
	} cases[] = {
		{ LOG_EXPIRED, "Server certificate not verified", true },
		{ LOG_EXPIRED,
			"delivery temporarily suspended: Server certificate "
			"not trusted",
			true },
		{ LOG_MISMATCH, "Server certificate not verified", true },
		{ LOG_EXPIRED,
			"TLS is required, but was not offered by host m[::1]",
			false },
		{ LOG_HANDSHAKE, "Cannot start TLS: handshake failure", true },
		{ LOG_HANDSHAKE,
			"lost connection with m[::1] while receiving the "
			"STARTTLS response",
			false },
		{ LOG_STS_MX_MISMATCH,
			"server unavailable or unable to receive mail", true },
		{ LOG_EXPIRED, "server unavailable or unable to receive mail",
			false },
		{ LOG_NOTHING, "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool got = mail_log_explains(cases[i].kind, cases[i].reason);

		if (got != cases[i].want)
			print_error("%s\n", cases[i].reason);
		assert_int_equal(got, cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mail_log_stories),
		cmocka_unit_test(mail_log_of_postfix_3_7),
		cmocka_unit_test(mail_log_of_journalctl_cat),
		cmocka_unit_test(mail_log_of_other_releases),
		cmocka_unit_test(mail_log_tells_mismatches_apart),
		cmocka_unit_test(mail_log_knows_a_mail_log),
		cmocka_unit_test(mail_log_files),
		cmocka_unit_test(mail_log_odd_bytes),
		cmocka_unit_test(mail_log_window),
		cmocka_unit_test(mail_log_errors),
		cmocka_unit_test(mail_log_of_standard_input),
		cmocka_unit_test(mail_log_of_instances),
		cmocka_unit_test(mail_log_memory_is_bounded),
		cmocka_unit_test(mail_log_many_domains),
		cmocka_unit_test(mail_log_finding_names),
		cmocka_unit_test(mail_log_findings_fit_reasons),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests_name("mail_log", tests, NULL, NULL);
}
