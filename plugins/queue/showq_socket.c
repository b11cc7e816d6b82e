/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * showq's own answer, without a postqueue between: Postfix 3.1 and later
 * write each message as attributes, a name and a value that each end in NUL
 * (util/attr_print0.c). An empty name ends a message, and another one the
 * listing (showq/showq.c). The attributes are known by name, not by place, so
 * that one reader does for all releases: 3.5 added forced_expire, 3.6 the
 * greeting, 3.11 original_recipient and log_class.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "descriptor.h"
#include "number.h"
#include "queue/reader.h"

#define PROTOCOL      "mail_queue_list_protocol"
#define CONNECT_PAUSE 10000000L /* nanoseconds */

/* Each message has the first five, once (global/mail_proto.h). */
enum attribute {
	QUEUE_NAME,
	QUEUE_ID,
	TIME,
	SIZE,
	SENDER,
	RECIPIENT,
	LOG_CLASS,
	REASON,
	UNKNOWN,
	REQUIRED = SENDER + 1,
};

static const char *const attribute_names[UNKNOWN] = {
	[QUEUE_NAME] = "queue_name",
	[QUEUE_ID] = "queue_id",
	[TIME] = "time",
	[SIZE] = "size",
	[SENDER] = "sender",
	[RECIPIENT] = "recipient",
	[LOG_CLASS] = "log_class",
	[REASON] = "reason",
};

/* A message that is being read. */
struct record {
	struct message *message;
	bool begun;
	bool seen[REQUIRED];
	const char *recipient; /* one whose reason is still to come, or NULL */
	enum reason_kind kind; /* of that reason, if it has one */
};

static enum attribute
attribute_of_name(const char *name)
{
	int attribute = 0;

	while (attribute < UNKNOWN &&
		strcmp(name, attribute_names[attribute]) != 0)
		attribute++;
	return (enum attribute)attribute;
}

/* The next name or value. Returns 0, or -1 with *error. */
static int
item_read(struct reader *reader, char **text, struct error *error)
{
	struct stream *stream = reader->stream;
	size_t length;
	int got = stream_text(stream, '\0', text, &length, error);

	if (got > 0)
		return 0;
	if (got < 0 && !stream->ended)
		return -1;
	return error_set(error,
		"showq ended early, in the middle of its answer: see the mail "
		"log");
}

/* Takes the greeting, if there is one, and knows a stranger's. */
static int
greeting_read(struct reader *reader, struct error *error)
{
	static const char greeting[] = "protocol";
	const char *bytes;
	char *text;
	long count =
		stream_peek(reader->stream, sizeof(greeting), &bytes, error);

	if (count < 0)
		return -1;
	if (count > 0 && (bytes[0] == '-' || bytes[0] == 'M'))
		return error_set(error,
			"this is Postfix 3.0 or older, whose showq writes "
			"text: leave out --socket");
	if (count < (long)sizeof(greeting) ||
		memcmp(bytes, greeting, sizeof(greeting)) != 0)
		return 0;
	if (item_read(reader, &text, error) < 0) /* its name */
		return -1;
	if (item_read(reader, &text, error) < 0)
		return -1;
	if (strcmp(text, PROTOCOL) != 0)
		return error_set(error,
			"this is not showq's socket: it speaks \"%.60s\"",
			text);
	if (item_read(reader, &text, error) < 0)
		return -1;
	if (text[0] != '\0')
		return error_set(error, "unexpected \"%.60s\" in the greeting",
			text);
	return 0;
}

static int
recipient_begin(struct record *record, const char *address, struct error *error)
{
	if (record->recipient != NULL)
		return error_set(error, "a recipient without a reason");
	record->recipient = address;
	record->kind = REASON_DELAY;
	return 0;
}

/*
 * 3.11 tells by the log that a reason was found in (showq/showq.c). An empty
 * reason is none.
 */
static int
recipient_end(struct record *record, const char *reason, struct error *error)
{
	if (record->recipient == NULL)
		return error_set(error, "a reason without a recipient");
	message_add(record->message, record->recipient,
		reason[0] == '\0' ? REASON_NONE : record->kind, reason);
	record->recipient = NULL;
	return 0;
}

static enum reason_kind
kind_of_log(const char *log_class)
{
	if (strcmp(log_class, "defer") == 0)
		return REASON_DELAY;
	return strcmp(log_class, "bounce") == 0 ? REASON_BOUNCE : REASON_OTHER;
}

static int
number_take(enum attribute attribute, const char *value, long long *number,
	struct error *error)
{
	struct error problem;

	if (number_parse(value, 0, (long long)NUMBER_LIMIT, number, &problem) ==
		0)
		return 0;
	return error_set(error, "its %s: %.300s", attribute_names[attribute],
		problem.text);
}

static const char *
keep(struct message *message, const char *value)
{
	return message_keep(message, value, strlen(value));
}

/* A second one means that the end of the message before is missing. */
static int
required_mark(struct record *record, enum attribute attribute,
	struct error *error)
{
	if (attribute >= REQUIRED)
		return 0;
	if (record->seen[attribute])
		return error_set(error, "it has %s twice",
			attribute_names[attribute]);
	record->seen[attribute] = true;
	return 0;
}

static int
attribute_take(struct record *record, enum attribute attribute,
	const char *value, struct error *error)
{
	struct message *message = record->message;

	switch (attribute) {
	case QUEUE_NAME:
		message->queue = queue_of_name(value);
		return 0;
	case QUEUE_ID:
		message->id = keep(message, value);
		return 0;
	case TIME:
		return number_take(attribute, value, &message->arrival, error);
	case SIZE:
		return number_take(attribute, value, &message->size, error);
	case SENDER:
		message->sender = keep(message, value);
		return 0;
	case RECIPIENT:
		return recipient_begin(record, keep(message, value), error);
	case LOG_CLASS:
		record->kind = kind_of_log(value);
		return 0;
	case REASON:
		return recipient_end(record, keep(message, value), error);
	default:
		return 0;
	}
}

