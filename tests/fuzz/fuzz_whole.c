/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a listing to every output format. The first two bytes choose the
 * options, the rest is the listing. Each format must keep its own rules, and
 * all of them must tell the same counts.
 */
#include "fuzz.h"

#include <ctype.h>
#include <json-c/json.h>
#include <math.h>
#include <string.h>

#include "options.h"
#include "schema.h"
#include "survey.h"

#define ARGUMENTS 40
#define LABELS    (4 + CAUSE_UNCLASSIFIED + 1 + 6)

/* What one run printed, and what it knew. */
struct output {
	char *text;
	size_t length;
	enum state state;
	bool complete, has_alert;
};

/* The figures as a format tells them. */
struct told {
	double messages, recipients, percent, age;
	double causes[CAUSE_UNCLASSIFIED + 1];
	double unclassified; /* recipients; JSON alone tells */
	double queue_messages, queue_recipients, queues[QUEUE_COUNT];
};

/* Bit by bit of the input's first two bytes. */
static const char *const choices[16][3] = {
	{ "-v", NULL, NULL },
	{ "-vv", NULL, NULL },
	{ "--domain", "*e*", NULL },
	{ "--exclude-domain", "[a-c]*.example", NULL },
	{ "--sender", "*@*", NULL },
	{ "--exclude-sender", "*news*", NULL },
	{ "--min-age", "90m", NULL },
	{ "--queue", "all", NULL },
	{ "--queue", "deferred,hold", NULL },
	{ "--cause", "cert_unverified,not_offered,unclassified", NULL },
	{ "--exclude-cause", "cert_unverified", NULL },
	{ "--top", "1", NULL },
	{ "--warning", "unclassified=0", NULL },
	{ "--critical", "percent=@10:90.5", NULL },
	{ "--critical", "age=~:1d", NULL },
	{ "--input-format", "json", NULL },
};

static void
run(const char *const arguments[], const char *format, struct output *output)
{
	char *argv[ARGUMENTS + 4] = { (char *)"check_tls_queue" };
	struct options options = { .config_file = NULL };
	struct survey survey;
	struct error error;
	FILE *out;
	int argc = 1;

	for (; arguments[argc - 1] != NULL; argc++)
		argv[argc] = (char *)arguments[argc - 1];
	argv[argc++] = (char *)"-o";
	argv[argc++] = (char *)format;
	PROMISE(options_parse(argc, argv, &options, &error) == 0, "%s",
		error.text);
	PROMISE(survey_open(&survey, &options, FUZZ_NOW, &error) == 0, "%s",
		error.text);
	survey.report.width = 80;
	out = open_memstream(&output->text, &output->length);
	PROMISE(out != NULL, "no memory");
	survey_read(&survey, &options, out);
	if (options.format->print != NULL)
		options.format->print(out, &survey.report);
	fclose(out);
	output->state = survey.report.verdict.state;
	output->complete = survey.report.complete;
	output->has_alert = survey.report.verdict.has_alert;
	PROMISE(output->complete || output->state != STATE_OK,
		"OK, and the listing was not read to its end");
	survey_release(&survey);
	options_release(&options);
}

/* No control character, and valid UTF-8 as far as its bytes go. */
static void
check_text(const struct output *output, const char *allowed)
{
	size_t left = 0;

	PROMISE(strlen(output->text) == output->length, "a NUL byte");
	for (size_t i = 0; i < output->length; i++) {
		unsigned char byte = (unsigned char)output->text[i];

		PROMISE((byte >= ' ' && byte != 0x7f) ||
				strchr(allowed, byte) != NULL,
			"control character %d: %s", byte, output->text);
		if (left > 0) {
			PROMISE((byte & 0xc0) == 0x80, "no UTF-8: %s",
				output->text);
			left--;
		} else if (byte >= 0x80) {
			PROMISE(byte >= 0xc2 && byte <= 0xf4, "no UTF-8: %s",
				output->text);
			left = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
		}
	}
	PROMISE(left == 0, "half a character at the end: %s", output->text);
	PROMISE(strstr(output->text, "\xe2\x80\xae") == NULL, "bidi: %s",
		output->text);
}

static const char *
label_of(int number, char buffer[64])
{
	static const char *const first[] = { "tls_messages", "tls_recipients",
		"tls_percent", "tls_oldest_age" };
	static const char *const last[] = { "queue_messages",
		"queue_recipients", "queue_incoming", "queue_active",
		"queue_deferred", "queue_hold" };

	if (number < 4)
		return first[number];
	if (number > 4 + CAUSE_UNCLASSIFIED)
		return last[number - 5 - CAUSE_UNCLASSIFIED];
	snprintf(buffer, 64, "tls_%s", cause_name((enum cause)(number - 4)));
	return buffer;
}

