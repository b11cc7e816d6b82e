/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A writer and a reader that exist on paper: pieces of one size come at a
 * rate, a pipe holds pages of them, the reader empties it after each pause.
 */
#include "unit.h"

#include "pace.h"

#define MIB  (1 << 20)
#define PAGE 4096

static const struct writer {
	const char *name;
	size_t capacity;
	double start;   /* milliseconds until it begins */
	double rate;    /* bytes a millisecond */
	size_t piece;   /* bytes in one write */
	int want_least; /* of the pauses, when they have settled */
	int want_most;
} writers[] = {
	{ "nearly nothing comes", MIB, 3, 10, 300, 20, 20 },
	{ "a queue on a slow disk", MIB, 3, 1000, 300, 20, 20 },
	{ "a usual queue", MIB, 3, 18e3, 300, 12, 17 },
	{ "messages that fill half of a page", MIB, 3, 18e3, 2100, 12, 17 },
	{ "many recipients a message", MIB, 3, 55e3, 6100, 4, 6 },
	{ "a file", MIB, 0, 200e3, 4096, 1, 2 },
	{ "a file, faster than any pause", MIB, 0, 2e6, 4096, 0, 0 },
	{ "a usual queue, a small pipe", 64 << 10, 3, 18e3, 300, 1, 1 },
	{ "a slow start", MIB, 5000, 18e3, 300, 12, 17 },
};

/* What a pipe of so many bytes really holds of such pieces. */
static double
room_of(size_t capacity, size_t piece)
{
	size_t pages = capacity / PAGE, per_page = PAGE / piece;

	return per_page > 0 ? (double)(pages * per_page * piece)
			    : (double)capacity;
}

struct run {
	struct pace pace;
	double now, room;
	int full; /* how often the writer had to wait */
};

/* Reading takes no time: the pipe is empty at its end. */
static void
run_pause(struct run *run, double rate)
{
	double come;
	int pause = pace_pause(&run->pace, run->now);

	/* Without a pause the reader wakes up for each write. */
	run->now += pause > 0 ? pause : 0.02;
	come = rate * (pause > 0 ? pause : 0.02);
	if (pause > 0 && come > run->room) {
		come = run->room;
		run->full++;
	}
	run->pace.come += (size_t)come;
}

static void
run_start(struct run *run, const struct writer *writer)
{
	*run = (struct run){
		.now = 1e9,
		.room = room_of(writer->capacity, writer->piece),
	};
	pace_start(&run->pace, writer->capacity, run->now);
	run->now += writer->start;
	run->pace.come = writer->piece;
}

static void
pauses_fit_the_writer(void **state)
{
	struct run run;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(writers); i++) {
		run_start(&run, &writers[i]);
		for (int turn = 0; turn < 10; turn++)
			run_pause(&run, writers[i].rate);
		run.full = 0;
		for (int turn = 0; turn < 1000; turn++) {
			run_pause(&run, writers[i].rate);
			if (run.pace.pause < writers[i].want_least ||
				run.pace.pause > writers[i].want_most)
				fail_msg("%s: got %d ms, want %d to %d",
					writers[i].name, run.pace.pause,
					writers[i].want_least,
					writers[i].want_most);
		}
		if (run.full > 0)
			fail_msg("%s: had to wait %d times", writers[i].name,
				run.full);
	}
}

/* The queue's first messages have one recipient, later ones have fifty. */
static void
pauses_follow_a_change(void **state)
{
	static const double rates[] = { 18e3, 36e3, 5e3, 300e3, 20, 55e3 };
	struct run run;

	(void)state;
	run_start(&run, &writers[2]);
	for (size_t i = 0; i < COUNT_OF(rates) * 20; i++) {
		run.full = i % 20 == 0 ? 0 : run.full;
		run_pause(&run, rates[i / 20]);
		if (run.full > 4)
			fail_msg("rate %g: had to wait %d times", rates[i / 20],
				run.full);
	}
}

static void
first_pauses_are_short(void **state)
{
	static const int wants[] = { 6, 12, 20, 20 };
	struct run run;

	(void)state;
	run_start(&run, &writers[0]);
	for (size_t i = 0; i < COUNT_OF(wants); i++) {
		run_pause(&run, writers[0].rate);
		assert_int_equal(run.pace.pause, wants[i]);
	}
}

static void
pauses_without_bytes(void **state)
{
	struct pace pace;

	(void)state;
	pace_start(&pace, MIB, 5);
	assert_int_equal(pace_pause(&pace, 5), 0);
	assert_int_equal(pace_pause(&pace, 5), 0);
	assert_int_equal(pace_pause(&pace, 6), 1);
	assert_int_equal(pace_pause(&pace, 7), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pauses_fit_the_writer),
		cmocka_unit_test(pauses_follow_a_change),
		cmocka_unit_test(first_pauses_are_short),
		cmocka_unit_test(pauses_without_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
