/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How an entry of a TLS policy table is written: the key that it stands
 * under, its level, its attributes. Knows no configuration.
 */
#ifndef TLS_POLICY_ENTRY_H
#define TLS_POLICY_ENTRY_H

#include <stdbool.h>

#include "error.h"
#include "tls/sentences.h"

/*
 * Where smtp_tls_policy_maps is asked for a destination, first "inet:" or
 * "unix:" is taken off; then parents follow, for plain names only:
 * ".example.com" after "mx.example.com". NULL at the end.
 */
const char *policy_key_first(const char *destination);
const char *policy_key_next(const char *key);

/*
 * The host that a key names: "mx.example" of "[mx.example]:587", "::1" of
 * "[ipv6:::1]:25". The caller frees it.
 */
char *policy_key_host(const char *key);

/*
 * Reads the value of an entry as smtp/smtp_tls_policy.c does. Returns 0, or
 * -1 with *error for what Postfix of this version (307; 0 for any) refuses.
 */
int policy_check(const char *entry, int version, struct error *error);

/* The value of "name=" in an entry's attributes, that the caller frees; NULL. */
char *policy_attribute(const char *attributes, const char *name);

/* Adds all values, of one that may stand more than once. */
void policy_attributes(const char *attributes, const char *name,
	struct sentences *values);

/* Whether a level has this name; Postfix takes either case. */
bool policy_level_is(const char *level, const char *name);

/* Is there such a level? */
bool policy_level_exists(const char *level);

/* Does this level check certificates against CAs? */
bool policy_level_needs_authority(const char *level);

/* Does it compare a fingerprint or TLSA records, whoever the CA is? */
bool policy_level_compares_key(const char *level);

#endif
