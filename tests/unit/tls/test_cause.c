/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every row of tests/data/reasons.tsv (cause, reason, source), and what does
 * not fit into a line of it: reasons that are long or made to be slow.
 */
#include "unit.h"

#include <stdlib.h>

#include "error.h"
#include "tls/cause.h"

#define LARGE     ((size_t)1 << 20)
#define SUSPENDED "delivery temporarily suspended: "
#define SAID      "host mx.example.net[192.0.2.25] said: "

/* Counts a wrong one, after saying which. */
static int
differs(const char *reason, const char *want)
{
	const char *got = cause_name(cause_of(reason).cause);

	if (strcmp(got, want) == 0)
		return 0;
	print_error("\"%.200s\": got %s, want %s\n", reason, got, want);
	return 1;
}

static void
cause_of_specification(void **state)
{
	FILE *in = fopen("tests/data/reasons.tsv", "r");
	char *line = NULL;
	size_t size = 0;
	int rows = 0, wrong = 0;

	(void)state;
	assert_non_null(in);
	assert_true(getline(&line, &size, in) > 0);
	assert_string_equal(line, "cause\treason\tsource\n");
	while (getline(&line, &size, in) > 0) {
		char *reason = strchr(line, '\t');
		char *source = reason ? strchr(reason + 1, '\t') : NULL;

		assert_non_null(source);
		*reason = *source = '\0';
		wrong += differs(reason + 1, line);
		rows++;
	}
	free(line);
	fclose(in);
	assert_int_equal(wrong, 0);
	assert_true(rows >= 200 && rows <= 10000);
}

/* start, then part again and again up to 1 MB, then end */
static const struct {
	const char *start, *part, *end;
	const char *want;
} large[] = {
	{ "", SUSPENDED, "Server certificate not trusted", "cert_untrusted" },
	{ "", SUSPENDED, "Greylisted", "other" },
	{ "", SUSPENDED, "", "other" },
	{ "", "Server certificate not trusted", "", "unclassified" },
	{ "TLS is required, but was not offered by host ", "a", "",
		"not_offered" },
	{ "TLS is required, but was not offered by host ", "a", " b",
		"unclassified" },
	{ "TLSA lookup error for ", "a:", "25", "dane_lookup" },
	{ "TLSA lookup error for ", "25", "", "unclassified" },
	{ "lost connection with ", "[",
		" while receiving the STARTTLS response", "starttls_lost" },
	{ "TLS is required, but host a refused to start TLS: ", "454 ", "",
		"starttls_refused" },
	{ "host ", "a", " said: 530 5.7.0 Must issue a STARTTLS command first",
		"remote_requires_tls" },
	{ "host ", "a", "", "other" },
	{ SAID "421-4.7.29 ", "421-4.7.29 ", "use TLS", "remote_requires_tls" },
	{ SAID "421-4.7.29 ", "421-4.7.29 ", "", "other" },
	{ SAID "421-", "421-4.7.29", "", "other" },
	{ SAID "421-TLS ", "421- ", "required", "remote_requires_tls" },
	{ SAID "421- ", "421- ", "TLS required", "remote_requires_tls" },
	{ SAID "421-TLS ", "421-", "required", "other" },
	{ SAID "421-", "421-", "TLS required", "other" },
	{ SAID "530 5.7.0 TLS required. ", "x", " (in reply to DATA command)",
		"remote_requires_tls" },
	{ SAID "530 5.7.0 ", "x", " TLS required", "other" },
	{ SAID "530 5.7.0 TLS", " ", "required", "other" },
	{ SAID "530 5.7.0 ", "error: ", "TLS required", "other" },
	{ SAID "530 5.7.0 <", "\"", ">: Sender address rejected: TLS required",
		"other" },
	{ SAID "530 5.7.0 <", "\\", ">: Sender address rejected: TLS required",
		"other" },
	{ SAID "530 5.7.0 ", "a.", " TLS required", "other" },
	{ SAID "530 ", "(#5.7.0)", "", "other" },
	{ SAID, "(in reply to ", "DATA command)", "other" },
	{ SAID "530 5.7.0 TLS required (in reply to ", "a", " command)",
		"remote_requires_tls" },
	{ SAID "530 5.", "7", ".0 TLS required", "other" },
	{ "", "5", ".7.0 TLS required", "other" },
	{ "TLS", "\"", "", "unclassified" },
	{ "", "\"", " TLS", "unclassified" },
	{ "", "\"", "\" TLS", "other" },
	{ "", "<", " TLS", "other" },
	{ "", "<>", " TLS", "unclassified" },
	{ "", "< ", "TLS", "other" },
	{ "", "/", "TLS", "other" },
	{ "", "a", " TLS", "unclassified" },
	{ "", "a ", "TLS", "unclassified" },
	{ "", "a:", "TLS", "other" },
	{ "", "tls-", "", "unclassified" },
	{ "", "tls/", "", "unclassified" },
	{ "", "tls", "", "other" },
	{ "", "Command output", "", "other" },
	{ "", " said:", " TLS", "other" },
	{ "", "\xc3\xa9", " TLS", "unclassified" },
	{ "", "\xff", "TLS", "other" },
	{ "", "\n", "TLS", "unclassified" },
};

