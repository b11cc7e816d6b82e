/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>

#include "report/seen.h"

static struct seen_place *
place_of(struct seen *seen, size_t instance, const char *id)
{
	return seen_at(seen, seen_hash(seen, instance, id));
}

static void
seen_remembers_notes(void **state)
{
	struct seen *seen = calloc(1, sizeof(*seen));
	char id[32];

	(void)state;
	for (unsigned i = 0; i < 50000; i++) {
		snprintf(id, sizeof(id), "4S%xz%u", i * 7, i);
		expect(place_of(seen, i % 3, id)->notes == 0, "%s not new", id);
		place_of(seen, i % 3, id)->notes = i + 1;
	}
	for (unsigned i = 0; i < 50000; i++) {
		snprintf(id, sizeof(id), "4S%xz%u", i * 7, i);
		expect(place_of(seen, i % 3, id)->notes == i + 1, "%s lost",
			id);
	}
	seen_release(seen);
	free(seen);
}

static void
seen_tells_instances_apart(void **state)
{
	struct seen *seen = calloc(1, sizeof(*seen));

	(void)state;
	place_of(seen, 0, "A")->notes = 5;
	assert_int_equal(place_of(seen, 1, "A")->notes, 0);
	assert_int_equal(place_of(seen, 0, "A")->notes, 5);
	seen_release(seen);
	free(seen);
}

/* 8 bytes a place, of which never more than half is free. */
static void
seen_takes_16_bytes_an_id(void **state)
{
	struct seen *seen = calloc(1, sizeof(*seen));
	size_t places = 0;
	char id[32];

	(void)state;
	for (unsigned i = 0; i < 300000; i++) {
		snprintf(id, sizeof(id), "%08X", i);
		(void)place_of(seen, 0, id);
	}
	for (size_t i = 0; i < SEEN_SHARDS; i++)
		places += seen->shards[i].size;
	expect(places * sizeof(struct seen_place) <= (size_t)300000 * 16,
		"%zu places", places);
	seen_release(seen);
	free(seen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seen_remembers_notes),
		cmocka_unit_test(seen_tells_instances_apart),
		cmocka_unit_test(seen_takes_16_bytes_an_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
