/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inih takes the file apart; this module hands it the lines. It does so
 * because inih does not tell its handler the line's number, cuts long lines
 * short, takes indented lines for the rest of the value above, and counts a
 * line without "=" as an error wherever it stands. So lines are counted and
 * unindented here, what is wrong with one is noted, and one without "=" gets
 * it in front: then the handler hears of each, and judges its own section's.
 */
#include "extra_opts.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* inih keeps 49 bytes of a section's name; a longer one might seem equal. */
#define SECTION_LIMIT 48

/* Sections, comments, and the byte order mark, which inih skips. */
#define VERBATIM "[#;\xEF"

/* Monitoring Plugins, lib/parse_ini.c: default_ini_file_names */
static const char *const file_names[] = {
	"monitoring-plugins.ini",
	"plugins.ini",
	"nagios-plugins.ini",
	NULL,
};

/* Monitoring Plugins, lib/parse_ini.c: default_ini_path_names */
static const char *const default_files[] = {
	"/usr/local/etc/monitoring-plugins/monitoring-plugins.ini",
	"/usr/local/etc/monitoring-plugins.ini",
	"/etc/monitoring-plugins/monitoring-plugins.ini",
	"/etc/monitoring-plugins.ini",
	"/etc/nagios/plugins.ini",
	"/usr/local/nagios/etc/plugins.ini",
	"/usr/local/etc/nagios/plugins.ini",
	"/etc/opt/nagios/plugins.ini",
	"/etc/nagios-plugins.ini",
	"/usr/local/etc/nagios-plugins.ini",
	"/etc/opt/nagios-plugins.ini",
	NULL,
};

/* What reader and handler have to know of each other. */
struct parse {
	FILE *in;
	const char *section; /* the one that is wanted */
	struct extra_opts *opts;
	unsigned long line;
	const char *defect; /* why inih can't have this line, or NULL */
	bool bare;          /* this line has nothing but a name */
	bool failed;        /* *error says why */
	struct error *error;
};

static bool
file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* The first file name that exists in the folder; NULL: none. */
static char *
folder_find(const char *folder, int length)
{
	for (const char *const *name = file_names; *name != NULL; name++) {
		size_t size = (size_t)length + strlen(*name) + 2;
		char *path = xcalloc(size, 1);

		snprintf(path, size, "%.*s/%s", length, folder, *name);
		if (file_exists(path))
			return path;
		free(path);
	}
	return NULL;
}

/* The same in each folder of a list with colons. */
static char *
path_find(const char *folders)
{
	char *found = NULL;

	while (found == NULL && *folders != '\0') {
		size_t length = strcspn(folders, ":");

		if (length > 0)
			found = folder_find(folders, (int)length);
		folders += length;
		folders += *folders == ':';
	}
	return found;
}

/* The file to read when --extra-opts names none; NULL: there is none. */
static char *
default_find(const struct extra_opts_request *request)
{
	char *found = NULL;

	if (request->config_file != NULL && *request->config_file != '\0')
		return xstrdup(request->config_file);
	if (request->config_path != NULL)
		found = path_find(request->config_path);
	if (found != NULL)
		return found;
	for (const char *const *file = default_files; *file != NULL; file++)
		if (file_exists(*file))
			return xstrdup(*file);
	return NULL;
}

/* Leaves the sentence about the current line; 0 is inih's word for an error. */
static int
line_refuse(struct parse *parse, const char *what)
{
	parse->failed = true;
	error_set(parse->error, "--extra-opts: %s:%lu: %s", parse->opts->file,
		parse->line, what);
	return 0;
}

/*
 * One line of at most room bytes, without indent and line break. What does
 * not fit is dropped and noted as a defect. Returns false at the end.
 */
static bool
line_read(struct parse *parse, char *line, size_t room)
{
	size_t used = 0;
	int byte;

	parse->defect = NULL;
	while ((byte = getc(parse->in)) != EOF && byte != '\n') {
		if (used == 0 && isspace(byte))
			continue;
		if (used == room)
			parse->defect = "the line is too long";
		else
			line[used++] = byte == '\0' ? '?' : (char)byte;
		if (byte == '\0')
			parse->defect = "the line has a NUL byte";
	}
	line[used] = '\0';
	if (ferror(parse->in)) {
		parse->failed = true;
		error_set(parse->error, "--extra-opts: cannot read %s: %s",
			parse->opts->file, strerror(errno));
		return false;
	}
	parse->line++;
	return byte == '\n' || used > 0;
}

/* For ini_parse_stream(), which expects what fgets(3) would give. */
static char *
line_next(char *line, int size, void *user)
{
	struct parse *parse = user;
	size_t length;
	char separator;
	bool is_entry;

	/* Besides the line: "=" before it, a line break and NUL behind. */
	if (parse->failed || !line_read(parse, line, (size_t)size - 3))
		return NULL;
	/* Finds the NUL of an empty line, too. */
	is_entry = strchr(VERBATIM, *line) == NULL;
	separator = line[strcspn(line, "=:;")];
	parse->bare = is_entry && separator != '=' && separator != ':';
	length = strlen(line);
	if (parse->bare) {
		memmove(line + 1, line, length++);
		*line = '=';
	}
	memcpy(line + length, "\n", 2);
	return line;
}

