/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same bytes from memory, from a file and from a pipe in pieces have to
 * give the same; then what only a pipe can do: be silent, flood, be slow.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stream.h"

#define BYTES(text) text, sizeof(text) - 1
#define LARGE       ((size_t)32 << 20)

static const struct {
	const char *name, *bytes;
	size_t length;
	const char *want_lines; /* each in [], a NUL as 0, then how it ended */
	const char *want_texts; /* the same, split at '.' */
} inputs[] = {
	{ "nothing", BYTES(""), "end", "end" },
	{ "one line", BYTES("abc\n"), "[abc]end",
		"the input ends in the middle" },
	{ "no line end", BYTES("ab\nc"), "[ab][c]end",
		"the input ends in the middle" },
	{ "empty lines", BYTES("\n\n.\n"), "[][][.]end",
		"[\n\n]the input ends in the middle" },
	{ "DOS line ends", BYTES("a\r\n\r\nb\r\n."), "[a][][b][.]end",
		"[a\r\n\r\nb\r\n]end" },
	{ "CR that ends no line", BYTES("a\rb\r\r\nc\r."), "[a\rb\r][c\r.]end",
		"[a\rb\r\r\nc\r]end" },
	{ "CR at the very end", BYTES("a\r"), "[a\r]end",
		"the input ends in the middle" },
	{ "NUL bytes", BYTES("\0a\0\n\0."), "[0a0][0.]end", "[0a0\n0]end" },
	{ "texts", BYTES("ab..c."), "[ab..c.]end", "[ab][][c]end" },
	{ "cut text", BYTES("ab.c"), "[ab.c]end",
		"[ab]the input ends in the middle" },
};

static void
part_print(FILE *out, const char *part, size_t length)
{
	assert_int_equal(part[length], '\0');
	fputc('[', out);
	for (size_t i = 0; i < length; i++)
		fputc(part[i] ? part[i] : '0', out);
	fputc(']', out);
}

/* All parts and how they ended, as the rows above write it. */
static char *
parts_of(struct stream *stream, bool lines)
{
	struct error error = { "" };
	char *all, *part;
	size_t length, size;
	int status;
	FILE *out = open_memstream(&all, &size);

	for (;;) {
		if (lines)
			status = stream_line(stream, &part, &length, &error);
		else
			status = stream_text(stream, '.', &part, &length,
				&error);
		if (status <= 0)
			break;
		part_print(out, part, length);
	}
	fputs(status == 0 ? "end" : error.text, out);
	fclose(out);
	return all;
}

/* A child that writes these bytes in pieces; where to read them. */
static int
child_write(const int ends[2], const char *bytes, size_t length, size_t piece)
{
	if (fork() != 0) {
		close(ends[1]);
		return ends[0];
	}
	close(ends[0]);
	while (length > 0) {
		size_t size = length < piece ? length : piece;
		ssize_t written = write(ends[1], bytes, size);

		if (written < 0)
			_exit(1);
		bytes += written;
		length -= (size_t)written;
	}
	_exit(0);
}

/* A socket, because its buffer can be made so small that pieces stay pieces. */
static int
writer_start(const char *bytes, size_t length, size_t piece)
{
	int ends[2], small = 1;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	return child_write(ends, bytes, length, piece);
}

static int
pipe_writer_start(const char *bytes, size_t length, size_t piece)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	return child_write(ends, bytes, length, piece);
}

static int
file_of(const char *bytes, size_t length)
{
	FILE *file = tmpfile();
	int descriptor;

	assert_non_null(file);
	fwrite(bytes, 1, length, file);
	rewind(file);
	descriptor = dup(fileno(file));
	fclose(file);
	return descriptor;
}

static void
input_open(struct stream *stream, size_t row, int how)
{
	const char *bytes = inputs[row].bytes;
	size_t length = inputs[row].length;
	struct deadline deadline = deadline_in(10);

	if (how == 0)
		stream_open_memory(stream, bytes, length);
	else if (how == 1)
		stream_open(stream, file_of(bytes, length), -1, deadline);
	else
		stream_open(stream, writer_start(bytes, length, how - 1), -1,
			deadline);
}

static void
input_check(size_t row, int how, bool lines)
{
	const char *want =
		lines ? inputs[row].want_lines : inputs[row].want_texts;
	struct stream stream;
	char *got;

	input_open(&stream, row, how);
	got = parts_of(&stream, lines);
	if (strcmp(got, want) != 0)
		fail_msg("%s, way %d: got \"%s\", want \"%s\"",
			inputs[row].name, how, got, want);
	free(got);
	stream_release(&stream);
	while (how > 1 && wait(NULL) < 0)
		assert_int_equal(errno, EINTR);
}

