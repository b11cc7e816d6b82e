/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What showq sends, byte by byte. The first three answers are of real ones:
 * Postfix 3.5, 3.7 and 3.11, with addresses made up.
 */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "queue/reader.h"

#define BYTES(text)       text, sizeof(text) - 1
#define PAIR(name, value) name "\0" value "\0"
#define GREETING          PAIR("protocol", "mail_queue_list_protocol") "\0"
#define END               "\0"
#define HEAD(queue, id)                                                        \
	PAIR("queue_name", queue)                                              \
	PAIR("queue_id", id) PAIR("time", "1700000000") PAIR("size", "330")
#define FORCED           PAIR("forced_expire", "0")
#define FROM(address)    PAIR("sender", address)
#define TO(address, why) PAIR("recipient", address) PAIR("reason", why)
#define TO_11(log, why)                                                        \
	PAIR("original_recipient", "")                                         \
	PAIR("recipient", "a@b") PAIR("log_class", log) PAIR("reason", why)
#define ONE   HEAD("deferred", "A1") FROM("s@x")
#define READ  "deferred A1 1700000000 330 <s@x>"
#define EARLY "showq ended early, in the middle of its answer: see the mail log"

static const struct {
	const char *name, *bytes;
	size_t length;
	const char *want;
} answers[] = {
	{ "3.5",
		BYTES(HEAD("deferred", "4bXyZ12345z9Q1") FORCED FROM("s@x")
				TO("a@b", "Server certificate not trusted")
					TO("c@d", "") END END),
		"deferred 4bXyZ12345z9Q1 1700000000 330 <s@x> "
		"[a@b delay Server certificate not trusted] [c@d none -]\n"
		"end" },
	{ "3.7",
		BYTES(GREETING HEAD("active", "A1") FORCED FROM("MAILER-DAEMON")
				TO("a@b", "") END HEAD("hold", "A2")
					FORCED FROM("s@x") TO("a@b", "why")
						END END),
		"active A1 1700000000 330 <MAILER-DAEMON> [a@b none -]\n"
		"hold A2 1700000000 330 <s@x> [a@b delay why]\nend" },
	{ "3.11",
		BYTES(GREETING ONE TO_11("defer", "one") TO_11("bounce", "two")
				TO_11("", "") TO_11("", "three") TO_11("defer",
					"") TO_11("new", "four") END END),
		READ " [a@b delay one] [a@b bounce two] [a@b none -] "
		     "[a@b other three] [a@b none -] [a@b other four]\nend" },
	{ "zeros", BYTES(END END END),
		"message 1: there is more behind the answer's end" },
	{ "more behind it", BYTES(GREETING ONE END END "queue_name"),
		READ "\nmessage 2: there is more behind the answer's end" },
	{ "3.1, no forced_expire", BYTES(ONE TO("a@b", "why") END END),
		READ " [a@b delay why]\nend" },
	{ "the class of one is not the next one's",
		BYTES(ONE TO_11("bounce", "one") TO("c@d", "two") END END),
		READ " [a@b bounce one] [c@d delay two]\nend" },
	{ "empty queue", BYTES(GREETING END), "end" },
	{ "empty queue before 3.6", BYTES(END), "end" },
	{ "no recipients", BYTES(GREETING ONE END END), READ "\nend" },
	{ "another order",
		BYTES(FROM("s@x") PAIR("size", "330") PAIR("queue_id", "A1")
				PAIR("time", "1700000000")
					PAIR("queue_name", "deferred") END END),
		READ "\nend" },
	{ "unknown attributes",
		BYTES(PAIR("x", "") ONE PAIR("queue", "hold") PAIR("recipient",
			"a@b") PAIR("dsn", "4.7.5") PAIR("reason", "why")
				PAIR("y", "z") END END),
		READ " [a@b delay why]\nend" },
	{ "names and marks in values",
		BYTES(GREETING ONE TO("reason", "recipient")
				TO("\"a\nb\"@c", "\033[1m|\r\n\377\t") END END),
		READ " [reason delay recipient] "
		     "[\"a\nb\"@c delay \033[1m|\r\n\377\t]\nend" },
	{ "a queue of another name",
		BYTES(HEAD("corrupt", "A1") FROM("s@x") END END),
		"other A1 1700000000 330 <s@x>\nend" },
	{ "nothing", BYTES(""), "message 1: " EARLY },
	{ "only the greeting", BYTES(GREETING), "message 1: " EARLY },
	{ "no end", BYTES(GREETING ONE END), READ "\nmessage 2: " EARLY },
	{ "text of 3.0, empty", BYTES("Mail queue is empty\n"),
		"this is Postfix 3.0 or older, whose showq writes text: leave "
		"out --socket" },
	{ "text of 3.0",
		BYTES("-Queue ID- --Size-- ----Arrival Time---- -Sender/Rec"),
		"this is Postfix 3.0 or older, whose showq writes text: leave "
		"out --socket" },
	{ "another service", BYTES(PAIR("protocol", "private/anvil") END END),
		"this is not showq's socket: it speaks \"private/anvil\"" },
	{ "more in the greeting",
		BYTES(PAIR("protocol", "mail_queue_list_protocol") ONE END END),
		"unexpected \"queue_name\" in the greeting" },
	{ "a stranger's text", BYTES("220 mx ESMTP\r\n"), "message 1: " EARLY },
	{ "no queue name", BYTES(PAIR("queue_id", "A1") FROM("s@x") END END),
		"message 1: it has no queue_name" },
	{ "no id",
		BYTES(PAIR("queue_name", "hold") PAIR("time", "1")
				PAIR("size", "1") FROM("s@x") END END),
		"message 1: it has no queue_id" },
	{ "no time",
		BYTES(PAIR("queue_name", "hold") PAIR("queue_id", "A1")
				PAIR("size", "1") FROM("s@x") END END),
		"message 1: it has no time" },
	{ "no size",
		BYTES(PAIR("queue_name", "hold") PAIR("queue_id", "A1")
				PAIR("time", "1") FROM("s@x") END END),
		"message 1: it has no size" },
	{ "no sender", BYTES(HEAD("hold", "A1") TO("a@b", "") END END),
		"message 1: it has no sender" },
	{ "only something unknown", BYTES(PAIR("a", "b") END END),
		"message 1: it has no queue_name" },
	{ "no end of a message", BYTES(ONE TO("a@b", "why") ONE END END),
		"message 1: it has queue_name twice" },
	{ "no reason, end", BYTES(ONE PAIR("recipient", "a@b") END END),
		"message 1: a recipient without a reason" },
	{ "no reason, next",
		BYTES(ONE PAIR("recipient", "a@b") TO("c@d", "why") END END),
		"message 1: a recipient without a reason" },
	{ "no recipient", BYTES(ONE PAIR("reason", "why") END END),
		"message 1: a reason without a recipient" },
	{ "time is no number",
		BYTES(PAIR("queue_name", "hold") PAIR("time", "now") END END),
		"message 1: its time: 'now' is not a whole number from 0 to 1000000000000000" },
	{ "a negative size as showq would print it",
		BYTES(PAIR("size", "18446744073709551615") END END),
		"message 1: its size: '18446744073709551615' is not a whole number from 0 to "
		"1000000000000000" },
};

