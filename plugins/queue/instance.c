/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * postmulti(1) knows the instances: the default one and those that its
 * multi_instance_directories names. Its columns are as wide as what is in
 * them, so they are read from the right: only a name may contain blanks, and
 * a directory can't, because multi_instance_directories is split at them. From
 * 3.10 on it does not run for a user who may not write Postfix's own log file
 * (maillog_file): then postconf, which writes no log, is asked for the same.
 */
#include "queue/instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "program.h"
#include "same_file.h"

#define BLANKS " \t\r"

/* What postconf is asked for, a line each in this order. */
enum setting {
	SETTING_DIRECTORY,
	SETTING_NAME,
	SETTING_GROUP,
	SETTING_ENABLE,
	SETTING_OTHERS,
	SETTING_COUNT,
};

static const char *const settings[SETTING_COUNT] = {
	[SETTING_DIRECTORY] = "config_directory",
	[SETTING_NAME] = "multi_instance_name",
	[SETTING_GROUP] = "multi_instance_group",
	[SETTING_ENABLE] = "multi_instance_enable",
	[SETTING_OTHERS] = "multi_instance_directories",
};

struct postconf {
	const char *path;
	const struct deadline *deadline;
};

/* A part of a line. */
struct piece {
	const char *start;
	size_t length;
};

static void
instance_release(struct instance *instance)
{
	free(instance->name);
	free(instance->group);
	free(instance->directory);
}

void
instance_list_release(struct instance_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		instance_release(&list->items[i]);
	free(list->items);
	*list = (struct instance_list){ .items = NULL };
}

void
instance_list_keep_enabled(struct instance_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (i == 0 || list->items[i].enabled)
			list->items[kept++] = list->items[i];
		else
			instance_release(&list->items[i]);
	}
	list->count = kept;
}

static const struct instance *
find_name(const struct instance_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].name, name) == 0)
			return &list->items[i];
	return NULL;
}

/* Spelled alike, or the same folder by another way. */
static bool
is_same_directory(const char *one, const char *other)
{
	return strcmp(one, other) == 0 || same_file(one, other);
}

static const struct instance *
find_directory(const struct instance_list *list, const char *directory)
{
	for (size_t i = 0; i < list->count; i++)
		if (is_same_directory(list->items[i].directory, directory))
			return &list->items[i];
	return NULL;
}

/*
 * Appends one, and takes over its strings. A directory that is there already
 * is the same instance; a name that is taken gives way to the directory.
 */