static void
stream_inputs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(inputs); i++) {
		for (int how = 0; how < 4; how++) {
			input_check(i, how, true);
			input_check(i, how, false);
		}
	}
}

static void
stream_numbers_lines(void **state)
{
	struct error error;
	struct stream stream;
	char *line;
	size_t length;

	(void)state;
	stream_open_memory(&stream, BYTES("a\n\nb"));
	assert_int_equal(stream.line, 0);
	for (unsigned long want = 1; want <= 3; want++) {
		assert_int_equal(stream_line(&stream, &line, &length, &error),
			1);
		assert_int_equal(stream.line, want);
	}
	assert_int_equal(stream_line(&stream, &line, &length, &error), 0);
	assert_int_equal(stream.line, 3);
	stream_release(&stream);
}

/* Lines of all lengths around the size of the buffer and its doubles. */
static void
stream_lines_of_all_lengths(void **state)
{
	static const size_t lengths[] = { 1, 65534, 65535, 65536, 65537, 0, 3,
		131071, 131072, 200000, 32768, 32767, 60000, 60001, 2 };
	struct error error = { "" };
	struct stream stream;
	char *bytes = calloc(COUNT_OF(lengths), 200001), *line, *end = bytes;
	size_t length;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		memset(end, 'a' + (int)i, lengths[i]);
		end[lengths[i]] = '\n';
		end += lengths[i] + 1;
	}
	stream_open(&stream, writer_start(bytes, (size_t)(end - bytes), 5000),
		-1, deadline_in(10));
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		assert_int_equal(stream_line(&stream, &line, &length, &error),
			1);
		assert_int_equal(length, lengths[i]);
		assert_int_equal(strlen(line), length);
		for (size_t j = 0; j < length; j++)
			assert_int_equal(line[j], 'a' + (int)i);
	}
	assert_int_equal(stream_line(&stream, &line, &length, &error), 0);
	stream_release(&stream);
	wait(NULL);
	free(bytes);
}

/* Searched or moved anew for each piece, this would take minutes. */
static void
stream_long_line_in_small_pieces(void **state)
{
	struct error error = { "" };
	struct stream stream;
	char *bytes = malloc(LARGE), *line;
	size_t length;

	(void)state;
	memset(bytes, 'a', LARGE);
	stream_open(&stream, writer_start(bytes, LARGE, 4096), -1,
		deadline_in(60));
	assert_int_equal(stream_line(&stream, &line, &length, &error), 1);
	assert_int_equal(length, LARGE);
	assert_memory_equal(line, bytes, LARGE);
	stream_release(&stream);
	wait(NULL);
	free(bytes);
}

/* So many small pieces that the stream pauses for more of them to come. */
static void
pieces_check(int descriptor, const char *bytes, size_t length)
{
	struct error error = { "" };
	struct stream stream;
	size_t line_length, read = 0;
	char *line;

	stream_open(&stream, descriptor, -1, deadline_in(60));
	while (stream_line(&stream, &line, &line_length, &error) > 0) {
		assert_memory_equal(line, bytes + read, line_length);
		assert_int_equal(bytes[read + line_length], '\n');
		read += line_length + 1;
	}
	assert_string_equal(error.text, "");
	assert_int_equal(read, length);
	stream_release(&stream);
	wait(NULL);
}

static void
stream_many_small_pieces(void **state)
{
	const size_t length = (size_t)1 << 20;
	char *bytes = malloc(length);

	(void)state;
	for (size_t i = 0; i < length; i++)
		bytes[i] = i % 293 == 292 ? '\n' : (char)('a' + i % 26);
	bytes[length - 1] = '\n';
	pieces_check(writer_start(bytes, length, 300), bytes, length);
	pieces_check(pipe_writer_start(bytes, length, 300), bytes, length);
	pieces_check(pipe_writer_start(bytes, length, 70000), bytes, length);
	free(bytes);
}

static const struct {
	size_t wanted;
	long want;
	const char *want_bytes;
} peeks[] = {
	{ 0, 0, "" },
	{ 1, 1, "a" },
	{ 5, 5, "ab\ncd" },
	{ 100, 5, "ab\ncd" },
	{ SIZE_MAX, 5, "ab\ncd" },
};

