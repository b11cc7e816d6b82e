/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: a word a line. */
#include "fuzz.h"

#include <string.h>

#include "options.h"

#define WORDS 32

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);
	char name[] = "check_tls_queue";
	char *argv[WORDS + 2] = { name };
	struct options options = { .config_file = NULL };
	struct error error = { "" };
	int argc = 1;

	for (char *at = text; at != NULL && argc <= WORDS;) {
		argv[argc++] = at;
		at = strchr(at, '\n');
		if (at != NULL)
			*at++ = '\0';
	}
	/* What --extra-opts names would be read; it has its own target. */
	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], "--ext", 5) == 0)
			argv[i][2] = 'E';
	if (options_parse(argc, argv, &options, &error) < 0)
		PROMISE(error.text[0] != '\0', "an error without a word");
	else
		PROMISE(options.format != NULL && options.timeout > 0,
			"options without a format or a timeout");
	options_release(&options);
	free(text);
	return 0;
}
