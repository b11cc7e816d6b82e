/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Postfix is asked, never read: its own programs know the defaults of their
 * release, expand $names and open every type of map that is installed. All
 * parameters that anything here wants to know are asked for at once, because
 * each question is a process. A map that failed once is not asked again.
 */
#include "tls/postfix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "program.h"
#include "tls/postfix_map.h"

/* What the SMTP client knows by the prefix smtp_, and as LMTP by lmtp_. */
#define BOTH(name) "smtp_" name, "lmtp_" name

/* postconf names those that it doesn't know on standard error, and goes on. */
static const char *const parameters[] = {
	"mail_version",
	"compatibility_level",
	"config_directory",
	"queue_directory",
	"mydestination",
	"virtual_alias_domains",
	"virtual_mailbox_domains",
	"relay_domains",
	"local_transport",
	"virtual_transport",
	"relay_transport",
	"default_transport",
	"mailbox_transport",
	"mailbox_transport_maps",
	"fallback_transport",
	"fallback_transport_maps",
	"content_filter",
	"transport_maps",
	"relayhost",
	"sender_dependent_relayhost_maps",
	"sender_dependent_default_transport_maps",
	"parent_domain_matches_subdomains",
	"smtp_dns_support_level",
	"lmtp_dns_support_level",
	"disable_dns_lookups",
	"tls_append_default_CA",
	"tls_high_cipherlist",
	"tls_medium_cipherlist",
	"tls_low_cipherlist",
	"tls_export_cipherlist",
	"tls_null_cipherlist",
	"smtpd_use_tls",
	"smtpd_enforce_tls",
	"smtpd_tls_security_level",
	BOTH("host_lookup"),
	BOTH("fallback_relay"),
	"smtp_discard_ehlo_keywords",
	"lmtp_discard_lhlo_keywords",
	"smtp_discard_ehlo_keyword_address_maps",
	"lmtp_discard_lhlo_keyword_address_maps",
	BOTH("tls_security_level"),
	BOTH("tls_policy_maps"),
	BOTH("tls_per_site"),
	BOTH("use_tls"),
	BOTH("enforce_tls"),
	BOTH("tls_enforce_peername"),
	BOTH("tls_CAfile"),
	BOTH("tls_CApath"),
	BOTH("tls_trust_anchor_file"),
	BOTH("tls_chain_files"),
	BOTH("tls_cert_file"),
	BOTH("tls_key_file"),
	BOTH("tls_eccert_file"),
	BOTH("tls_eckey_file"),
	BOTH("tls_dcert_file"),
	BOTH("tls_dkey_file"),
	BOTH("tls_protocols"),
	BOTH("tls_mandatory_protocols"),
	BOTH("tls_ciphers"),
	BOTH("tls_mandatory_ciphers"),
	BOTH("tls_exclude_ciphers"),
	BOTH("tls_mandatory_exclude_ciphers"),
	BOTH("tls_dane_insecure_mx_policy"),
	BOTH("tls_wrappermode"),
	BOTH("tls_fingerprint_digest"),
	BOTH("tls_fingerprint_cert_match"),
	BOTH("tls_verify_cert_match"),
	BOTH("tls_secure_cert_match"),
	BOTH("tls_servername"),
};

static void
values_add(struct postfix_values *values, char *name, char *value)
{
	values->list = xrealloc(values->list, values->count + 1,
		sizeof(*values->list));
	values->list[values->count].name = name;
	values->list[values->count++].value = value;
}

static void
values_release(struct postfix_values *values)
{
	for (size_t i = 0; i < values->count; i++) {
		free(values->list[i].name);
		free(values->list[i].value);
	}
	free(values->list);
	*values = (struct postfix_values){ 0 };
}

static const char *
values_find(const struct postfix_values *values, const char *name)
{
	for (size_t i = 0; i < values->count; i++)
		if (strcmp(values->list[i].name, name) == 0)
			return values->list[i].value;
	return NULL;
}

void
postfix_parse_values(struct postfix_values *values, const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		size_t name = strcspn(text, " =\n");
		const char *value = text + name;

		value += strspn(value, " ");
		if (name > 0 && *value == '=') {
			value++;
			value += strspn(value, " \t");
			values_add(values, xstrndup(text, name),
				xstrndup(value,
					(size_t)(text + length - value)));
		}
		text += length + (text[length] == '\n');
	}
}

/* name type private unprivileged CHROOT wakeup limit COMMAND arguments */
enum column {
	COLUMN_CHROOT = 4,
	COLUMN_COMMAND = 7,
};

