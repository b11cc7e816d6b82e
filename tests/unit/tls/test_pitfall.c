/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plugins/tls/pitfall.c: each pitfall in a configuration that has it. */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tls/pitfall.h"
#include "unit/tls/lab.h"

/* The warnings, one a line, the lab's folder as "@". */
static char *
warnings_of(struct lab *lab)
{
	struct sentences warnings = { 0 };
	struct hops hops = { 0 };
	char *all = xstrdup("");

	pitfall_find(&lab->postfix, &hops, &warnings);
	hops_release(&hops);
	for (size_t i = 0; i < warnings.count; i++) {
		char *shown = lab_shorten(lab, warnings.list[i]);
		char *more = sentence_format("%s%s\n", all, shown);

		free(shown);
		free(all);
		all = more;
	}
	sentences_release(&warnings);
	return all;
}

#define CA "smtp_tls_trust_anchor_file = /ca\n"
/* Elsewhere than where a Postfix of this machine may run. */
#define QUEUE "queue_directory = /nonexistent\n"

static void
pitfall_finds_parameters(void **state)
{
	static const struct {
		const char *main, *want_warnings;
	} cases[] = {
		{ "", "" },
		{ CA "smtp_tls_security_level = secure\n", "" },
		{ "smtp_tls_security_level = may\nsmtpd_use_tls = yes\n", "" },
		{ "smtp_tls_security_level = secure\nsmtp_tls_CApath =\n",
			"smtp_tls_security_level wants the level secure, but "
			"Postfix is told of no CA, so that no certificate can "
			"pass: set smtp_tls_CAfile or smtp_tls_CApath\n" },
		{ "smtp_tls_security_level = secure\n"
		  "tls_append_default_CA = yes\n",
			"smtp_tls_security_level wants the level secure, but "
			"Postfix is told of no CA, so that no certificate can "
			"pass: set smtp_tls_CAfile or smtp_tls_CApath\n" },
		{ "smtp_tls_CAfile = /nonexistent\n",
			"smtp_tls_CAfile = /nonexistent, set in main.cf: there "
			"is no such file, so that TLS does not start for any "
			"destination: correct the file, or the value by "
			"'postconf -c @ -e smtp_tls_CAfile=FILE', then run "
			"'postfix -c @ reload'\n" },
		{ CA "lmtp_tls_security_level = verify\nlmtp_tls_CApath =\n",
			"lmtp_tls_security_level wants the level verify, but "
			"Postfix is told of no CA, so that no certificate can "
			"pass: set lmtp_tls_CAfile or lmtp_tls_CApath\n" },
		{ "smtp_tls_security_level = dane\n",
			"smtp_tls_security_level wants the level dane, which "
			"does not work without smtp_dns_support_level = dnssec "
			"and smtp_host_lookup = dns: the level falls back to "
			"may\n" },
		{ "smtp_tls_security_level = dane-only\n"
		  "smtp_dns_support_level = dnssec\nsmtp_host_lookup = native\n",
			"smtp_tls_security_level wants the level dane-only, "
			"which does not work without smtp_dns_support_level = "
			"dnssec and smtp_host_lookup = dns: all its mail is "
			"deferred\n" },
		{ "smtp_tls_security_level = dane\n"
		  "smtp_dns_support_level = dnssec\n",
			"" },
		{ "smtp_tls_security_level = high\n",
			"smtp_tls_security_level = high: there is no level "
			"\"high\", so the client does not start, and its mail "
			"stays in the active queue: correct the value by "
			"'postconf -c @ -e smtp_tls_security_level=LEVEL', "
			"then run 'postfix -c @ reload'\n" },
		{ "smtp_use_tls = yes\n",
			"smtp_use_tls is obsolete: set "
			"smtp_tls_security_level = may instead, which means "
			"the same\n" },
		{ "smtp_use_tls = yes\nsmtp_enforce_tls = yes\n"
		  "smtp_tls_enforce_peername = no\n",
			"smtp_enforce_tls is obsolete: set "
			"smtp_tls_security_level = encrypt instead, which "
			"means the same\n"
			"smtp_use_tls is obsolete and has no effect, because "
			"smtp_enforce_tls is set: remove it\n" },
		{ "lmtp_use_tls = yes\n",
			"lmtp_use_tls is obsolete: set "
			"lmtp_tls_security_level = may instead, which means "
			"the same\n" },
		{ "smtpd_tls_security_level = may\n",
			"smtpd_tls_security_level is about mail that comes "
			"in; mail that goes out uses no TLS by default: set "
			"smtp_tls_security_level = may\n" },
		{ "smtpd_tls_security_level = none\n", "" },
		{ "smtp_enforce_tls = yes\nsmtp_tls_security_level = may\n",
			"smtp_enforce_tls is obsolete and has no effect, "
			"because smtp_tls_security_level is set: remove it\n" },
		{ "smtp_tls_per_site = static:MAY\n",
			"smtp_tls_per_site is obsolete: move its entries to "
			"smtp_tls_policy_maps\n" },
		{ "smtp_tls_per_site = static:MAY\n"
		  "smtp_tls_policy_maps = static:may\n",
			"smtp_tls_per_site is obsolete and not looked at, "
			"because smtp_tls_policy_maps is set: move what is "
			"left of it there\n" },
		{ "smtpd_use_tls = yes\n",
			"smtpd_use_tls is about mail that comes in; mail that "
			"goes out uses no TLS by default: set "
			"smtp_tls_security_level = may\n" },
		{ "smtp_tls_policy_maps = nosuch:x\n",
			"nosuch:x can't be used, so Postfix defers what "
			"depends on it: unsupported dictionary type: nosuch\n" },
		{ "transport_maps = hash:$config_directory/none\n",
			"hash:@/none has no index @/none.db: write the text of "
			"it, then run 'postmap -c @ hash:@/none'\n"
			"hash:@/none can't be used, so Postfix defers what "
			"depends on it: open database @/none.db: No such file "
			"or directory\n" },
		{ "transport_maps = proxy:hash:$config_directory/none\n",
			"proxy:hash:@/none has no index @/none.db: write the "
			"text of it, then run 'postmap -c @ hash:@/none'\n"
			"proxy:hash:@/none can't be used, so Postfix defers "
			"what depends on it: open database @/none.db: No such "
			"file or directory\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *whole = sentence_format(QUEUE "%s", cases[i].main);
		struct lab lab;
		char *got;

		if (!lab_open(&lab, whole))
			skip();
		got = warnings_of(&lab);
		if (strcmp(got, cases[i].want_warnings) != 0)
			print_error("main.cf: %s\n", cases[i].main);
		assert_string_equal(got, cases[i].want_warnings);
		free(got);
		free(whole);
		lab_release(&lab);
	}
}

static void
pitfall_finds_entries(void **state)
{
	static const struct {
		const char *main, *policy, *want_warnings;
	} cases[] = {
		{ CA, "example.com secure\n.example.com may\n", "" },
		{ CA, "# x\n\na.example secure\n  match\nb.example may\n",
			"@/policy, line 3: the entry a.example has an error, "
			"so Postfix defers all its mail: \"match\" is no "
			"name=value\n" },
		{ CA, "a.example\n",
			"@/policy, line 1: the entry a.example has an error, "
			"so Postfix defers all its mail: it is empty\n" },
		{ "",
			"a.example verify\nb.example verify tafile=/x\n"
			"c.example verify\n",
			"an entry of @/policy wants the level verify, but "
			"Postfix is told of no CA, so that no certificate can "
			"pass: set smtp_tls_CAfile or smtp_tls_CApath\n" },
		{ CA "relayhost = [r.example]:587\n",
			"[r.example]:587 secure\na.example secure\n",
			"@/policy, line 2: the entry a.example never applies "
			"to mail for a.example, which goes to [r.example]:587 "
			"by relayhost: there, the entry for [r.example]:587 "
			"applies\n" },
		{ CA "relayhost = [r.example]:587\n",
			"a.example secure\nb.example secure\n",
			"@/policy: 2 entries, the first is a.example in line "
			"1, never apply to mail for their domains, which goes "
			"to [r.example]:587 by relayhost: write an entry for "
			"[r.example]:587\n" },
		{ CA,
			"u@a.example may\n*.b.example may\nsmtp:c.example may\n"
			"d.example. may\n[smtp.example]:25 may\n* may\n",
			"@/policy, line 1: the entry u@a.example never "
			"applies, because a policy is for a next-hop, not for "
			"an address: write it a.example\n"
			"@/policy, line 2: the entry *.b.example never "
			"applies, because no patterns are known here: write "
			"it .b.example\n"
			"@/policy, line 3: the entry smtp:c.example never "
			"applies, because the transport is no part of it: "
			"write it c.example\n"
			"@/policy, line 4: the entry d.example. never applies, "
			"because names have no dot at their end: write it "
			"d.example\n"
			"@/policy, line 6: the entry * never applies, because "
			"no patterns are known here: set "
			"smtp_tls_security_level for what has no entry\n" },
		{ CA, "a.example fingerprint\n",
			"an entry of @/policy wants the level fingerprint "
			"without a fingerprint, so Postfix defers all its "
			"mail: add match=\n" },
		{ CA "relayhost = [r.example]:587\n", "[r.example] may\n",
			"@/policy, line 1: the entry [r.example] does not "
			"apply to the next-hop [r.example]:587, because the "
			"two are compared as they are written: write it "
			"[r.example]:587\n" },
		{ CA "relayhost = [2001:db8::1]\n",
			"[2001:db8:5::1] may\n[2001:db8::1]:25 may\n",
			"@/policy, line 2: the entry [2001:db8::1]:25 does not "
			"apply to the next-hop [2001:db8::1], because the two "
			"are compared as they are written: write it "
			"[2001:db8::1]\n" },
		{ CA "relayhost = r.example\n", "R.example may\n.example may\n",
			"" },
		{ CA "relayhost = r.example, [s.example]\n",
			"[s.example] may\n", "" },
		{ CA, "[other.example]:25 may\n", "" },
		{ CA "mydestination = a.example\n", "a.example may\n",
			"@/policy, line 1: the entry a.example never applies "
			"to mail for a.example, which is delivered by local "
			"without a TLS policy: remove it\n" },
		{ CA "transport_maps = texthash:$config_directory/transport\n",
			"a.example may\n.b.example may\n[x.example] may\n",
			"" },
		{ CA "transport_maps = static:smtp:[q.example]\n",
			".a.example may\n",
			"@/policy, line 1: the entry .a.example never applies "
			"to mail for .a.example, which goes to [q.example] by "
			"transport_maps (static:smtp:[q.example]): write the "
			"entry for [q.example]\n" },
		{ CA "content_filter = smtp:[127.0.0.1]:10024\n"
		     "transport_maps = texthash:$config_directory/transport\n",
			"[127.0.0.1]:10024 none\n", "" },
		{ CA "transport_maps = texthash:$config_directory/transport\n",
			"[127.0.0.1]:10025 none\n[127.0.0.1] none\n"
			"e.example may\nl.example may\nown.example may\n",
			"@/policy, line 4: the entry l.example never applies "
			"to mail for l.example, which goes to "
			"[127.0.0.1]:8024 by transport_maps "
			"(texthash:@/transport, key l.example): the policies "
			"there are those of lmtp_tls_policy_maps\n" },
		{ CA "relayhost = r.example\nsmtp_fallback_relay = f.example\n",
			"f.example may\n", "" },
		{ CA "relayhost = [r.example]\n",
			"a.example may\n[r.example] may\nb.example may\n",
			"@/policy: 2 entries, the first is a.example in line "
			"1, never apply to mail for their domains, which goes "
			"to [r.example] by relayhost: there, the entry for "
			"[r.example] applies\n" },
		{ CA "relayhost = r.example\ntransport_maps = "
		     "pcre:$config_directory/patterns\n",
			"mx.example may\n[r.example] may\n", "" },
		{ CA "default_transport = smtp:[r.example]\n"
		     "sender_dependent_default_transport_maps = "
		     "regexp:$config_directory/patterns\n",
			"a.example may\n", "" },
		{ CA "relayhost = r.example\n"
		     "sender_dependent_relayhost_maps = static:DUNNO\n",
			"a.example may\n", "" },
		{ CA "relayhost = r.example\n"
		     "sender_dependent_relayhost_maps = static:s.example\n",
			"s.example may\na.example may\n",
			"@/policy, line 2: the entry a.example never applies "
			"to mail for a.example, which goes to r.example by "
			"relayhost: write the entry for r.example\n" },
		{ CA "transport_maps = nosuch:x\nrelayhost = [r.example]\n",
			"a.example may\n",
			"nosuch:x can't be used, so Postfix defers what "
			"depends on it: unsupported dictionary type: nosuch\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *whole = sentence_format(QUEUE
			"smtp_tls_CApath =\nsmtp_tls_policy_maps = "
			"hash:$config_directory/policy\n%s",
			cases[i].main);
		struct lab lab;
		char *got;

		if (!lab_open(&lab, whole))
			skip();
		lab_write(&lab, "transport",
			"c.example smtp:[x.example]\nd.example :y.b.example\n"
			"l.example lmtp:[127.0.0.1]:8024\n"
			"u@e.example smtp:\n");
		lab_write(&lab, "patterns", "/x/ smtp:mx.example\n");
		lab_backdate(&lab, "transport");
		lab_write(&lab, "policy", cases[i].policy);
		lab_postmap(&lab, "policy");
		got = warnings_of(&lab);
		if (strcmp(got, cases[i].want_warnings) != 0)
			print_error("main.cf: %s, policy: %s\n", cases[i].main,
				cases[i].policy);
		assert_string_equal(got, cases[i].want_warnings);
		free(got);
		free(whole);
		lab_release(&lab);
	}
}

#define HIDES                                                                  \
	"so that an offer of STARTTLS is not seen: its mail leaves without "   \
	"TLS, or waits where the level needs it: take it out\n"

/* master.cf's own level is no reason to take TLS from all the others. */
static void
pitfall_keeps_services_apart(void **state)
{
	static const struct {
		const char *main, *services, *want_warnings;
	} cases[] = {
		{ "smtp_enforce_tls = yes\nsmtp_tls_enforce_peername = no\n",
			"own unix - - n - - smtp\n"
			" -o smtp_tls_security_level=may\n",
			"smtp_enforce_tls is obsolete: set "
			"smtp_tls_security_level = encrypt instead, which "
			"means the same\n" },
		{ "smtp_use_tls = yes\n",
			"own unix - - n - - smtp\n"
			" -o smtp_tls_security_level=none\n",
			"smtp_use_tls is obsolete: set "
			"smtp_tls_security_level = may instead, which means "
			"the same\n" },
		{ "smtp_use_tls = yes\n",
			"own unix - - n - - smtp\n"
			" -o smtp_tls_security_level=\n",
			"smtp_use_tls is obsolete: set "
			"smtp_tls_security_level = may instead, which means "
			"the same\n" },
		{ CA "relayhost = r.example\n"
		     "smtp_tls_policy_maps = texthash:$config_directory/p\n",
			"out unix - - n - - smtp\n"
			" -o smtp_fallback_relay=f.example\n"
			"submit inet n - n - - smtpd\n"
			" -o content_filter=smtp:[127.0.0.1]:10024\n",
			"" },
		{ "smtp_tls_security_level = may\n"
		  "smtp_discard_ehlo_keywords = chunking, STARTTLS\n",
			"",
			"smtp_discard_ehlo_keywords = chunking, STARTTLS has "
			"starttls, " HIDES },
		{ "smtp_discard_ehlo_keyword_address_maps = "
		  "cidr:$config_directory/addresses\n",
			"",
			"@/addresses, line 2: the entry 192.0.2.0/24 of "
			"smtp_discard_ehlo_keyword_address_maps has "
			"starttls, " HIDES },
		{ "lmtp_discard_lhlo_keyword_address_maps = "
		  "static:starttls\n",
			"",
			"lmtp_discard_lhlo_keyword_address_maps = "
			"static:starttls has starttls, " HIDES },
		{ "smtp_tls_CApath = /none\n", "jail unix - - y - - smtp\n",
			"smtp_tls_CApath = /none: the service jail is chrooted "
			"and looks for it as /nonexistent/none, which is not "
			"there, so that none of its certificates is known: "
			"copy it there, or set smtp_tls_CAfile, which is read "
			"before\n" },
		{ "",
			"own unix - - n - - smtp\n -o smtp_use_tls=yes\n"
			" -o smtp_tls_security_level=encrypt\n",
			"own/unix/smtp_use_tls is obsolete and has no effect, "
			"because smtp_tls_security_level is set: remove it\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *whole = sentence_format(QUEUE "%s", cases[i].main);
		struct lab lab;
		char *got;

		if (!lab_open_with(&lab, whole, cases[i].services))
			skip();
		lab_write(&lab, "p", "f.example may\n[127.0.0.1]:10024 none\n");
		lab_backdate(&lab, "p");
		lab_write(&lab, "addresses",
			"192.0.3.0/24 dsn\n192.0.2.0/24 silent-discard, "
			"starttls\n");
		got = warnings_of(&lab);
		assert_string_equal(got, cases[i].want_warnings);
		free(got);
		free(whole);
		lab_release(&lab);
	}
}

static void
set_time(const struct lab *lab, const char *name, time_t seconds)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
		{ .tv_sec = seconds } };
	char *path = sentence_format("%s/%s", lab->folder, name);

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	free(path);
}

