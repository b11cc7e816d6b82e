/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One function a cause, and some that come before: a server that is well by
 * now, one on this machine. Each fills the remedy or leaves it alone.
 */
#include "tls/remedy.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "tls/policy_entry.h"
#include "tls/postfix_map.h"

struct ground {
	const struct postfix *postfix;
	const struct advice_case *what;
	const struct policy *policy;
	struct policy_client client;
};

static const char *
parameter(const struct ground *ground, const char *name, char **source)
{
	return policy_parameter(ground->postfix, &ground->client, name, source);
}

static void
try_again(const struct ground *ground, struct remedy *remedy)
{
	if (ground->what->queue_id == NULL)
		return;
	postfix_command_words(ground->postfix, "postqueue", &remedy->command);
	sentences_add(&remedy->command, "-i");
	sentences_add(&remedy->command, "%s", ground->what->queue_id);
}

/*
 * Where the destination's entry stands or belongs: its table, the only one
 * there is, or the parameter. Patterns and services have no entry for it, so
 * that it belongs in front of them. The caller frees it.
 */
static char *
table_of(const struct ground *ground)
{
	const char *own = ground->policy->table;
	char *source;
	const char *maps = parameter(ground, "tls_policy_maps", &source);
	char *only = postfix_word(&maps), *more = postfix_word(&maps);
	char *table;

	if (*own == '\0' && only != NULL && more == NULL)
		own = only;
	if (*own != '\0' && postfix_map_is_pattern(own))
		table = sentence_format("%s, before %s,", source, own);
	else
		table = xstrdup(*own != '\0' ? own : source);
	free(source);
	free(only);
	free(more);
	return table;
}

/* ", then run 'postmap hash:/etc/postfix/tls_policy'"; "" without an index. */
static char *
index_of(const struct ground *ground, const char *table)
{
	char *head, *text;

	if (postfix_map_index(table) == NULL)
		return xstrdup("");
	head = postfix_command(ground->postfix, "postmap");
	text = sentence_format(", then run '%s %s'", head,
		postfix_map_of(table).whole);
	free(head);
	return text;
}

/* Of several next-hops the first, as the policy is. The caller frees it. */
static char *
key_of(const struct ground *ground)
{
	char *hop = next_hop_first(&ground->policy->next_hop);
	char *key = xstrdup(policy_key_first(hop));

	free(hop);
	return key;
}

/* A stranger's words are not put among ours. */
static bool
is_plain(const char *key)
{
	return *key != '\0' &&
		key[strspn(key,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			"0123456789.-_[]:/")] == '\0';
}

/* "give its key a.example in hash:... the level may, then run 'postmap ...'" */
static char *
giving(const struct ground *ground, const char *level)
{
	char *table = table_of(ground);
	char *index = index_of(ground, table);
	char *key = key_of(ground);
	char *text = sentence_format("give its key%s%s in %s the level %s%s",
		is_plain(key) ? " " : "", is_plain(key) ? key : "", table,
		level, index);

	free(key);
	free(table);
	free(index);
	return text;
}

static bool
is_without_authority(const struct ground *ground)
{
	return policy_level_needs_authority(ground->policy->level) &&
		!policy_has_authority(ground->postfix, &ground->client,
			ground->policy->attributes);
}

/* Whether a test by posttls-finger is one of what the mail waits for. */
static bool
is_tested(enum cause cause)
{
	return cause <= CAUSE_HANDSHAKE_FAILED || cause == CAUSE_DANE_LOOKUP ||
		cause == CAUSE_DANE_POLICY;
}

/* What was mended since, or is wrong with this client only. */
static void
remedy_works(const struct ground *ground, struct remedy *remedy)
{
	if (!ground->what->works || !is_tested(ground->what->cause) ||
		is_without_authority(ground))
		return;
	remedy->sentence = xstrdup(
		"The server meets the policy now: try again; if the mail "
		"stays, look for the cause on this machine, not there");
	try_again(ground, remedy);
}

