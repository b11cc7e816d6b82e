/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every unit test includes first: cmocka and the headers it needs. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* In a table's loop: says which row is wrong before the test fails. */
#define expect(condition, ...)                                                 \
	do {                                                                   \
		if (!(condition)) {                                            \
			print_error(__VA_ARGS__);                              \
			print_error("\n");                                     \
			fail();                                                \
		}                                                              \
	} while (0)

#endif