static void
pitfall_compares_ages(void **state)
{
	static const struct {
		time_t text, index;
		const char *want_warnings;
	} cases[] = {
		{ 1000, 1000, "" },
		{ 1000, 2000, "" },
		{ 1001, 1000,
			"@/policy was changed after its index was made, so "
			"Postfix works with the old entries: run 'postmap -c @ "
			"hash:@/policy' (a reload is not needed)\n" },
	};
	struct lab lab;

	(void)state;
	if (!lab_open(&lab,
		    QUEUE
		    "smtp_tls_policy_maps = hash:$config_directory/policy\n"))
		skip();
	lab_write(&lab, "policy", "a.example may\n");
	lab_postmap(&lab, "policy");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *got;

		set_time(&lab, "policy", cases[i].text);
		set_time(&lab, "policy.db", cases[i].index);
		got = warnings_of(&lab);
		assert_string_equal(got, cases[i].want_warnings);
		free(got);
	}
	lab_release(&lab);
}

static void
pitfall_stops_somewhere(void **state)
{
	static const char want_end[] =
		"@/policy was checked up to line 20 only\n";
	struct lab lab;
	char *text = xstrdup("");
	char *got;

	(void)state;
	if (!lab_open(&lab,
		    QUEUE
		    "smtp_tls_policy_maps = texthash:$config_directory/policy\n"))
		skip();
	for (int i = 0; i < 100; i++) {
		char *more = sentence_format("%s%d.example bad\n", text, i);

		free(text);
		text = more;
	}
	lab_write(&lab, "policy", text);
	got = warnings_of(&lab);
	assert_true(strlen(got) > sizeof(want_end));
	assert_string_equal(got + strlen(got) - strlen(want_end), want_end);
	free(got);
	free(text);
	lab_release(&lab);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pitfall_finds_parameters),
		cmocka_unit_test(pitfall_finds_entries),
		cmocka_unit_test(pitfall_keeps_services_apart),
		cmocka_unit_test(pitfall_compares_ages),
		cmocka_unit_test(pitfall_stops_somewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
