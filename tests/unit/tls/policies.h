/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy as policy_of() fills it in, for tests of what is made of one. */
#ifndef UNIT_TLS_POLICIES_H
#define UNIT_TLS_POLICIES_H

#include <stdlib.h>

#include "error.h"
#include "tls/policy.h"

/* By smtp, at the level that the global parameter sets. Owns its texts. */
static inline struct policy
policy_at(const char *destination, const char *level)
{
	struct policy policy = {
		.domain = xstrdup("example.com"),
		.level = xstrdup(level),
		.attributes = xstrdup(""),
		.table = xstrdup(""),
		.key = xstrdup(""),
		.parameter = xstrdup(""),
		.authority = xstrdup(""),
		.folder = xstrdup(""),
		.match = xstrdup(""),
		.digest = xstrdup("sha256"),
		.server_name = xstrdup(""),
		.protocols = xstrdup(""),
		.grade = xstrdup(""),
		.lookup = xstrdup(""),
		.insecure_mx = xstrdup(""),
		.root = xstrdup(""),
		.others = xstrdup(""),
		.dnssec = true,
		.mx = true,
		.valid = true,
	};

	policy.next_hop.transport = xstrdup("smtp");
	policy.next_hop.destination = xstrdup(destination);
	policy.next_hop.source = xstrdup("");
	return policy;
}

/* Another text in place of one of a policy's. */
static inline void
policy_set(char **text, const char *value)
{
	free(*text);
	*text = xstrdup(value);
}

/* The same, of a client that has a CA file. */
static inline struct policy
policy_with_ca(const char *destination, const char *level)
{
	struct policy policy = policy_at(destination, level);

	policy_set(&policy.authority, "/etc/ca.pem");
	return policy;
}

#endif