static void
parse_service(struct postfix_values *values, enum column column,
	const char *line, size_t length)
{
	const char *end = line + length;
	const char *word[8] = { NULL };
	size_t size[8] = { 0 };

	for (size_t i = 0; i < 8; i++) {
		line += strspn(line, " \t");
		if (line >= end)
			return;
		word[i] = line;
		size[i] = strcspn(line, " \t\n");
		line += size[i];
	}
	values_add(values,
		sentence_format("%.*s/%.*s", (int)size[0], word[0],
			(int)size[1], word[1]),
		xstrndup(word[column], size[column]));
}

static void
parse_services(struct postfix_values *values, enum column column,
	const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		if (*text != ' ' && *text != '\t')
			parse_service(values, column, text, length);
		text += length + (text[length] == '\n');
	}
}

void
postfix_parse_agents(struct postfix_values *values, const char *text)
{
	parse_services(values, COLUMN_COMMAND, text);
}

void
postfix_parse_roots(struct postfix_values *values, const char *text)
{
	parse_services(values, COLUMN_CHROOT, text);
}

const char *
postfix_parameter(const struct postfix *postfix, const char *name)
{
	const char *value = values_find(&postfix->main, name);

	return value != NULL ? value : "";
}

/* Delivery services are always of the type unix (qmgr/qmgr_transport.c). */
static const char *
find_of_service(const struct postfix_values *values, const char *service,
	const char *name)
{
	char *full =
		sentence_format("%s/unix%s%s", service, *name ? "/" : "", name);
	const char *value = values_find(values, full);

	free(full);
	return value;
}

const char *
postfix_override(const struct postfix *postfix, const char *service,
	const char *name)
{
	return find_of_service(&postfix->overrides, service, name);
}

const char *
postfix_agent(const struct postfix *postfix, const char *service)
{
	const char *agent = find_of_service(&postfix->agents, service, "");

	return agent != NULL ? agent : "";
}

/* master/master_ent.c: "-" is "y" before 3.0, and at compatibility level 0. */
const char *
postfix_root(const struct postfix *postfix, const char *service)
{
	const char *chroot = find_of_service(&postfix->roots, service, "");
	int version = postfix_version(postfix);
	bool old = (version > 0 && version < 300) ||
		strcmp(postfix_parameter(postfix, "compatibility_level"),
			"0") == 0;

	if (chroot == NULL || *chroot == 'n' || (*chroot == '-' && !old))
		return "";
	return postfix_parameter(postfix, "queue_directory");
}

int
postfix_version(const struct postfix *postfix)
{
	int major, minor;

	if (sscanf(postfix_parameter(postfix, "mail_version"), "%3d.%3d",
		    &major, &minor) != 2)
		return 0;
	return major * 100 + minor;
}

/* util/mystrtok.c: mystrtokq() with CHARS_COMMA_SP and CHARS_BRACE. */
char *
postfix_word(const char **list)
{
	static const char separators[] = ", \t\r\n";
	const char *start = *list + strspn(*list, separators);
	const char *end = start;
	size_t depth = 0;

	for (; *end != '\0'; end++) {
		if (*end == '{')
			depth++;
		else if (*end == '}' && depth > 0)
			depth--;
		else if (depth == 0 && strchr(separators, *end) != NULL)
			break;
	}
	*list = end;
	return end == start ? NULL : xstrndup(start, (size_t)(end - start));
}

char *
postfix_command(const struct postfix *postfix, const char *program)
{
	return postfix->directory == NULL
		? xstrdup(program)
		: sentence_format("%s -c %s", program, postfix->directory);
}

char *
postfix_reload(const struct postfix *postfix)
{
	char *head = postfix_command(postfix, "postfix");
	char *command = sentence_format("'%s reload'", head);

	free(head);
	return command;
}

void
postfix_command_words(const struct postfix *postfix, const char *program,
	struct sentences *words)
{
	sentences_add(words, "%s", program);
	if (postfix->directory == NULL)
		return;
	sentences_add(words, "-c");
	sentences_add(words, "%s", postfix->directory);
}

void
postfix_answer_release(struct postfix_answer *answer)
{
	free(answer->map);
	free(answer->key);
	free(answer->value);
	*answer = (struct postfix_answer){ 0 };
}

/*
 * Why a program failed: "postmap: fatal: open database x.db: Permission denied"
 * without its head, or, of one that had no such word, how it ended.
 */
static void
complaint(const char *program, const struct command_answer *answer,
	struct error *error)
{
	const char *fatal = strstr(answer->errors, "fatal: ");
	const char *text = fatal != NULL ? fatal + strlen("fatal: ") : "";
	int length = (int)strcspn(text, "\n");

