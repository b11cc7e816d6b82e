/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `postqueue -j`: JSON lines, one object a message, nothing for an empty
 * queue (postqueue/showq_json.c). A line in the exact form of Postfix is read
 * by postqueue_exact(); each other one, with unknown members, another order
 * or other blanks, by json-c. The only file that reads JSON.
 */
#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <math.h>
#include <string.h>

#include "queue/listing.h"
#include "queue/postqueue_exact.h"

/* json-c takes an int for a length. */
#define JSON_LENGTH_LIMIT ((size_t)1 << 30)
/* Of brackets and commas: json-c takes some 760 bytes for each "{},". */
#define JSON_MARKS_LIMIT 2000000

static const struct {
	const char *member;
	enum reason_kind kind;
} reason_members[] = {
	{ "delay_reason", REASON_DELAY },
	{ "bounce_reason", REASON_BOUNCE },
	{ "other_reason", REASON_OTHER },
};

/* The text of a string member, kept by the message. NULL with *error. */
static const char *
text_member(struct message *message, json_object *object, const char *name,
	struct error *error)
{
	json_object *value;

	if (!json_object_object_get_ex(object, name, &value)) {
		error_set(error, "it has no \"%s\"", name);
		return NULL;
	}
	if (!json_object_is_type(value, json_type_string)) {
		error_set(error, "its \"%s\" is no string", name);
		return NULL;
	}
	return message_keep(message, json_object_get_string(value),
		(size_t)json_object_get_string_len(value));
}

/* Absent or null counts as absent: 1 there, 0 absent, -1 with *error. */
static int
optional_text(struct message *message, json_object *object, const char *name,
	const char **text, struct error *error)
{
	json_object *value;

	if (!json_object_object_get_ex(object, name, &value) || value == NULL)
		return 0;
	*text = text_member(message, object, name, error);
	return *text == NULL ? -1 : 1;
}

static int
number_member(json_object *object, const char *name, long long *number,
	struct error *error)
{
	json_object *value;
	double real;

	if (!json_object_object_get_ex(object, name, &value))
		return error_set(error, "it has no \"%s\"", name);
	if (!json_object_is_type(value, json_type_int) &&
		!json_object_is_type(value, json_type_double))
		return error_set(error, "its \"%s\" is no number", name);
	real = json_object_get_double(value);
	if (!isfinite(real) || fabs(real) >= 1e15)
		return error_set(error, "its \"%s\" is out of bounds", name);
	*number = (long long)real;
	return 0;
}

static int
read_recipient(struct message *message, json_object *object,
	struct error *error)
{
	const char *address, *reason = NULL;

	if (!json_object_is_type(object, json_type_object))
		return error_set(error, "a recipient is no object");
	address = text_member(message, object, "address", error);
	if (address == NULL)
		return -1;
	for (size_t i = 0; i < sizeof(reason_members) / sizeof(*reason_members);
		i++) {
		int there = optional_text(message, object,
			reason_members[i].member, &reason, error);

		if (there < 0)
			return -1;
		if (there > 0) {
			message_add(message, address, reason_members[i].kind,
				reason);
			return 0;
		}
	}
	message_add(message, address, REASON_NONE, NULL);
	return 0;
}

static int
read_recipients(struct message *message, json_object *object,
	struct error *error)
{
	json_object *list;

	if (!json_object_object_get_ex(object, "recipients", &list))
		return error_set(error, "it has no \"recipients\"");
	if (!json_object_is_type(list, json_type_array))
		return error_set(error, "its \"recipients\" is no array");
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (read_recipient(message, json_object_array_get_idx(list, i),
			    error) < 0)
			return -1;
	return 0;
}

static int
read_object(struct message *message, json_object *object, struct error *error)
{
	const char *queue;

	queue = text_member(message, object, "queue_name", error);
	if (queue == NULL)
		return -1;
	message->queue = queue_of_name(queue);
	message->id = text_member(message, object, "queue_id", error);
	if (message->id == NULL)
		return -1;
	if (message->id[0] == '\0')
		return error_set(error, "its \"queue_id\" is empty");
	if (number_member(object, "arrival_time", &message->arrival, error) < 0)
		return -1;
	if (json_object_object_get_ex(object, "message_size", NULL) &&
		number_member(object, "message_size", &message->size, error) <
			0)
		return -1;
	if (optional_text(message, object, "sender", &message->sender, error) <
		0)
		return -1;
	return read_recipients(message, object, error);
}