/*
 * As Icinga does (lib/base/perfdatavalue.cpp): value and unit up to the first
 * semicolon, then warning, critical, minimum and maximum.
 */
static double
check_item(const char *item, const char *label)
{
	static const char number[] = "+-0123456789.eE";
	size_t length = strlen(label), digits;
	const char *rest;
	double value;
	char *end;

	PROMISE(strncmp(item, label, length) == 0 && item[length] == '=',
		"%s is not %s", item, label);
	item += length + 1;
	digits = strspn(item, number);
	value = strtod(item, &end);
	PROMISE(digits > 0 && end == item + digits && isfinite(value),
		"no number: %s", item);
	PROMISE(value >= 0, "less than nothing: %s", item);
	rest = item + digits;
	if (strcmp(label, "tls_percent") == 0)
		PROMISE(*rest++ == '%' && value <= 100, "percent: %s", item);
	else if (strcmp(label, "tls_oldest_age") == 0)
		PROMISE(*rest++ == 's', "seconds: %s", item);
	for (int i = 0; i < 2; i++) {
		PROMISE(*rest++ == ';', "no threshold: %s", item);
		rest += strspn(rest, "@~:+-0123456789.");
	}
	PROMISE(strcmp(rest, ";0") == 0 || strcmp(rest, ";0;100") == 0,
		"minimum, maximum: %s", item);
	return value;
}

static void
take_figures(const double *values, struct told *told)
{
	const double *queue = values + 5 + CAUSE_UNCLASSIFIED;

	told->messages = values[0];
	told->recipients = values[1];
	told->percent = values[2];
	told->age = values[3];
	for (int i = 0; i <= CAUSE_UNCLASSIFIED; i++)
		told->causes[i] = values[4 + i];
	told->queue_messages = queue[0];
	told->queue_recipients = queue[1];
	for (int i = 0; i < 4; i++)
		told->queues[QUEUE_INCOMING + i] = queue[2 + i];
}

static void
read_perfdata(char *perfdata, struct told *told)
{
	double values[LABELS];
	char buffer[64], *rest = NULL;
	int count = 0;

	for (char *item = strtok_r(perfdata, " ", &rest); item != NULL;
		item = strtok_r(NULL, " ", &rest)) {
		PROMISE(count < LABELS, "too much: %s", item);
		values[count] = check_item(item, label_of(count, buffer));
		count++;
	}
	PROMISE(count == LABELS, "only %d items", count);
	take_figures(values, told);
}

/* Returns whether there are figures. */
static bool
check_nagios(struct output *output, struct told *told)
{
	bool wanted = output->complete || output->has_alert;
	char start[64], *line_end = strchr(output->text, '\n');
	char *bar = strchr(output->text, '|');
	int length = snprintf(start, sizeof(start), "TLS QUEUE %s - ",
		state_name(output->state));

	check_text(output, "\n");
	PROMISE(strncmp(output->text, start, (size_t)length) == 0, "%s",
		output->text);
	PROMISE(line_end != NULL, "no line: %s", output->text);
	PROMISE(strpbrk(output->text, "<>&$`") == NULL, "unsafe: %s",
		output->text);
	PROMISE(wanted == (bar != NULL), "perfdata: %s", output->text);
	if (bar == NULL) {
		PROMISE(line_end - output->text <= length + REPORT_SUMMARY + 3,
			"long: %s", output->text);
		return false;
	}
	PROMISE(strchr(bar + 1, '|') == NULL && bar < line_end, "bars: %s",
		output->text);
	PROMISE(bar - output->text <= length + REPORT_SUMMARY + 3, "long: %s",
		output->text);
	*line_end = '\0';
	read_perfdata(bar + 1, told);
	return true;
}

static json_object *
member(json_object *object, const char *name)
{
	json_object *value = NULL;

	PROMISE(json_object_object_get_ex(object, name, &value), "no %s", name);
	return value;
}

static double
number_of(json_object *object, const char *name)
{
	return json_object_get_double(member(object, name));
}

static void
take_json(json_object *root, struct told *told)
{
	json_object *tls = member(root, "tls"), *queue = member(root, "queue");
	json_object *causes = member(root, "causes");
	double recipients = 0;

	told->messages = number_of(tls, "messages");
	told->recipients = number_of(tls, "recipients");
	told->percent = number_of(tls, "percent");
	told->age = number_of(tls, "oldest_age");
	for (int i = 0; i < CAUSE_TLS_COUNT; i++) {
		json_object *cause = member(causes, cause_name((enum cause)i));

		told->causes[i] = number_of(cause, "messages");
		recipients += number_of(cause, "recipients");
	}
	PROMISE(recipients == told->recipients,
		"%g recipients with a cause, %g in all", recipients,
		told->recipients);
	told->causes[CAUSE_UNCLASSIFIED] =
		number_of(member(root, "unclassified"), "messages");
	told->unclassified =
		number_of(member(root, "unclassified"), "recipients");
	told->queue_messages = number_of(queue, "messages");
	told->queue_recipients = number_of(queue, "recipients");
	queue = member(queue, "by_queue");
	for (int i = QUEUE_INCOMING; i <= QUEUE_HOLD; i++)
		told->queues[i] = number_of(queue, queue_name((enum queue)i));
}

