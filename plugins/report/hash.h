/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One hash for the tables of the report room. */
#ifndef REPORT_HASH_H
#define REPORT_HASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * All 64 bits depend on every byte, the length and the seed. Who may choose
 * the bytes can make two of them collide: a table must still be right then.
 */
uint64_t hash_bytes(const char *bytes, size_t length, uint64_t seed);

#endif