/* An issuer that is not known: where known ones stand. */
static void
remedy_issuer(const struct ground *ground, struct remedy *remedy)
{
	static const char or_else[] = "else the other side has to send its "
				      "whole chain, or to change its CA";
	char *file_source, *folder_source;
	const char *file = parameter(ground, "tls_CAfile", &file_source);
	const char *name = parameter(ground, "tls_CApath", &folder_source);
	char *folder = policy_inside(ground->postfix, &ground->client, name);
	char *reload = postfix_reload(ground->postfix);
	char *set = policy_source_setting(ground->postfix, file_source, "FILE");

	if (is_without_authority(ground)) {
		remedy->sentence = sentence_format(
			"The issuer is unknown here, because Postfix is told "
			"of no CA at all: name a file of those that you trust, "
			"such as /etc/ssl/certs/ca-certificates.crt or "
			"/etc/pki/tls/certs/ca-bundle.crt, by %s, run %s, then "
			"try again",
			set, reload);
		policy_source_words(ground->postfix, file_source,
			&remedy->command);
	} else if (*file != '\0')
		remedy->sentence = sentence_format(
			"The issuer is unknown here: if you trust it, add its "
			"certificate to %s (%s), run %s, then try again; %s",
			file, file_source, reload, or_else);
	else if (*name != '\0')
		remedy->sentence = sentence_format(
			"The issuer is unknown here: if you trust it, put its "
			"certificate into %s (%s), run 'openssl rehash %s' "
			"and %s, then try again; %s",
			folder, folder_source, folder, reload, or_else);
	free(file_source);
	free(folder_source);
	free(folder);
	free(reload);
	free(set);
}

static bool
is_dane(const struct ground *ground)
{
	return policy_level_is(ground->policy->level, "dane") ||
		policy_level_is(ground->policy->level, "dane-only");
}

/* What the log does not say, the configuration or the level may. */
static void
remedy_certificate(const struct ground *ground, struct remedy *remedy)
{
	enum log_finding finding = ground->what->finding;
	bool unknown = finding == LOG_NOTHING;

	if (finding == LOG_UNTRUSTED_ISSUER ||
		(unknown && is_without_authority(ground)))
		remedy_issuer(ground, remedy);
	else if (unknown && is_dane(ground))
		remedy->sentence = xstrdup(
			"The certificate does not fit the TLSA records in DNS, "
			"or, of records for a CA, its name or date is wrong: "
			"see which, and tell the other side");
}

/* "[127.0.0.1]:10024", "[::1]": what is said there, nobody overhears. */
static bool
is_this_machine(const char *destination)
{
	char *host = policy_key_host(policy_key_first(destination));
	bool here = strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;

	free(host);
	return here;
}

static void
remedy_not_offered(const struct ground *ground, struct remedy *remedy)
{
	const char *destination = ground->policy->next_hop.destination;
	char *give = giving(ground, "may");

	if (is_this_machine(destination))
		remedy->sentence = sentence_format(
			"The next-hop is on this machine, where mail needs no "
			"TLS: %s",
			give);
	else
		remedy->sentence = sentence_format(
			"The policy wants TLS and the server offers none: see "
			"whether STARTTLS is missing from what the test lists, "
			"and ask the other side, or a firewall in between, "
			"why; if its mail may go without TLS until then, %s",
			give);
	free(give);
}

static void
remedy_dane(const struct ground *ground, struct remedy *remedy)
{
	char *give = giving(ground, "dane");

	remedy->sentence = sentence_format(
		"The policy wants DANE, but the domain has no usable TLSA "
		"records or no DNSSEC: ask the other side, or %s",
		give);
	free(give);
}

/* What narrows protocols and ciphers down: the entry, or a parameter. */
static char *
narrowing(const struct ground *ground)
{
	static const char *const names[] = { "protocols", "ciphers",
		"exclude" };
	const struct policy *policy = ground->policy;
	char *source;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char *value = policy_attribute(policy->attributes, names[i]);

		if (value == NULL)
			continue;
		free(value);
		return sentence_format("%s= in the entry %s", names[i],
			policy->key);
	}
	parameter(ground,
		policy_level_is(ground->policy->level, "may")
			? "tls_protocols"
			: "tls_mandatory_protocols",
		&source);
	return source;
}