static json_object *
load_schema(void)
{
	static json_object *schema;

	if (schema == NULL)
		schema = json_object_from_file("docs/output.schema.json");
	PROMISE(schema != NULL, "no schema: run it from the top");
	return schema;
}

static void
check_json(const struct output *output, struct told *told)
{
	json_tokener *tokener = json_tokener_new();
	json_object *root;
	/* Strictly, but 0.18 takes UTF-8 for control characters then. */
	int strict = json_c_version_num() >> 8 == 18 ? 0 : JSON_TOKENER_STRICT;

	check_text(output, "\n");
	json_tokener_set_flags(tokener, strict | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tokener, output->text,
		(int)output->length);
	PROMISE(json_tokener_get_error(tokener) == json_tokener_success,
		"%s: %s",
		json_tokener_error_desc(json_tokener_get_error(tokener)),
		output->text);
	json_tokener_free(tokener);
	schema_check(load_schema(), root);
	PROMISE(number_of(root, "exit_code") == (double)output->state, "%s",
		output->text);
	take_json(root, told);
	json_object_put(root);
}

static const char *
check_label(const char *at, const char *line)
{
	PROMISE(*at == '_' || isalpha((unsigned char)*at), "%s", line);
	while (*at == '_' || isalnum((unsigned char)*at))
		at++;
	PROMISE(at[0] == '=' && at[1] == '"', "%s", line);
	at += 2;
	while (*at != '"' && *at != '\0')
		at += *at == '\\' && at[1] != '\0' ? 2 : 1;
	PROMISE(*at == '"', "%s", line);
	return at + 1;
}

/* name{label="value",...} number, as Prometheus' text format has it. */
static void
check_sample(const char *line)
{
	const char *at = line;
	char *end;

	while (isalnum((unsigned char)*at) || *at == '_' || *at == ':')
		at++;
	PROMISE(at > line && !isdigit((unsigned char)*line), "%s", line);
	if (*at == '{') {
		do
			at = check_label(at + 1, line);
		while (*at == ',');
		PROMISE(*at++ == '}', "%s", line);
	}
	PROMISE(*at++ == ' ', "%s", line);
	PROMISE(isfinite(strtod(at, &end)) && *end == '\0' && end > at, "%s",
		line);
}

static double
sample_of(const char *text, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, length) == 0 && line[length] == ' ')
			return strtod(line + length, NULL);
	}
	PROMISE(false, "no sample %s", name);
	return 0;
}

/* What was not read to its end has no metrics of its queue. */
static void
check_metrics(const char *copy, const struct told *told)
{
	char name[128];

	if (sample_of(copy, "check_tls_queue_complete") == 0) {
		PROMISE(strstr(copy, "\npostfix_") == NULL, "half a queue");
		return;
	}
	for (int i = 0; i <= CAUSE_UNCLASSIFIED; i++) {
		snprintf(name, sizeof(name),
			"postfix_tls_deferred_messages{cause=\"%s\"}",
			cause_name((enum cause)i));
		PROMISE(sample_of(copy, name) == told->causes[i], "%s", name);
	}
	PROMISE(sample_of(copy, "postfix_tls_affected_messages") ==
			told->messages,
		"affected messages");
}

static void
check_prometheus(const struct output *output, const struct told *told)
{
	char *copy, *rest = NULL;

	copy = fuzz_string((const uint8_t *)output->text, output->length);
	check_text(output, "\n");
	PROMISE(output->length > 0 && copy[output->length - 1] == '\n',
		"no line end");
	check_metrics(copy, told);
	PROMISE(sample_of(copy, "check_tls_queue_state") ==
			(double)output->state,
		"state");
	for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
		line = strtok_r(NULL, "\n", &rest))
		if (line[0] == '#')
			PROMISE(strncmp(line, "# HELP ", 7) == 0 ||
					strncmp(line, "# TYPE ", 7) == 0,
				"%s", line);
		else
			check_sample(line);
	free(copy);
}

static double
count_byte(const char *text, char byte)
{
	double count = 0;

	for (; *text != '\0'; text++)
		count += *text == byte;
	return count;
}

/* Lists show unclassified mail only when --cause names it. */
static bool
names_unclassified(const char *const arguments[])
{
	for (int i = 0; arguments[i] != NULL; i++)
		if (strcmp(arguments[i], "--cause") == 0 &&
			strstr(arguments[i + 1], "unclassified") != NULL)
			return true;
	return false;
}

