/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shape of log lines: "TIME HOST NAME/PROGRAM[PID]: MESSAGE", or the
 * message alone. Remote servers choose the text inside of the parentheses of
 * a delivery line, and nobody keeps them from writing there what looks like
 * another line. So everything is read from the front, field after field, and
 * a line whose front doesn't fit is not searched any further.
 */
#include "tls/mail_log_line.h"

#include <string.h>
#include <time.h>

#include "tls/words.h"

#define DAY 86400

struct log_span
log_span_of(const char *text)
{
	return (struct log_span){ text, text != NULL ? strlen(text) : 0 };
}

bool
log_span_equal(struct log_span one, struct log_span other)
{
	return one.length == other.length &&
		(one.length == 0 || memcmp(one.at, other.at, one.length) == 0);
}

bool
log_span_is(struct log_span span, const char *text)
{
	return log_span_equal(span, log_span_of(text));
}

static void
span_advance(struct log_span *span, size_t length)
{
	span->at += length;
	span->length -= length;
}

bool
log_span_skip(struct log_span *span, const char *text)
{
	size_t length = strlen(text);

	if (span->length < length || memcmp(span->at, text, length) != 0)
		return false;
	span_advance(span, length);
	return true;
}

bool
log_span_cut(struct log_span *span, const char *text)
{
	size_t length = strlen(text);

	if (span->length < length)
		return false;
	if (memcmp(span->at + span->length - length, text, length) != 0)
		return false;
	span->length -= length;
	return true;
}

bool
log_span_until(struct log_span *span, const char *stop, struct log_span *before)
{
	struct log_span rest = *span;
	const char *found;

	while (rest.length != 0 &&
		(found = memchr(rest.at, stop[0], rest.length)) != NULL) {
		span_advance(&rest, (size_t)(found - rest.at));
		if (log_span_skip(&rest, stop)) {
			if (before != NULL)
				*before = (struct log_span){ span->at,
					(size_t)(found - span->at) };
			*span = rest;
			return true;
		}
		span_advance(&rest, 1);
	}
	return false;
}

/* In a pattern 0 is a digit, _ a digit or a blank, A a letter. */
static bool
span_fits(struct log_span span, const char *pattern)
{
	if (span.length < strlen(pattern))
		return false;
	for (size_t i = 0; pattern[i] != '\0'; i++) {
		char found = span.at[i];
		bool fits = pattern[i] == '0' ? words_is_digit(found)
			: pattern[i] == '_'
			? words_is_digit(found) || found == ' '
			: pattern[i] == 'A' ? words_is_letter(found)
					    : found == pattern[i];

		if (!fits)
			return false;
	}
	return true;
}

/* Times that a line may start with; a fraction or a zone may follow. */
static const struct {
	const char *pattern;
	size_t hour; /* how much of it names the hour */
} stamps[] = {
	{ "AAA _0 00:00:00", 10 },     /* RFC 3164, postlogd, journalctl */
	{ "0000-00-00T00:00:00", 14 }, /* RFC 3339, journalctl short-iso */
};

#define STAMPS    (sizeof(stamps) / sizeof(stamps[0]))
#define STAMP_ISO 1

static bool
stamp_take(struct log_span *text, struct log_span *stamp)
{
	for (size_t i = 0; i < STAMPS; i++) {
		struct log_span rest = *text;

		if (!span_fits(*text, stamps[i].pattern))
			continue;
		span_advance(&rest, strlen(stamps[i].pattern));
		if (!log_span_until(&rest, " ", NULL))
			return false;
		stamp->at = text->at;
		stamp->length = (size_t)(rest.at - text->at) - 1;
		*text = rest;
		return true;
	}
	return false;
}

/*
 * master/master_ent.c: a service's argv[0], and with it the name in the log,
 * is the program, whatever the service is called; the part before the slash
 * is syslog_name. retry(8) is the program error.
 */
static const char *const programs[] = { "smtp", "lmtp", "error", "tlsproxy" };

