/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the fuzz targets share. Each target is one file with one
 * LLVMFuzzerTestOneInput(); libFuzzer has main(). A broken promise aborts.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "queue/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert(3) it says what was wrong with what. */
#define PROMISE(condition, ...)                                                \
	do {                                                                   \
		if (!(condition)) {                                            \
			fprintf(stderr, "%s:%d: broken promise: %s\n",         \
				__FILE__, __LINE__, #condition);               \
			fprintf(stderr, __VA_ARGS__);                          \
			fprintf(stderr, "\n");                                 \
			abort();                                               \
		}                                                              \
	} while (0)

/* The time at which all fuzzed listings were taken. */
#define FUZZ_NOW 1700000000

/* The bytes as a NUL-terminated string of their own, for free(3). */
char *fuzz_string(const uint8_t *data, size_t size);

/* A file in memory with these bytes; its name, until the next call. */
const char *fuzz_file(const uint8_t *data, size_t size);

/* Reads a listing to its end and looks at every byte that is given out. */
void fuzz_reader(reader_next *next, const uint8_t *data, size_t size);

#endif
