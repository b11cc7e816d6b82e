/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * smtp/smtp.c and smtp/smtp_tls_policy.c: an attribute of the entry goes
 * before the parameter, and some parameters have one name for TLS that may be
 * and another for TLS that must be.
 */
#include "tls/policy_client.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "tls/obstacle.h"
#include "tls/policy_entry.h"

static const char *
parameter(const struct postfix *postfix, const struct policy *policy,
	const char *name)
{
	struct policy_client client = policy_own_client(policy);

	return policy_parameter(postfix, &client, name, NULL);
}

/* Without TLS there is still mail. */
static bool
is_optional(const struct policy *policy)
{
	return policy_level_is(policy->level, "may") ||
		policy_level_is(policy->level, "none");
}

/* Of an entry with an error, these may be what is wrong. */
static char *
valid_attribute(const struct policy *policy, const char *name)
{
	return policy->valid ? policy_attribute(policy->attributes, name)
			     : NULL;
}

/* smtp/smtp_tls_policy.c: load_tas(), after the jail. */
static void
take_anchors(const struct postfix *postfix, struct policy *policy)
{
	const char *list = parameter(postfix, policy, "tls_trust_anchor_file");
	struct sentences given = { 0 };
	char *word;

	if (!policy_level_needs_authority(policy->level))
		return;
	if (policy->valid)
		policy_attributes(policy->attributes, "tafile", &given);
	while (given.count == 0 && (word = postfix_word(&list)) != NULL) {
		sentences_add(&policy->anchors, "%s%s", policy->root, word);
		free(word);
	}
	for (size_t i = 0; i < given.count; i++)
		sentences_add(&policy->anchors, "%s%s", policy->root,
			given.list[i]);
	sentences_release(&given);
}

/* Links that a program outside of the jail follows, and one in it can't. */
static bool
has_absolute_links(const char *path)
{
	DIR *folder = opendir(path);
	int descriptor = folder != NULL ? dirfd(folder) : -1;
	struct dirent *entry;
	bool found = false;

	while (descriptor >= 0 && !found && (entry = readdir(folder)) != NULL) {
		char first;

		found = readlinkat(descriptor, entry->d_name, &first, 1) == 1 &&
			first == '/';
	}
	if (folder != NULL)
		closedir(folder);
	return found;
}

/* tls/tls_certkey.c: the file is read before the jail, the folder in it. */
static void
take_authority(const struct postfix *postfix, struct policy *policy)
{
	const char *folder = parameter(postfix, policy, "tls_CApath");
	const char *more = postfix_parameter(postfix, "tls_append_default_CA");

	policy->authority = xstrdup(parameter(postfix, policy, "tls_CAfile"));
	policy->folder = sentence_format("%s%s",
		*folder != '\0' ? policy->root : "", folder);
	if (*policy->root != '\0' && *folder != '\0' &&
		policy_level_needs_authority(policy->level) &&
		has_absolute_links(policy->folder))
		sentences_add(&policy->doubts,
			"%s is chrooted, and links in %s lead out of there",
			policy->next_hop.transport, policy->folder);
	if (strcmp(more, "yes") == 0)
		sentences_add(&policy->settings, "tls_append_default_CA=yes");
	take_anchors(postfix, policy);
}

/* What an entry names, all of it; NULL when it names nothing. */
static char *
match_of_entry(const struct policy *policy)
{
	struct sentences given = { 0 };
	char *match = NULL;

	policy_attributes(policy->attributes, "match", &given);
	if (given.count > 0)
		match = sentences_join(&given, " ");
	sentences_release(&given);
	return match;
}

/* What the names or fingerprints of a certificate are compared with. */
static void
take_match(const struct postfix *postfix, struct policy *policy)
{
	static const struct {
		const char *level, *parameter, *usual;
	} matches[] = {
		{ "verify", "tls_verify_cert_match", "hostname" },
		{ "secure", "tls_secure_cert_match", "nexthop, dot-nexthop" },
		{ "fingerprint", "tls_fingerprint_cert_match", "" },
	};
	bool prints = policy_level_is(policy->level, "fingerprint");
	const char *separators = prints ? "|" : ":";

	policy->match = match_of_entry(policy);
	for (size_t i = 0; i < sizeof(matches) / sizeof(*matches); i++) {
		const char *value;

		if (policy->match != NULL ||
			!policy_level_is(policy->level, matches[i].level))
			continue;
		value = parameter(postfix, policy, matches[i].parameter);
		if (strcmp(value, matches[i].usual) != 0)
			policy->match = xstrdup(value);
		separators = prints ? ", \t" : ":, \t";
	}
	if (policy->match == NULL)
		policy->match = xstrdup("");
	for (char *at = policy->match; *at != '\0'; at++)
		if (strchr(separators, *at) != NULL)
			*at = ' ';
}

/* global/mail_params.h: what is the default of one release or another. */
static bool
is_usual_protocols(const char *list)
{
	static const char *const usual[] = { "", ">=TLSv1", "!SSLv2, !SSLv3",
		"!SSLv2,!SSLv3", "!SSLv2" };

	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (strcmp(list, usual[i]) == 0)
			return true;
	return false;
}

static void
take_protocols(const struct postfix *postfix, struct policy *policy)
{
	const char *list;

	policy->protocols = valid_attribute(policy, "protocols");
	if (policy->protocols != NULL)
		return;
	list = parameter(postfix, policy,
		is_optional(policy) ? "tls_protocols"
				    : "tls_mandatory_protocols");
	policy->protocols = xstrdup(is_usual_protocols(list) ? "" : list);
}