static void
stream_peeks(void **state)
{
	struct error error;
	struct stream stream;
	const char *bytes;
	char *parts;
	long got;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(peeks); i++) {
		stream_open(&stream, writer_start(BYTES("ab\ncd"), 1), -1,
			deadline_in(10));
		got = stream_peek(&stream, peeks[i].wanted, &bytes, &error);
		if (got < peeks[i].want || got > 5)
			fail_msg("%zu bytes: got %ld, want %ld",
				peeks[i].wanted, got, peeks[i].want);
		assert_memory_equal(bytes, peeks[i].want_bytes,
			(size_t)peeks[i].want);
		parts = parts_of(&stream, true);
		assert_string_equal(parts, "[ab][cd]end");
		free(parts);
		stream_release(&stream);
		wait(NULL);
	}
}

/* Nobody writes, and nobody closes. */
static void
stream_waits_no_longer(void **state)
{
	struct error error = { "" };
	struct stream stream;
	const char *bytes;
	char *got;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "a\nb", 3), 3);
	stream_open(&stream, ends[0], -1, deadline_in(0.05));
	got = parts_of(&stream, true);
	assert_string_equal(got, "[a]no answer within 0.05 s");
	assert_true(stream.timed_out);
	assert_int_equal(stream_peek(&stream, 2, &bytes, &error), -1);
	assert_int_equal(stream_drain(&stream, &error), -1);
	free(got);
	stream_release(&stream);
	assert_true(stream.timed_out);
	close(ends[1]);
}

/* Bytes without an end are no reason to go on either. */
static void
stream_drains_no_longer(void **state)
{
	struct error error = { "" };
	struct stream stream;

	(void)state;
	stream_open(&stream, open("/dev/zero", O_RDONLY), -1,
		deadline_in(0.05));
	assert_int_equal(stream_drain(&stream, &error), -1);
	assert_string_equal(error.text, "no answer within 0.05 s");
	assert_true(stream.size >= 1 && stream.size <= 1 << 20);
	stream_release(&stream);
}

static const struct {
	const char *name, *path, *want_error;
} broken[] = {
	{ "directory", "/", "cannot read: Is a directory" },
	{ "no descriptor", "/nonexistent", "cannot read: Bad file descriptor" },
};

static void
stream_read_errors(void **state)
{
	struct stream stream;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(broken); i++) {
		int descriptor = open(broken[i].path, O_RDONLY);
		char *got;

		if (descriptor < 0)
			descriptor = 987;
		stream_open(&stream, descriptor, -1, deadline_in(5));
		got = parts_of(&stream, true);
		if (strcmp(got, broken[i].want_error) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", broken[i].name,
				got, broken[i].want_error);
		assert_false(stream.timed_out);
		free(got);
		stream_release(&stream);
	}
}

static void
signal_ignore(int number)
{
	(void)number;
}

/* A signal every 2 ms, no SA_RESTART; the line comes after 50 ms. */
static void
stream_survives_signals(void **state)
{
	struct sigaction action = { .sa_handler = signal_ignore };
	struct timespec half = { 0, 2000000 };
	struct stream stream;
	pid_t parent = getpid();
	char *got;
	int ends[2];

	(void)state;
	sigaction(SIGUSR1, &action, NULL);
	assert_int_equal(pipe(ends), 0);
	if (fork() == 0) {
		for (int i = 0; i < 25; i++) {
			kill(parent, SIGUSR1);
			nanosleep(&half, NULL);
		}
		_exit(write(ends[1], "late\n", 5) != 5);
	}
	close(ends[1]);
	stream_open(&stream, ends[0], -1, deadline_in(10));
	got = parts_of(&stream, true);
	assert_string_equal(got, "[late]end");
	free(got);
	stream_release(&stream);
	while (wait(NULL) < 0)
		assert_int_equal(errno, EINTR);
}

/* What a child writes to its side, then to its output. */
static const struct {
	const char *name;
	size_t times; /* that the side text is written */
	const char *side;
	const char *output;
	size_t want_length;
} sides[] = {
	{ "silent", 0, "", "a\nb", 0 },
	{ "side only", 1, "fatal: no\n", "", 10 },
	{ "controls stay", 1, "\033[1m|\r\n", "a\nb", 7 },
	{ "exactly full", 512, "12345678", "a\nb", STREAM_SIDE_LIMIT },
	{ "flood", 200000, "12345678", "a\nb", STREAM_SIDE_LIMIT },
};

static void
side_write(size_t row, int output, int side)
{
	const char *text = sides[row].side;

	for (size_t i = 0; i < sides[row].times; i++)
		if (write(side, text, strlen(text)) < 0)
			_exit(1);
	close(side);
	text = sides[row].output;
	_exit(write(output, text, strlen(text)) < 0);
}

