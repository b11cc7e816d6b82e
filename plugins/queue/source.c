/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A live queue is read as `postqueue -j`; a Postfix before 3.1, which knows
 * no -j, is asked again with -p. postqueue ends with status 69 whatever went
 * wrong (postqueue/postqueue.c: unavailable()), so that the reason is told by
 * what it wrote to standard error.
 */
#include "queue/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "program.h"
#include "queue/listing.h"

/* How much of a listing's start is looked at to tell its format. */
#define SNIFF_BYTES 4096

static const struct {
	const char *name;
	reader_next *next;
} formats[INPUT_COUNT] = {
	[INPUT_AUTO] = { "auto", NULL },
	[INPUT_JSON] = { "json", postqueue_json_next },
	[INPUT_MAILQ] = { "mailq", mailq_text_next },
	[INPUT_SENDMAIL] = { "sendmail", sendmail_text_next },
	[INPUT_OPENSMTPD] = { "opensmtpd", opensmtpd_text_next },
};

/* Why a postqueue could not open showq's socket: its set-gid did nothing. */
static const char *
no_privilege(const struct source *source)
{
	struct stat status;

#ifdef PR_GET_NO_NEW_PRIVS
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return "postqueue's set-gid has no effect under NoNewPrivileges: turn that off for the monitoring service";
#endif
	if (stat(source->path, &status) == 0 && (status.st_mode & S_ISGID) == 0)
		return "postqueue has lost its set-gid: run 'postfix set-permissions'";
	return "postqueue may not open the queue's socket: a security profile, a nosuid mount or a container keeps its set-gid from working";
}

/* Postqueue looks for a directory in the lists, and not whether it exists. */
static const char *
no_directory(const struct source *source)
{
	struct stat status;

	if (source->directory != NULL && stat(source->directory, &status) < 0 &&
		errno == ENOENT)
		return "there is no such configuration directory";
	return "only root may name this configuration directory: list it in multi_instance_directories or alternate_config_directories of the default main.cf";
}

/*
 * What postqueue says when it fails (postqueue/postqueue.c, global/mail_conf.c,
 * util/msg.c), what that means, or what to ask, and what mends it: a command of
 * postfix(1) and what follows it. The first that fits counts.
 */
static const struct failure {
	const char *says;
	const char *means;
	const char *(*ask)(const struct source *source);
	const char *command, *then;
} failures[] = {
	{ .says = "is not allowed to view the mail queue",
		.means =
			"this user may not view the mail queue: add it to authorized_mailq_users in main.cf" },
	{ .says = "ail system is down",
		.means = "the mail system is down: ",
		.command = "start",
		.then = " and see the mail log" },
	{ .says = "unauthorized configuration directory", .ask = no_directory },
	{ .says = "main.cf: No such file or directory",
		.means =
			"there is no main.cf: Postfix is not configured, or the instance's directory is wrong" },
	{ .says = "main.cf: Permission denied",
		.means =
			"main.cf is not readable for this user: Postfix wants the mode 644 for it and 755 for its folder" },
	{ .says = "showq service: Permission denied", .ask = no_privilege },
	{ .says = "showq service: Operation not permitted",
		.ask = no_privilege },
	{ .says = "malformed showq server response",
		.means =
			"the running mail system gave a broken answer: after an upgrade ",
		.command = "reload",
		.then = ", else see the mail log" },
	{ .says = "output write error",
		.means = "postqueue could not write its answer" },
};

enum input_format
input_format_of_name(const char *name)
{
	int format;

	for (format = 0; format < INPUT_COUNT; format++)
		if (strcmp(name, formats[format].name) == 0)
			break;
	return (enum input_format)format;
}

static int
start_postqueue(struct source *source, const char *option, struct error *error)
{
	const char *argv[] = { source->path, option, NULL, NULL, NULL };

	if (source->directory != NULL) {
		argv[1] = "-c";
		argv[2] = source->directory;
		argv[3] = option;
	}
	return command_start(&source->command, argv, &source->deadline, error);
}