/* Whether the line is what jq begins with when it lays objects out. */
static bool
is_laid_out(const char *line)
{
	line += strspn(line, " \t");
	return line[0] == '{' && line[1 + strspn(line + 1, " \t")] == '\0';
}

static void
refuse_other(const char *line, struct error *error)
{
	if (line[strspn(line, " \t")] == '[')
		error_set(error,
			"it is a JSON array, no object: 'jq -c .[]' makes a line of each one");
	else
		error_set(error, "it is no JSON object");
}

/* Those in strings as well: which quotes begin one is json-c's to know. */
static bool
has_too_many_marks(const char *line, size_t length)
{
	size_t marks = 0;

	if (length <= JSON_MARKS_LIMIT)
		return false;
	for (size_t i = 0; i < length; i++)
		marks += line[i] == '{' || line[i] == '[' || line[i] == ',';
	return marks > JSON_MARKS_LIMIT;
}

/*
 * One line, one whole JSON value and nothing behind it; the caller puts. Not
 * json-c's strict mode: that of 0.18 takes UTF-8 for control characters, and a
 * server chooses what its replies have of both.
 */
static json_object *
parse_line(const char *line, size_t length, struct error *error)
{
	json_tokener *tokener;
	json_object *object;
	enum json_tokener_error problem;
	bool whole = false;
	size_t end;

	if (line[strspn(line, " \t")] != '{') {
		refuse_other(line, error);
		return NULL;
	}
	if (length > JSON_LENGTH_LIMIT) {
		error_set(error, "it is too long");
		return NULL;
	}
	if (has_too_many_marks(line, length)) {
		error_set(error,
			"it has more than %d brackets and commas, which only postqueue's own form may have",
			JSON_MARKS_LIMIT);
		return NULL;
	}
	tokener = memory_or_exit(json_tokener_new());
	errno = 0;
	object = json_tokener_parse_ex(tokener, line, (int)length);
	problem = json_tokener_get_error(tokener);
	/* json-c leaves out what it finds no memory for. */
	(void)memory_or_exit(errno == ENOMEM ? NULL : tokener);
	end = json_tokener_get_parse_end(tokener);
	if (problem == json_tokener_continue && is_laid_out(line))
		error_set(error,
			"the JSON object has several lines: 'jq -c .' makes one of them");
	else if (problem == json_tokener_continue)
		error_set(error, "the JSON object is cut off");
	else if (problem != json_tokener_success)
		error_set(error, "this is no JSON (%s at byte %zu)",
			json_tokener_error_desc(problem), end + 1);
	else if (end + strspn(line + end, " \t") < length)
		error_set(error, "there is more behind the object, at byte %zu",
			end + 1);
	else
		whole = true;
	json_tokener_free(tokener);
	if (!whole) {
		json_object_put(object);
		return NULL;
	}
	return object;
}

static int
read_line(struct message *message, const char *line, size_t length,
	struct error *error)
{
	json_object *object = parse_line(line, length, error);
	int result;

	if (object == NULL)
		return -1;
	message_reset(message);
	result = read_object(message, object, error);
	json_object_put(object);
	return result;
}

/* Nothing but blanks, or a warning that was saved with the listing. */
static bool
is_passed_over(struct reader *reader, const char *line, size_t length)
{
	return strspn(line, " \t") == length ||
		listing_is_warning(reader, line);
}

int
postqueue_json_next(struct reader *reader, struct message *message,
	struct error *error)
{
	struct error problem;
	size_t length;
	char *line;
	int got;

	do {
		got = stream_line(reader->stream, &line, &length, error);
		if (got <= 0)
			return got;
		if (postqueue_exact(line, length, message))
			return 1;
	} while (is_passed_over(reader, line, length));
	if (listing_diagnostic(line) != NULL)
		return error_set(error, "line %lu: the listing failed: %.300s",
			reader->stream->line, line);
	if (read_line(message, line, length, &problem) == 0)
		return 1;
	return error_set(error, "line %lu: %s", reader->stream->line,
		problem.text);
}
