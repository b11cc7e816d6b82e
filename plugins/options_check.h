/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What no single option can see: options that exclude or need each other. */
#ifndef OPTIONS_CHECK_H
#define OPTIONS_CHECK_H

#include "error.h"
#include "options.h"

/* Of all options together. Returns 0, or -1 with *error that names them. */
int options_check(const struct options *options, struct error *error);

#endif