static void
describe(FILE *out, const struct message *message)
{
	static const char *const kinds[] = { "none", "delay", "bounce",
		"other" };

	fprintf(out, "%s %s %lld %lld <%s>", queue_name(message->queue),
		message->id, message->arrival, message->size, message->sender);
	for (size_t i = 0; i < message->count; i++)
		fprintf(out, " [%s %s %s]", message->recipients[i].address,
			kinds[message->recipients[i].kind],
			message->recipients[i].reason
				? message->recipients[i].reason
				: "-");
	fputc('\n', out);
}

/* All messages, then "end" or the error; the caller frees. */
static char *
read_all(struct stream *stream)
{
	struct message message = MESSAGE_INIT;
	struct reader reader = { .stream = stream };
	struct error error = { "" };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int got;

	while ((got = showq_socket_next(&reader, &message, &error)) > 0)
		describe(out, &message);
	fputs(got < 0 ? error.text : "end", out);
	fclose(out);
	message_release(&message);
	return text;
}

static char *
read_bytes(const char *bytes, size_t length)
{
	struct stream stream;
	char *text;

	stream_open_memory(&stream, bytes, length);
	text = read_all(&stream);
	stream_release(&stream);
	return text;
}

static void
showq_socket_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		char *got = read_bytes(answers[i].bytes, answers[i].length);

		expect(strcmp(got, answers[i].want) == 0,
			"%s: got\n%s\nwant\n%s", answers[i].name, got,
			answers[i].want);
		free(got);
	}
}

