/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One pass, nothing kept but counts: the notes of each queue id (seen.h) say
 * in which queue it was, whether it counted, and under which causes, so that
 * a second appearance adds only what is new.
 */
#include "report/tally.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/hash.h"

/* The notes of a queue id: the causes' bits, then these. */
#define NOTE_TLS_CAUSES  ((1U << CAUSE_TLS_COUNT) - 1)
#define NOTE_CAUSES      ((1U << CAUSE_OTHER) - 1)
#define NOTE_COUNTED     (1U << 16)
#define NOTE_QUEUE_SHIFT 17 /* the queue's number plus one */
#define NOTE_QUEUE       (7U << NOTE_QUEUE_SHIFT)

_Static_assert(CAUSE_OTHER <= 16 && QUEUE_COUNT <= 7 &&
		NOTE_QUEUE < 1U << SEEN_NOTES_BITS,
	"the notes have room");

static struct cause_match
judge_by_table(void *context, const char *reason)
{
	(void)context;
	return cause_of(reason);
}

void
tally_init(struct tally *tally, const struct filter *filter, long long now,
	size_t instances)
{
	memset(tally, 0, sizeof(*tally));
	tally->instances = xcalloc(instances, sizeof(*tally->instances));
	tally->instance_count = instances;
	tally->filter = filter;
	tally->now = now;
	tally->judge = judge_by_table;
	tally->seed = hash_seed();
}

static void
destination_release(struct destination *destination)
{
	for (size_t i = 0; i < destination->id_count; i++)
		free(destination->ids[i]);
	free(destination->ids);
	free(destination->domain);
	free(destination->reason);
}

void
tally_release(struct tally *tally)
{
	for (size_t i = 0; i < tally->destination_count; i++)
		destination_release(&tally->destinations[i]);
	for (size_t i = 0; i < tally->unknown_count; i++)
		free(tally->unknown[i].text);
	free(tally->instances);
	free(tally->destinations);
	free(tally->index);
	free(tally->judged);
	free(tally->matches);
	seen_release(&tally->seen);
	known_release(&tally->known);
	memset(tally, 0, sizeof(*tally));
}

static void
judge(struct tally *tally, const char *reason, struct cause_match *match)
{
	struct known_place place;

	if (known_find(&tally->known, reason, &place, match))
		return;
	*match = tally->judge(tally->judge_context, reason);
	known_keep(&tally->known, &place, *match);
}

static void
count_recipient(struct count *count, long long arrival)
{
	count->recipients++;
	if (arrival != 0 && (count->oldest == 0 || arrival < count->oldest))
		count->oldest = arrival;
}

static void
count_cause(struct figures *figures, enum cause cause, long long arrival)
{
	count_recipient(&figures->causes[cause], arrival);
	if (cause < CAUSE_TLS_COUNT)
		count_recipient(&figures->tls, arrival);
}

/* What makes a destination one of its own. */
struct key {
	size_t instance;
	const char *domain;
	enum cause cause;
};

/* Whoever sends mail chooses the domains, but not the seed. */
static uint32_t
hash_destination(const struct tally *tally, const struct key *key)
{
	uint64_t number = key->instance * CAUSE_COUNT + key->cause;

	return (uint32_t)hash_bytes(key->domain, strlen(key->domain),
		tally->seed ^ number);
}

static bool
is_destination(const struct destination *destination, const struct key *key)
{
	return destination->cause == key->cause &&
		destination->instance == key->instance &&
		strcmp(destination->domain, key->domain) == 0;
}

/* The first place behind the hash that is free or of the destination. */
static struct tally_place *
find_place(const struct tally *tally, uint32_t hash, const struct key *key)
{
	size_t at = hash & (tally->index_size - 1);

	while (tally->index[at].number != 0) {
		const struct tally_place *place = &tally->index[at];

		if (place->hash == hash &&
			is_destination(&tally->destinations[place->number - 1],
				key))
			break;
		at = (at + 1) & (tally->index_size - 1);
	}
	return &tally->index[at];
}

static void
index_grow(struct tally *tally)
{
	free(tally->index);
	tally->index_size = tally->index_size ? tally->index_size * 2 : 64;
	tally->index = xcalloc(tally->index_size, sizeof(*tally->index));
	for (size_t i = 0; i < tally->destination_count; i++) {
		const struct destination *old = &tally->destinations[i];
		struct key key = { old->instance, old->domain, old->cause };
		uint32_t hash = hash_destination(tally, &key);

		*find_place(tally, hash, &key) =
			(struct tally_place){ hash, (uint32_t)i + 1 };
	}
}

/* A text cut to TALLY_REASON bytes. */
static char *
keep_reason(const char *reason)
{
	return xstrndup(reason, strnlen(reason, TALLY_REASON));
}

static struct destination *
add_destination(struct tally *tally, const struct key *key, const char *reason)
{
	if (tally->destination_count == tally->destination_room) {
		tally->destination_room += tally->destination_room / 2 + 16;
		tally->destinations = xrealloc(tally->destinations,
			tally->destination_room, sizeof(*tally->destinations));
	}
	tally->destinations[tally->destination_count] = (struct destination){
		.instance = key->instance,
		.domain = xstrdup(key->domain),
		.reason = keep_reason(reason),
		.cause = key->cause,
	};
	return &tally->destinations[tally->destination_count++];
}

