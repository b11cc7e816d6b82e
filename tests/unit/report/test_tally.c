/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/tally.h"

#define UNVERIFIED  "Server certificate not verified"
#define NOT_OFFERED "TLS is required, but was not offered by host mx[192.0.2.1]"
#define GREYLISTED                                                             \
	"host mx[192.0.2.1] said: 450 4.2.0 Greylisted (in reply to RCPT TO "  \
	"command)"
#define NEW_WORDS "TLS is upside down"

static const long long now = 1700000000;

/* A message whose recipients are pairs of address and reason, NULL at last. */
struct given {
	const char *id;
	enum queue queue;
	long long age;
	const char *pairs[9];
};

static struct judged
add(struct tally *tally, size_t instance, const struct given *given)
{
	struct message message = MESSAGE_INIT;
	struct judged judged;

	message.id = given->id;
	message.queue = given->queue;
	message.arrival = now - given->age;
	message.sender = "Sender@Home.example";
	for (size_t i = 0; given->pairs[i] != NULL; i += 2)
		message_add(&message, given->pairs[i],
			given->pairs[i + 1] ? REASON_DELAY : REASON_NONE,
			given->pairs[i + 1]);
	judged = tally_add(tally, instance, &message);
	message_release(&message);
	return judged;
}

#define ADD(tally, instance, ...)                                              \
	add(tally, instance, &(struct given){ __VA_ARGS__ })

static void
tally_counts_messages_and_recipients(void **state)
{
	struct filter filter;
	struct tally tally;

	(void)state;
	filter_init(&filter);
	tally_init(&tally, &filter, now, 1);
	ADD(&tally, 0, "A", QUEUE_DEFERRED, 100,
		{ "a@x", UNVERIFIED, "b@x", UNVERIFIED, "c@y", NOT_OFFERED });
	ADD(&tally, 0, "B", QUEUE_DEFERRED, 300,
		{ "a@X", "delivery temporarily suspended: " UNVERIFIED, "d@z",
			GREYLISTED });
	ADD(&tally, 0, "C", QUEUE_ACTIVE, 900, { "a@x", NULL });
	ADD(&tally, 0, "D", QUEUE_HOLD, 9000, { "a@x", UNVERIFIED });
	ADD(&tally, 0, "E", QUEUE_INCOMING, 0, { NULL });
	ADD(&tally, 0, "F", QUEUE_DEFERRED, 5, { "a@x", NEW_WORDS });

	assert_int_equal(tally.all.queue.messages, 6);
	assert_int_equal(tally.all.queue.recipients, 8);
	assert_int_equal(tally.all.queue.by_queue[QUEUE_DEFERRED], 3);
	assert_int_equal(tally.all.queue.by_queue[QUEUE_HOLD], 1);
	assert_int_equal(tally.all.messages, 5);
	assert_int_equal(tally.all.tls.messages, 2);
	assert_int_equal(tally.all.tls.recipients, 4);
	assert_int_equal(tally_age(&tally, &tally.all.tls), 300);
	assert_int_equal(tally.all.causes[CAUSE_CERT_UNVERIFIED].messages, 2);
	assert_int_equal(tally.all.causes[CAUSE_CERT_UNVERIFIED].recipients, 3);
	assert_int_equal(tally.all.causes[CAUSE_NOT_OFFERED].messages, 1);
	assert_int_equal(tally.all.causes[CAUSE_UNCLASSIFIED].messages, 1);
	assert_int_equal(tally.unknown_count, 1);
	assert_string_equal(tally.unknown[0].text, NEW_WORDS);
	assert_true(figures_percent(&tally.all) == 40.0);
	tally_release(&tally);
}

