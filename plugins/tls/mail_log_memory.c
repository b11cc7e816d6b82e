/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tsearch(3) finds the records, and a list from the oldest to the newest says
 * which of them is dropped.
 */
#include "tls/mail_log_memory.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

static int
record_compare(const void *one, const void *other)
{
	const struct log_span *a = &((const struct log_record *)one)->key;
	const struct log_span *b = &((const struct log_record *)other)->key;

	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	return a->length == 0 ? 0 : memcmp(a->at, b->at, a->length);
}

void
log_text_set(char **text, struct log_span span)
{
	char *copy;

	if (span.length > LOG_TEXT_LIMIT)
		span.length = LOG_TEXT_LIMIT;
	copy = xstrndup(span.length != 0 ? span.at : "", span.length);
	free(*text);
	*text = copy;
}

void
log_record_clear(struct log_record *record)
{
	free(record->detail);
	free(record->host);
	free(record->library);
	free(record->queue_id);
	record->detail = NULL;
	record->host = NULL;
	record->library = NULL;
	record->queue_id = NULL;
	record->finding = (struct mail_log_finding){ .detail = "" };
}

void
log_record_set(struct log_record *record,
	const struct mail_log_finding *finding, struct log_span detail,
	struct log_span host)
{
	log_text_set(&record->detail, detail);
	log_text_set(&record->host, host);
	record->finding = *finding;
	record->finding.detail = record->detail;
	record->finding.host = record->host;
}

static void
list_unlink(struct log_memory *memory, struct log_record *record)
{
	*(record->older ? &record->older->newer : &memory->oldest) =
		record->newer;
	*(record->newer ? &record->newer->older : &memory->newest) =
		record->older;
}

static void
list_append(struct log_memory *memory, struct log_record *record)
{
	record->older = memory->newest;
	record->newer = NULL;
	*(record->older ? &record->older->newer : &memory->oldest) = record;
	memory->newest = record;
}

static void
memory_drop(struct log_memory *memory, struct log_record *record)
{
	tdelete(record, &memory->tree, record_compare);
	list_unlink(memory, record);
	memory->count--;
	log_record_clear(record);
	free((char *)record->key.at);
	free(record);
}

struct log_record *
log_memory_find(const struct log_memory *memory, struct log_span key)
{
	struct log_record wanted = { .key = key };
	struct log_record **found;

	found = tfind(&wanted, &memory->tree, record_compare);
	return found != NULL ? *found : NULL;
}

struct log_record *
log_memory_touch(struct log_memory *memory, struct log_span key)
{
	struct log_record *record = log_memory_find(memory, key);

	if (record != NULL) {
		list_unlink(memory, record);
		list_append(memory, record);
		return record;
	}
	if (memory->count == memory->limit)
		memory_drop(memory, memory->oldest);
	record = xcalloc(1, sizeof(*record));
	record->key.at = xstrndup(key.length ? key.at : "", key.length);
	record->key.length = key.length;
	log_record_clear(record);
	(void)memory_or_exit(tsearch(record, &memory->tree, record_compare));
	list_append(memory, record);
	memory->count++;
	return record;
}

void
log_memory_release(struct log_memory *memory)
{
	while (memory->oldest != NULL)
		memory_drop(memory, memory->oldest);
}
