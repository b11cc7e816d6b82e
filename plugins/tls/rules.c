/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One compiled pattern a rule, tried in turn. Remote servers choose the text
 * that a pattern runs over, so that each try is bounded: in the bytes it
 * sees, in the steps it may take, and in how often a rule may use them up.
 */
#include "tls/rules.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "stream.h"

#define LINE_LIMIT 8190
#define STEPS      20000000 /* of a rule on a reason: some 0.1 s */
#define HEAP_KIB   4096
#define BLANKS     " \t"

struct rule {
	enum cause cause;
	pcre2_code *code;
	char *place;         /* "FILE:LINE" */
	unsigned hits;       /* of the limits */
	unsigned shown_hits; /* the same, of reasons that are only shown */
};

struct rules_context {
	pcre2_match_context *limits;
	pcre2_match_data *data;
};

/* A file that is being read. */
struct rules_file {
	const char *path;
	struct stream stream;
};

#ifdef PCRE2_MATCH_INVALID_UTF
#define OPTIONS (PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C)
#else
#define OPTIONS PCRE2_NEVER_BACKSLASH_C
#endif

static void *
allocate(size_t size, void *unused)
{
	(void)unused;
	return xrealloc(NULL, 1, size);
}

static void
release(void *memory, void *unused)
{
	(void)unused;
	free(memory);
}

static struct rules_context *
context_new(void)
{
	struct rules_context *context = xcalloc(1, sizeof(*context));
	pcre2_general_context *memory =
		pcre2_general_context_create(allocate, release, NULL);

	context->limits = pcre2_match_context_create(memory);
	context->data = pcre2_match_data_create(1, memory);
	pcre2_set_heap_limit(context->limits, HEAP_KIB);
	pcre2_general_context_free(memory);
	return context;
}

void
rules_release(struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		pcre2_code_free(rules->list[i].code);
		free(rules->list[i].place);
	}
	free(rules->list);
	if (rules->context != NULL) {
		pcre2_match_data_free(rules->context->data);
		pcre2_match_context_free(rules->context->limits);
		free(rules->context);
	}
	*rules = (struct rules){ 0 };
}

static int
cause_of_rule(const char *name, enum cause *cause)
{
	if (strcmp(name, "ignore") == 0) {
		*cause = CAUSE_OTHER;
		return 0;
	}
	*cause = cause_of_name(name);
	return *cause < CAUSE_TLS_COUNT ? 0 : -1;
}

/* Compiles line + column, the pattern's place in the line. */
static pcre2_code *
compile(const struct rules_file *file, const char *line, size_t column,
	struct error *error)
{
	PCRE2_UCHAR why[160];
	PCRE2_SIZE offset = 0;
	int code = 0;
	pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)(line + column),
		PCRE2_ZERO_TERMINATED, OPTIONS, &code, &offset, NULL);

	if (compiled == NULL) {
		if (pcre2_get_error_message(code, why, sizeof(why)) < 0)
			snprintf((char *)why, sizeof(why), "error %d", code);
		error_set(error, "%s:%lu:%zu: %s", file->path,
			file->stream.line, column + (size_t)offset + 1,
			(const char *)why);
		return NULL;
	}
	/* Where there is no JIT, the interpreter does it. */
	(void)pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);
	return compiled;
}

static char *
place_of(const struct rules_file *file)
{
	size_t size = strlen(file->path) + 24;
	char *place = xcalloc(size, 1);

	snprintf(place, size, "%s:%lu", file->path, file->stream.line);
	return place;
}

/* Adds the rule of a line, whose line end is cut off. */
static int
add_line(struct rules *rules, const struct rules_file *file, char *line,
	struct error *error)
{
	char *name = line + strspn(line, BLANKS);
	size_t length = strcspn(name, BLANKS);
	char *pattern = name + length + strspn(name + length, BLANKS);
	struct rule rule = { 0 };

	if (*name == '\0' || *name == '#')
		return 0;
	if (*pattern == '\0')
		return error_set(error, "%s:%lu: no pattern behind \"%.60s\"",
			file->path, file->stream.line, name);
	name[length] = '\0';
	if (cause_of_rule(name, &rule.cause) < 0)
		return error_set(error,
			"%s:%lu: \"%.60s\" is no cause and not \"ignore\"",
			file->path, file->stream.line, name);
	rule.code = compile(file, line, (size_t)(pattern - line), error);
	if (rule.code == NULL)
		return -1;
	rule.place = place_of(file);
	rules->list =
		xrealloc(rules->list, rules->count + 1, sizeof(*rules->list));
	rules->list[rules->count++] = rule;
	return 0;
}

