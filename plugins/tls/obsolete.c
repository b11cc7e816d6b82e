/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * smtp_use_tls, smtp_enforce_tls and smtp_tls_per_site are from before Postfix
 * 2.3, and still work where nothing newer is set.
 */
#include "tls/obsolete.h"

#include <stdlib.h>
#include <string.h>

/* What master.cf sets for one service says nothing of main.cf's parameter. */
static bool
is_of_all(const struct postfix *postfix, const struct policy_client *client,
	const char *name)
{
	char *source;
	bool own;

	policy_parameter(postfix, client, name, &source);
	own = policy_source_is_service(source);
	free(source);
	return !own;
}

/* One that asks for TLS, and what has the last word in its place, if any. */
static void
report_one(const struct postfix *postfix, const struct policy_client *client,
	const char *name, const char *instead, struct sentences *warnings)
{
	const char *prefix = client->lmtp ? "lmtp" : "smtp";
	const char *last = instead != NULL ? instead : "tls_security_level";
	char *source, *unused = NULL;

	if (is_of_all(postfix, client, name) &&
		!is_of_all(postfix, client, last))
		return;
	policy_parameter(postfix, client, name, &source);
	if (instead != NULL)
		sentences_once(warnings,
			"%s is obsolete and has no effect, because %s_%s is "
			"set: remove it",
			source, prefix, instead);
	else
		sentences_once(warnings,
			"%s is obsolete: set %s_tls_security_level = %s "
			"instead, which means the same",
			source, prefix,
			policy_global_level(postfix, client, &unused));
	free(unused);
	free(source);
}

static void
find_table(const struct postfix *postfix, const struct policy_client *client,
	struct sentences *warnings)
{
	const char *prefix = client->lmtp ? "lmtp" : "smtp";
	char *source;
	const char *table =
		policy_parameter(postfix, client, "tls_per_site", &source);
	bool replaced = *policy_parameter(postfix, client, "tls_policy_maps",
				NULL) != '\0';

	if (*table != '\0' && replaced)
		sentences_once(warnings,
			"%s is obsolete and not looked at, because "
			"%s_tls_policy_maps is set: move what is left of it "
			"there",
			source, prefix);
	else if (*table != '\0')
		sentences_once(warnings,
			"%s is obsolete: move its entries to "
			"%s_tls_policy_maps",
			source, prefix);
	free(source);
}

/* smtp/smtp_tls_policy.c: global_tls_level() */
void
obsolete_find(const struct postfix *postfix, const struct policy_client *client,
	struct sentences *warnings)
{
	const char *level =
		policy_parameter(postfix, client, "tls_security_level", NULL);
	const char *instead = *level != '\0' ? "tls_security_level" : NULL;

	if (policy_says_yes(postfix, client, "enforce_tls")) {
		report_one(postfix, client, "enforce_tls", instead, warnings);
		if (instead == NULL)
			instead = "enforce_tls";
	}
	if (policy_says_yes(postfix, client, "use_tls"))
		report_one(postfix, client, "use_tls", instead, warnings);
	find_table(postfix, client, warnings);
}
