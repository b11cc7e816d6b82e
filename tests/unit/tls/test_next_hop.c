/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plugins/tls/next_hop.c: a domain's way, by parameters and by real maps. */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "tls/next_hop.h"
#include "unit/tls/lab.h"

static void
next_hop_walks_keys(void **state)
{
	static const struct {
		const char *key;
		bool parents;
		const char *want_keys;
	} cases[] = {
		{ "a.b.c", false, "a.b.c .b.c .c" },
		{ "a.b.c", true, "a.b.c b.c c" },
		{ "c", false, "c" },
		{ "c", true, "c" },
		{ "a.", false, "a. ." },
		{ "a.", true, "a." },
		{ "a..b", false, "a..b ..b .b" },
		{ "a..b", true, "a..b .b" },
		{ ".", true, "." },
		{ "", true, "" },
		{ "[1.2]", false, "[1.2] .2]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *key = cases[i].key;
		char got[64] = "";

		for (; key != NULL;
			key = next_hop_parent(key, cases[i].parents))
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
				"%s%s", *got != '\0' ? " " : "", key);
		if (strcmp(got, cases[i].want_keys) != 0)
			print_error("key: %s\n", cases[i].key);
		assert_string_equal(got, cases[i].want_keys);
	}
}

static void
next_hop_splits(void **state)
{
	static const struct {
		const char *value, *want_transport, *want_destination;
	} cases[] = {
		{ "smtp:[a]:25", "smtp", "[a]:25" },
		{ "smtp:", "smtp", "" },
		{ "smtp", "smtp", "" },
		{ ":[a]", "", "[a]" },
		{ ":", "", "" },
		{ "", "", "" },
		{ "lmtp:unix:/x", "lmtp", "unix:/x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *transport, *destination;

		next_hop_split(cases[i].value, &transport, &destination);
		assert_string_equal(transport, cases[i].want_transport);
		assert_string_equal(destination, cases[i].want_destination);
		free(transport);
		free(destination);
	}
}

struct way {
	const char *main, *domain;
	const char *want_way; /* transport destination (source) */
};

static void
check_way(struct postfix *postfix, const struct way *way)
{
	struct sentences notes = { 0 };
	struct next_hop hop;
	struct error error = { 0 };
	char *got;

	if (next_hop_of(postfix, way->domain, &hop, &notes, &error) < 0)
		fail_msg("%s: %s", way->domain, error.text);
	got = sentence_format("%s %s (%s)", hop.transport, hop.destination,
		hop.source);
	if (strcmp(got, way->want_way) != 0)
		print_error("%s with %s\n", way->domain, way->main);
	assert_string_equal(got, way->want_way);
	free(got);
	next_hop_release(&hop);
	sentences_release(&notes);
}

#define PLAIN                                                                  \
	"default_transport = smtp\nrelay_transport = relay\n"                  \
	"local_transport = local:here\nvirtual_transport = virtual\n"          \
	"parent_domain_matches_subdomains = mynetworks relay_domains\n"
#define NO_PARENTS                                                             \
	"default_transport = smtp\nrelay_transport = relay\n"                  \
	"local_transport = local\n"

static void
next_hop_follows_parameters(void **state)
{
	static const struct way cases[] = {
		{ PLAIN, "Example.COM", "smtp example.com ()" },
		{ PLAIN "relayhost = [r]:587\n", "example.com",
			"smtp [r]:587 (relayhost)" },
		{ PLAIN "relayhost = [r]\nrelay_domains = a.example\n",
			"a.example", "relay [r] (relayhost)" },
		{ PLAIN "relay_domains = a.example\n", "x.a.example",
			"relay x.a.example ()" },
		{ PLAIN "relay_domains = a.example\n", "xa.example",
			"smtp xa.example ()" },
		{ NO_PARENTS "relay_domains = a.example\n", "x.a.example",
			"smtp x.a.example ()" },
		{ NO_PARENTS "relay_domains = .a.example\n", "x.a.example",
			"relay x.a.example ()" },
		{ PLAIN "relay_domains = !x.a.example, a.example\n",
			"x.a.example", "smtp x.a.example ()" },
		{ PLAIN "relayhost = r\nmydestination = b.example a.example\n",
			"a.example", "local here (local_transport)" },
		{ PLAIN "mydestination = a.example\n", "x.a.example",
			"smtp x.a.example ()" },
		{ PLAIN "virtual_mailbox_domains = a.example\nrelayhost = r\n",
			"a.example", "virtual a.example ()" },
		{ PLAIN "virtual_alias_domains = a.example\n", "a.example",
			"error User unknown (virtual_alias_domains)" },
		{ "default_transport = smtp:[d]\nrelayhost = r\n", "a.example",
			"smtp [d] (default_transport)" },
		{ PLAIN "mydestination = /nonexistent a.example\n", "a.example",
			"local here (local_transport)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct postfix postfix = { 0 };

		postfix_parse_values(&postfix.main, cases[i].main);
		check_way(&postfix, &cases[i]);
		postfix_release(&postfix);
	}
}

/* local(8) may hand on what it gets, by main.cf or master.cf. */
static void
next_hop_follows_mailboxes(void **state)
{
	static const char services[] = "local unix - n n - - local\n"
				       "lmtp unix - - n - - lmtp\n"
				       "smtp unix - - n - - smtp\n";
	static const struct way cases[] = {
		{ PLAIN "mydestination = a.example\n"
			"mailbox_transport = lmtp:unix:private/dovecot\n",
			"a.example",
			"lmtp unix:private/dovecot (mailbox_transport)" },
		{ PLAIN "mydestination = a.example\n"
			"mailbox_transport = lmtp:\n",
			"a.example", "lmtp here (mailbox_transport)" },
		{ PLAIN "mydestination = a.example\nmailbox_transport =\n",
			"a.example", "local here (local_transport)" },
		{ PLAIN "mailbox_transport = lmtp:unix:private/dovecot\n",
			"a.example", "smtp a.example ()" },
		{ "local_transport = lmtp:inet:[::1]:24\n"
		  "mydestination = a.example\n"
		  "mailbox_transport = lmtp:unix:private/dovecot\n",
			"a.example", "lmtp inet:[::1]:24 (local_transport)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct postfix postfix = { 0 };

		postfix_parse_values(&postfix.main, cases[i].main);
		postfix_parse_agents(&postfix.agents, services);
		check_way(&postfix, &cases[i]);
		postfix_parse_values(&postfix.overrides,
			"local/unix/mailbox_transport = lmtp:[::2]\n");
		if (i == 0)
			check_way(&postfix,
				&(struct way){ cases[i].main, "a.example",
					"lmtp [::2] "
					"(local/unix/mailbox_transport)" });
		postfix_release(&postfix);
	}
}

static void
next_hop_asks_maps(void **state)
{
	static const struct way cases[] = {
		{ "transport_maps = inline:{a.example=smtp:[x]}\n", "a.example",
			"smtp [x] (transport_maps (inline:{a.example=smtp:[x]}"
			", key a.example))" },
		{ "transport_maps = inline:{.example=smtp:[x]}\n", "a.example",
			"smtp [x] (transport_maps (inline:{.example=smtp:[x]}"
			", key .example))" },
		{ "transport_maps = inline:{*=smtp:[x]}\n", "a.example",
			"smtp [x] (transport_maps (inline:{*=smtp:[x]}, key "
			"*))" },
		{ "transport_maps = inline:{a.example=:}\nrelayhost = r\n",
			"a.example", "smtp r (relayhost)" },
		{ "transport_maps = inline:{a.example=smtp:}\nrelayhost = r\n",
			"a.example",
			"smtp a.example (transport_maps "
			"(inline:{a.example=smtp:}, key a.example))" },
		{ "transport_maps = inline:{a.example=:[y]}\n", "a.example",
			"smtp [y] (transport_maps (inline:{a.example=:[y]}, "
			"key a.example))" },
		{ "transport_maps = inline:{a.example=smtp:[x]} static::[s]\n",
			"a.example",
			"smtp [s] (transport_maps (static::[s]))" },
		{ "transport_maps = regexp:{{/@a\\.example$$/ relay:[p]}}\n",
			"a.example",
			"relay [p] (transport_maps "
			"(regexp:{{/@a\\.example$/ relay:[p]}}))" },
		{ "transport_maps = regexp:{{/^a\\.example$$/ relay:[p]}}\n",
			"a.example", "smtp a.example ()" },
		{ "transport_maps = inline:{b.example=smtp:[x]}\n"
		  "parent_domain_matches_subdomains = transport_maps\n",
			"a.b.example",
			"smtp [x] (transport_maps "
			"(inline:{b.example=smtp:[x]}, key b.example))" },
		{ "relay_domains = inline:{a.example=x}\n", "a.example",
			"relay a.example ()" },
		{ "relay_domains = inline:{a.example=x}\n", "b.a.example",
			"relay b.a.example ()" },
		{ "relay_domains = $config_directory/list\n", "file.example",
			"relay file.example ()" },
		{ "relay_domains = $config_directory/list\n", "loop.example",
			"smtp loop.example ()" },
	};
	struct lab lab;
	char *list;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (!lab_open(&lab, cases[i].main))
			skip();
		if (strstr(cases[i].main, "{{") != NULL &&
			!lab_takes_patterns(&lab)) {
			lab_release(&lab);
			continue;
		}
		list = sentence_format("# a file\nfile.example\n%s/list\n",
			lab.folder);
		lab_write(&lab, "list", list);
		check_way(&lab.postfix, &cases[i]);
		free(list);
		lab_release(&lab);
	}
}

static void
next_hop_of_several(void **state)
{
	static const struct {
		const char *destination, *want_first;
		bool want_others;
	} cases[] = {
		{ "", "", false },
		{ "a.example", "a.example", false },
		{ "a.example, ", "a.example", false },
		{ "[a.example]:25, b.example", "[a.example]:25", true },
		{ " a.example b.example", "a.example", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *destination = xstrdup(cases[i].destination);
		struct next_hop next_hop = { .destination = destination };
		char *first = next_hop_first(&next_hop);

		assert_string_equal(first, cases[i].want_first);
		assert_int_equal(next_hop_has_others(&next_hop),
			cases[i].want_others);
		free(first);
		free(destination);
	}
}

/* A file of a million domains is read once for each that is asked about. */
static void
next_hop_gives_up_a_file_at_the_deadline(void **state)
{
	char path[] = "/tmp/test_next_hop.XXXXXX";
	struct postfix postfix = { .deadline = deadline_in(0) };
	FILE *file = fdopen(mkstemp(path), "w");
	char *main_cf = sentence_format("mydestination = %s\n", path);
	char *want =
		sentence_format("%s was not read to its end within 0 s", path);
	struct sentences notes = { 0 };
	struct next_hop hop;
	struct error error;

	(void)state;
	assert_non_null(file);
	fputs("a.example\nb.example\n", file);
	assert_int_equal(fclose(file), 0);
	postfix_parse_values(&postfix.main, main_cf);
	assert_int_equal(next_hop_of(&postfix, "b.example", &hop, &notes,
				 &error),
		-1);
	assert_string_equal(error.text, want);
	sentences_release(&notes);
	postfix_release(&postfix);
	free(want);
	free(main_cf);
	unlink(path);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(next_hop_walks_keys),
		cmocka_unit_test(next_hop_splits),
		cmocka_unit_test(next_hop_of_several),
		cmocka_unit_test(next_hop_follows_parameters),
		cmocka_unit_test(next_hop_follows_mailboxes),
		cmocka_unit_test(next_hop_asks_maps),
		cmocka_unit_test(next_hop_gives_up_a_file_at_the_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