/* TLS from the first byte, which the port may not expect. */
static void
remedy_wrapped(const struct ground *ground, struct remedy *remedy)
{
	char *source, *set, *reload = postfix_reload(ground->postfix);

	parameter(ground, "tls_wrappermode", &source);
	set = policy_source_setting(ground->postfix, source, "no");
	remedy->sentence = sentence_format(
		"%s = yes lets Postfix begin with TLS, as port 465 wants it "
		"and others do not: turn it off by %s and run %s, or correct "
		"the port of the next-hop; if both are right, see what the "
		"server can",
		source, set, reload);
	free(source);
	free(set);
	free(reload);
}

static void
remedy_handshake(const struct ground *ground, struct remedy *remedy)
{
	char *compare;

	if (ground->policy->wrapped) {
		remedy_wrapped(ground, remedy);
		return;
	}
	compare = narrowing(ground);
	remedy->sentence = sentence_format(
		"The two sides found no common protocol or cipher, or the port "
		"speaks no TLS: see what the server can, and compare %s",
		compare);
	free(compare);
}

/*
 * The first table that can't be asked in this way; NULL. In *source the
 * parameter, that the caller frees.
 */
static const struct postfix_value *
broken_table(const struct ground *ground, enum postfix_trouble trouble,
	char **source)
{
	const struct postfix_values *broken = &ground->postfix->broken;
	const char *maps = parameter(ground, "tls_policy_maps", source);
	const struct postfix_value *found = NULL;
	char *map;

	while (found == NULL && (map = postfix_word(&maps)) != NULL) {
		for (size_t i = 0; i < broken->count && found == NULL; i++) {
			const struct postfix_value *value = &broken->list[i];

			if (strcmp(value->name, map) == 0 &&
				postfix_trouble_of(ground->postfix,
					value->value) == trouble)
				found = value;
		}
		free(map);
	}
	return found;
}

static void
show_lookup(const struct ground *ground, const char *map, struct remedy *remedy)
{
	char *key = key_of(ground);

	postfix_command_words(ground->postfix, "postmap", &remedy->command);
	sentences_add(&remedy->command, "-q");
	sentences_add(&remedy->command, "%s", key);
	remedy->keyed = true;
	sentences_add(&remedy->command, "%s", map);
	free(key);
}

static void
remedy_table(const struct ground *ground, struct remedy *remedy)
{
	char *source;
	const struct postfix_value *broken =
		broken_table(ground, POSTFIX_MAP_BROKEN, &source);

	if (broken != NULL) {
		remedy->sentence = sentence_format(
			"Postfix can't use %s: %s: mend it, or take it out of "
			"%s",
			broken->name, broken->value, source);
		show_lookup(ground, broken->name, remedy);
	}
	free(source);
}

/* What hangs on the policy, and no log tells. */
static bool
needs_policy(const struct advice_case *what)
{
	return what->cause == CAUSE_POLICY_ERROR ||
		what->cause == CAUSE_REMOTE_REQUIRES_TLS ||
		(what->cause <= CAUSE_CERT_UNVERIFIED &&
			what->finding == LOG_NOTHING);
}

/* Another entry may apply than what this user sees. */
static void
remedy_closed(const struct ground *ground, struct remedy *remedy)
{
	char *source;
	const struct postfix_value *closed =
		broken_table(ground, POSTFIX_MAP_CLOSED, &source);

	free(source);
	if (closed == NULL || *ground->policy->table != '\0' ||
		!needs_policy(ground->what))
		return;
	remedy->sentence = sentence_format(
		"This user can't read %s, so that the policy is not known: run "
		"this check as root, or look there as root",
		closed->name);
	show_lookup(ground, closed->name, remedy);
}

/* The first of the policy's trust anchors that is not there; NULL. */
static const char *
missing_anchor(const struct policy *policy)
{
	for (size_t i = 0; i < policy->anchors.count; i++)
		if (policy_file_is_missing(policy->anchors.list[i]))
			return policy->anchors.list[i];
	return NULL;
}