/* tls/tls_misc.c: each word follows the grade's own list as ":!word". */
static void
exclude_ciphers(const struct postfix *postfix, struct policy *policy,
	const char *grade, const char *excluded)
{
	static const char separators[] = ":, \t";
	char *name = sentence_format("tls_%s_cipherlist", grade);
	const char *own =
		postfix_override(postfix, policy->next_hop.transport, name);
	const char *usual =
		own != NULL ? own : postfix_parameter(postfix, name);
	char *list = sentence_format("%s=%s", name, usual);

	while (*(excluded += strspn(excluded, separators)) != '\0') {
		size_t length = strcspn(excluded, separators);
		char *longer = sentence_format("%s:!%.*s", list, (int)length,
			excluded);

		free(list);
		list = longer;
		excluded += length;
	}
	if (*usual != '\0')
		sentences_add(&policy->settings, "%s", list);
	else
		sentences_add(&policy->doubts,
			"posttls-finger can't leave out the ciphers that "
			"Postfix excludes");
	free(list);
	free(name);
}

/* smtp/smtp_tls_policy.c: set_cipher_grade() */
static void
take_ciphers(const struct postfix *postfix, struct policy *policy)
{
	bool optional = is_optional(policy);
	char *grade = valid_attribute(policy, "ciphers");
	char *excluded = valid_attribute(policy, "exclude");

	if (grade == NULL)
		grade = xstrdup(parameter(postfix, policy,
			optional ? "tls_ciphers" : "tls_mandatory_ciphers"));
	if (excluded == NULL)
		excluded = sentence_format("%s %s",
			parameter(postfix, policy, "tls_exclude_ciphers"),
			optional ? ""
				 : parameter(postfix, policy,
					   "tls_mandatory_exclude_ciphers"));
	if (excluded[strspn(excluded, ":, \t")] != '\0')
		exclude_ciphers(postfix, policy, grade, excluded);
	policy->grade = xstrdup(strcasecmp(grade, "medium") == 0 ? "" : grade);
	free(grade);
	free(excluded);
}

/* smtp/smtp.c: get_cli_params(); without DNS there are no MX records. */
static void
take_lookup(const struct postfix *postfix, struct policy *policy)
{
	struct policy_client client = policy_own_client(policy);
	const char *support = parameter(postfix, policy, "dns_support_level");
	const char *hosts = parameter(postfix, policy, "host_lookup");
	bool off = *support == '\0' &&
		strcmp(postfix_parameter(postfix, "disable_dns_lookups"),
			"yes") == 0;

	policy->mx = !off && strcmp(support, "disabled") != 0;
	if (!policy->mx)
		hosts = "native";
	policy->lookup = xstrdup(strcmp(hosts, "dns") == 0 ? "" : hosts);
	policy->dnssec = policy_has_dnssec(postfix, &client);
	policy->insecure_mx = xstrdup(parameter(postfix, policy,
		"tls_dane_insecure_mx_policy"));
}

/* smtp/smtp_proto.c: smtp_start_tls(): two words stand for names. */
static void
take_server_name(const struct postfix *postfix, struct policy *policy)
{
	char *hop = next_hop_first(&policy->next_hop);
	const char *first = policy_key_first(hop);
	char *name = policy_attribute(policy->attributes, "servername");
	bool host;

	if (name == NULL)
		name = xstrdup(parameter(postfix, policy, "tls_servername"));
	host = strcmp(name, "hostname") == 0;
	if (host && *first != '[' && !policy->lmtp && policy->mx) {
		*name = '\0';
		sentences_add(&policy->doubts,
			"posttls-finger can't send servername=hostname");
	} else if (host || strcmp(name, "nexthop") == 0) {
		free(name);
		name = policy_key_host(first);
	}
	policy->server_name = name;
	free(hop);
}

static void
take_certificate(const struct postfix *postfix, struct policy *policy)
{
	static const char *const names[] = { "tls_chain_files", "tls_cert_file",
		"tls_eccert_file", "tls_dcert_file" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (*parameter(postfix, policy, names[i]) != '\0')
			policy->certificate = true;
}

/* smtp/smtp_connect.c: smtp_connect_inet() tries them in turn. */
static void
take_others(const struct postfix *postfix, struct policy *policy)
{
	const char *prefix = policy->lmtp ? "lmtp" : "smtp";
	bool fallback = *parameter(postfix, policy, "fallback_relay") != '\0';

	if (next_hop_has_others(&policy->next_hop))
		policy->others = xstrdup("the other next-hops");
	else
		policy->others = sentence_format("%s%s", fallback ? prefix : "",
			fallback ? "_fallback_relay" : "");
}

/* smtp/smtp_proto.c: what the server says in vain. */
static void
doubt_keywords(const struct postfix *postfix, struct policy *policy)
{
	struct policy_client client = policy_own_client(policy);
	char *source;

	if (obstacle_hides_starttls(postfix, &client, &source) != NULL &&
		!policy->wrapped)
		sentences_add(&policy->doubts, "%s hides STARTTLS from Postfix",
			source);
	free(source);
}

void
policy_client_take(const struct postfix *postfix, struct policy *policy)
{
	policy->root =
		xstrdup(postfix_root(postfix, policy->next_hop.transport));
	take_authority(postfix, policy);
	take_match(postfix, policy);
	take_protocols(postfix, policy);
	take_ciphers(postfix, policy);
	take_lookup(postfix, policy);
	take_server_name(postfix, policy);
	policy->digest =
		xstrdup(parameter(postfix, policy, "tls_fingerprint_digest"));
	policy->wrapped = strcmp(parameter(postfix, policy, "tls_wrappermode"),
				  "yes") == 0;
	take_certificate(postfix, policy);
	doubt_keywords(postfix, policy);
	take_others(postfix, policy);
}