static void
tally_counts_an_id_once(void **state)
{
	struct filter filter;
	struct tally tally;
	struct judged judged;

	(void)state;
	filter_init(&filter);
	tally_init(&tally, &filter, now, 1);
	judged = ADD(&tally, 0, "A", QUEUE_ACTIVE, 10, { "a@x", NULL });
	assert_false(judged.first_tls);
	judged = ADD(&tally, 0, "A", QUEUE_DEFERRED, 10, { "a@x", UNVERIFIED });
	assert_true(judged.first_tls);
	judged = ADD(&tally, 0, "A", QUEUE_DEFERRED, 10,
		{ "a@x", UNVERIFIED, "b@y", NOT_OFFERED });
	assert_false(judged.first_tls);
	assert_int_equal(judged.causes, 1 << CAUSE_NOT_OFFERED);
	assert_int_equal(judged.recipients[0], CAUSE_OTHER);
	assert_int_equal(tally.all.queue.messages, 1);
	assert_int_equal(tally.all.queue.recipients, 1);
	assert_int_equal(tally.all.queue.by_queue[QUEUE_ACTIVE], 0);
	assert_int_equal(tally.all.queue.by_queue[QUEUE_DEFERRED], 1);
	assert_int_equal(tally.all.messages, 1);
	assert_int_equal(tally.all.tls.messages, 1);
	assert_int_equal(tally.all.tls.recipients, 2);
	assert_int_equal(tally.all.causes[CAUSE_CERT_UNVERIFIED].messages, 1);
	assert_int_equal(tally.all.causes[CAUSE_CERT_UNVERIFIED].recipients, 1);
	tally_release(&tally);
}

static void
tally_tells_instances_apart(void **state)
{
	struct filter filter;
	struct tally tally;

	(void)state;
	filter_init(&filter);
	tally_init(&tally, &filter, now, 2);
	ADD(&tally, 0, "A", QUEUE_DEFERRED, 10, { "a@x", UNVERIFIED });
	ADD(&tally, 1, "A", QUEUE_DEFERRED, 10, { "a@x", UNVERIFIED });
	assert_int_equal(tally.all.tls.messages, 2);
	assert_int_equal(tally.instances[0].tls.messages, 1);
	assert_int_equal(tally.instances[1].tls.messages, 1);
	assert_int_equal(tally.instances[1].queue.messages, 1);
	tally_release(&tally);
}

static void
tally_filters_domains(void **state)
{
	struct filter filter;
	struct tally tally;
	struct error error;

	(void)state;
	filter_init(&filter);
	globs_add_domain(&filter.domains, "*.X", &error);
	tally_init(&tally, &filter, now, 1);
	ADD(&tally, 0, "A", QUEUE_DEFERRED, 10,
		{ "a@m.x", UNVERIFIED, "b@y", NOT_OFFERED });
	ADD(&tally, 0, "B", QUEUE_DEFERRED, 10, { "b@y", NOT_OFFERED });
	ADD(&tally, 0, "C", QUEUE_DEFERRED, 10, { "b@k.x", GREYLISTED });
	assert_int_equal(tally.all.queue.messages, 3);
	assert_int_equal(tally.all.messages, 2);
	assert_int_equal(tally.all.tls.messages, 1);
	assert_int_equal(tally.all.tls.recipients, 1);
	assert_int_equal(tally.all.causes[CAUSE_NOT_OFFERED].messages, 0);
	tally_release(&tally);
	filter_release(&filter);
}

static void
tally_filters_causes(void **state)
{
	struct filter filter;
	struct tally tally;

	(void)state;
	filter_init(&filter);
	filter.wanted_causes = 1U << CAUSE_NOT_OFFERED;
	tally_init(&tally, &filter, now, 1);
	ADD(&tally, 0, "A", QUEUE_DEFERRED, 10,
		{ "a@x", UNVERIFIED, "b@y", NOT_OFFERED });
	ADD(&tally, 0, "B", QUEUE_DEFERRED, 10, { "a@x", UNVERIFIED });
	assert_int_equal(tally.all.messages, 2);
	assert_int_equal(tally.all.tls.messages, 1);
	assert_int_equal(tally.all.tls.recipients, 1);
	assert_int_equal(tally.all.causes[CAUSE_CERT_UNVERIFIED].messages, 0);
	tally_release(&tally);
}

