/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of a policy that is no level: what the TLS client checks a
 * certificate with, and what it offers to the server.
 */
#ifndef TLS_POLICY_CLIENT_H
#define TLS_POLICY_CLIENT_H

#include "tls/policy.h"
#include "tls/postfix.h"

/* Fills in a policy whose next-hop, level and attributes are there. */
void policy_client_take(const struct postfix *postfix, struct policy *policy);

#endif
