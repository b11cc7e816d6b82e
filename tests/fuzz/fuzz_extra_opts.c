/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options from an ini file. */
#include "fuzz.h"

#include <string.h>

#include "extra_opts.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct extra_opts opts = { .count = 0 };
	struct error error = { "" };
	char argument[128];
	struct extra_opts_request request = {
		.argument = argument,
		.default_section = "check_tls_queue",
	};

	snprintf(argument, sizeof(argument), "@%s", fuzz_file(data, size));
	if (extra_opts_read(&request, &opts, &error) < 0) {
		PROMISE(error.text[0] != '\0', "an error without a word");
		return 0;
	}
	PROMISE(opts.count > 0, "no options, no error");
	for (size_t i = 0; i < opts.count; i++) {
		char *word = extra_option_argument(&opts.options[i]);

		PROMISE(word[0] == '-', "no option: %s", word);
		free(word);
	}
	extra_opts_release(&opts);
	return 0;
}