/* Names the file in an error that the stream had. Always -1. */
static int
cannot_read(const struct rules_file *file, struct error *error)
{
	struct error problem = *error;

	return error_set(error, "%s: %.600s", file->path, problem.text);
}

/* The next line without its end. Returns 1, 0 at the file's end, -1. */
static int
next_line(struct rules_file *file, char **line, struct error *error)
{
	size_t length;
	int got = stream_line(&file->stream, line, &length, error);

	if (got < 0)
		return cannot_read(file, error);
	if (got > 0 &&
		(length > LINE_LIMIT || memchr(*line, '\0', length) != NULL))
		return error_set(error,
			"%s:%lu: the line is too long or has a NUL byte",
			file->path, file->stream.line);
	return got;
}

/* A FIFO that nobody writes to must not hang open(2). */
static int
open_file(struct rules_file *file, const struct deadline *deadline,
	struct error *error)
{
	int descriptor =
		open(file->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (descriptor < 0)
		return error_set(error, "%s: can't be opened: %s", file->path,
			strerror(errno));
	stream_open(&file->stream, descriptor, -1, *deadline);
	return 0;
}

static int
read_rules(struct rules *rules, struct rules_file *file, struct error *error)
{
	char *line;
	int got = 0;

	if (stream_skip_mark(&file->stream, error) < 0)
		return cannot_read(file, error);
	while (got == 0 && (got = next_line(file, &line, error)) > 0)
		got = add_line(rules, file, line, error);
	return got;
}

int
rules_load(struct rules *rules, const char *path,
	const struct deadline *deadline, struct error *error)
{
	struct rules_file file = { .path = path };
	int result;

	*rules = (struct rules){ 0 };
	if (open_file(&file, deadline, error) < 0)
		return -1;
	rules->context = context_new();
	result = read_rules(rules, &file, error);
	stream_release(&file.stream);
	if (result < 0)
		rules_release(rules);
	return result;
}

/* Whether PCRE2 gave up before it knew. */
static bool
is_limit(int code)
{
	return code == PCRE2_ERROR_MATCHLIMIT ||
		code == PCRE2_ERROR_DEPTHLIMIT ||
		code == PCRE2_ERROR_HEAPLIMIT ||
		code == PCRE2_ERROR_JIT_STACKLIMIT ||
		code == PCRE2_ERROR_NOMEMORY;
}

/* What the patterns see of a reason. */
struct subject {
	const char *text;
	size_t length;
	uint32_t options;
};

/* PCRE2 counts a rule's steps anew at each place of the text. */
static struct subject
subject_of(const struct rules_context *context, const char *text)
{
	size_t length = strnlen(text, RULES_REASON_LIMIT);

	pcre2_set_match_limit(context->limits,
		(uint32_t)(STEPS / (length + 1)));
	return (struct subject){
		.text = text,
		.length = length,
		/* The end of what is seen is not the end of the reason. */
		.options = text[length] != '\0' ? PCRE2_NOTEOL : 0,
	};
}

/* One try of one rule. */
static int
match_one(const struct rule *rule, const struct rules_context *context,
	const struct subject *subject)
{
	return pcre2_match(rule->code, (PCRE2_SPTR)subject->text,
		subject->length, 0, subject->options, context->data,
		context->limits);
}

int
rules_match(const struct rules *rules, const char *reason,
	struct cause_match *match, unsigned long *limit_hits)
{
	struct subject subject = subject_of(rules->context, cause_bare(reason));

	for (size_t i = 0; i < rules->count; i++) {
		struct rule *rule = &rules->list[i];
		unsigned *hits =
			limit_hits != NULL ? &rule->hits : &rule->shown_hits;
		int code;

		if (*hits >= RULES_PATIENCE)
			continue;
		code = match_one(rule, rules->context, &subject);
		if (code >= 0) {
			*match = (struct cause_match){ rule->cause,
				rule->place };
			return 1;
		}
		if (!is_limit(code))
			continue;
		++*hits;
		if (limit_hits != NULL)
			++*limit_hits;
	}
	return 0;
}