static void
list_take(struct instance_list *list, struct instance instance)
{
	if (find_directory(list, instance.directory) != NULL) {
		instance_release(&instance);
		return;
	}
	if (find_name(list, instance.name) != NULL) {
		free(instance.name);
		instance.name = xstrdup(instance.directory);
	}
	list->items =
		xrealloc(list->items, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = instance;
}

/* A copy without the slashes at the end, but for "/" itself. */
static char *
directory_copy(const char *start, size_t length)
{
	while (length > 1 && start[length - 1] == '/')
		length--;
	return xstrndup(start, length);
}

static char *
name_of_directory(const char *directory)
{
	const char *slash = strrchr(directory, '/');

	return xstrdup(slash[1] != '\0' ? slash + 1 : directory);
}

static bool
is_blank(char byte)
{
	return byte != '\0' && strchr(BLANKS, byte) != NULL;
}

static struct piece
piece_trim(struct piece piece)
{
	while (piece.length > 0 && is_blank(piece.start[piece.length - 1]))
		piece.length--;
	while (piece.length > 0 && is_blank(piece.start[0])) {
		piece.start++;
		piece.length--;
	}
	return piece;
}

/* Cuts the last word off *line, which may have none: length 0. */
static struct piece
last_word(struct piece *line)
{
	struct piece word;

	*line = piece_trim(*line);
	word = *line;
	while (line->length > 0 && !is_blank(line->start[line->length - 1]))
		line->length--;
	word.start += line->length;
	word.length -= line->length;
	return word;
}

static bool
piece_is(struct piece piece, const char *text)
{
	return piece.length == strlen(text) &&
		memcmp(piece.start, text, piece.length) == 0;
}

/* Returns 0, or -1 when it is no line of that table. */
static int
line_read(struct piece line, struct instance_list *list)
{
	struct piece directory = last_word(&line);
	struct piece enabled = last_word(&line);
	struct piece group = last_word(&line);
	struct piece name = piece_trim(line);
	struct instance instance = { .enabled = piece_is(enabled, "y") };

	if (name.length == 0 || directory.start[0] != '/' ||
		(!instance.enabled && !piece_is(enabled, "n")))
		return -1;
	instance.directory = directory_copy(directory.start, directory.length);
	instance.name = piece_is(name, "-")
		? name_of_directory(instance.directory)
		: xstrndup(name.start, name.length);
	instance.group = piece_is(group, "-")
		? xstrdup("")
		: xstrndup(group.start, group.length);
	list_take(list, instance);
	return 0;
}

int
instance_parse(const char *table, struct instance_list *list,
	struct error *error)
{
	const char *line = table;

	*list = (struct instance_list){ .items = NULL };
	while (*line != '\0') {
		struct piece whole = { line, strcspn(line, "\n") };

		if (piece_trim(whole).length > 0 &&
			line_read(whole, list) < 0) {
			instance_list_release(list);
			return error_set(error,
				"no line of 'postmulti -l': %.*s",
				whole.length < 200 ? (int)whole.length : 200,
				whole.start);
		}
		line += whole.length;
		line += *line == '\n';
	}
	if (list->count > 0)
		return 0;
	return error_set(error, "postmulti -l names no instance");
}

/* Without a terminal, postmulti tells the log and only postconf tells us. */
static int
program_failed(const char *program, const struct command_answer *answer,
	struct error *error)
{
	const char *said = answer->errors;
	const char *fatal = strstr(said, "fatal: ");

	if (fatal != NULL)
		said = fatal;
	if (said[0] == '\0')
		said = "see the mail log";
	return command_failed(program, answer->status, said, error);
}

static int
postmulti_list(const char *postmulti, const struct deadline *deadline,
	struct instance_list *list, struct error *error)
{
	const char *argv[] = { postmulti, "-l", NULL };
	struct command_answer answer;
	int result;

	if (command_output(argv, deadline, &answer, error) < 0)
		return -1;
	result = answer.status == 0
		? instance_parse(answer.output, list, error)
		: program_failed("postmulti -l", &answer, error);
	free(answer.output);
	return result;
}

/* Cuts the answer into its lines; there must be one for each setting. */
static int
settings_cut(char *text, char *values[SETTING_COUNT], struct error *error)
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		char *end = strchr(text, '\n');

		if (end == NULL) {
			error_set(error, "postconf does not know %s",
				settings[i]);
			return -1;
		}
		*end = '\0';
		values[i] = text;
		text = end + 1;
	}
	return 0;
}

/* The settings of the instance of a directory, NULL: of the default one. */
static int
settings_ask(const struct postconf *postconf, const char *directory,
	struct command_answer *answer, struct error *error)
{
	const char *argv[SETTING_COUNT + 5] = { postconf->path, "-xh" };
	size_t count = 2;

	if (directory != NULL) {
		argv[count++] = "-c";
		argv[count++] = directory;
	}
	memcpy(argv + count, settings, sizeof(settings));
	if (command_output(argv, postconf->deadline, answer, error) < 0)
		return -1;
	if (answer->status == 0)
		return 0;
	program_failed("postconf", answer, error);
	free(answer->output);
	return -1;
}

static int
settings_take(char *const values[SETTING_COUNT], struct instance_list *list,
	bool enabled, struct error *error)
{
	const char *directory = values[SETTING_DIRECTORY];
	struct instance instance = { .enabled = enabled };

	if (directory[0] != '/')
		return error_set(error, "no absolute config_directory: %s",
			directory);
	instance.directory = directory_copy(directory, strlen(directory));
	instance.name = values[SETTING_NAME][0] != '\0'
		? xstrdup(values[SETTING_NAME])
		: name_of_directory(instance.directory);
	instance.group = xstrdup(values[SETTING_GROUP]);
	list_take(list, instance);
	return 0;
}

/* One more, that the default instance's main.cf names. */
static int
directory_take(const struct postconf *postconf, char *directory,
	struct instance_list *list, struct error *error)
{
	struct command_answer answer;
	char *values[SETTING_COUNT];
	int result;