static void
tally_orders_destinations(void **state)
{
	struct filter filter;
	struct tally tally;
	const struct destination **worst;
	char id[32], address[32];
	size_t count;

	(void)state;
	filter_init(&filter);
	tally_init(&tally, &filter, now, 1);
	tally.ids_kept = 2;
	for (int i = 0; i < 600; i++) {
		snprintf(id, sizeof(id), "I%d", i);
		snprintf(address, sizeof(address), "u@d%d", i % 100);
		ADD(&tally, 0, id, QUEUE_DEFERRED, 10 + i,
			{ address, UNVERIFIED, "x@other", UNVERIFIED });
	}
	worst = tally_worst(&tally, &count);
	assert_int_equal(count, 101);
	assert_string_equal(worst[0]->domain, "other");
	assert_int_equal(worst[0]->count.messages, 600);
	assert_int_equal(worst[0]->id_count, 2);
	assert_string_equal(worst[0]->ids[1], "I1");
	assert_string_equal(worst[1]->domain, "d99");
	assert_int_equal(worst[1]->count.messages, 6);
	assert_int_equal(tally_age(&tally, &worst[1]->count), 609);
	free(worst);
	tally_release(&tally);
}

static void
tally_age_is_never_negative(void **state)
{
	struct filter filter;
	struct tally tally;

	(void)state;
	filter_init(&filter);
	tally_init(&tally, &filter, now, 1);
	ADD(&tally, 0, "A", QUEUE_DEFERRED, -500, { "a@x", UNVERIFIED });
	assert_int_equal(tally_age(&tally, &tally.all.tls), 0);
	tally_release(&tally);
}

static void
tally_skips_bounces(void **state)
{
	struct filter filter;
	struct tally tally;
	struct message message = MESSAGE_INIT;

	(void)state;
	filter_init(&filter);
	tally_init(&tally, &filter, now, 1);
	message.id = "A";
	message.queue = QUEUE_DEFERRED;
	message_add(&message, "a@x", REASON_BOUNCE, UNVERIFIED);
	message_add(&message, "a@x", REASON_OTHER, UNVERIFIED);
	tally_add(&tally, 0, &message);
	assert_int_equal(tally.all.messages, 1);
	assert_int_equal(tally.all.tls.messages, 0);
	message_add(&message, "a@x", REASON_DELAY, UNVERIFIED);
	message_add(&message, "a@x", REASON_BOUNCE, UNVERIFIED);
	message_add(&message, "a@x", REASON_NONE, NULL);
	message_add(&message, "a@x", REASON_DELAY, UNVERIFIED);
	tally_add(&tally, 0, &message);
	assert_int_equal(tally.all.tls.messages, 1);
	assert_int_equal(tally.all.tls.recipients, 2);
	message_release(&message);
	tally_release(&tally);
}

static struct cause_match
judge_and_count(void *context, const char *reason)
{
	++*(int *)context;
	return cause_of(reason);
}

/* One that is too long to be known later as well. */
static void
tally_judges_a_reason_once(void **state)
{
	char reason[KNOWN_LENGTH + 100];
	struct filter filter;
	struct tally tally;
	int judged = 0;

	(void)state;
	snprintf(reason, sizeof(reason),
		"TLS is required, but was not offered by host %0*d[192.0.2.1]",
		KNOWN_LENGTH, 0);
	filter_init(&filter);
	tally_init(&tally, &filter, now, 1);
	tally.judge = judge_and_count;
	tally.judge_context = &judged;
	ADD(&tally, 0, "A", QUEUE_DEFERRED, 1,
		{ "a@x", reason, "b@x", reason, "c@y", reason, "d@y",
			UNVERIFIED });
	assert_int_equal(judged, 2);
	assert_int_equal(tally.all.causes[CAUSE_NOT_OFFERED].recipients, 3);
	assert_int_equal(tally.all.causes[CAUSE_CERT_UNVERIFIED].recipients, 1);
	tally_release(&tally);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tally_counts_messages_and_recipients),
		cmocka_unit_test(tally_counts_an_id_once),
		cmocka_unit_test(tally_tells_instances_apart),
		cmocka_unit_test(tally_filters_domains),
		cmocka_unit_test(tally_filters_causes),
		cmocka_unit_test(tally_orders_destinations),
		cmocka_unit_test(tally_age_is_never_negative),
		cmocka_unit_test(tally_skips_bounces),
		cmocka_unit_test(tally_judges_a_reason_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