/* Cut off at any byte, the first three must not seem whole. */
static void
showq_socket_cuts(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		for (size_t cut = 0; cut < answers[i].length; cut++) {
			char *got = read_bytes(answers[i].bytes, cut);
			size_t length = strlen(got);

			expect(length >= strlen(EARLY) &&
					strcmp(got + length - strlen(EARLY),
						EARLY) == 0,
				"%s cut to %zu of %zu bytes: got %s",
				answers[i].name, cut, answers[i].length, got);
			free(got);
		}
	}
}

/* One message for 20,000 recipients, whose reasons add up to 8 MB. */
static void
showq_socket_large_message(void **state)
{
	struct message message = MESSAGE_INIT;
	struct stream stream;
	struct reader reader = { .stream = &stream };
	struct error error = { "" };
	size_t size;
	char *bytes, reason[400];
	FILE *out = open_memstream(&bytes, &size);

	(void)state;
	memset(reason, 'r', sizeof(reason));
	fwrite(BYTES(GREETING ONE), 1, out);
	for (int i = 0; i < 20000; i++) {
		fprintf(out, "recipient%c%d@x%creason%c%.400s%c", 0, i, 0, 0,
			reason, 0);
	}
	fwrite(BYTES(END END), 1, out);
	fclose(out);
	stream_open_memory(&stream, bytes, size);
	assert_int_equal(showq_socket_next(&reader, &message, &error), 1);
	assert_int_equal(message.count, 20000);
	assert_string_equal(message.recipients[0].address, "0@x");
	assert_string_equal(message.recipients[19999].address, "19999@x");
	assert_int_equal(strlen(message.recipients[7].reason), 400);
	assert_int_equal(showq_socket_next(&reader, &message, &error), 0);
	message_release(&message);
	stream_release(&stream);
	free(bytes);
}

/* Names in a folder of the test's own. */
static char *
folder_make(void)
{
	static const char pattern[] = "/tmp/check_tls_queue.XXXXXX";
	char *folder = xstrdup(pattern);

	assert_non_null(mkdtemp(folder));
	return folder;
}

static char *
path_in(const char *folder, const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return xstrdup(path);
}

/* A socket at this path, with room for nobody or somebody who waits. */
static int
listener_open(const char *path, int type)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int descriptor = socket(AF_UNIX, type, 0);

	memcpy(address.sun_path, path, strlen(path));
	assert_int_equal(bind(descriptor, (struct sockaddr *)&address,
				 sizeof(address)),
		0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(descriptor, 0), 0);
	return descriptor;
}

static void
showq_socket_connects(void **state)
{
	static const char bytes[] = GREETING ONE TO("a@b", "why") END END;
	struct deadline deadline = deadline_in(10);
	char *folder = folder_make(), *path = path_in(folder, "showq"), *got;
	int listener = listener_open(path, SOCK_STREAM), peer, descriptor;
	struct stream stream;
	struct error error;

	(void)state;
	assert_int_equal(showq_socket_connect(path, &deadline, &descriptor,
				 &error),
		0);
	assert_int_equal(fcntl(descriptor, F_GETFD), FD_CLOEXEC);
	peer = accept(listener, NULL, NULL);
	assert_int_equal(write(peer, bytes, sizeof(bytes) - 1),
		sizeof(bytes) - 1);
	close(peer);
	stream_open(&stream, descriptor, -1, deadline);
	got = read_all(&stream);
	assert_string_equal(got, READ " [a@b delay why]\nend");
	stream_release(&stream);
	close(listener);
	unlink(path);
	rmdir(folder);
	free(got);
	free(path);
	free(folder);
}