static struct destination *
find_destination(struct tally *tally, const struct key *key, const char *reason)
{
	uint32_t hash = hash_destination(tally, key);
	struct tally_place *place;

	if (tally->destination_count * 3 >= tally->index_size * 2)
		index_grow(tally);
	place = find_place(tally, hash, key);
	if (place->number != 0)
		return &tally->destinations[place->number - 1];
	*place = (struct tally_place){ hash,
		(uint32_t)tally->destination_count + 1 };
	return add_destination(tally, key, reason);
}

static void
count_destination(const struct tally *tally, const struct message *message,
	struct destination *destination)
{
	count_recipient(&destination->count, message->arrival);
	if (destination->last == tally->sequence)
		return;
	destination->last = tally->sequence;
	destination->count.messages++;
	if (destination->id_count >= tally->ids_kept)
		return;
	destination->ids = xrealloc(destination->ids, destination->id_count + 1,
		sizeof(*destination->ids));
	destination->ids[destination->id_count++] = xstrdup(message->id);
}

static void
count_unknown(struct tally *tally, const char *reason)
{
	size_t i;

	reason = cause_bare(reason);
	for (i = 0; i < tally->unknown_count; i++)
		if (strncmp(tally->unknown[i].text, reason, TALLY_REASON) == 0)
			break;
	if (i == TALLY_UNKNOWN_REASONS)
		return;
	if (i == tally->unknown_count) {
		tally->unknown[i].text = keep_reason(reason);
		tally->unknown_count++;
	}
	tally->unknown[i].recipients++;
}

static bool
is_watched(const struct tally *tally, const char *reason)
{
	return tally->watched != NULL &&
		strcmp(cause_bare(reason), tally->watched) == 0;
}

/* A broken destination keeps back many recipients of a message, for one reason. */
static bool
has_reason_of(const struct recipient *recipient, const struct recipient *other)
{
	return recipient->kind == other->kind &&
		strcmp(recipient->reason, other->reason) == 0;
}

/* What the reasons of all recipients mean, into tally->matches. */
static void
judge_recipients(struct tally *tally, const struct message *message)
{
	if (message->count > tally->judged_room) {
		tally->judged_room = message->count + message->count / 2;
		tally->judged = xrealloc(tally->judged, tally->judged_room, 1);
		tally->matches = xrealloc(tally->matches, tally->judged_room,
			sizeof(*tally->matches));
	}
	for (size_t i = 0; i < message->count; i++) {
		const struct recipient *recipient = &message->recipients[i];
		struct cause_match *match = &tally->matches[i];

		if (recipient->kind != REASON_DELAY)
			*match = (struct cause_match){ CAUSE_OTHER, "" };
		else if (i > 0 && has_reason_of(recipient, recipient - 1))
			*match = match[-1];
		else
			judge(tally, recipient->reason, match);
	}
}

/*
 * Counts a recipient that was judged, unless the message has counted under
 * that cause at an earlier appearance. Returns the cause that it counts for.
 */
static enum cause
add_recipient(struct tally *tally, const struct message *message, size_t number,
	unsigned notes)
{
	const struct recipient *recipient = &message->recipients[number];
	enum cause cause = tally->matches[number].cause;
	char domain[DOMAIN_TEXT];
	struct key key = { (size_t)(tally->current - tally->instances), domain,
		cause };

	if (recipient->kind != REASON_DELAY)
		return CAUSE_OTHER;
	if ((filter_causes(tally->filter) & ~notes & 1U << cause) == 0 &&
		!(cause == CAUSE_OTHER && is_watched(tally, recipient->reason)))
		return CAUSE_OTHER;
	address_domain(recipient->address, domain);
	if (!filter_passes_domain(tally->filter, domain))
		return CAUSE_OTHER;
	if (cause != CAUSE_OTHER) {
		count_cause(&tally->all, cause, message->arrival);
		count_cause(tally->current, cause, message->arrival);
	}
	if (cause == CAUSE_UNCLASSIFIED)
		count_unknown(tally, recipient->reason);
	else
		count_destination(tally, message,
			find_destination(tally, &key, recipient->reason));
	return cause;
}

/*
 * The queue's own figures: each id once, in the queue it was seen in last.
 * before: the number of that queue plus one, 0 for an id that is new.
 */
static void
count_in_queue(struct figures *figures, const struct message *message,
	unsigned before)
{
	if (before != 0) {
		figures->queue.by_queue[before - 1]--;
	} else {
		figures->queue.messages++;
		figures->queue.recipients += message->count;
	}
	figures->queue.by_queue[message->queue]++;
}

static bool
has_passing_domain(const struct filter *filter, const struct message *message)
{
	char domain[DOMAIN_TEXT];

	if (!filter_has_domains(filter))
		return true;
	for (size_t i = 0; i < message->count; i++) {
		address_domain(message->recipients[i].address, domain);
		if (filter_passes_domain(filter, domain))
			return true;
	}
	return false;
}

