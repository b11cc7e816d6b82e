/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "report/hash.h"

/* Each byte counts, at any length, wherever the text lies. */
static void
hash_depends_on_every_byte(void **state)
{
	char text[41], copy[48];

	(void)state;
	for (size_t length = 1; length < sizeof(text); length++) {
		uint64_t whole;

		memset(text, 'a', length);
		whole = hash_bytes(text, length, 0);
		memcpy(copy + length % 8, text, length);
		assert_true(hash_bytes(copy + length % 8, length, 0) == whole);
		assert_true(hash_bytes(text, length - 1, 0) != whole);
		assert_true(hash_bytes(text, length, 1) != whole);
		for (size_t i = 0; i < length; i++) {
			text[i] = 'b';
			expect(hash_bytes(text, length, 0) != whole,
				"byte %zu of %zu", i, length);
			text[i] = 'a';
		}
	}
}

/* Ids that differ in little spread over the first and the last bits alike. */
static void
hash_spreads(void **state)
{
	static unsigned high[256], low[256];
	char id[16];

	(void)state;
	for (unsigned i = 0; i < 256 * 256; i++) {
		uint64_t hash;

		snprintf(id, sizeof(id), "4W%05Xz%02X", i, i & 255);
		hash = hash_bytes(id, strlen(id), 0);
		high[hash >> 56]++;
		low[hash & 255]++;
	}
	for (unsigned i = 0; i < 256; i++) {
		expect(high[i] > 150 && high[i] < 370, "%u: %u", i, high[i]);
		expect(low[i] > 150 && low[i] < 370, "%u: %u", i, low[i]);
	}
}

/* Who makes texts collide under one seed has made nothing for another. */
static void
hash_seed_moves_texts(void **state)
{
	uint64_t one = hash_seed(), other = hash_seed();
	unsigned chosen = 0, still = 0;
	char domain[32];

	(void)state;
	assert_true(one != other);
	for (unsigned i = 0; chosen < 256; i++) {
		snprintf(domain, sizeof(domain), "%08xaaaaaaaa.example", i);
		if ((hash_bytes(domain, strlen(domain), one) & 255) != 0)
			continue;
		chosen++;
		still += (hash_bytes(domain, strlen(domain), other) & 255) == 0;
	}
	expect(still < 16, "%u of 256 collide under both seeds", still);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hash_depends_on_every_byte),
		cmocka_unit_test(hash_spreads),
		cmocka_unit_test(hash_seed_moves_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
