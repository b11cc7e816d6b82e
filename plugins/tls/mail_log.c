/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gets at the end of the log: one buffer, whole lines out of it, oldest
 * first. A log of any size costs the same, and a line that is longer than the
 * buffer, which no line of Postfix is, is dropped.
 */
#include "tls/mail_log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tls/mail_log_scan.h"

#define BUFFER_SIZE ((size_t)256 << 10)

struct window {
	const char *name; /* for messages */
	int descriptor;
	const struct deadline *deadline;
	bool cut; /* the buffer starts inside of a line: skip it */
	bool regular;
	long long left; /* bytes to read from a regular file */
	size_t filled;
	char *buffer; /* owned, BUFFER_SIZE */
};

/* Logs that are no text, by their first bytes. */
static const struct {
	const char *magic;
	size_t length;
	const char *what;
} foreign[] = {
	{ "\x1f\x8b", 2,
		"is compressed; give the current log, or pipe "
		"zcat into --mail-log -" },
	{ "\xfd"
	  "7zXZ",
		5,
		"is compressed; give the current log, or pipe "
		"xzcat into --mail-log -" },
	{ "\x28\xb5\x2f\xfd", 4,
		"is compressed; give the current log, or "
		"pipe zstdcat into --mail-log -" },
	{ "BZh", 3,
		"is compressed; give the current log, or pipe bzcat "
		"into --mail-log -" },
	{ "LPKSHHRH", 8,
		"is a journal; pipe journalctl -u 'postfix*' into "
		"--mail-log -" },
};

static int
window_check(const struct window *window, const char *bytes, size_t length,
	struct error *error)
{
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (length >= foreign[i].length &&
			memcmp(bytes, foreign[i].magic, foreign[i].length) == 0)
			return error_set(error, "the mail log %s %s",
				window->name, foreign[i].what);
	return 0;
}

static int
window_fail(const struct window *window, struct error *error)
{
	const char *mend = "";

	if (errno == EACCES || errno == EPERM)
		mend = "; mail logs can mostly be read by the group adm: add "
		       "the monitoring user to it";
	else if (errno == ENOENT)
		mend = "; where there is only the journal, pipe journalctl "
		       "-u 'postfix*' into --mail-log -";
	return error_set(error, "cannot read the mail log %s: %s%s",
		window->name, strerror(errno), mend);
}

/*
 * One byte more than the window tells whether it starts with a whole line.
 */
static int
window_start(struct window *window, long long size, struct error *error)
{
	long long start = size - MAIL_LOG_WINDOW - 1;
	char first[8];
	ssize_t length;

	window->regular = true;
	window->cut = start > 0;
	if (start < 0)
		start = 0;
	window->left = size - start;
	length = pread(window->descriptor, first, sizeof(first), 0);
	if (length < 0 || lseek(window->descriptor, start, SEEK_SET) < 0)
		return window_fail(window, error);
	return window_check(window, first, (size_t)length, error);
}

/* O_NONBLOCK: opening a FIFO that nobody writes to must not wait. */
static int
window_open(struct window *window, const char *path, struct error *error)
{
	struct stat status;

	window->name = path;
	window->descriptor = STDIN_FILENO;
	if (strcmp(path, "-") == 0)
		window->name = "on standard input";
	else
		window->descriptor =
			open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (window->descriptor < 0 || fstat(window->descriptor, &status) != 0)
		return window_fail(window, error);
	if (S_ISDIR(status.st_mode)) {
		errno = EISDIR;
		return window_fail(window, error);
	}
	if (S_ISREG(status.st_mode))
		return window_start(window, status.st_size, error);
	return 0;
}

/*
 * Standard input may block, so it is read only when poll(2) says so. Returns
 * 1 when there is something to read, 0 to try again, -1 with *error.
 */
static int
window_wait(const struct window *window, struct error *error)
{
	struct pollfd ready = { window->descriptor, POLLIN, 0 };
	int result;

	if (deadline_passed(window->deadline))
		return error_set(error,
			"the mail log %s did not end within %g seconds",
			window->name, window->deadline->seconds);
	if (window->regular)
		return 1;
	result = poll(&ready, 1, deadline_left(window->deadline));
	if (result < 0 && errno != EINTR)
		return window_fail(window, error);
	return result > 0;
}

/* Appends what comes next. Returns 1, 0 at the end, -1 with *error. */
static int
window_fill(struct window *window, struct error *error)
{
	size_t room = BUFFER_SIZE - window->filled;
	ssize_t length = -1;
	int ready;

	if (window->regular && (long long)room > window->left)
		room = (size_t)window->left;
	if (room == 0)
		return 0;
	while (length < 0) {
		ready = window_wait(window, error);
		if (ready < 0)
			return -1;
		if (ready == 0)
			continue;
		length = read(window->descriptor,
			window->buffer + window->filled, room);
		if (length < 0 && errno != EINTR && errno != EAGAIN)
			return window_fail(window, error);
	}
	window->left -= length;
	window->filled += (size_t)length;
	return length != 0;
}

static void
window_line(struct window *window, struct log_scan *scan, struct log_span line)
{
	log_span_cut(&line, "\r");
	if (!window->cut)
		log_scan_line(scan, line);
	window->cut = false;
}

/* Hands out the whole lines and moves the rest to the front. */
static void
window_lines(struct window *window, struct log_scan *scan)
{
	struct log_span rest = { window->buffer, window->filled };
	struct log_span line;

	while (log_span_until(&rest, "\n", &line))
		window_line(window, scan, line);
	if (rest.length == BUFFER_SIZE) {
		window->cut = true;
		rest.length = 0;
	}
	memmove(window->buffer, rest.at, rest.length);
	window->filled = rest.length;
}

static int
window_read(struct window *window, struct log_scan *scan, struct error *error)
{
	bool checked = window->regular;
	int more;

	while ((more = window_fill(window, error)) > 0) {
		if (!checked &&
			window_check(window, window->buffer, window->filled,
				error) != 0)
			return -1;
		checked = true;
		window_lines(window, scan);
	}
	if (more == 0 && window->filled != 0)
		window_line(window, scan,
			(struct log_span){ window->buffer, window->filled });
	return more;
}

int
mail_log_read(struct mail_log *log, const struct mail_log_source *source,
	const struct deadline *deadline, struct error *error)
{
	struct window window = {
		.deadline = deadline,
		.buffer = xcalloc(BUFFER_SIZE, 1),
	};
	struct log_scan scan;
	int result;

	*log = (struct mail_log){ xcalloc(1, sizeof(*log->domains)), false };
	log_scan_init(&scan, log->domains, source);
	result = window_open(&window, source->path, error);
	if (result == 0)
		result = window_read(&window, &scan, error);
	if (window.descriptor > STDIN_FILENO)
		close(window.descriptor);
	free(window.buffer);
	log->known = scan.known;
	log_scan_release(&scan);
	return result;
}

const struct mail_log_finding *
mail_log_find(const struct mail_log *log, const char *domain)
{
	char buffer[LOG_TEXT_LIMIT];
	const struct log_record *found = NULL;

	if (log->domains != NULL)
		found = log_memory_find(log->domains,
			log_domain_key(log_span_of(domain), buffer));
	return found != NULL ? &found->finding : NULL;
}

void
mail_log_release(struct mail_log *log)
{
	if (log->domains != NULL)
		log_memory_release(log->domains);
	free(log->domains);
	log->domains = NULL;
}