	if (length == 0 || WIFSIGNALED(answer->status))
		command_failed(program, answer->status,
			fatal != NULL ? "" : answer->errors, error);
	else
		error_set(error, "%.*s", length, text);
}

/*
 * postmap/postmap.c: no entry and no table are both exit status 1; only the
 * second says "fatal". The key is an option's value, so that a '-' before it
 * does no harm, but "-" alone would be standard input.
 */
static int
ask_map(const struct postfix *postfix, const char *word, const char *key,
	char **value, struct error *error)
{
	struct postfix_map map = postfix_map_of(word);
	const char *arguments[8] = { postfix->postmap };
	struct command_answer answer;
	size_t count = 1;

	if (postfix->directory != NULL) {
		arguments[count++] = "-c";
		arguments[count++] = postfix->directory;
	}
	arguments[count++] = "-q";
	arguments[count++] = key;
	arguments[count] = map.whole;
	if (postfix->postmap == NULL)
		return error_set(error, "there is no postmap program");
	if (map.type[0] == '\0' || arguments[count][0] == '-')
		return error_set(error, "it has no type (hash:, lmdb:, ...)");
	if (command_output(arguments, &postfix->deadline, &answer, error) < 0)
		return -1;
	if (WIFEXITED(answer.status) && WEXITSTATUS(answer.status) == 0) {
		answer.output[strcspn(answer.output, "\n")] = '\0';
		*value = answer.output;
		return 1;
	}
	free(answer.output);
	*value = NULL;
	if (WIFEXITED(answer.status) && WEXITSTATUS(answer.status) == 1 &&
		strstr(answer.errors, "fatal: ") == NULL)
		return 0;
	complaint(postfix->postmap, &answer, error);
	return -1;
}

static bool
key_is_askable(const char *key)
{
	return *key != '\0' && strcmp(key, "-") != 0;
}

int
postfix_lookup(struct postfix *postfix, const struct postfix_question *question,
	struct postfix_answer *answer, struct error *error)
{
	const char *list = question->maps;
	int found = 0;
	char *word;

	*answer = (struct postfix_answer){ 0 };
	if (!key_is_askable(question->key))
		return 0;
	while (found == 0 && (word = postfix_word(&list)) != NULL) {
		bool skip = values_find(&postfix->broken, word) != NULL ||
			(question->kind == POSTFIX_KEY_PART &&
				postfix_map_is_pattern(word));

		if (!skip)
			found = ask_map(postfix, word, question->key,
				&answer->value, error);
		if (found == 1)
			answer->map = xstrdup(word);
		if (found < 0 && !deadline_passed(&postfix->deadline)) {
			values_add(&postfix->broken, xstrdup(word),
				xstrdup(error->text));
			found = 0;
		}
		free(word);
	}
	if (found == 1)
		answer->key = xstrdup(question->key);
	return found;
}

/* What is not in postmap's own words has its path, or there is none. */
enum postfix_trouble
postfix_trouble_of(const struct postfix *postfix, const char *why)
{
	if (postfix->postmap == NULL || strstr(why, postfix->postmap) != NULL)
		return POSTFIX_MAP_UNASKED;
	return strstr(why, "Permission denied") != NULL ? POSTFIX_MAP_CLOSED
							: POSTFIX_MAP_BROKEN;
}

static void
note_trouble(const struct postfix *postfix, const char *map, const char *why,
	struct sentences *notes)
{
	enum postfix_trouble trouble = postfix_trouble_of(postfix, why);

	if (trouble == POSTFIX_MAP_UNASKED)
		sentences_once(notes,
			"%s could not be asked, so what it says is not in this "
			"answer (%s)",
			map, why);
	else if (trouble == POSTFIX_MAP_CLOSED && geteuid() != 0)
		sentences_once(notes,
			"%s can't be read by this user, so what it says is not "
			"in this answer (%s)",
			map, why);
	else
		sentences_once(notes,
			"%s can't be used, so Postfix defers what depends on "
			"it: %s",
			map, why);
}

void
postfix_note_broken(const struct postfix *postfix, const char *maps,
	struct sentences *notes)
{
	char *word;

	while ((word = postfix_word(&maps)) != NULL) {
		const char *why = values_find(&postfix->broken, word);

		if (why != NULL)
			note_trouble(postfix, word, why, notes);
		free(word);
	}
}

/*
 * postconf [-c DIRECTORY] with these words; its answer is the caller's. From
 * 3.10 on -c does not change $config_directory, as it does for the daemons.
 */
