/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"
#include "watchdog.h"

static int
fail(const struct output_file *file, struct error *error)
{
	return error_set(error, "can't write %.300s: %s", file->path,
		strerror(errno));
}

/* "folder/.name.XXXXXX": hidden, and no *.prom for a collector to read. */
static char *
temporary_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
	size_t size = strlen(path) + sizeof("..XXXXXX");
	char *name = xcalloc(size, 1);

	snprintf(name, size, "%.*s.%s.XXXXXX", (int)folder, path,
		path + folder);
	return name;
}

static int
create(char *name)
{
	int first = mkstemp(name);
	int descriptor = descriptor_raise(first);
	int number = errno;

	if (first >= 0 && descriptor < 0)
		unlink(name);
	errno = number;
	return descriptor;
}

int
output_file_open(struct output_file *file, const char *path,
	struct error *error)
{
	struct stat status;
	int descriptor;

	*file = (struct output_file){ .path = path };
	if (lstat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return error_set(error, "can't write %.300s: it is %s", path,
			S_ISLNK(status.st_mode) ? "a symbolic link"
						: "no file");
	file->temporary = temporary_name(path);
	descriptor = create(file->temporary);
	if (descriptor >= 0)
		file->stream = fdopen(descriptor, "w");
	if (file->stream != NULL) {
		watchdog_remove_at_end(file->temporary);
		return 0;
	}
	fail(file, error);
	if (descriptor >= 0) {
		close(descriptor);
		unlink(file->temporary);
	}
	free(file->temporary);
	file->temporary = NULL;
	return -1;
}

int
output_file_commit(struct output_file *file, struct error *error)
{
	int result = -1;

	if (fflush(file->stream) != 0 || ferror(file->stream) ||
		fchmod(fileno(file->stream), 0644) != 0 ||
		fsync(fileno(file->stream)) != 0) {
		fail(file, error);
		output_file_abandon(file);
		return -1;
	}
	result = fclose(file->stream);
	file->stream = NULL;
	if (result == 0)
		result = rename(file->temporary, file->path);
	if (result != 0)
		fail(file, error);
	output_file_abandon(file);
	return result == 0 ? 0 : -1;
}

void
output_file_abandon(struct output_file *file)
{
	if (file->stream != NULL)
		fclose(file->stream);
	file->stream = NULL;
	if (file->temporary == NULL)
		return;
	unlink(file->temporary);
	watchdog_remove_at_end(NULL);
	free(file->temporary);
	file->temporary = NULL;
}
