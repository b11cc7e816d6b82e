/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int
descriptor_raise(int descriptor)
{
	int raised, number;

	if (descriptor < 0)
		return -1;
	raised = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	number = errno;
	close(descriptor);
	errno = number;
	return raised;
}