/* smtp/smtp_tls_policy.c: load_tas(); those of the entry, or all others. */
static void
remedy_anchor(const struct ground *ground, struct remedy *remedy)
{
	const struct policy *policy = ground->policy;
	const char *file = missing_anchor(policy);
	char *own = policy_attribute(policy->attributes, "tafile");
	char *source, *set;

	if (file != NULL && own != NULL) {
		remedy->sentence = sentence_format(
			"tafile=%s in the entry %s: there is no such file%s%s: "
			"correct the entry, or put the file there",
			file + strlen(policy->root), policy->key,
			*policy->root != '\0' ? " below " : "", policy->root);
	} else if (file != NULL) {
		parameter(ground, "tls_trust_anchor_file", &source);
		set = policy_source_setting(ground->postfix, source, "FILE");
		remedy->sentence = sentence_format(
			"%s = %s: there is no such file%s%s: put it there, or "
			"correct the value by %s",
			source, file + strlen(policy->root),
			*policy->root != '\0' ? " below " : "", policy->root,
			set);
		policy_source_words(ground->postfix, source, &remedy->command);
		free(source);
		free(set);
	}
	free(own);
}

/* smtp/smtp_tls_policy.c: dane_init() */
static void
remedy_dnssec(const struct ground *ground, struct remedy *remedy)
{
	bool found =
		strstr(parameter(ground, "host_lookup", NULL), "dns") != NULL;
	char *source, *set, *reload;

	parameter(ground, found ? "dns_support_level" : "host_lookup", &source);
	set = policy_source_setting(ground->postfix, source,
		found ? "dnssec" : "dns");
	reload = postfix_reload(ground->postfix);
	remedy->sentence = sentence_format(
		"The level %s needs signed answers of DNS, which Postfix does "
		"not ask for: let it by %s, then run %s; the resolver has to "
		"validate",
		ground->policy->level, set, reload);
	policy_source_words(ground->postfix, source, &remedy->command);
	free(source);
	free(set);
	free(reload);
}

/* What the error is stands in the policy's notes. */
static void
remedy_entry(const struct ground *ground, struct remedy *remedy)
{
	const struct policy *policy = ground->policy;
	char *index = index_of(ground, policy->table);

	remedy->sentence = sentence_format("Correct the entry %s in %s%s",
		policy->key, policy->table, index);
	free(index);
}

static void
remedy_policy(const struct ground *ground, struct remedy *remedy)
{
	const struct policy *policy = ground->policy;

	remedy_table(ground, remedy);
	if (remedy->sentence != NULL)
		return;
	if (*policy->table != '\0' && !policy->valid)
		remedy_entry(ground, remedy);
	else if (policy_level_is(policy->level, "dane-only") && !policy->dnssec)
		remedy_dnssec(ground, remedy);
	else
		remedy_anchor(ground, remedy);
}

#define WANTS_TLS "The server takes mail by TLS only"

/* smtp/smtp_tls_policy.c: it counts only without smtp_tls_policy_maps. */
static bool
has_old_table(const struct ground *ground)
{
	return *parameter(ground, "tls_per_site", NULL) != '\0' &&
		*parameter(ground, "tls_policy_maps", NULL) == '\0';
}

static void
remedy_old_table(const struct ground *ground, struct remedy *remedy)
{
	char *source;

	parameter(ground, "tls_per_site", &source);
	remedy->sentence = sentence_format(WANTS_TLS
		": see whether %s has NONE for the next-hop "
		"%s or for its server",
		source, ground->policy->next_hop.destination);
	policy_source_words(ground->postfix, source, &remedy->command);
	free(source);
}

static void
remedy_global_level(const struct ground *ground, struct remedy *remedy)
{
	char *source, *set, *reload = postfix_reload(ground->postfix);

	parameter(ground, "tls_security_level", &source);
	set = policy_source_setting(ground->postfix, source, "may");
	remedy->sentence = sentence_format(WANTS_TLS
		": set the level to may or more, by %s, then run %s",
		set, reload);
	policy_source_words(ground->postfix, source, &remedy->command);
	free(source);
	free(set);
	free(reload);
}

static void
remedy_entry_level(const struct ground *ground, struct remedy *remedy)
{
	char *give = giving(ground, "may or more");

	remedy->sentence = sentence_format(WANTS_TLS ": %s", give);
	free(give);
}

