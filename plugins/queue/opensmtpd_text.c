/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `smtpctl show queue` of OpenSMTPD (usr.sbin/smtpd/smtpctl.c:
 * show_queue_envelope()), with and without a running daemon: a line for each
 * envelope, which is a message for one recipient, in 14 fields:
 *
 *   id|source|agent|flags|sender|recipient|destination|
 *   creation|expiry|last try|tries|state|delay|error
 *
 * The first eight digits of the id are the message's, and its envelopes stand
 * together. There is no trailer: a listing that was cut off between two lines
 * can't be told from a whole one; in a line, it lacks the last line break.
 */
#include <string.h>

#include "queue/listing.h"

#define ID_DIGITS      16
#define MESSAGE_DIGITS 8

/* Part of the line. */
struct field {
	const char *text;
	size_t length;
};

struct envelope {
	struct field id, flags, sender, recipient, state, error;
	long long creation;
};

/* Reads up to the next '|', and moves *text behind it. */
static bool
scan_field(const char **text, struct field *field)
{
	const char *end = strchr(*text, '|');

	if (end == NULL)
		return false;
	*field = (struct field){ *text, (size_t)(end - *text) };
	*text = end + 1;
	return true;
}

/* The '@' that ends the local part, whose quotes may hold another. */
static const char *
find_at(const char *text)
{
	bool quoted = false;

	for (; *text != '\0' && (quoted || *text != '@'); text++) {
		if (*text == '"')
			quoted = !quoted;
		else if (quoted && *text == '\\' && text[1] != '\0')
			text++;
	}
	return *text == '@' ? text : NULL;
}

/*
 * An address ends at the first '|' of its domain: local parts may contain
 * that byte, and it is not escaped. The null sender is a lone "@".
 */
static bool
scan_address(const char **text, struct field *address)
{
	const char *start = *text;
	const char *at = find_at(start);

	if (at == NULL)
		return false;
	*text = at;
	if (!scan_field(text, address))
		return false;
	address->length += (size_t)(address->text - start);
	address->text = start;
	if (address->length == 1)
		address->length = 0;
	return true;
}

static bool
scan_number(const char **text, long long *number)
{
	*text = listing_number(*text, number);
	return *text != NULL && *(*text)++ == '|';
}

static bool
scan_envelope(const char *text, struct envelope *envelope)
{
	struct field skipped;
	long long number;

	if (!scan_field(&text, &envelope->id) ||
		envelope->id.length != ID_DIGITS ||
		strspn(envelope->id.text, "0123456789abcdef") != ID_DIGITS ||
		!scan_field(&text, &skipped) || !scan_field(&text, &skipped) ||
		!scan_field(&text, &envelope->flags) ||
		!scan_address(&text, &envelope->sender) ||
		!scan_address(&text, &envelope->recipient) ||
		!scan_address(&text, &skipped) ||
		!scan_number(&text, &envelope->creation) ||
		!scan_number(&text, &number) || !scan_number(&text, &number) ||
		!scan_number(&text, &number) ||
		!scan_field(&text, &envelope->state) ||
		!scan_field(&text, &skipped))
		return false;
	envelope->error = (struct field){ text, strlen(text) };
	return true;
}

static bool
field_is(struct field field, const char *word)
{
	return field.length == strlen(word) &&
		memcmp(field.text, word, field.length) == 0;
}

/* Whether word is one of the names between the commas. */
static bool
field_lists(struct field list, const char *word)
{
	const char *end = list.text + list.length;

	while (list.text < end) {
		size_t length = strcspn(list.text, ",|");

		if (field_is((struct field){ list.text, length }, word))
			return true;
		list.text += length + 1;
	}
	return false;
}

/*
 * "suspend" is an administrator's `smtpctl pause envelope`. "hold" is none:
 * the scheduler waits until a busy route has room (scheduler_ramqueue.c).
 */
static enum queue
queue_of(const struct envelope *envelope)
{
	if (field_lists(envelope->flags, "suspend"))
		return QUEUE_HOLD;
	if (field_is(envelope->state, "inflight"))
		return QUEUE_ACTIVE;
	return envelope->error.length > 0 ? QUEUE_DEFERRED : QUEUE_INCOMING;
}

/* The queue of a message is the one of its envelopes that says most. */
static enum queue
queue_of_both(enum queue one, enum queue other)
{
	static const enum queue order[] = { QUEUE_ACTIVE, QUEUE_DEFERRED,
		QUEUE_INCOMING };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (one == order[i] || other == order[i])
			return order[i];
	return one;
}

static const char *
keep(struct message *message, struct field field)
{
	return message_keep(message, field.text, field.length);
}

static void
begin_message(struct message *message, const struct envelope *envelope)
{
	message->id = message_keep(message, envelope->id.text, MESSAGE_DIGITS);
	message->sender = keep(message, envelope->sender);
	message->arrival = envelope->creation;
	message->queue = queue_of(envelope);
}

static void
add_envelope(struct message *message, const struct envelope *envelope)
{
	const char *reason = NULL;

	if (envelope->error.length > 0)
		reason = keep(message, envelope->error);
	message_add(message, keep(message, envelope->recipient),
		reason ? REASON_DELAY : REASON_NONE, reason);
	message->queue = queue_of_both(message->queue, queue_of(envelope));
}

static int
refuse(const struct reader *reader, struct error *error)
{
	if (!reader->stream->line_cut)
		return listing_refuse(reader, "smtpctl", error);
	return error_set(error, "cut off in line %lu: it has no line break",
		reader->stream->line);
}

int
opensmtpd_text_next(struct reader *reader, struct message *message,
	struct error *error)
{
	int got;

	message_reset(message);
	while ((got = listing_line(reader, error)) > 0) {
		struct envelope envelope;

		if (reader->length == 0)
			continue;
		if (reader->stream->line_cut ||
			!scan_envelope(reader->line, &envelope)) {
			if (message->count == 0)
				return refuse(reader, error);
			break;
		}
		if (message->count == 0)
			begin_message(message, &envelope);
		else if (strncmp(message->id, envelope.id.text,
				 MESSAGE_DIGITS) != 0)
			break;
		add_envelope(message, &envelope);
	}
	reader->pending = got > 0;
	if (got < 0)
		return -1;
	return message->count > 0;
}
