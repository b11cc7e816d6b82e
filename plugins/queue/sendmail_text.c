/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `mailq` of Sendmail 8 without -v (sendmail/queue.c: print_single_queue()):
 * for each queue directory a header and its messages, then one trailer that
 * counts them all. What a line is, is told by the column its text begins in.
 * The one reason is the message's and counts for all of its recipients. It is
 * cut to 60 characters and addresses to 38, which is why domains may be
 * incomplete.
 */
#include <string.h>

#include "queue/listing.h"

#define HEADING                                                                \
	"-----Q-ID----- --Size-- -----Q-Time----- "                            \
	"------------Sender/Recipient-----------"

/* Recipients are indented by five tabs and a blank. */
#define RECIPIENT_COLUMN 41

#define LETTERS_AND_DIGITS                                                     \
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* '*' being sent, '?' lost, '-' too young, 'X' load too high. */
#define MARKERS "*?-X"

/* What sendmail prints behind an id when the body's file is missing. */
#define NO_BODY "readqf: "

/* Where the text of a line begins on the screen. */
static size_t
column_of(const char *line)
{
	size_t column = 0;

	for (; *line == ' ' || *line == '\t'; line++)
		column = *line == '\t' ? column / 8 * 8 + 8 : column + 1;
	return column;
}

/* An id ends in the digits of a process id; a letter behind is not its. */
static size_t
id_length(const char *line)
{
	size_t length = strspn(line, LETTERS_AND_DIGITS);

	while (length > 0 && (line[length - 1] < '0' || line[length - 1] > '9'))
		length--;
	return length;
}

/* Addresses may stand in angle brackets, of which a cut lost the second. */
static const char *
keep_address(struct message *message, const char *text)
{
	size_t length = strlen(text);

	if (*text == '<') {
		text++;
		length--;
		if (length > 0 && text[length - 1] == '>')
			length--;
	}
	return message_keep(message, text, length);
}

/* Size, date and sender; the size is -1 when the body's file is missing. */
static bool
read_columns(const struct reader *reader, struct message *message,
	const char *text)
{
	const char *behind = listing_after(text, "-1");

	if (behind == NULL)
		behind = listing_number(text, &message->size);
	if (behind == NULL || (*behind != ' ' && *behind != '\t'))
		return false;
	text = listing_date(listing_skip(behind), reader->now,
		&message->arrival);
	if (text == NULL || (*text != '\0' && *text != ' ' && *text != '\t'))
		return false;
	message->sender = keep_address(message, listing_skip(text));
	return true;
}

/*
 * Whether reader->line begins a message, which is then filled but for its
 * recipients: 1 or 0. A complaint behind the id takes up the rest of the
 * line, and the next line goes on in its place.
 */
static int
read_message(struct reader *reader, struct message *message,
	struct error *error)
{
	size_t length = id_length(reader->line);
	const char *text = reader->line + length;

	if (length == 0)
		return 0;
	message->id = message_keep(message, reader->line, length);
	if (listing_after(text, NO_BODY) != NULL) {
		int got = listing_line(reader, error);

		if (got == 0)
			return error_set(error, "cut off after line %lu",
				reader->stream->line);
		if (got < 0)
			return -1;
		text = reader->line;
	}
	message->queue = *text == '*' ? QUEUE_ACTIVE : QUEUE_DEFERRED;
	if (*text != '\0' && strchr(MARKERS, *text) != NULL)
		text++;
	return read_columns(reader, message, listing_skip(text));
}

static void
count_entry(struct reader *reader)
{
	struct error none;

	if (!reader->begun)
		listing_begin(reader, &none);
	reader->read++;
}

/*
 * Whether the line is an entry without a message: one that was delivered
 * meanwhile, or is only being written. Any other that sendmail could not open
 * is not counted here, which makes a hole in the listing.
 */
static bool
read_blank_entry(struct reader *reader)
{
	size_t length = id_length(reader->line);
	const char *text = reader->line + length;

	text += strspn(text, MARKERS LISTING_BLANKS);
	if (length == 0 || *text != '(')
		return false;
	if (strcmp(text, "(job completed)") == 0 ||
		strcmp(text, "(no control file)") == 0)
		count_entry(reader);
	return true;
}

/*
 * Whether text is what may stand between a message and its recipients: why it
 * is in quarantine, or the type of its body and the reason.
 */
static bool
read_remark(struct message *message, const char *text, const char **reason)
{
	size_t type = strspn(text, LETTERS_AND_DIGITS);
	const char *open = listing_skip(text + type);
	const char *last = strrchr(open, ')');

	if (listing_after(text, "QUARANTINE: ") != NULL) {
		message->queue = QUEUE_HOLD;
		return true;
	}
	if (*open == '(' && last != NULL) {
		*reason = message_keep(message, open + 1,
			(size_t)(last - open - 1));
		return true;
	}
	return type > 0 && *open == '\0';
}

/* Reads up to the line that ends the message, and holds it back. */
static int
read_recipients(struct reader *reader, struct message *message,
	struct error *error)
{
	const char *reason = NULL;
	int got;

	while ((got = listing_line(reader, error)) > 0) {
		size_t column = column_of(reader->line);
		const char *text = listing_skip(reader->line);

		if (column >= RECIPIENT_COLUMN)
			message_add(message, keep_address(message, text),
				reason ? REASON_DELAY : REASON_NONE, reason);
		else if (column == 0 || message->count > 0 ||
			!read_remark(message, text, &reason))
			break;
	}
	reader->pending = got > 0;
	return got < 0 ? -1 : 1;
}

/* "/var/spool/mqueue (2 requests)", "/var/spool/mqueue is empty" */
static bool
is_directory(const char *text)
{
	static const char none[] = " is empty";
	const char *count = strrchr(text, '(');
	size_t length = strlen(text);
	long long requests;

	if (*text != '/')
		return false;
	if (length >= sizeof(none) &&
		strcmp(text + length - (sizeof(none) - 1), none) == 0)
		return true;
	return count != NULL && text[length - 1] == ')' &&
		(count = listing_number(count + 1, &requests)) != NULL &&
		listing_after(count, " request") != NULL;
}

/* A line between messages. */
static int
read_frame(struct reader *reader, struct error *error)
{
	const char *text = listing_skip(reader->line);
	const char *total = listing_after(text, "Total requests: ");
	long long counted;

	/* Debian's mailq shows the submission queue and the main one. */
	if (strcmp(text, "MSP Queue status...") == 0 ||
		strcmp(text, "MTA Queue status...") == 0)
		return listing_begin(reader, error);
	if (is_directory(text))
		return reader->begun ? 0 : listing_begin(reader, error);
	if (total != NULL &&
		(total = listing_number(total, &counted)) != NULL &&
		*total == '\0')
		return listing_end(reader, counted, error);
	if (*text == '\0' || strcmp(text, HEADING) == 0)
		return 0;
	return listing_refuse(reader, "sendmail", error);
}

int
sendmail_text_next(struct reader *reader, struct message *message,
	struct error *error)
{
	int got;

	message_reset(message);
	while ((got = listing_line(reader, error)) > 0) {
		if (read_blank_entry(reader))
			continue;
		got = read_message(reader, message, error);
		if (got > 0) {
			count_entry(reader);
			return read_recipients(reader, message, error);
		}
		if (got < 0 || read_frame(reader, error) < 0)
			return -1;
	}
	if (got == 0)
		return listing_check(reader, "Total requests: N", error);
	return got;
}
