/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts of any length, and short lists of them: the notes and warnings that
 * explain a policy. Lists stay small, so looking for a twin is a plain walk.
 */
#include "tls/sentences.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

static char *format_arguments(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0)));

static char *
format_arguments(const char *format, va_list arguments)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	if (length < 0)
		length = 0;
	text = xcalloc((size_t)length + 1, 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

char *
sentence_format(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = format_arguments(format, arguments);
	va_end(arguments);
	return text;
}

/* Takes over the text. */
static void
append(struct sentences *sentences, char *text)
{
	sentences->list = xrealloc(sentences->list, sentences->count + 1,
		sizeof(*sentences->list));
	sentences->list[sentences->count++] = text;
}

void
sentences_add(struct sentences *sentences, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	append(sentences, format_arguments(format, arguments));
	va_end(arguments);
}

void
sentences_once(struct sentences *sentences, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = format_arguments(format, arguments);
	va_end(arguments);
	for (size_t i = 0; i < sentences->count; i++) {
		if (strcmp(sentences->list[i], text) == 0) {
			free(text);
			return;
		}
	}
	append(sentences, text);
}

char *
sentences_join(const struct sentences *sentences, const char *separator)
{
	char *all = xstrdup("");

	for (size_t i = 0; i < sentences->count; i++) {
		char *longer = sentence_format("%s%s%s", all,
			i > 0 ? separator : "", sentences->list[i]);

		free(all);
		all = longer;
	}
	return all;
}

void
sentences_release(struct sentences *sentences)
{
	for (size_t i = 0; i < sentences->count; i++)
		free(sentences->list[i]);
	free(sentences->list);
	*sentences = (struct sentences){ 0 };
}