static char *
fill(const char *start, const char *part, const char *end)
{
	size_t length = strlen(start), step = strlen(part);
	char *text = xcalloc(length + LARGE + strlen(end) + 1, 1);

	memcpy(text, start, length);
	for (size_t room = LARGE; room >= step; room -= step) {
		memcpy(text + length, part, step);
		length += step;
	}
	memcpy(text + length, end, strlen(end) + 1);
	return text;
}

/* Steps that grow with the square of a text's length would take hours. */
static void
cause_of_large(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
		char *text = fill(large[i].start, large[i].part, large[i].end);

		if (differs(text, large[i].want)) {
			print_error("in row %zu of large\n", i);
			wrong++;
		}
		free(text);
	}
	assert_int_equal(wrong, 0);
}

/* Each start of each row is a reason, too: nothing is read past its end. */
static void
cause_of_cut(void **state)
{
	FILE *in = fopen("tests/data/reasons.tsv", "r");
	char *line = NULL;
	size_t size = 0;

	(void)state;
	assert_non_null(in);
	while (getline(&line, &size, in) > 0) {
		const char *reason = strchr(line, '\t') + 1;

		for (size_t i = strcspn(reason, "\t"); i-- > 0;) {
			char *part = xstrndup(reason, i);
			struct cause_match match = cause_of(part);

			assert_true(match.cause <= CAUSE_OTHER);
			assert_non_null(match.row);
			free(part);
		}
	}
	free(line);
	fclose(in);
}

static void
cause_bare_prefixes(void **state)
{
	static const struct {
		const char *reason, *want;
	} cases[] = {
		{ "", "" },
		{ "x", "x" },
		{ SUSPENDED, "" },
		{ SUSPENDED "x", "x" },
		{ SUSPENDED SUSPENDED SUSPENDED "x", "x" },
		{ "x " SUSPENDED "y", "x " SUSPENDED "y" },
		{ "delivery temporarily suspended:",
			"delivery temporarily "
			"suspended:" },
		{ "Delivery temporarily suspended: x",
			"Delivery temporarily suspended: x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(cause_bare(cases[i].reason), cases[i].want);
}

static void
cause_of_row(void **state)
{
	static const struct {
		const char *reason, *want_row;
	} cases[] = {
		{ "Server certificate not trusted",
			"Server certificate not trusted" },
		{ SUSPENDED "TLSA lookup error for a:25",
			"TLSA lookup error for %p" },
		{ SAID "421 4.7.29 use TLS", "X.7.29" },
		{ SAID "421 too many new TLS sessions from a",
			"too many new TLS sessions" },
		{ SAID "421 4.7.0 go away", "" },
		{ "TLS is unwell", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(cause_of(cases[i].reason).row,
			cases[i].want_row);
}

static void
cause_names(void **state)
{
	static const char *const want[CAUSE_COUNT] = { "cert_untrusted",
		"cert_unverified", "not_offered", "starttls_refused",
		"starttls_lost", "handshake_failed", "engine_unavailable",
		"policy_error", "dane_lookup", "dane_policy", "requiretls",
		"remote_requires_tls", "remote_tls_failure", "custom",
		"unclassified", "other" };

	(void)state;
	for (enum cause cause = 0; cause < CAUSE_COUNT; cause++) {
		const char *sentence = cause_sentence(cause);

		assert_string_equal(cause_name(cause), want[cause]);
		assert_int_equal(cause_of_name(want[cause]), cause);
		assert_int_equal(sentence[strlen(sentence) - 1], '.');
		assert_true(strlen(sentence) >= 20 && strlen(sentence) <= 120);
	}
	assert_int_equal(cause_of_name(""), CAUSE_COUNT);
	assert_int_equal(cause_of_name("OTHER"), CAUSE_COUNT);
	assert_int_equal(cause_of_name("custom "), CAUSE_COUNT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cause_of_specification),
		cmocka_unit_test(cause_of_large),
		cmocka_unit_test(cause_of_cut),
		cmocka_unit_test(cause_of_row),
		cmocka_unit_test(cause_bare_prefixes),
		cmocka_unit_test(cause_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
