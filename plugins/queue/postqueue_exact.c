/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pull reader for one known text, not a JSON parser: each step expects the
 * very bytes that postqueue/showq_json.c prints next, else the line deviates.
 * A string without escapes stays where it is and gets its NUL in place of the
 * closing quote; the line had no NUL before, so that a line which deviates
 * later is mended by turning each NUL back into a quote. A string with short
 * escapes is copied; \u, which Postfix only uses for control characters, is
 * left to json-c.
 */
#include "queue/postqueue_exact.h"

#include <stdint.h>
#include <string.h>

/* Where the reader is. */
struct place {
	char *at;
	const char *end; /* the line's NUL */
	struct message *message;
};

/* Inline, so that the compiler compares words instead of calling memcmp(). */
static inline bool
skip(struct place *place, const char *literal, size_t length)
{
	if ((size_t)(place->end - place->at) < length ||
		memcmp(place->at, literal, length) != 0)
		return false;
	place->at += length;
	return true;
}

#define SKIP(place, literal) skip(place, literal, sizeof(literal) - 1)

/* GCC's and clang's vectors: whatever the processor has is used. */
typedef unsigned char bytes_16 __attribute__((vector_size(16)));

/* How many bytes in memory come before the first one of a word that is set. */
static size_t
bytes_before(uint64_t set)
{
	const int low_byte_first = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

	return (size_t)(low_byte_first ? __builtin_ctzll(set)
				       : __builtin_clzll(set)) /
		8;
}

static bool
is_special(char byte)
{
	return (unsigned char)byte < ' ' || byte == '"' || byte == '\\';
}

/* The first quote, backslash or control character, the final NUL at last. */
static char *
plain_end(char *at, const char *end)
{
	for (; end - at >= (ptrdiff_t)sizeof(bytes_16);
		at += sizeof(bytes_16)) {
		bytes_16 bytes;
		uint64_t set[2];

		memcpy(&bytes, at, sizeof(bytes));
		bytes = (bytes_16)((bytes < ' ') | (bytes == '"') |
			(bytes == '\\'));
		memcpy(set, &bytes, sizeof(set));
		if (set[0] != 0)
			return at + bytes_before(set[0]);
		if (set[1] != 0)
			return at + sizeof(set[0]) + bytes_before(set[1]);
	}
	while (!is_special(*at))
		at++;
	return at;
}

/* What a short escape stands for; 0 for any other. */
static char
escape_of(char letter)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meanings[] = "\"\\/\b\f\n\r\t";
	const char *found = letter ? strchr(letters, letter) : NULL;

	return found ? meanings[found - letters] : '\0';
}

/* The end of a string with escapes, its closing quote; NULL if it deviates. */
static char *
escaped_end(struct place *place)
{
	char *at = plain_end(place->at, place->end);

	while (*at == '\\') {
		if (escape_of(at[1]) == '\0')
			return NULL;
		at = plain_end(at + 2, place->end);
	}
	return *at == '"' ? at : NULL;
}

/* A copy without the escapes, in the message's own blocks. */
static const char *
unescape(struct place *place, const char *text, size_t length)
{
	char *copy = (char *)message_keep(place->message, text, length);
	char *to = copy;

	for (const char *from = copy; *from != '\0'; from++)
		*to++ = *from == '\\' ? escape_of(*++from) : *from;
	*to = '\0';
	return copy;
}

/* A string behind its opening quote; takes the closing one. NULL: deviates. */
static const char *
string(struct place *place)
{
	char *text = place->at;
	char *plain = plain_end(text, place->end);

	if (*plain == '"') {
		*plain = '\0';
		place->at = plain + 1;
		return text;
	}
	plain = escaped_end(place);
	if (plain == NULL)
		return NULL;
	place->at = plain + 1;
	return unescape(place, text, (size_t)(plain - text));
}

/* A number as Postfix prints it: up to 15 digits, no zero before others. */
static bool
number(struct place *place, long long *value)
{
	char *at = place->at;
	unsigned long long sum = 0; /* of more digits it may wrap round */
	ptrdiff_t digits;

	for (; *at >= '0' && *at <= '9'; at++)
		sum = sum * 10 + (unsigned)(*at - '0');
	digits = at - place->at;
	if (digits < 1 || digits > 15 || (*place->at == '0' && digits > 1))
		return false;
	place->at = at;
	*value = (long long)sum;
	return true;
}

static bool
reason(struct place *place, const char *address)
{
	static const struct {
		const char *name;
		size_t length;
		enum reason_kind kind;
	} kinds[] = {
#define KIND(name, kind) { name, sizeof(name) - 1, kind }
		KIND("delay_reason\": \"", REASON_DELAY),
		KIND("bounce_reason\": \"", REASON_BOUNCE),
		KIND("other_reason\": \"", REASON_OTHER),
#undef KIND
	};
	const char *text;

	if (SKIP(place, "}")) {
		message_add(place->message, address, REASON_NONE, NULL);
		return true;
	}
	if (!SKIP(place, ", \""))
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!skip(place, kinds[i].name, kinds[i].length))
			continue;
		text = string(place);
		if (text == NULL || !SKIP(place, "}"))
			return false;
		message_add(place->message, address, kinds[i].kind, text);
		return true;
	}
	return false;
}

static bool
recipient(struct place *place)
{
	const char *address;

	if (SKIP(place, "{\"orig_address\": \"")) {
		if (string(place) == NULL || !SKIP(place, ", \"address\": \""))
			return false;
	} else if (!SKIP(place, "{\"address\": \"")) {
		return false;
	}
	address = string(place);
	return address != NULL && reason(place, address);
}

static bool
recipients(struct place *place)
{
	if (SKIP(place, ", \"recipients\": []}"))
		return place->at == place->end;
	if (!SKIP(place, ", \"recipients\": ["))
		return false;
	do {
		if (!recipient(place))
			return false;
	} while (SKIP(place, ", "));
	return SKIP(place, "]}") && place->at == place->end;
}

static bool
queue_and_id(struct place *place)
{
	const char *queue;

	if (!SKIP(place, "{\"queue_name\": \""))
		return false;
	queue = string(place);
	if (queue == NULL || !SKIP(place, ", \"queue_id\": \""))
		return false;
	place->message->queue = queue_of_name(queue);
	place->message->id = string(place);
	return place->message->id != NULL && place->message->id[0] != '\0';
}

static bool
time_size_sender(struct place *place)
{
	struct message *message = place->message;

	if (!SKIP(place, ", \"arrival_time\": ") ||
		!number(place, &message->arrival) ||
		!SKIP(place, ", \"message_size\": ") ||
		!number(place, &message->size))
		return false;
	/* Not before Postfix 3.5. */
	if (!SKIP(place, ", \"forced_expire\": false"))
		SKIP(place, ", \"forced_expire\": true");
	if (!SKIP(place, ", \"sender\": \""))
		return false;
	message->sender = string(place);
	return message->sender != NULL;
}

bool
postqueue_exact(char *line, size_t length, struct message *message)
{
	struct place place = { line, line + length, message };

	message_reset(message);
	if (queue_and_id(&place) && time_size_sender(&place) &&
		recipients(&place))
		return true;
	for (char *at = line; at < place.at; at++)
		if (*at == '\0')
			*at = '"';
	return false;
}
