/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For people at a terminal: destinations by cause, the cause that holds most
 * messages first, each with counts, oldest age and a bar.
 */
#include <stdlib.h>
#include <string.h>

#include "duration.h"
#include "report/remarks.h"

#define NAME_LEAST 16 /* columns of a destination's name */
#define NAME_MOST  48
#define BAR_MOST   30
#define BAR_LEAST  5
/* "  ", messages, recipients, oldest, blanks: all but name and bar. */
#define FIGURES 36

#define REST_TEXT 64

struct layout {
	size_t name, bar;   /* columns */
	unsigned long most; /* messages, at a full bar */
	const char *bold, *red, *plain;
};

/*
 * A text that is wider, with dots at its end. A character has fewer columns
 * than bytes, or as many: the most bytes that fit are searched for.
 */
static char *
cut_to_columns(const char *text, size_t columns)
{
	size_t least = columns, most = strlen(text);
	char *cut = text_safe(text, TEXT_PLAIN, least);

	while (most - least > 1) {
		size_t middle = least + (most - least) / 2;
		char *longer = text_safe(text, TEXT_PLAIN, middle);

		if (text_width(longer) <= columns) {
			free(cut);
			cut = longer;
			least = middle;
		} else {
			free(longer);
			most = middle;
		}
	}
	return cut;
}

static void
print_padded(FILE *out, const char *text, size_t columns)
{
	char *safe = text_safe(text, TEXT_PLAIN, 0);
	size_t width = text_width(safe);

	if (width > columns) {
		char *cut = cut_to_columns(safe, columns);

		free(safe);
		safe = cut;
		width = text_width(safe);
	}
	fputs(safe, out);
	fprintf(out, "%*s", width < columns ? (int)(columns - width) : 0, "");
	free(safe);
}

static void
print_figures(FILE *out, const struct report *report, const struct count *count)
{
	char age[DURATION_TEXT];

	duration_format(age, tally_age(report->tally, count));
	fprintf(out, " %8lu  %10lu  %10s", count->messages, count->recipients,
		age);
}

static void
print_bar(FILE *out, const struct layout *layout, unsigned long messages)
{
	size_t length;

	if (layout->bar == 0)
		return;
	length = (size_t)((double)messages * (double)layout->bar /
		(double)layout->most);
	fprintf(out, "  %s", layout->red);
	for (size_t i = 0; i < (length ? length : 1); i++)
		putc('#', out);
	fputs(layout->plain, out);
}

static void
print_destination(FILE *out, const struct report *report,
	const struct layout *layout, const struct destination *destination)
{
	char *name = report_destination_name(report, destination);

	fputs("  ", out);
	print_padded(out, name, layout->name);
	free(name);
	print_figures(out, report, &destination->count);
	print_bar(out, layout, destination->count.messages);
	putc('\n', out);
}

/* "3 more destinations", than those above; returns its columns. */
static size_t
rest_label(char label[REST_TEXT], size_t destinations, bool more)
{
	return (size_t)snprintf(label, REST_TEXT, "%zu %sdestination%s",
		destinations, more ? "more " : "",
		destinations == 1 ? "" : "s");
}

/* What of a cause was not named; messages may overlap. */
struct rest {
	struct count count;
	size_t destinations;
	bool more; /* others of the cause were named */
};

static void
print_rest(FILE *out, const struct report *report, const struct layout *layout,
	const struct rest *rest)
{
	char label[REST_TEXT];

	rest_label(label, rest->destinations, rest->more);
	fputs("  ", out);
	print_padded(out, label, layout->name);
	print_figures(out, report, &rest->count);
	print_bar(out, layout, rest->count.messages);
	putc('\n', out);
}

static void
add_rest(struct rest *rest, const struct count *count)
{
	rest->destinations++;
	rest->count.messages += count->messages;
	rest->count.recipients += count->recipients;
	if (count->oldest != 0 &&
		(rest->count.oldest == 0 || count->oldest < rest->count.oldest))
		rest->count.oldest = count->oldest;
}

/* A sentence in lines of that many columns, indented; ASCII only. */
static void
print_wrapped(FILE *out, const char *sentence, size_t width)
{
	size_t column = 0;

	while (*sentence != '\0') {
		size_t word = strcspn(sentence, " ");

		if (column > 0 && column + 1 + word >= width) {
			putc('\n', out);
			column = 0;
		}
		column += (size_t)fprintf(out, "%s%.*s", column ? " " : "  ",
			(int)word, sentence);
		sentence += word + (sentence[word] == ' ');
	}
	putc('\n', out);
}

