/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The classifier. */
#include "fuzz.h"

#include <string.h>

#include "tls/cause.h"

#define SUSPENDED "delivery temporarily suspended: "

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *reason = fuzz_string(data, size);
	char *held = malloc(size + sizeof(SUSPENDED));
	struct cause_match match = cause_of(reason);
	struct cause_match again;

	PROMISE(held != NULL, "no memory");
	PROMISE((int)match.cause >= 0 && match.cause < CAUSE_COUNT, "cause %d",
		(int)match.cause);
	PROMISE(match.row != NULL, "no row");
	PROMISE(cause_of_name(cause_name(match.cause)) == match.cause,
		"a name of something else");

	/* Held back mail has the cause of the mail that was tried. */
	memcpy(held, SUSPENDED, sizeof(SUSPENDED) - 1);
	memcpy(held + sizeof(SUSPENDED) - 1, reason, strlen(reason) + 1);
	again = cause_of(held);
	PROMISE(again.cause == match.cause && strcmp(again.row, match.row) == 0,
		"%s, held back: %s", cause_name(match.cause),
		cause_name(again.cause));
	free(held);
	free(reason);
	return 0;
}
