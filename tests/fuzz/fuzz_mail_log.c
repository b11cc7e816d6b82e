/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mail log. */
#include "fuzz.h"

#include <string.h>

#include "tls/mail_log.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const domains[] = { "d.example", "example.com",
		"example.org", "", "bank.example", "partner.example" };
	struct deadline deadline = deadline_in(20);
	struct error error = { "" };
	const struct mail_log_source source = { .path = fuzz_file(data, size),
		.now = FUZZ_NOW };
	struct mail_log log;

	if (mail_log_read(&log, &source, &deadline, &error) < 0)
		PROMISE(error.text[0] != '\0', "an error without a word");
	for (size_t i = 0; i < sizeof(domains) / sizeof(char *); i++) {
		const struct mail_log_finding *finding =
			mail_log_find(&log, domains[i]);

		if (finding == NULL)
			continue;
		PROMISE(finding->kind > LOG_NOTHING &&
				finding->kind < LOG_FINDING_COUNT,
			"kind %d", (int)finding->kind);
		PROMISE(strlen(finding->detail) + strlen(finding->host) <= size,
			"more than the log");
		PROMISE(mail_log_finding_name(finding->kind)[0] != '\0' &&
				mail_log_finding_sentence(finding->kind)[0] !=
					'\0',
			"no words for it");
	}
	mail_log_release(&log);
	return 0;
}