/* A heading and a row a recipient, each of ten columns. */
static void
check_list(const struct output *output, const struct told *told, bool all)
{
	double wanted = told->recipients + (all ? told->unclassified : 0);
	double rows = count_byte(output->text, '\n') - 1;

	check_text(output, "\n\t");
	PROMISE(rows == wanted, "%g rows, %g recipients", rows, wanted);
	PROMISE(count_byte(output->text, '\t') == 9 * (rows + 1), "columns: %s",
		output->text);
}

static void
check_ids(const struct output *output, const struct told *told, bool all)
{
	double more = all ? told->causes[CAUSE_UNCLASSIFIED] : 0;
	double rows = count_byte(output->text, '\n');

	check_text(output, "\n");
	PROMISE(rows >= told->messages && rows <= told->messages + more,
		"%g messages, %g more: %s", told->messages, more, output->text);
	PROMISE(output->text[0] != '\n' && !strstr(output->text, "\n\n"),
		"an empty id: %s", output->text);
}

static void
check_sums(const struct told *told)
{
	double most = 0, sum = 0, queues = 0;

	for (int i = 0; i < CAUSE_TLS_COUNT; i++) {
		sum += told->causes[i];
		most = fmax(most, told->causes[i]);
	}
	for (int i = QUEUE_INCOMING; i <= QUEUE_HOLD; i++)
		queues += told->queues[i];
	PROMISE(most <= told->messages && told->messages <= sum,
		"%g messages, %g of one cause, %g of all", told->messages, most,
		sum);
	PROMISE(told->recipients >= told->messages, "%g recipients, %g",
		told->recipients, told->messages);
	PROMISE(told->messages <= told->queue_messages &&
			queues <= told->queue_messages,
		"%g of %g messages, queues %g", told->messages,
		told->queue_messages, queues);
	PROMISE(told->messages > 0 || (told->percent == 0 && told->age == 0),
		"%g percent, %g s of no message", told->percent, told->age);
	PROMISE(told->percent >= 0 && told->percent <= 100, "%g percent",
		told->percent);
}

static void
compare(const struct told *one, const struct told *other)
{
	PROMISE(one->messages == other->messages, "%g, %g", one->messages,
		other->messages);
	PROMISE(one->recipients == other->recipients, "%g, %g", one->recipients,
		other->recipients);
	PROMISE(fabs(one->percent - other->percent) < 0.011, "%g, %g",
		one->percent, other->percent);
	PROMISE(one->age == other->age, "%g, %g", one->age, other->age);
	for (int i = 0; i <= CAUSE_UNCLASSIFIED; i++)
		PROMISE(one->causes[i] == other->causes[i], "%s: %g, %g",
			cause_name((enum cause)i), one->causes[i],
			other->causes[i]);
	PROMISE(one->queue_messages == other->queue_messages, "%g, %g",
		one->queue_messages, other->queue_messages);
	PROMISE(one->queue_recipients == other->queue_recipients, "%g, %g",
		one->queue_recipients, other->queue_recipients);
	for (int i = QUEUE_INCOMING; i <= QUEUE_HOLD; i++)
		PROMISE(one->queues[i] == other->queues[i], "%s: %g, %g",
			queue_name((enum queue)i), one->queues[i],
			other->queues[i]);
}

static void
check_all(const char *const arguments[])
{
	static const char *const formats[] = { "nagios", "json", "prometheus",
		"list", "ids", "table" };
	struct output outputs[6];
	struct told told = { 0 }, other = { 0 };

	for (size_t i = 0; i < 6; i++) {
		run(arguments, formats[i], &outputs[i]);
		PROMISE(outputs[i].state == outputs[0].state,
			"%s: another state", formats[i]);
	}
	check_json(&outputs[1], &told);
	check_sums(&told);
	if (check_nagios(&outputs[0], &other))
		compare(&told, &other);
	check_prometheus(&outputs[2], &told);
	check_list(&outputs[3], &told, names_unclassified(arguments));
	check_ids(&outputs[4], &told, names_unclassified(arguments));
	check_text(&outputs[5], "\n");
	for (size_t i = 0; i < 6; i++)
		free(outputs[i].text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *arguments[ARGUMENTS + 1] = { "--now", "1700000000",
		"--input" };
	size_t count = 3;
	unsigned bits;

	if (size < 2)
		return 0;
	bits = (unsigned)data[0] << 8 | data[1];
	arguments[count++] = fuzz_file(data + 2, size - 2);
	for (int i = 0; i < 16; i++)
		for (int word = 0; (bits & 1U << i) && choices[i][word] != NULL;
			word++)
			arguments[count++] = choices[i][word];
	check_all(arguments);
	return 0;
}
