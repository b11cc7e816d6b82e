/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's rules: a file of them, an empty line, then reasons. */
#include "fuzz.h"

#include <string.h>

#include "tls/rules.h"

static void
match_all(const struct rules *rules, char *reasons)
{
	unsigned long hits = 0;

	for (char *end; reasons != NULL; reasons = end) {
		struct cause_match match = { CAUSE_COUNT, NULL };

		end = strchr(reasons, '\n');
		if (end != NULL)
			*end++ = '\0';
		if (!rules_match(rules, reasons, &match, &hits))
			continue;
		PROMISE(match.cause < CAUSE_COUNT && match.row != NULL,
			"cause %d", (int)match.cause);
	}
	PROMISE(hits <= rules->count * RULES_PATIENCE, "%lu slow tries", hits);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);
	char *reasons = strstr(text, "\n\n");
	size_t length = reasons ? (size_t)(reasons - text) + 1 : size;
	const struct deadline deadline = deadline_in(10);
	struct error error = { "" };
	struct rules rules;

	if (rules_load(&rules, fuzz_file(data, length), &deadline, &error) < 0)
		PROMISE(error.text[0] != '\0' && rules.count == 0,
			"an error without a word");
	else if (reasons != NULL)
		match_all(&rules, reasons + 2);
	rules_release(&rules);
	free(text);
	return 0;
}
