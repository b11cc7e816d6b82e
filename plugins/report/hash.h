/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One hash for the tables of the report room. */
#ifndef REPORT_HASH_H
#define REPORT_HASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * All 64 bits depend on every byte, the length and the seed. Who may choose
 * the bytes and knows the seed can make two of them collide: a table must
 * still be right then, and fast as far as it is filled by strangers.
 */
uint64_t hash_bytes(const char *bytes, size_t length, uint64_t seed);

/* One that nobody outside can know. */
uint64_t hash_seed(void);

#endif