static int
ask_postconf(const struct postfix *postfix, const char *const words[],
	size_t count, char **output, struct error *error)
{
	struct command_answer answer;
	const char **arguments = xcalloc(count + 6, sizeof(*arguments));
	char *setting = NULL;
	size_t used = 0;
	int result;

	arguments[used++] = postfix->postconf;
	if (postfix->directory != NULL) {
		arguments[used++] = "-c";
		arguments[used++] = postfix->directory;
		setting = sentence_format("config_directory=%s",
			postfix->directory);
		arguments[used++] = "-o";
		arguments[used++] = setting;
	}
	memcpy(arguments + used, words, count * sizeof(*words));
	result = command_output(arguments, &postfix->deadline, &answer, error);
	*output = answer.output;
	free(arguments);
	free(setting);
	if (result == 0 && **output == '\0' && answer.status != 0) {
		free(*output);
		*output = NULL;
		complaint(postfix->postconf, &answer, error);
		result = -1;
	}
	return result;
}

/* Postfix 2.10 has postconf -x, and 2.11 postconf -P and -M. */
static int
read_configuration(struct postfix *postfix, struct error *error)
{
	static const char *const services[] = { "-M" };
	static const char *const overrides[] = { "-x", "-P" };
	const char *words[sizeof(parameters) / sizeof(*parameters) + 1] = {
		"-x"
	};
	char *output;

	memcpy(words + 1, parameters, sizeof(parameters));
	if (ask_postconf(postfix, words, sizeof(words) / sizeof(*words),
		    &output, error) < 0)
		return -1;
	postfix_parse_values(&postfix->main, output);
	free(output);
	if (ask_postconf(postfix, services, 1, &output, error) < 0)
		return -1;
	postfix_parse_agents(&postfix->agents, output);
	postfix_parse_roots(&postfix->roots, output);
	free(output);
	if (ask_postconf(postfix, overrides, 2, &output, error) < 0)
		return -1;
	postfix_parse_values(&postfix->overrides, output);
	free(output);
	return 0;
}

/* Where postconf is, for a directory. Returns 0, or -1 with *error. */
static int
find_postconf(struct postfix *postfix, const char *directory,
	const struct deadline *deadline, struct error *error)
{
	*postfix = (struct postfix){ .deadline = *deadline };
	postfix->postconf = program_find("postconf");
	if (postfix->postconf == NULL)
		return error_set(error,
			"there is no postconf in " PROGRAM_FOLDERS
			": is Postfix installed here?");
	if (directory != NULL)
		postfix->directory = xstrdup(directory);
	return 0;
}

static int
read_log_names(struct postfix *postfix, struct sentences *names,
	struct error *error)
{
	static const char *const main_cf[] = { "-xh", "syslog_name" };
	static const char *const services[] = { "-x", "-P", "*/*/syslog_name" };
	char *output;

	if (ask_postconf(postfix, main_cf, 2, &output, error) < 0)
		return -1;
	output[strcspn(output, "\n")] = '\0';
	sentences_once(names, "%s", output);
	free(output);
	if (ask_postconf(postfix, services, 3, &output, error) < 0)
		return -1;
	postfix_parse_values(&postfix->overrides, output);
	free(output);
	for (size_t i = 0; i < postfix->overrides.count; i++)
		sentences_once(names, "%s", postfix->overrides.list[i].value);
	return 0;
}

int
postfix_log_names(const char *directory, const struct deadline *deadline,
	struct sentences *names, struct error *error)
{
	struct postfix postfix;
	int result = find_postconf(&postfix, directory, deadline, error);

	if (result == 0)
		result = read_log_names(&postfix, names, error);
	postfix_release(&postfix);
	return result;
}

int
postfix_open(struct postfix *postfix, const char *directory,
	const struct deadline *deadline, struct error *error)
{
	if (find_postconf(postfix, directory, deadline, error) < 0)
		return -1;
	if (read_configuration(postfix, error) < 0) {
		postfix_release(postfix);
		return -1;
	}
	postfix->postmap = program_find("postmap");
	postfix->finger = program_find("posttls-finger");
	return 0;
}

void
postfix_release(struct postfix *postfix)
{
	free(postfix->directory);
	free(postfix->postconf);
	free(postfix->postmap);
	free(postfix->finger);
	values_release(&postfix->main);
	values_release(&postfix->overrides);
	values_release(&postfix->agents);
	values_release(&postfix->roots);
	values_release(&postfix->broken);
	*postfix = (struct postfix){ 0 };
}