struct selection {
	const struct destination **worst;
	size_t count;
	size_t top; /* how many of the worst are named */
};

static void
print_cause(FILE *out, const struct report *report, struct layout *layout,
	const struct selection *selection, enum cause cause)
{
	const struct why_style style = { TEXT_PLAIN, "    ", report->now };
	struct rest rest = { { 0, 0, 0 }, 0, false };

	fprintf(out, "%s%s%s\n", layout->bold, cause_name(cause),
		layout->plain);
	print_wrapped(out, cause_sentence(cause), report->width);
	for (size_t i = 0; i < selection->count; i++) {
		const struct destination *destination = selection->worst[i];

		if (destination->cause != cause)
			continue;
		if (i < selection->top) {
			rest.more = true;
			print_destination(out, report, layout, destination);
			if (report->whys != NULL && i < report->whys->count)
				why_print(out, &report->whys->list[i], &style);
		} else {
			add_rest(&rest, &destination->count);
		}
	}
	if (rest.destinations > 0)
		print_rest(out, report, layout, &rest);
}

/* What the names would need. */
static size_t
name_width(const struct report *report, const struct selection *selection)
{
	char label[REST_TEXT];
	size_t most = NAME_LEAST;

	for (size_t i = 0; i < selection->count && i < selection->top; i++) {
		char *name =
			report_destination_name(report, selection->worst[i]);
		size_t width = text_width(name);

		free(name);
		if (width > most)
			most = width;
	}
	if (selection->count > selection->top) {
		size_t width = rest_label(label,
			selection->count - selection->top, true);

		if (width > most)
			most = width;
	}
	return most < NAME_MOST ? most : NAME_MOST;
}

static struct layout
layout_of(const struct report *report, const struct selection *selection)
{
	struct layout layout = {
		.name = name_width(report, selection),
		.most = 1,
		.bold = report->color ? "\033[1m" : "",
		.red = report->color ? "\033[31m" : "",
		.plain = report->color ? "\033[0m" : "",
	};
	size_t room = report->width > FIGURES ? report->width - FIGURES : 0;

	if (layout.name > room)
		layout.name = room > NAME_LEAST ? room : NAME_LEAST;
	for (int cause = 0; cause < CAUSE_TLS_COUNT; cause++)
		if (report->tally->all.causes[cause].messages > layout.most)
			layout.most = report->tally->all.causes[cause].messages;
	if (room >= layout.name + 2 + BAR_LEAST)
		layout.bar = room - layout.name - 2;
	if (layout.bar > BAR_MOST)
		layout.bar = BAR_MOST;
	return layout;
}

static void
print_causes(FILE *out, const struct report *report, struct layout *layout,
	const struct selection *selection)
{
	enum cause causes[CAUSE_TLS_COUNT];
	size_t count = tally_causes(report->tally, causes);

	for (size_t i = 0; i < count; i++)
		print_cause(out, report, layout, selection, causes[i]);
}

void
table_print(FILE *out, const struct report *report)
{
	struct selection selection = { .top = report->top };
	char *summary = report_summary(report);
	struct layout layout;

	selection.worst = tally_worst(report->tally, &selection.count);
	layout = layout_of(report, &selection);
	if (selection.count > 0) {
		fprintf(out, "  %-*s %8s  %10s  %10s\n", (int)layout.name,
			"DESTINATION", "MESSAGES", "RECIPIENTS", "OLDEST");
		print_causes(out, report, &layout, &selection);
		fprintf(out, "%s", layout.bold);
		print_padded(out, "  total", layout.name + 2);
		print_figures(out, report, &report->tally->all.tls);
		fprintf(out, "%s\n", layout.plain);
		if (selection.count > selection.top)
			fprintf(out, "  --top %zu names all destinations\n",
				selection.count);
		putc('\n', out);
	}
	if (report->whys != NULL)
		why_print_warnings(out, report->whys, TEXT_PLAIN);
	remarks_print_unclassified(out, report, TEXT_PLAIN);
	remarks_print_given_up(out, report);
	remarks_print_parts(out, report, TEXT_PLAIN);
	fprintf(out, "%s - %s\n", state_name(report->verdict.state), summary);
	free(selection.worst);
	free(summary);
}