static int
find_postqueue(struct source *source, struct error *error)
{
	source->path = source->postqueue;
	if (source->path == NULL)
		source->path = source->found = program_find("postqueue");
	if (source->path == NULL)
		return error_set(error,
			"there is no postqueue in " PROGRAM_FOLDERS
			": is Postfix installed? --postqueue names another");
	return 0;
}

static int
open_postqueue(struct source *source, struct error *error)
{
	struct error problem;

	if (find_postqueue(source, error) < 0)
		return -1;
	if (start_postqueue(source, "-j", &problem) < 0)
		return error_set(error, "%s%.700s",
			source->postqueue != NULL ? "--postqueue: " : "",
			problem.text);
	source->reader.stream = &source->command.stream;
	source->reader.next = postqueue_json_next;
	return 0;
}

/* The name of a saved listing or a socket, for people. */
static const char *
input_name(const struct source *source)
{
	if (source->socket != NULL)
		return source->socket;
	return strcmp(source->input, "-") == 0 ? "standard input"
					       : source->input;
}

static int
open_descriptor(const struct source *source, struct error *error)
{
	struct stat status;
	int descriptor;

	if (strcmp(source->input, "-") == 0)
		descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else /* A FIFO nobody writes to must not hang open(2). */
		descriptor = open(source->input,
			O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (descriptor < 0)
		return error_set(error, "--input: can't read %.500s: %s",
			input_name(source),
			errno == EBADF ? "it is closed" : strerror(errno));
	if (fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
		close(descriptor);
		return error_set(error,
			"--input: can't read %.500s: it is a folder",
			input_name(source));
	}
	return descriptor;
}

/* What a listing of Sendmail begins with: a folder, or one of its headings. */
static bool
looks_like_sendmail(const char *text)
{
	static const char *const signs[] = { "/", "-----Q-ID-----",
		"MSP Queue status...", "MTA Queue status..." };

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (listing_after(text, signs[i]) != NULL)
			return true;
	return false;
}

/* OpenSMTPD's envelope ids are 16 hexadecimal digits. */
static bool
looks_like_opensmtpd(const char *text)
{
	return strspn(text, "0123456789abcdef") == 16 && text[16] == '|';
}

static enum input_format
format_of_start(const char *text)
{
	if (strchr("{[\"", text[0]) != NULL && text[0] != '\0')
		return INPUT_JSON;
	if (looks_like_opensmtpd(text))
		return INPUT_OPENSMTPD;
	return looks_like_sendmail(text) ? INPUT_SENDMAIL : INPUT_MAILQ;
}

/* Behind blanks and the warnings that were saved with a listing. */
static const char *
skip_warnings(const char *text)
{
	const char *said;

	text += strspn(text, " \t\r\n");
	while ((said = listing_diagnostic(text)) != NULL &&
		listing_after(said, "warning: ") != NULL) {
		text += strcspn(text, "\n");
		text += strspn(text, " \t\r\n");
	}
	return text;
}

/* Whatever it would be taken for, its lines would be shown as garbage. */
static int
refuse_foreign(const char *start, struct error *error)
{
	static const char *const forms[][2] = {
		{ "\x1f\x8b", "it is compressed: pipe zcat" },
		{ "\xfd"
		  "7zXZ",
			"it is compressed: pipe xzcat" },
		{ "\x28\xb5\x2f\xfd", "it is compressed: pipe zstdcat" },
		{ "BZh", "it is compressed: pipe bzcat" },
		{ "\xff\xfe", "it is UTF-16: pipe 'iconv -f UTF-16 -t UTF-8'" },
		{ "\xfe\xff", "it is UTF-16: pipe 'iconv -f UTF-16 -t UTF-8'" },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (listing_after(start, forms[i][0]) != NULL)
			return error_set(error, "%s into --input -",
				forms[i][1]);
	return 0;
}

/*
 * Picks the reader by the first bytes of the listing. When no more came in
 * time, the reader says so, and what it has read till then counts.
 */
static int
sniff(struct source *source, struct error *error)
{
	struct stream *stream = &source->stream;
	char start[SNIFF_BYTES + 1];
	const char *bytes, *text;
	long count = stream_peek(stream, SNIFF_BYTES, &bytes, error);

	if (count < 0 && stream->timed_out)
		count = (long)(stream->end - stream->start);
	if (count < 0)
		return -1;
	if (count > SNIFF_BYTES)
		count = SNIFF_BYTES;
	memcpy(start, bytes, (size_t)count);
	start[count] = '\0';
	text = skip_warnings(start);
	if (text == start + count && stream->timed_out)
		return -1;
	if (text == start + count && count < SNIFF_BYTES)
		return error_set(error,
			"it is empty: an empty queue, or a postqueue that failed? --input-format json takes it for an empty queue");
	source->format = format_of_start(text);
	return refuse_foreign(start, error);
}

static int
open_input(struct source *source, struct error *error)
{
	struct error problem;
	int descriptor = open_descriptor(source, error);

	if (descriptor < 0)
		return -1;
	stream_open(&source->stream, descriptor, -1, source->deadline);
	if (stream_skip_mark(&source->stream, &problem) < 0 ||
		(source->format == INPUT_AUTO && sniff(source, &problem) < 0)) {
		source->timed_out = source->stream.timed_out;
		return error_set(error, "%s: %s", input_name(source),
			problem.text);
	}
	source->reader.stream = &source->stream;
	source->reader.next = formats[source->format].next;
	return 0;
}

static int
open_socket(struct source *source, struct error *error)
{
	struct error problem;
	int descriptor;

	if (showq_socket_connect(source->socket, &source->deadline, &descriptor,
		    &problem) < 0) {
		source->timed_out = deadline_passed(&source->deadline);
		return error_set(error, "--socket %.700s", problem.text);
	}
	stream_open(&source->stream, descriptor, -1, source->deadline);
	source->reader.stream = &source->stream;
	source->reader.next = showq_socket_next;
	return 0;
}

int
source_open(struct source *source, struct error *error)
{
	source->reader = (struct reader){ .now = source->now };
	source->found = NULL;
	source->messages = 0;
	source->timed_out = false;
	source->warning.text[0] = '\0';
	if (source->input != NULL)
		return open_input(source, error);
	if (source->socket != NULL)
		return open_socket(source, error);
	return open_postqueue(source, error);
}

/* The most telling line of a child's standard error, without line breaks. */
static void
telling_line(char *text)
{
	char *line = strstr(text, "fatal: ");

	if (line != NULL) {
		while (line > text && line[-1] != '\n')
			line--;
		memmove(text, line, strlen(line) + 1);
	}
	text[strcspn(text, "\n")] = '\0';
}

/* What its standard error means; NULL when nobody knows. */
static const struct failure *
known_failure(const char *said)
{
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
		if (strstr(said, failures[i].says) != NULL)
			return &failures[i];
	return NULL;
}

/* The mend, with the directory of an instance that was named. */
static int
explain_known(const struct source *source, const struct failure *failure,
	const char *said, struct error *error)
{
	const char *directory = source->directory;

	if (failure->command != NULL)
		return error_set(error, "%srun 'postfix%s%.300s %s'%s (%.300s)",
			failure->means, directory != NULL ? " -c " : "",
			directory != NULL ? directory : "", failure->command,
			failure->then, said);
	return error_set(error, "%s (%.300s)",
		failure->ask != NULL ? failure->ask(source) : failure->means,
		said);
}

/* Turns a failed postqueue into a sentence. Always -1. */
static int
explain_failure(struct source *source, int status, struct error *error)
{
	char *said = source->command.stream.side_text;
	const struct failure *failure = known_failure(said);

	telling_line(said);
	if (failure != NULL && !WIFSIGNALED(status))
		return explain_known(source, failure, said, error);
	return command_failed(source->path, status, said, error);
}

/*
 * Whether this postqueue is too old for -j, and can be asked otherwise. How
 * getopt(3) says it differs; Postfix's own usage follows.
 */
static bool
lacks_json(const struct source *source)
{
	const char *said = source->command.stream.side_text;

	return source->messages == 0 &&
		source->reader.next == postqueue_json_next &&
		(strstr(said, "invalid option -- 'j'") != NULL ||
			strstr(said, "usage: postqueue") != NULL);
}

/* Runs postqueue -p instead, and reads on. */
static int
retry_as_text(struct source *source, struct message *message,
	struct error *error)
{
	command_release(&source->command);
	source->reader = (struct reader){ .now = source->now };
	if (start_postqueue(source, "-p", error) < 0)
		return -1;
	source->reader.stream = &source->command.stream;
	source->reader.next = mailq_text_next;
	return source_next(source, message, error);
}

/* "postqueue: fatal: ..." is no warning, whatever a wrapper's status is. */
static bool
said_fatal(const char *said)
{
	while (*said != '\0') {
		const char *text = listing_diagnostic(said);

		if (text != NULL &&
			(listing_after(text, "fatal: ") != NULL ||
				listing_after(text, "panic: ") != NULL))
			return true;
		said += strcspn(said, "\n");
		said += *said == '\n';
	}
	return false;
}

/* All that it said, in one line. */
static void
keep_warnings(struct source *source)
{
	char *rest,
		*line = strtok_r(source->command.stream.side_text, "\n", &rest);
	struct error all = { "" };

	for (; line != NULL; line = strtok_r(NULL, "\n", &rest)) {
		struct error before = all;

		error_set(&all, "%.600s%s%.300s", before.text,
			before.text[0] != '\0' ? "; " : "", line);
	}
	error_set(&source->warning, "%.600s", all.text);
}

/*
 * The listing has ended, properly (got 0) or not (-1): what does postqueue's
 * own end say? Its failure explains a listing that is cut off.
 */
static int
finish_postqueue(struct source *source, struct message *message, int got,
	struct error *error)
{
	struct error problem;
	int status;

	source->timed_out = source->command.stream.timed_out;
	if (source->timed_out)
		return error_set(error,
			"%s was not done after %g s: a hung showq, or a queue that needs a longer --timeout",
			source->path, source->deadline.seconds);
	if (command_finish(&source->command, &status, &problem) < 0) {
		source->timed_out = deadline_passed(&source->deadline);
		return error_set(error, "%s: %.600s", source->path,
			problem.text);
	}
	if (status != 0 && lacks_json(source))
		return retry_as_text(source, message, error);
	if (status != 0 || said_fatal(source->command.stream.side_text))
		return explain_failure(source, status, error);
	keep_warnings(source);
	if (got < 0) {
		problem = *error;
		return error_set(error, "%s wrote a broken listing: %.600s",
			source->path, problem.text);
	}
	return 0;
}

int
source_next(struct source *source, struct message *message, struct error *error)
{
	struct error problem;
	int got = source->reader.next(&source->reader, message, error);

	if (got > 0) {
		source->messages++;
		return 1;
	}
	if (source->input == NULL && source->socket == NULL)
		return finish_postqueue(source, message, got, error);
	source->timed_out = source->stream.timed_out;
	source->warning = source->reader.warning;
	if (got < 0) {
		problem = *error;
		return error_set(error, "%s: %.600s", input_name(source),
			problem.text);
	}
	return 0;
}

void
source_release(struct source *source)
{
	command_release(&source->command);
	stream_release(&source->stream);
	free(source->found);
	source->found = NULL;
}