static void
count_message(struct figures *figures, unsigned causes, uint32_t notes)
{
	if (!(notes & NOTE_COUNTED))
		figures->messages++;
	for (int cause = 0; causes >> cause != 0; cause++)
		if (causes & 1U << cause)
			figures->causes[cause].messages++;
	if ((causes & NOTE_TLS_CAUSES) && !(notes & NOTE_TLS_CAUSES))
		figures->tls.messages++;
}

/* Counts each recipient; the causes that are new to the message. */
static unsigned
add_recipients(struct tally *tally, const struct message *message,
	unsigned notes)
{
	unsigned causes = 0;

	for (size_t i = 0; i < message->count; i++) {
		enum cause cause = add_recipient(tally, message, i, notes);

		tally->judged[i] = (unsigned char)cause;
		if (cause != CAUSE_OTHER)
			causes |= 1U << cause;
	}
	return causes;
}

/* The queue's own figures, and in the notes where the message is now. */
static uint32_t
add_to_queue(struct tally *tally, const struct message *message, uint32_t notes)
{
	unsigned before = notes >> NOTE_QUEUE_SHIFT;

	count_in_queue(&tally->all, message, before);
	count_in_queue(tally->current, message, before);
	return (notes & ~NOTE_QUEUE) |
		((uint32_t)message->queue + 1) << NOTE_QUEUE_SHIFT;
}

struct judged
tally_add(struct tally *tally, size_t instance, const struct message *message)
{
	uint64_t hash = seen_hash(&tally->seen, instance, message->id);
	bool passes =
		filter_passes_message(tally->filter, message, tally->now) &&
		has_passing_domain(tally->filter, message);
	struct judged judged = { .causes = 0 };
	struct seen_place *seen;
	uint32_t before;

	if (passes)
		judge_recipients(tally, message);
	seen = seen_at(&tally->seen, hash);
	before = (uint32_t)seen->notes;
	tally->current = &tally->instances[instance];
	seen->notes = add_to_queue(tally, message, before);
	if (!passes)
		return judged;
	tally->sequence++;
	judged.causes = add_recipients(tally, message, before);
	judged.recipients = tally->judged;
	judged.matches = tally->matches;
	judged.first = judged.causes != 0 && !(before & NOTE_CAUSES);
	judged.first_tls = (judged.causes & NOTE_TLS_CAUSES) &&
		!(before & NOTE_TLS_CAUSES);
	count_message(&tally->all, judged.causes, before);
	count_message(tally->current, judged.causes, before);
	seen->notes |= NOTE_COUNTED | judged.causes;
	return judged;
}

long long
tally_age(const struct tally *tally, const struct count *count)
{
	if (count->oldest == 0 || count->oldest > tally->now)
		return 0;
	return tally->now - count->oldest;
}

size_t
tally_causes(const struct tally *tally, enum cause causes[CAUSE_TLS_COUNT])
{
	const struct count *counts = tally->all.causes;
	size_t found = 0;

	for (int cause = 0; cause < CAUSE_TLS_COUNT; cause++) {
		size_t place = found;

		if (counts[cause].messages == 0)
			continue;
		while (place > 0 &&
			counts[causes[place - 1]].messages <
				counts[cause].messages) {
			causes[place] = causes[place - 1];
			place--;
		}
		causes[place] = (enum cause)cause;
		found++;
	}
	return found;
}

double
figures_percent(const struct figures *figures)
{
	double percent;

	if (figures->tls.messages == 0)
		return 0;
	percent = 100.0 * (double)figures->tls.messages /
		(double)figures->messages;
	percent = (double)(long long)(percent * 100 + 0.5) / 100;
	return percent < 0.01 ? 0.01 : percent;
}

static int
compare_worst(const void *one, const void *other)
{
	const struct destination *a = *(const struct destination *const *)one;
	const struct destination *b = *(const struct destination *const *)other;
	int order;

	if (a->count.messages != b->count.messages)
		return a->count.messages > b->count.messages ? -1 : 1;
	if (a->count.oldest != b->count.oldest)
		return a->count.oldest < b->count.oldest ? -1 : 1;
	order = strcmp(a->domain, b->domain);
	if (order == 0)
		order = (int)a->cause - (int)b->cause;
	return order ? order : (a->instance > b->instance) * 2 - 1;
}

/* Those with a TLS cause, or the others, in order. */
static const struct destination **
sorted(const struct tally *tally, bool tls, size_t *count)
{
	const struct destination **list =
		xcalloc(tally->destination_count, sizeof(list[0]));

	*count = 0;
	for (size_t i = 0; i < tally->destination_count; i++)
		if ((tally->destinations[i].cause < CAUSE_TLS_COUNT) == tls)
			list[(*count)++] = &tally->destinations[i];
	qsort(list, *count, sizeof(list[0]), compare_worst);
	return list;
}

const struct destination **
tally_worst(const struct tally *tally, size_t *count)
{
	return sorted(tally, true, count);
}

const struct destination **
tally_watched(const struct tally *tally, size_t *count)
{
	return sorted(tally, false, count);
}
