/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
error_set(struct error *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	return -1;
}

/*
 * write(2), not stdio: without memory nothing else is sure to work.
 * quick_exit(3) prints nothing that is still buffered, but cleans up.
 */
static _Noreturn void
out_of_memory(void)
{
	static const char line[] = "TLS QUEUE UNKNOWN - out of memory\n";

	if (write(STDOUT_FILENO, line, sizeof(line) - 1) < 0)
		quick_exit(3);
	quick_exit(3);
}

void *
memory_or_exit(void *memory)
{
	if (memory == NULL)
		out_of_memory();
	return memory;
}

void *
xcalloc(size_t count, size_t size)
{
	return memory_or_exit(calloc(count ? count : 1, size ? size : 1));
}

void *
xrealloc(void *memory, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		out_of_memory();
	size *= count;
	return memory_or_exit(realloc(memory, size ? size : 1));
}

char *
xstrndup(const char *text, size_t length)
{
	char *copy = xcalloc(length + 1, 1);

	memcpy(copy, text, length);
	return copy;
}

char *
xstrdup(const char *text)
{
	return xstrndup(text, strlen(text));
}