/* Nobody accepts: sooner or later no more may wait, and then it is time. */
static void
showq_socket_busy(void **state)
{
	char *folder = folder_make(), *path = path_in(folder, "showq");
	int listener = listener_open(path, SOCK_STREAM);
	int descriptors[10], count = 0, result = 0;
	struct error error = { "" };

	(void)state;
	while (count < 10 && result == 0) {
		struct deadline deadline = deadline_in(0.1);

		result = showq_socket_connect(path, &deadline,
			&descriptors[count], &error);
		count += result == 0;
	}
	assert_int_equal(result, -1);
	assert_int_equal(descriptors[count], -1);
	assert_non_null(strstr(error.text,
		"/showq: no connection within 0.1 s: showq is "
		"busy"));
	while (count-- > 0)
		close(descriptors[count]);
	close(listener);
	unlink(path);
	rmdir(folder);
	free(path);
	free(folder);
}

/* A connection, and then silence. */
static void
showq_socket_silent(void **state)
{
	struct stream stream;
	int ends[2];
	char *got;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	stream_open(&stream, ends[0], -1, deadline_in(0.05));
	got = read_all(&stream);
	assert_string_equal(got, "no answer within 0.05 s");
	assert_true(stream.timed_out);
	stream_release(&stream);
	close(ends[1]);
	free(got);
}

static const struct {
	const char *name; /* in the folder */
	const char *want; /* how the error ends */
} refused[] = {
	{ "nothing",
		"/nothing: it is not there: the mail system never ran, or "
		"'postconf -h queue_directory' is another folder" },
	{ "dead",
		"/dead: nobody listens: the mail system is down, run 'postfix "
		"start'" },
	{ "file", "/file: it is no socket" },
	{ ".", "/.: it is no socket" },
	{ "file/showq", "/file/showq: a part of the path is no folder" },
	{ "datagram",
		"/datagram: it is a socket of another kind, not showq's" },
	{ "hidden/showq",
		"/hidden/showq: only root and members of the group postdrop "
		"may open it: leave out --socket and let postqueue ask" },
	{ "0123456789012345678901234567890123456789012345678901234567890123456"
	  "78901234567890123456789012345678901234567890123456789",
		"...: a socket's path has at most 107 bytes: a symbolic link "
		"to its folder makes it shorter" },
};

static void
refused_check(const char *folder, size_t row)
{
	struct deadline deadline = deadline_in(10);
	char *path = path_in(folder, refused[row].name);
	struct error error = { "" };
	int descriptor, result;
	size_t length, want = strlen(refused[row].want);

	result = showq_socket_connect(path, &deadline, &descriptor, &error);
	length = strlen(error.text);
	expect(result == -1 && length >= want &&
			strcmp(error.text + length - want, refused[row].want) ==
				0,
		"%s: got %d \"%s\", want \"%s\"", refused[row].name, result,
		error.text, refused[row].want);
	free(path);
}

static void
showq_socket_refused(void **state)
{
	char *folder = folder_make();
	char *dead = path_in(folder, "dead"), *file = path_in(folder, "file");
	char *datagram = path_in(folder, "datagram");
	char *hidden = path_in(folder, "hidden");
	int other = listener_open(datagram, SOCK_DGRAM);

	(void)state;
	close(listener_open(dead, SOCK_STREAM));
	close(open(file, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(mkdir(hidden, 0), 0);
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		/* Nothing is hidden from root. */
		if (geteuid() != 0 || refused[i].name[0] != 'h')
			refused_check(folder, i);
	}
	close(other);
	unlink(dead);
	unlink(datagram);
	unlink(file);
	rmdir(hidden);
	rmdir(folder);
	free(dead);
	free(datagram);
	free(file);
	free(hidden);
	free(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(showq_socket_answers),
		cmocka_unit_test(showq_socket_cuts),
		cmocka_unit_test(showq_socket_large_message),
		cmocka_unit_test(showq_socket_connects),
		cmocka_unit_test(showq_socket_busy),
		cmocka_unit_test(showq_socket_silent),
		cmocka_unit_test(showq_socket_refused),
	};

	return cmocka_run_group_tests_name("showq_socket", tests, NULL, NULL);
}