/* The server wants TLS, and Postfix used none: who is it that says so? */
static void
remedy_required(const struct ground *ground, struct remedy *remedy)
{
	const struct policy *policy = ground->policy;

	if (has_old_table(ground)) {
		remedy_old_table(ground, remedy);
	} else if (policy_level_is(policy->level, "may")) {
		remedy->sentence = xstrdup(WANTS_TLS
			", and the level is may already: it did not "
			"offer STARTTLS, or the handshake failed and "
			"mail went on without: see what the test "
			"shows");
		remedy->test = true;
	} else if (!policy_level_is(policy->level, "none")) {
		remedy->sentence = sentence_format(WANTS_TLS
			", and the level is %s now: try again",
			policy->level);
		try_again(ground, remedy);
	} else if (*policy->table == '\0') {
		remedy_global_level(ground, remedy);
	} else {
		remedy_entry_level(ground, remedy);
	}
}

/*
 * What the level does that can't end in the cause; NULL when it can, as in a
 * handshake at the level may, which is tried once before mail goes without.
 */
static const char *
harmless(const struct ground *ground)
{
	const char *level = ground->policy->level;
	bool none = policy_level_is(level, "none");
	bool may = policy_level_is(level, "may");
	enum cause cause = ground->what->cause;

	if (none && cause <= CAUSE_HANDSHAKE_FAILED)
		return "uses no TLS";
	if (may &&
		(cause == CAUSE_NOT_OFFERED || cause == CAUSE_STARTTLS_REFUSED))
		return "sends without TLS where the server has none";
	if ((may || policy_level_is(level, "encrypt")) &&
		cause <= CAUSE_CERT_UNVERIFIED)
		return "takes any certificate";
	if (cause == CAUSE_DANE_POLICY && policy_level_exists(level) &&
		!policy_level_is(level, "dane-only"))
		return "does without TLSA records";
	return NULL;
}

/* A policy that was changed since the mail was tried, as far as is known. */
static void
remedy_changed(const struct ground *ground, struct remedy *remedy)
{
	const struct policy *policy = ground->policy;
	const char *level_does = harmless(ground);
	char *reload;

	if (level_does == NULL || !policy->valid || policy->doubts.count > 0 ||
		has_old_table(ground))
		return;
	reload = postfix_reload(ground->postfix);
	remedy->sentence = sentence_format(
		"The level is %s now, which %s: try again; if the mail stays "
		"for the same reason, run %s first",
		policy->level, level_does, reload);
	free(reload);
	try_again(ground, remedy);
}

static void
remedy_cause(const struct ground *ground, struct remedy *remedy)
{
	switch (ground->what->cause) {
	case CAUSE_CERT_UNTRUSTED:
	case CAUSE_CERT_UNVERIFIED:
		remedy_certificate(ground, remedy);
		break;
	case CAUSE_NOT_OFFERED:
		remedy_not_offered(ground, remedy);
		break;
	case CAUSE_HANDSHAKE_FAILED:
		remedy_handshake(ground, remedy);
		break;
	case CAUSE_POLICY_ERROR:
		remedy_policy(ground, remedy);
		break;
	case CAUSE_DANE_POLICY:
		remedy_dane(ground, remedy);
		break;
	case CAUSE_REMOTE_REQUIRES_TLS:
		remedy_required(ground, remedy);
		break;
	default:
		break;
	}
}

struct remedy
remedy_of(const struct postfix *postfix, const struct advice_case *what)
{
	struct ground ground = { postfix, what, what->policy,
		policy_own_client(what->policy) };
	struct remedy remedy = { 0 };

	if (*what->policy->level == '\0')
		return remedy;
	remedy_works(&ground, &remedy);
	if (remedy.sentence == NULL)
		remedy_closed(&ground, &remedy);
	if (remedy.sentence == NULL)
		remedy_changed(&ground, &remedy);
	if (remedy.sentence == NULL)
		remedy_cause(&ground, &remedy);
	return remedy;
}

void
remedy_release(struct remedy *remedy)
{
	free(remedy->sentence);
	sentences_release(&remedy->command);
	*remedy = (struct remedy){ 0 };
}
