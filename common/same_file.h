/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and folders have many names. */
#ifndef SAME_FILE_H
#define SAME_FILE_H

#include <stdbool.h>

/* Whether both paths lead to one; false when either leads nowhere. */
bool same_file(const char *path, const char *other);

#endif