/* Whether all is there that a message has. */
static int
record_check(const struct record *record, struct error *error)
{
	for (int i = 0; i < REQUIRED; i++)
		if (!record->seen[i])
			return error_set(error, "it has no %s",
				attribute_names[i]);
	if (record->message->id[0] == '\0')
		return error_set(error, "its queue_id is empty");
	if (record->recipient != NULL)
		return error_set(error, "a recipient without a reason");
	return 0;
}

/* Zeros may be what is left of an answer; what came behind them was read. */
static int
end_check(const struct stream *stream, struct error *error)
{
	if (stream->start == stream->end)
		return 0;
	return error_set(error, "there is more behind the answer's end");
}

/* Returns 1 with a whole message, 0 when there is none any more, -1. */
static int
record_read(struct reader *reader, struct record *record, struct error *error)
{
	enum attribute attribute;
	char *text;

	for (;;) {
		if (item_read(reader, &text, error) < 0)
			return -1;
		if (text[0] == '\0')
			break;
		attribute = attribute_of_name(text);
		record->begun = true;
		if (item_read(reader, &text, error) < 0 ||
			required_mark(record, attribute, error) < 0 ||
			attribute_take(record, attribute, text, error) < 0)
			return -1;
	}
	if (!record->begun)
		return end_check(reader->stream, error);
	return record_check(record, error) < 0 ? -1 : 1;
}

int
showq_socket_next(struct reader *reader, struct message *message,
	struct error *error)
{
	struct record record = { .message = message };
	struct error problem;
	int got;

	if (!reader->begun && greeting_read(reader, error) < 0)
		return -1;
	reader->begun = true;
	message_reset(message);
	got = record_read(reader, &record, &problem);
	if (got < 0)
		return error_set(error, "message %lu: %s", reader->read + 1,
			problem.text);
	reader->read += (unsigned long)got;
	return got;
}

/* What connect(2) says, what that means here and what mends it. */
static const struct {
	int number;
	const char *means;
} connect_failures[] = {
	{ EACCES,
		"only root and members of the group postdrop may open it: "
		"leave out --socket and let postqueue ask" },
	{ EPERM,
		"a security profile forbids it: leave out --socket and let "
		"postqueue ask" },
	{ ENOENT,
		"it is not there: the mail system never ran, or 'postconf -h "
		"queue_directory' is another folder" },
	{ ENOTDIR, "a part of the path is no folder" },
	{ ECONNREFUSED,
		"nobody listens: the mail system is down, run 'postfix "
		"start'" },
	{ ENOTSOCK, "it is no socket" },
	{ EPROTOTYPE, "it is a socket of another kind, not showq's" },
};

static int
connect_refuse(const char *path, int number, struct error *error)
{
	const char *means = strerror(number);
	struct stat status;

	/* Linux refuses connections to files of other kinds. */
	if (number == ECONNREFUSED && stat(path, &status) == 0 &&
		!S_ISSOCK(status.st_mode))
		number = ENOTSOCK;
	for (size_t i = 0;
		i < sizeof(connect_failures) / sizeof(*connect_failures); i++)
		if (connect_failures[i].number == number)
			means = connect_failures[i].means;
	return error_set(error, "%s: %s", path, means);
}

/*
 * Asks again and again, because poll(2) can't tell when the line of those
 * who wait at a busy unix socket is shorter: EAGAIN. Returns an errno.
 */
static int
connect_until(int descriptor, const struct sockaddr_un *address,
	const struct deadline *deadline)
{
	const struct timespec pause = { 0, CONNECT_PAUSE };

	while (connect(descriptor, (const struct sockaddr *)address,
		       sizeof(*address)) < 0) {
		if (errno == EISCONN)
			return 0;
		if (errno != EAGAIN && errno != EINTR && errno != EALREADY &&
			errno != EINPROGRESS)
			return errno;
		if (deadline_passed(deadline))
			return ETIMEDOUT;
		nanosleep(&pause, NULL);
	}
	return 0;
}

/* A socket that no child inherits, never one of the descriptors 0 to 2. */
static int
socket_open(void)
{
	int descriptor = descriptor_raise(socket(AF_UNIX, SOCK_STREAM, 0));

	if (descriptor >= 0)
		(void)fcntl(descriptor, F_SETFL, O_NONBLOCK);
	return descriptor;
}

int
showq_socket_connect(const char *path, const struct deadline *deadline,
	int *descriptor, struct error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int opened, number;

	*descriptor = -1;
	if (strlen(path) >= sizeof(address.sun_path))
		return error_set(error,
			"%.100s...: a socket's path has at most %zu bytes: a "
			"symbolic link to its folder makes it shorter",
			path, sizeof(address.sun_path) - 1);
	memcpy(address.sun_path, path, strlen(path));
	opened = socket_open();
	if (opened < 0)
		return error_set(error, "cannot open a socket: %s",
			strerror(errno));
	number = connect_until(opened, &address, deadline);
	if (number == 0) {
		*descriptor = opened;
		return 0;
	}
	close(opened);
	if (number == ETIMEDOUT)
		return error_set(error,
			"%s: no connection within %g s: showq is busy", path,
			deadline->seconds);
	return connect_refuse(path, number, error);
}