/* "NAME/PROGRAM[PID]:" */
static bool
is_client_tag(struct log_span word)
{
	if (!log_span_cut(&word, "]:") || word.length == 0 ||
		!words_is_digit(word.at[word.length - 1]))
		return false;
	while (word.length != 0 && words_is_digit(word.at[word.length - 1]))
		word.length--;
	if (!log_span_cut(&word, "["))
		return false;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		struct log_span name = word;

		if (log_span_cut(&name, programs[i]) &&
			log_span_cut(&name, "/") && name.length != 0)
			return true;
	}
	return false;
}

/*
 * The tag follows the host; some loggers print a facility between them. The
 * first word that ends in a colon is the tag, whoever's it is.
 */
static bool
tag_take(struct log_span text, struct log_line *line)
{
	struct log_span rest = text, word;

	for (int words = 0; words < 3; words++) {
		if (!log_span_until(&rest, " ", &word))
			return false;
		if (word.length == 0 || word.at[word.length - 1] != ':')
			continue;
		line->process.at = text.at;
		line->process.length = (size_t)(rest.at - text.at) - 2;
		line->message = rest;
		return is_client_tag(word);
	}
	return false;
}

enum log_line_kind
log_line_split(struct log_span text, struct log_line *line)
{
	*line = (struct log_line){ .message = text };
	if (!stamp_take(&text, &line->stamp))
		return LOG_LINE_BARE;
	return tag_take(text, line) ? LOG_LINE_TAGGED : LOG_LINE_OTHER;
}

/* Digits that the pattern has checked. */
static int
number_at(const char *text, size_t digits)
{
	int number = 0;

	while (digits-- > 0)
		number = 10 * number + (*text++ - '0');
	return number;
}

/* Counts a year from March on, which puts the leap day at its end. */
static long long
epoch_of(const struct tm *time)
{
	long long year = time->tm_year + 1900 - (time->tm_mon < 2);
	long long month = (time->tm_mon + 10) % 12;
	long long days = 365 * year + year / 4 - year / 100 + year / 400 +
		(153 * month + 2) / 5 + time->tm_mday - 719469;

	return days * DAY + time->tm_hour * 3600L;
}

/* "Z", "+01:00" or "+0100"; false for a stamp in local time. */
static bool
zone_take(struct log_span rest, long long *seconds)
{
	char sign;

	if (log_span_skip(&rest, ".") || log_span_skip(&rest, ","))
		while (rest.length != 0 && words_is_digit(rest.at[0]))
			span_advance(&rest, 1);
	*seconds = 0;
	if (log_span_is(rest, "Z"))
		return true;
	if (!log_span_skip(&rest, "+") && !log_span_skip(&rest, "-"))
		return false;
	if (!span_fits(rest, "00:00") && !span_fits(rest, "0000"))
		return false;
	sign = rest.at[-1];
	*seconds = number_at(rest.at, 2) * 3600L;
	*seconds += number_at(rest.at + (rest.at[2] == ':' ? 3 : 2), 2) * 60L;
	if (sign == '-')
		*seconds = -*seconds;
	return true;
}

static int
month_of(const char *text)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int month = 0; month < 12; month++)
		if (memcmp(text, names + (size_t)3 * month, 3) == 0)
			return month;
	return -1;
}

static long long
hour_of_iso(const char *text, const long long *zone)
{
	struct tm time = {
		.tm_year = number_at(text, 4) - 1900,
		.tm_mon = number_at(text + 5, 2) - 1,
		.tm_mday = number_at(text + 8, 2),
		.tm_hour = number_at(text + 11, 2),
		.tm_isdst = -1,
	};

	return zone != NULL ? epoch_of(&time) - *zone : mktime(&time);
}

