/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text of `postqueue -p` and mailq (postqueue/showq_compat.c; until 3.0
 * showq/showq.c). Column widths are minimums, so that fields are told apart
 * by blanks and by what they hold:
 *
 *   -Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------
 *   4bXyZ12345*     2048 Tue Nov 14 22:13:20  sender@example.com
 *                        (the reason of the recipients below it)
 *                                            recipient@example.com
 *
 *   -- 2 Kbytes in 1 Request.
 *
 * An id may be followed by '*' (active) or '!' (hold), then '#' (to be
 * expired). There is no year. A reason holds until the next reason line.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "queue/reader.h"

#define DAY    86400
#define QUOTED 60 /* bytes of a line that an error shows */

/* The line's first byte that is no blank. */
static const char *
skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

static bool
starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* The number of a three-letter name in a list of them, from 0; or -1. */
static int
name_number(const char *names, const char *name)
{
	for (int i = 0; *names != '\0'; i++, names += 3)
		if (strncmp(names, name, 3) == 0)
			return i;
	return -1;
}

/* One or two digits, perhaps behind a blank: the number, or -1. */
static int
two_digits(const char *text)
{
	int value = 0;

	for (int i = 0; i < 2; i++) {
		if (i == 0 && text[0] == ' ')
			continue;
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/*
 * "Tue Nov 14 22:13:20", as asctime(3) writes it. The weekday is checked to
 * be one, and kept. Returns 0, or -1 when it is no such date.
 */
static int
parse_date(const char *text, struct tm *date)
{
	memset(date, 0, sizeof(*date));
	if (strlen(text) < 19 || text[3] != ' ' || text[7] != ' ' ||
		text[10] != ' ' || text[13] != ':' || text[16] != ':')
		return -1;
	date->tm_wday = name_number("SunMonTueWedThuFriSat", text);
	date->tm_mon =
		name_number("JanFebMarAprMayJunJulAugSepOctNovDec", text + 4);
	date->tm_mday = two_digits(text + 8);
	date->tm_hour = two_digits(text + 11);
	date->tm_min = two_digits(text + 14);
	date->tm_sec = two_digits(text + 17);
	if (date->tm_wday < 0 || date->tm_mon < 0 || date->tm_mday < 1 ||
		date->tm_mday > 31 || date->tm_hour < 0 || date->tm_hour > 23 ||
		date->tm_min < 0 || date->tm_min > 59 || date->tm_sec < 0 ||
		date->tm_sec > 60)
		return -1;
	return 0;
}

/*
 * The date's year is the latest one, not in the future, in which its weekday
 * is right: Postfix always writes the right one. When no year fits, the
 * latest past one will do. A clock may be a day off.
 */
static long long
resolve_year(const struct tm *date, long long now)
{
	time_t clock = (time_t)now;
	struct tm today;
	long long latest = 0;

	if (localtime_r(&clock, &today) == NULL)
		return 0;
	for (int back = -1; back <= 11; back++) {
		struct tm candidate = *date;
		long long time;

		candidate.tm_year = today.tm_year - back;
		candidate.tm_isdst = -1;
		time = (long long)mktime(&candidate);
		if (candidate.tm_mday != date->tm_mday || time > now + DAY)
			continue;
		if (candidate.tm_wday == date->tm_wday)
			return time;
		if (latest == 0)
			latest = time;
	}
	return latest;
}

/* mktime(3) looks at the time zone's file each time: once an hour will do. */
static long long
arrival_time(struct reader *reader, const char *text, const struct tm *date)
{
	const size_t hour = sizeof("Tue Nov 14 22") - 1;

	if (strncmp(reader->hour, text, hour) != 0 || reader->hour[0] == '\0') {
		struct tm start = *date;

		start.tm_min = start.tm_sec = 0;
		reader->hour_epoch = resolve_year(&start, reader->now);
		memcpy(reader->hour, text, hour);
		reader->hour[hour] = '\0';
	}
	return reader->hour_epoch + date->tm_min * 60LL + date->tm_sec;
}

/*
 * The id and its markers. Before 2.4 a wide id and a wide size ran together:
 * then the size is the last eight digits.
 */
static const char *
parse_id(struct message *message, const char *line)
{
	const char *end = line +
		strspn(line,
			"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
			"stuvwxyz");
	const char *marks = end;
	const char *next;

	if (end == line)
		return NULL;
	message->queue = QUEUE_DEFERRED;
	for (; *marks != '\0' && strchr("*!#", *marks) != NULL; marks++)
		if (*marks != '#')
			message->queue =
				*marks == '*' ? QUEUE_ACTIVE : QUEUE_HOLD;
	next = skip_blanks(marks);
	if (marks == end && end - line > 8 && *next >= 'A' && *next <= 'Z')
		next = end -= 8;
	message->id = message_keep(message, line, (size_t)(end - line));
	return next;
}

/* "ID size date sender": fills the message. -1 when it is no such line. */
static int
parse_head(struct reader *reader, struct message *message, const char *line)
{
	const char *at = parse_id(message, line);
	char *end;
	struct tm date;
	size_t length;

	if (at == NULL || *at < '0' || *at > '9')
		return -1;
	message->size = strtoll(at, &end, 10);
	at = skip_blanks(end);
	if (at == end || parse_date(at, &date) < 0 ||
		(at[19] != '\0' && at[19] != ' '))
		return -1;
	message->arrival = arrival_time(reader, at, &date);
	at = skip_blanks(at + 19);
	length = strlen(at);
	while (length > 0 && at[length - 1] == ' ')
		length--;
	/* showq/showq.c until 3.0, in the sender's place. */
	if (starts_with(at, "(maildrop queue, sender UID ")) {
		message->queue = QUEUE_MAILDROP;
		length = 0;
	}
	message->sender = message_keep(message, at, length);
	return 0;
}

/* The next line: 1, 0 at the end of input, -1 with *error. */
static int
next_line(struct reader *reader, struct error *error)
{
	struct error problem;
	int got;

	if (reader->pending) {
		reader->pending = false;
		return 1;
	}
	got = stream_line(reader->stream, &reader->line, &reader->length,
		&problem);
	if (got < 0)
		return error_set(error, "line %lu: %.700s",
			reader->stream->line + 1, problem.text);
	/* A NUL would hide what stands behind it. */
	if (got > 0 && strlen(reader->line) != reader->length)
		return error_set(error, "line %lu: it has a NUL byte",
			reader->stream->line);
	return got;
}

static int
fail_line(const struct reader *reader, const char *what, struct error *error)
{
	return error_set(error, "line %lu: %s: %.*s%s", reader->stream->line,
		what, QUOTED, reader->line,
		reader->length > QUOTED ? "..." : "");
}

/* "-- 2 Kbytes in 1 Request.": 1 when it is one, -1 when it is wrong. */
static int
take_trailer(struct reader *reader, struct error *error)
{
	const char *in;
	unsigned long requests;

	if (!starts_with(reader->line, "-- "))
		return 0;
	in = strstr(reader->line, " in ");
	if (in == NULL || strstr(in, " Request") == NULL)
		return 0;
	requests = strtoul(in + 4, NULL, 10);
	if (requests != reader->read)
		return error_set(error,
			"line %lu: the listing has a hole: it says %lu "
			"requests, but has %lu",
			reader->stream->line, requests, reader->read);
	reader->whole = true;
	reader->read = 0;
	return 1;
}

/*
 * What stands between messages: headings, trailers, warnings. Returns 1 when
 * the line was one of them, 0 when not, -1 with *error.
 */
static int
take_frame(struct reader *reader, struct error *error)
{
	const char *line = reader->line;

	if (*skip_blanks(line) == '\0')
		return 1;
	if (line[0] == '-' && strstr(line, "Queue ID-") != NULL) {
		reader->whole = false;
		reader->read = 0;
		return 1;
	}
	if (strcmp(line, "Mail queue is empty") == 0) {
		reader->whole = true;
		return 1;
	}
	if (strstr(line, ": fatal: ") != NULL && line[0] != ' ')
		return fail_line(reader, "the listing ends with an error",
			error);
	if (strstr(line, ": warning: ") != NULL &&
		(starts_with(line, "postqueue") || starts_with(line, "mailq") ||
			starts_with(line, "sendmail")))
		return 1;
	return take_trailer(reader, error);
}

/* A reason line's text: from its first parenthesis to its last one. */
static int
take_reason(struct reader *reader, struct message *message, const char **reason,
	struct error *error)
{
	const char *first = skip_blanks(reader->line) + 1;
	const char *last = strrchr(first, ')');

	if (last == NULL)
		return fail_line(reader, "a reason is cut off", error);
	*reason = message_keep(message, first, (size_t)(last - first));
	/* postqueue/showq_compat.c: a recipient without one behind others. */
	if (strcmp(*reason, "reason unavailable") == 0)
		*reason = NULL;
	return 0;
}

static void
take_address(struct reader *reader, struct message *message, const char *reason)
{
	const char *address = skip_blanks(reader->line);
	size_t length = strlen(address);

	while (length > 0 && address[length - 1] == ' ')
		length--;
	message_add(message, message_keep(message, address, length),
		reason ? REASON_DELAY : REASON_NONE, reason);
}

/* Reasons and recipients, up to an empty line or what is neither. */
static int
read_body(struct reader *reader, struct message *message, struct error *error)
{
	const char *reason = NULL;
	int got;

	while ((got = next_line(reader, error)) > 0) {
		char first = *skip_blanks(reader->line);

		if (first == '\0')
			return 0;
		if (first == '(') {
			if (take_reason(reader, message, &reason, error) < 0)
				return -1;
		} else if (reader->line[0] == ' ' || reader->line[0] == '\t') {
			take_address(reader, message, reason);
		} else {
			reader->pending = true;
			return 0;
		}
	}
	return got;
}

/* The input ended without the words that end a listing. */
static int
fail_end(const struct reader *reader, struct error *error)
{
	if (reader->stream->line == 0)
		return error_set(error,
			"it is empty: not even 'Mail queue is empty'");
	return error_set(error,
		"line %lu: the listing is cut off: it has neither a last line "
		"like '-- 2 Kbytes in 1 Request.' nor 'Mail queue is empty'",
		reader->stream->line);
}

int
mailq_text_next(struct reader *reader, struct message *message,
	struct error *error)
{
	int got, framed;

	do {
		got = next_line(reader, error);
		if (got < 0)
			return -1;
		if (got == 0 && reader->whole)
			return 0;
		if (got == 0)
			return fail_end(reader, error);
		framed = take_frame(reader, error);
		if (framed < 0)
			return -1;
	} while (framed > 0);
	message_reset(message);
	if (parse_head(reader, message, reader->line) < 0)
		return fail_line(reader, "this is no line of a mailq listing",
			error);
	reader->whole = false;
	reader->read++;
	return read_body(reader, message, error) < 0 ? -1 : 1;
}
