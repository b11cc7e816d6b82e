/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/needs.h"

#include <stdlib.h>
#include <string.h>

#include "tls/policy_entry.h"

static bool
has_fingerprint(const struct postfix *postfix,
	const struct policy_client *client, const char *attributes)
{
	char *match = policy_attribute(attributes, "match");
	bool given = match != NULL;

	free(match);
	return given ||
		*policy_parameter(postfix, client, "tls_fingerprint_cert_match",
			NULL) != '\0';
}

void
needs_find(const struct postfix *postfix, const struct policy_client *client,
	const char *value, const char *where, struct sentences *warnings)
{
	const char *prefix = client->lmtp ? "lmtp" : "smtp";
	const char *rest = value;
	char *level = postfix_word(&rest);

	if (level == NULL)
		return;
	if (policy_level_needs_authority(level) &&
		!policy_has_authority(postfix, client, rest))
		sentences_once(warnings,
			"%s wants the level %s, but Postfix is told of no CA, "
			"so that no certificate can pass: set %s_tls_CAfile "
			"or %s_tls_CApath",
			where, level, prefix, prefix);
	if (policy_level_is(level, "fingerprint") &&
		!has_fingerprint(postfix, client, rest))
		sentences_once(warnings,
			"%s wants the level fingerprint without a fingerprint, "
			"so Postfix defers all its mail: add match=",
			where);
	if ((policy_level_is(level, "dane") ||
		    policy_level_is(level, "dane-only")) &&
		!policy_has_dnssec(postfix, client))
		sentences_once(warnings,
			"%s wants the level %s, which does not work without "
			"%s_dns_support_level = dnssec and %s_host_lookup = "
			"dns: %s",
			where, level, prefix, prefix,
			policy_level_is(level, "dane")
				? "the level falls back to may"
				: "all its mail is deferred");
	free(level);
}