	if (settings_ask(postconf, directory, &answer, error) < 0)
		return -1;
	result = settings_cut(answer.output, values, error);
	values[SETTING_DIRECTORY] = directory;
	if (result == 0)
		result = settings_take(values, list,
			strcmp(values[SETTING_ENABLE], "yes") == 0, error);
	free(answer.output);
	return result;
}

/* As postmulti does, the only instance is enabled whatever is set. */
static int
settings_list(const struct postconf *postconf, char *text,
	struct instance_list *list, struct error *error)
{
	char *values[SETTING_COUNT];
	char *rest, *directory;
	bool enabled;

	if (settings_cut(text, values, error) < 0)
		return -1;
	directory = strtok_r(values[SETTING_OTHERS], BLANKS ",", &rest);
	enabled =
		directory == NULL || strcmp(values[SETTING_ENABLE], "yes") == 0;
	if (settings_take(values, list, enabled, error) < 0)
		return -1;
	for (; directory != NULL; directory = strtok_r(NULL, BLANKS ",", &rest))
		if (directory_take(postconf, directory, list, error) < 0)
			return -1;
	return 0;
}

int
instance_list_settings(const char *path, const struct deadline *deadline,
	struct instance_list *list, struct error *error)
{
	struct postconf postconf = { path, deadline };
	struct command_answer answer;
	int result;

	*list = (struct instance_list){ .items = NULL };
	if (settings_ask(&postconf, NULL, &answer, error) < 0)
		return -1;
	result = settings_list(&postconf, answer.output, list, error);
	if (result < 0)
		instance_list_release(list);
	free(answer.output);
	return result;
}

/* postmulti, and where that fails in time or is not there, postconf. */
static int
ask_installed(const struct deadline *deadline, struct instance_list *list,
	struct error *error)
{
	char *postmulti = program_find("postmulti");
	char *postconf = program_find("postconf");
	int result = error_set(error,
		"there is no postmulti in " PROGRAM_FOLDERS
		": is Postfix installed?");

	if (postmulti != NULL)
		result = postmulti_list(postmulti, deadline, list, error);
	if (result < 0 && postconf != NULL && !deadline_passed(deadline))
		result =
			instance_list_settings(postconf, deadline, list, error);
	free(postmulti);
	free(postconf);
	return result;
}

int
instance_list(const char *postmulti, const struct deadline *deadline,
	struct instance_list *list, struct error *error)
{
	*list = (struct instance_list){ .items = NULL };
	if (postmulti != NULL)
		return postmulti_list(postmulti, deadline, list, error);
	return ask_installed(deadline, list, error);
}

static int
unknown(const struct instance_list *known, const char *text,
	struct error *error)
{
	char names[400] = "";
	size_t length = 0;

	if (strchr(text, '/') != NULL)
		return error_set(error,
			"'%.100s' is no absolute path, and no Postfix instance has the name",
			text);
	for (size_t i = 0; i < known->count && length < sizeof(names); i++)
		length += (size_t)snprintf(names + length,
			sizeof(names) - length, "%s%s", i > 0 ? ", " : "",
			known->items[i].name);
	return error_set(error,
		"no Postfix instance has the name '%.100s'; known are: %s",
		text, known->count > 0 ? names : "none");
}

int
instance_find(const struct instance_list *known, const char *text,
	struct instance_list *found, struct error *error)
{
	struct instance copy = { .enabled = true };
	const struct instance *instance;

	if (text[0] == '/') {
		copy.directory = directory_copy(text, strlen(text));
		instance = find_directory(known, copy.directory);
	} else {
		instance = find_name(known, text);
		if (strcmp(text, "-") == 0 && known->count > 0)
			instance = &known->items[0];
		if (instance == NULL)
			return unknown(known, text, error);
		copy.directory = xstrdup(instance->directory);
	}
	if (instance != NULL)
		copy.enabled = instance->enabled;
	copy.name = instance ? xstrdup(instance->name)
			     : name_of_directory(copy.directory);
	copy.group = xstrdup(instance ? instance->group : "");
	list_take(found, copy);
	return 0;
}