static long long
hour_of_bsd(const char *text, long long now)
{
	struct tm time = { .tm_mon = month_of(text) };
	time_t today = (time_t)now;
	struct tm local;
	long long hour;

	if (time.tm_mon < 0 || localtime_r(&today, &local) == NULL)
		return 0;
	for (int year = local.tm_year; year >= local.tm_year - 1; year--) {
		time = (struct tm){ .tm_year = year, .tm_mon = month_of(text) };
		time.tm_mday = number_at(text + 5, 1);
		if (text[4] != ' ')
			time.tm_mday += 10 * number_at(text + 4, 1);
		time.tm_hour = number_at(text + 7, 2);
		time.tm_isdst = -1;
		hour = mktime(&time);
		if (hour <= now + DAY)
			return hour;
	}
	return 0;
}

long long
log_clock_read(struct log_clock *clock, struct log_span stamp)
{
	bool iso = span_fits(stamp, stamps[STAMP_ISO].pattern);
	size_t hour = stamps[iso].hour;
	struct log_span rest = stamp;
	long long zone, started;
	bool zoned;

	if (stamp.length < strlen(stamps[iso].pattern))
		return 0;
	span_advance(&rest, strlen(stamps[iso].pattern));
	zoned = iso && zone_take(rest, &zone);
	if (zoned)
		started = hour_of_iso(stamp.at, &zone);
	else if (memcmp(clock->hour, stamp.at, hour) == 0)
		started = clock->started;
	else if (iso)
		started = hour_of_iso(stamp.at, NULL);
	else
		started = hour_of_bsd(stamp.at, clock->now);
	if (!zoned) {
		memcpy(clock->hour, stamp.at, hour);
		clock->started = started;
	}
	if (started <= 0)
		return 0;
	return started + number_at(stamp.at + hour, 2) * 60L +
		number_at(stamp.at + hour + 3, 2);
}

/*
 * From behind "<" to ">, ". A local part may be quoted and hold anything;
 * before Postfix 3.5 it is logged without its quotes.
 */
static bool
address_take(struct log_span *text, struct log_span *address)
{
	struct log_span rest = *text;
	bool quoted = log_span_skip(&rest, "\"");

	while (quoted && rest.length != 0) {
		quoted = rest.at[0] != '"';
		span_advance(&rest,
			rest.at[0] == '\\' && rest.length > 1 ? 2 : 1);
	}
	if (!log_span_until(&rest, ">, ", NULL))
		return false;
	address->at = text->at;
	address->length = (size_t)(rest.at - text->at) - strlen(">, ");
	*text = rest;
	return true;
}

static bool
queue_id_take(struct log_span *text, struct log_span *queue_id)
{
	size_t length = 0;

	while (length < text->length &&
		(words_is_digit(text->at[length]) ||
			words_is_letter(text->at[length])))
		length++;
	*queue_id = (struct log_span){ text->at, length };
	span_advance(text, length);
	return length != 0;
}

/*
 * conn_use= is there for a used connection, tls= from Postfix 3.11 on; what
 * else may come between relay= and status= is passed over.
 */
bool
log_delivery_parse(struct log_span message, struct log_delivery *delivery)
{
	struct log_span rest = message, name, value;

	*delivery = (struct log_delivery){ .original = { "", 0 } };
	if (!queue_id_take(&rest, &delivery->queue_id) ||
		!log_span_skip(&rest, ": to=<") ||
		!address_take(&rest, &delivery->address))
		return false;
	if (log_span_skip(&rest, "orig_to=<") &&
		!address_take(&rest, &delivery->original))
		return false;
	if (!log_span_skip(&rest, "relay=") ||
		!log_span_until(&rest, ", ", &delivery->relay))
		return false;
	while (!log_span_skip(&rest, "status=")) {
		if (!log_span_until(&rest, "=", &name) ||
			!log_span_until(&rest, ", ", &value))
			return false;
		if (log_span_is(name, "tls"))
			delivery->features = value;
	}
	if (!log_span_until(&rest, " (", &delivery->status))
		return false;
	log_span_cut(&rest, ")");
	delivery->reason = rest;
	return true;
}
