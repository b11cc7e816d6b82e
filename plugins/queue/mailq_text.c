/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `postqueue -p`, `mailq` and `sendmail -bp` of every Postfix since 2.3
 * (postqueue/showq_compat.c; before 3.1 showq/showq.c). Columns are only
 * minimum widths, so a message line is read by its shape: id, markers, size,
 * date, sender. A reason stands once, above the recipients that have it. The
 * line that ends a message is held back for the next call. A listing counts
 * as whole only when its last line counts as many messages as were read.
 */
#include <string.h>

#include "queue/listing.h"

#define EMPTY_QUEUE "Mail queue is empty"
#define NO_REASON   "reason unavailable"
#define MAILDROP    "(maildrop queue, sender UID "

/* Before 3.1 the size is "%8ld" right behind the id's eleven columns. */
#define SIZE_WIDTH 8

/* Addresses stand behind so many blanks; "(x)@example.org" is one. */
#define ADDRESS_COLUMN 41

#define DIGITS "0123456789"

/* What global/mail_queue.c: mail_queue_id_ok() lets pass. */
#define ID_BYTES                                                               \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" DIGITS "_"

/* The next line that is no warning. */
static int
next_line(struct reader *reader, struct error *error)
{
	int got;

	do {
		got = listing_line(reader, error);
	} while (got > 0 && listing_is_warning(reader, reader->line));
	return got;
}

static int
refuse(const struct reader *reader, struct error *error)
{
	if (listing_diagnostic(reader->line) == NULL)
		return listing_refuse(reader, "mailq", error);
	return error_set(error, "line %lu: the listing failed: %.300s",
		reader->stream->line, reader->line);
}

/* "-- 2 Kbytes in 1 Request." */
static bool
is_trailer(const char *line, long long *counted)
{
	long long size;

	if ((line = listing_after(line, "-- ")) == NULL ||
		(line = listing_number(line, &size)) == NULL ||
		(line = listing_after(line, " Kbytes in ")) == NULL ||
		(line = listing_number(line, counted)) == NULL)
		return false;
	return strcmp(line, " Request.") == 0 ||
		strcmp(line, " Requests.") == 0;
}

/* The heading depends on enable_long_queue_ids of who prints it. */
static bool
is_heading(const char *line)
{
	return listing_after(line, "-Queue ID- ") != NULL ||
		listing_after(line, "----Queue ID----- ") != NULL;
}

/* A line between messages. */
static int
read_frame(struct reader *reader, struct error *error)
{
	long long counted;

	if (reader->length == 0) {
		reader->empty++;
		return 0;
	}
	if (is_heading(reader->line))
		return listing_begin(reader, error);
	if (is_trailer(reader->line, &counted))
		return listing_end(reader, counted, error);
	if (strcmp(reader->line, EMPTY_QUEUE) != 0)
		return refuse(reader, error);
	if (listing_begin(reader, error) < 0)
		return -1;
	return listing_end(reader, 0, error);
}

/*
 * Where the id ends. Postfix 2.3 puts no blank before a size of eight digits:
 * then the date follows directly, and the id ends eight digits before it.
 */
static size_t
id_length(const char *line)
{
	size_t length = strspn(line, ID_BYTES);
	const char *next = listing_skip(line + length);

	if (next == line + length || strspn(next, DIGITS) > 0)
		return length;
	if (length <= SIZE_WIDTH ||
		strspn(line + length - SIZE_WIDTH, DIGITS) != SIZE_WIDTH)
		return 0;
	return length - SIZE_WIDTH;
}

/* An active message bears '*', one on hold '!'; '#' is a forced expiry. */
static enum queue
queue_of_markers(const char *markers, size_t count)
{
	if (memchr(markers, '*', count) != NULL)
		return QUEUE_ACTIVE;
	if (memchr(markers, '!', count) != NULL)
		return QUEUE_HOLD;
	return QUEUE_DEFERRED;
}

/* Before 3.1 mail in the maildrop shows its user where others have a sender. */
static bool
is_maildrop(const char *sender)
{
	long long user;

	if ((sender = listing_after(sender, MAILDROP)) == NULL ||
		(sender = listing_number(sender, &user)) == NULL)
		return false;
	return strcmp(sender, ")") == 0;
}

/* Whether reader->line begins a message, which is then filled but for its
 * recipients. */
static bool
read_message(const struct reader *reader, struct message *message)
{
	const char *line = reader->line;
	size_t length = id_length(line);
	const char *markers = line + length;
	size_t count = strspn(markers, "*!#");
	const char *text = listing_skip(markers + count);

	if (length == 0 ||
		(text = listing_number(text, &message->size)) == NULL ||
		(*text != ' ' && *text != '\t'))
		return false;
	text = listing_date(listing_skip(text), reader->now, &message->arrival);
	if (text == NULL || (*text != '\0' && *text != ' ' && *text != '\t'))
		return false;
	text = listing_skip(text);
	message->id = message_keep(message, line, length);
	message->queue = queue_of_markers(markers, count);
	if (is_maildrop(text))
		message->queue = QUEUE_MAILDROP;
	else
		message->sender = message_keep(message, text,
			(size_t)(line + reader->length - text));
	return true;
}

/*
 * Sets *reason to the text in the parentheses, which may hold others, or to
 * NULL when it says that there is none. False: they do not begin and end the
 * line.
 */
static bool
read_reason(struct message *message, const char *text, const char **reason)
{
	size_t length = strlen(text);

	if (length < 2 || text[0] != '(' || text[length - 1] != ')')
		return false;
	text++;
	length -= 2;
	if (length == 0 ||
		(length == strlen(NO_REASON) && listing_after(text, NO_REASON)))
		*reason = NULL;
	else
		*reason = message_keep(message, text, length);
	return true;
}

/* Reads up to the line that ends the message, and holds it back. */
static int
read_recipients(struct reader *reader, struct message *message,
	struct error *error)
{
	const char *reason = NULL;
	int got;

	while ((got = next_line(reader, error)) > 0) {
		const char *text = listing_skip(reader->line);

		if (read_reason(message, text, &reason))
			continue;
		if (text == reader->line ||
			(*text == '(' && text != reader->line + ADDRESS_COLUMN))
			break;
		text = message_keep(message, text,
			reader->length - (size_t)(text - reader->line));
		message_add(message, text, reason ? REASON_DELAY : REASON_NONE,
			reason);
	}
	reader->pending = got > 0;
	return got < 0 ? -1 : 1;
}

int
mailq_text_next(struct reader *reader, struct message *message,
	struct error *error)
{
	int got;

	message_reset(message);
	while ((got = next_line(reader, error)) > 0) {
		if (read_message(reader, message)) {
			if (!reader->begun)
				listing_begin(reader, error);
			reader->read++;
			return read_recipients(reader, message, error);
		}
		if (read_frame(reader, error) < 0)
			return -1;
	}
	if (got == 0)
		return listing_check(reader, "-- N Kbytes in N Requests.",
			error);
	return got;
}