static bool
section_matches(const char *section, const char *wanted)
{
	size_t length = strlen(wanted);

	section += strspn(section, " \t");
	if (strncmp(section, wanted, length) != 0)
		return false;
	section += length;
	return section[strspn(section, " \t")] == '\0';
}

static bool
name_is_option(const char *name)
{
	if (!isalnum((unsigned char)*name))
		return false;
	while (isalnum((unsigned char)*name) || *name == '-' || *name == '_')
		name++;
	return *name == '\0';
}

static void
option_add(struct extra_opts *opts, struct extra_option option)
{
	opts->options = xrealloc(opts->options, opts->count + 1,
		sizeof(*opts->options));
	opts->options[opts->count++] = option;
}

/* inih's handler: 1 goes on, 0 is an error. */
static int
line_take(void *user, const char *section, const char *name, const char *value)
{
	struct parse *parse = user;

	if (*section == '\0')
		return line_refuse(parse, "the line stands in no [section]");
	if (!section_matches(section, parse->section))
		return 1;
	if (parse->defect != NULL)
		return line_refuse(parse, parse->defect);
	if (parse->bare) {
		name = value;
		value = "";
	}
	if (!name_is_option(name))
		return line_refuse(parse,
			"an option's name has letters, digits, '-' and '_'");
	option_add(parse->opts,
		(struct extra_option){
			.name = xstrdup(name),
			.value = xstrdup(value),
			.line = parse->line,
		});
	return 1;
}

/*
 * Reads parse->section of the open file. inih reports the first line that it
 * or the handler refused; a refusal of its own comes first and counts.
 */
static int
section_read(struct parse *parse, struct error *error)
{
	const char *file = parse->opts->file;
	int result = ini_parse_stream(line_next, parse, line_take, parse);

	if (result > 0 && (!parse->failed || result < (long)parse->line))
		return error_set(error,
			"--extra-opts: %s:%d: neither [section] nor name = value",
			file, result);
	if (parse->failed)
		return -1;
	if (result < 0)
		return error_set(error, "--extra-opts: %s: inih failed: %d",
			file, result);
	if (parse->opts->count == 0)
		return error_set(error,
			"--extra-opts: no option in a section [%s] of %s",
			parse->section, file);
	return 0;
}

static int
file_read(struct extra_opts *opts, const char *section, struct error *error)
{
	struct parse parse = {
		.section = section,
		.opts = opts,
		.error = error,
	};
	int result;

	if (strlen(section) > SECTION_LIMIT)
		return error_set(error,
			"--extra-opts: section '%.60s' has more than %d bytes",
			section, SECTION_LIMIT);
	parse.in = fopen(opts->file, "r");
	if (parse.in == NULL)
		return error_set(error, "--extra-opts: cannot open %s: %s",
			opts->file, strerror(errno));
	result = section_read(&parse, error);
	fclose(parse.in);
	return result;
}

int
extra_opts_read(const struct extra_opts_request *request,
	struct extra_opts *opts, struct error *error)
{
	const char *argument = request->argument ? request->argument : "";
	size_t length = strcspn(argument, "@");
	char *section;
	int result;

	*opts = (struct extra_opts){ 0 };
	opts->file = argument[length] == '@' ? xstrdup(argument + length + 1)
					     : default_find(request);
	if (opts->file == NULL)
		return error_set(error,
			"--extra-opts: no ini file in any of the usual places; name one: --extra-opts=%.60s@FILE",
			argument);
	if (*opts->file == '\0') {
		extra_opts_release(opts);
		return error_set(error,
			"--extra-opts: '%.60s' names no file behind its @",
			argument);
	}
	section = length > 0 ? xstrndup(argument, length)
			     : xstrdup(request->default_section);
	result = file_read(opts, section, error);
	free(section);
	if (result < 0)
		extra_opts_release(opts);
	return result;
}

void
extra_opts_release(struct extra_opts *opts)
{
	for (size_t i = 0; i < opts->count; i++) {
		free(opts->options[i].name);
		free(opts->options[i].value);
	}
	free(opts->options);
	free(opts->file);
	*opts = (struct extra_opts){ 0 };
}

char *
extra_option_argument(const struct extra_option *option)
{
	bool is_short = option->name[1] == '\0';
	bool has_value = *option->value != '\0';
	size_t size = strlen(option->name) + strlen(option->value) + 4;
	char *argument = xcalloc(size, 1);

	snprintf(argument, size, "%s%s%s%s", is_short ? "-" : "--",
		option->name, has_value && !is_short ? "=" : "", option->value);
	return argument;
}
