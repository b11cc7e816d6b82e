/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The affected recipients or queue ids while the listing is read, one a line:
 * nothing is kept, however long the queue.
 */
#include <string.h>

#include "report/report.h"
#include "text.h"
#include "tls/words.h"

/* The causes whose mail is shown; unclassified only when it was asked for. */
static bool
is_shown(const struct report *report, enum cause cause)
{
	return cause < CAUSE_TLS_COUNT ||
		(cause == CAUSE_UNCLASSIFIED &&
			report->filter->unclassified_named);
}

void
list_begin(FILE *out, const struct report *report)
{
	fputs("queue_id\tqueue\tarrival\tage\tsize\tsender\trecipient\tdomain\tcause\treason",
		out);
	fputs(report->part_count > 1 ? "\tinstance\n" : "\n", out);
}

/*
 * Safe text that no spreadsheet takes for a formula: the remote side chooses
 * addresses and reasons.
 */
static void
print_text(FILE *out, const char *text)
{
	if (text[0] != '\0' && strchr("=+-@", text[0]) != NULL)
		putc('\'', out);
	text_print(out, text, TEXT_PLAIN, 0);
}

static void
print_field(FILE *out, const char *text)
{
	putc('\t', out);
	print_text(out, text);
}

static void
print_recipient(FILE *out, const struct report *report,
	const struct message *message, const struct recipient *recipient)
{
	char domain[DOMAIN_TEXT];

	address_domain(recipient->address, domain);
	print_text(out, message->id);
	fprintf(out, "\t%s\t%lld\t%lld\t%lld", queue_name(message->queue),
		message->arrival, message_age(message, report->now),
		message->size);
	print_field(out, message->sender);
	print_field(out, recipient->address);
	print_field(out, domain);
}

void
list_row(FILE *out, const struct report *report, const struct message *message,
	const struct judged *judged)
{
	for (size_t i = 0; i < message->count; i++) {
		enum cause cause = (enum cause)judged->recipients[i];

		if (!is_shown(report, cause))
			continue;
		print_recipient(out, report, message, &message->recipients[i]);
		fprintf(out, "\t%s", cause_name(cause));
		print_field(out, message->recipients[i].reason);
		if (report->part_count > 1)
			print_field(out, report->part->name);
		putc('\n', out);
	}
}

/*
 * An id goes to postsuper and through shells. What Postfix itself would never
 * call a message becomes harmless: "ALL", an option, what a shell expands.
 */
static void
print_id(FILE *out, const char *id)
{
	bool strange = strcmp(id, "ALL") == 0 || id[0] == '-';

	if (strange)
		putc('_', out);
	for (; *id != '\0'; id++) {
		bool plain = words_is_inner(*id) || strchr("-._", *id) != NULL;

		putc(plain && (unsigned char)*id < 0x80 ? *id : '_', out);
	}
}

/* Each id once: the first time that it has a cause which is shown. */
void
ids_row(FILE *out, const struct report *report, const struct message *message,
	const struct judged *judged)
{
	if (report->filter->unclassified_named ? !judged->first
					       : !judged->first_tls)
		return;
	print_id(out, message->id);
	putc('\n', out);
}