static void
side_open(struct stream *stream, size_t row)
{
	int output[2], side[2];

	assert_int_equal(pipe(output), 0);
	assert_int_equal(pipe(side), 0);
	if (fork() == 0)
		side_write(row, output[1], side[1]);
	close(output[1]);
	close(side[1]);
	stream_open(stream, output[0], side[0], deadline_in(10));
}

static void
stream_keeps_the_side(void **state)
{
	struct error error = { "" };
	struct stream stream;
	char *parts;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sides); i++) {
		side_open(&stream, i);
		parts = parts_of(&stream, true);
		assert_string_equal(parts,
			*sides[i].output ? "[a][b]end" : "end");
		assert_int_equal(stream_drain(&stream, &error), 0);
		stream_release(&stream);
		if (stream.side_length != sides[i].want_length ||
			strlen(stream.side_text) != stream.side_length)
			fail_msg("%s: got %zu bytes, want %zu", sides[i].name,
				stream.side_length, sides[i].want_length);
		assert_memory_equal(stream.side_text, sides[i].side,
			sides[i].times ? strlen(sides[i].side) : 0);
		free(parts);
		wait(NULL);
	}
}

static void
stream_drains_both(void **state)
{
	struct error error = { "" };
	struct stream stream;
	char *line;
	size_t length;

	(void)state;
	side_open(&stream, COUNT_OF(sides) - 1);
	assert_int_equal(stream_line(&stream, &line, &length, &error), 1);
	assert_int_equal(stream_drain(&stream, &error), 0);
	assert_int_equal(stream_line(&stream, &line, &length, &error), 0);
	assert_int_equal(stream.side_length, STREAM_SIDE_LIMIT);
	stream_release(&stream);
	wait(NULL);
}

static int pauses;

/* In place of the C library's, for all of this program. */
int
nanosleep(const struct timespec *time, struct timespec *left)
{
	pauses++;
	return clock_nanosleep(CLOCK_REALTIME, 0, time, left);
}

/* More comes from who writes, if one waits a little; a file is whole. */
static void
stream_pauses_for_writers(void **state)
{
	const char text[] = "a\nb\n";
	struct stream stream;

	(void)state;
	pauses = 0;
	stream_open(&stream, file_of(BYTES(text)), -1, deadline_in(10));
	free(parts_of(&stream, true));
	stream_release(&stream);
	assert_int_equal(pauses, 0);
	stream_open(&stream, writer_start(BYTES(text), 1), -1, deadline_in(10));
	free(parts_of(&stream, true));
	stream_release(&stream);
	assert_true(pauses > 0);
	wait(NULL);
}

/* A writer of a pipe is waited for as long as pace.h says. */
static void
stream_knows_pipes(void **state)
{
	const char text[] = "a\nb\n";
	struct stream stream;

	(void)state;
	pauses = 0;
	stream_open(&stream, pipe_writer_start(BYTES(text), 1), -1,
		deadline_in(10));
	assert_true(stream.pace.capacity >= 4096);
	free(parts_of(&stream, true));
	stream_release(&stream);
	wait(NULL);
	stream_open(&stream, file_of(BYTES(text)), -1, deadline_in(10));
	assert_int_equal(stream.pace.capacity, 0);
	stream_release(&stream);
	assert_int_equal(pauses, 0);
}

static bool
is_open(int descriptor)
{
	return fcntl(descriptor, F_GETFD) >= 0;
}

static void
stream_releases(void **state)
{
	struct stream stream = { 0 };
	int first = open("/dev/null", O_RDONLY);
	int second = open("/dev/null", O_RDONLY);
	bool zero = is_open(0);

	(void)state;
	stream_release(&stream);
	assert_int_equal(is_open(0), zero);
	stream_open(&stream, first, second, deadline_in(1));
	stream_release(&stream);
	assert_false(is_open(first));
	assert_false(is_open(second));
	first = open("/dev/null", O_RDONLY);
	stream_release(&stream);
	assert_true(is_open(first));
	close(first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stream_inputs),
		cmocka_unit_test(stream_numbers_lines),
		cmocka_unit_test(stream_lines_of_all_lengths),
		cmocka_unit_test(stream_long_line_in_small_pieces),
		cmocka_unit_test(stream_many_small_pieces),
		cmocka_unit_test(stream_peeks),
		cmocka_unit_test(stream_waits_no_longer),
		cmocka_unit_test(stream_drains_no_longer),
		cmocka_unit_test(stream_read_errors),
		cmocka_unit_test(stream_survives_signals),
		cmocka_unit_test(stream_keeps_the_side),
		cmocka_unit_test(stream_drains_both),
		cmocka_unit_test(stream_pauses_for_writers),
		cmocka_unit_test(stream_knows_pipes),
		cmocka_unit_test(stream_releases),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
