/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded by the tests: makes one call of the program fail, as a system
 * that is out of something would. FAULT=NAME:N fails the N-th call of NAME
 * (malloc, read, posix_spawn, ...), FAULT=NAME:N+ that one and all later
 * ones; FAULT_MARK names a file that is made when it happens. Besides,
 * STORM=1 interrupts every other call that can wait, READ_LIMIT=N makes
 * reads give N bytes at most, CLOCK=EPOCH stops the clock of the day, and
 * JUMP=SECONDS moves it by that much at each look. PEAK=FILE keeps a copy of
 * /proc/self/status of the end. The program's children get none of it: their
 * environment is clean.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* glibc's own, which need no dlsym(3): that one allocates. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

/* FORTIFY's names for read(2) and poll(2), which no header declares. */
ssize_t __read_chk(int descriptor, void *buffer, size_t count, size_t room);
int __poll_chk(struct pollfd *polled, nfds_t count, int timeout, size_t room);

static char name[64];
static long number, calls;
static bool later_too, storm;
static size_t read_limit = (size_t)-1;
static long jump, jumped, start;
static const char *mark;

static long
number_of(const char *variable)
{
	const char *value = getenv(variable);

	return value ? strtol(value, NULL, 10) : 0;
}

__attribute__((constructor)) static void
begin(void)
{
	const char *fault = getenv("FAULT");
	const char *colon = fault ? strchr(fault, ':') : NULL;
	char *end;

	storm = getenv("STORM") != NULL;
	mark = getenv("FAULT_MARK");
	jump = number_of("JUMP");
	start = number_of("CLOCK");
	if (number_of("READ_LIMIT") > 0)
		read_limit = (size_t)number_of("READ_LIMIT");
	if (colon == NULL || (size_t)(colon - fault) >= sizeof(name))
		return;
	memcpy(name, fault, (size_t)(colon - fault));
	number = strtol(colon + 1, &end, 10);
	later_too = *end == '+';
}

/* PEAK=FILE: what the kernel knows of the memory, VmHWM among it. */
__attribute__((destructor)) static void
end(void)
{
	const char *path = getenv("PEAK");
	static char status[4096];
	long from, to, length;

	if (path == NULL)
		return;
	from = syscall(SYS_openat, AT_FDCWD, "/proc/self/status", O_RDONLY, 0);
	to = syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC,
		0600);
	length = syscall(SYS_read, from, status, sizeof(status));
	if (length > 0)
		syscall(SYS_write, to, status, length);
}

/* Whether this call of `call` is the one to fail. */
static bool
fails(const char *call, int code)
{
	long made;

	if (number == 0 || strcmp(name, call) != 0)
		return false;
	calls++;
	if (calls != number && !(later_too && calls > number))
		return false;
	if (mark != NULL) {
		made = syscall(SYS_openat, AT_FDCWD, mark, O_CREAT | O_WRONLY,
			0600);
		if (made >= 0)
			syscall(SYS_close, (int)made);
	}
	errno = code;
	return true;
}

/* Every other call of each function that may wait is interrupted. */
static bool
interrupted(unsigned long *waits)
{
	if (!storm || ++*waits % 2 == 0)
		return false;
	errno = EINTR;
	return true;
}

static void *
next_of(const char *call)
{
	void *found = dlsym(RTLD_NEXT, call);

	if (found == NULL)
		abort();
	return found;
}

/* The next definition of a function, by its own type. */
#define REAL(call) ((__typeof__(&(call)))next_of(#call))

/* A function that returns `failure` with errno `code` when it is its turn. */
#define FAULT(type, call, failure, code, parameters, arguments)                \
	type call parameters                                                   \
	{                                                                      \
		if (fails(#call, code))                                        \
			return failure;                                        \
		return REAL(call) arguments;                                   \
	}

void *
malloc(size_t size)
{
	return fails("malloc", ENOMEM) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails("calloc", ENOMEM) ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *memory, size_t size)
{
	return fails("realloc", ENOMEM) ? NULL : __libc_realloc(memory, size);
}

ssize_t
read(int descriptor, void *buffer, size_t count)
{
	static unsigned long waits;

	if (fails("read", EIO) || interrupted(&waits))
		return -1;
	return syscall(SYS_read, descriptor, buffer,
		count < read_limit ? count : read_limit);
}

ssize_t
__read_chk(int descriptor, void *buffer, size_t count, size_t room)
{
	(void)room;
	return read(descriptor, buffer, count);
}

int
poll(struct pollfd *polled, nfds_t count, int timeout)
{
	static unsigned long waits;

	if (fails("poll", ENOMEM) || interrupted(&waits))
		return -1;
	return (int)syscall(SYS_poll, polled, count, timeout);
}

int
__poll_chk(struct pollfd *polled, nfds_t count, int timeout, size_t room)
{
	(void)room;
	return poll(polled, count, timeout);
}

pid_t
waitpid(pid_t pid, int *status, int options)
{
	if (fails("waitpid", ECHILD))
		return -1;
	return (pid_t)syscall(SYS_wait4, pid, status, options, NULL);
}

/* The failure of these three is their value. */
int
posix_spawn(pid_t *pid, const char *path,
	const posix_spawn_file_actions_t *actions,
	const posix_spawnattr_t *attributes, char *const argv[],
	char *const environment[])
{
	if (fails("posix_spawn", EAGAIN))
		return EAGAIN;
	return REAL(posix_spawn)(pid, path, actions, attributes, argv,
		environment);
}

int
posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *actions,
	int descriptor, const char *path, int flags, mode_t mode)
{
	if (fails("posix_spawn_file_actions_addopen", ENOMEM))
		return ENOMEM;
	return REAL(posix_spawn_file_actions_addopen)(actions, descriptor, path,
		flags, mode);
}

int
posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int from,
	int to)
{
	if (fails("posix_spawn_file_actions_adddup2", ENOMEM))
		return ENOMEM;
	return REAL(posix_spawn_file_actions_adddup2)(actions, from, to);
}

int
open(const char *path, int flags, ...)
{
	if (fails("open", EMFILE))
		return -1;
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0);
}

/* What the program asks for has one argument at most. */
int
fcntl(int descriptor, int request, ...)
{
	__builtin_va_list list;
	long argument;

	if (fails("fcntl", EMFILE))
		return -1;
	__builtin_va_start(list, request);
	argument = __builtin_va_arg(list, long);
	__builtin_va_end(list);
	return (int)syscall(SYS_fcntl, descriptor, request, argument);
}

static void
move_clock(struct timespec *now)
{
	if (start != 0)
		now->tv_sec = start;
	now->tv_sec += jumped;
	jumped += jump;
}

time_t
time(time_t *seconds)
{
	struct timespec now;

	syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
	move_clock(&now);
	if (seconds != NULL)
		*seconds = now.tv_sec;
	return now.tv_sec;
}

int
clock_gettime(clockid_t clock, struct timespec *now)
{
	int result = (int)syscall(SYS_clock_gettime, clock, now);

	if (clock == CLOCK_REALTIME)
		move_clock(now);
	return result;
}

/* Closed it is, whatever close(2) says. */
int
close(int descriptor)
{
	int result = (int)syscall(SYS_close, descriptor);

	return fails("close", EIO) ? -1 : result;
}

int
fclose(FILE *stream)
{
	int result = REAL(fclose)(stream);

	return fails("fclose", EIO) ? EOF : result;
}

/* A read error, which ferror(3) tells from the end: glibc's own flag. */
char *
fgets(char *line, int size, FILE *stream)
{
	if (!fails("fgets", EIO))
		return REAL(fgets)(line, size, stream);
	stream->_flags |= 0x20;
	return NULL;
}

FAULT(int, pipe, -1, EMFILE, (int ends[2]), (ends))
FAULT(FILE *, fopen, NULL, EMFILE, (const char *path, const char *mode),
	(path, mode))
FAULT(FILE *, fdopen, NULL, ENOMEM, (int descriptor, const char *mode),
	(descriptor, mode))
FAULT(FILE *, open_memstream, NULL, ENOMEM, (char **memory, size_t *size),
	(memory, size))
FAULT(FILE *, fmemopen, NULL, ENOMEM,
	(void *memory, size_t size, const char *mode), (memory, size, mode))
FAULT(int, fflush, EOF, EIO, (FILE * stream), (stream))
FAULT(int, fstat, -1, EIO, (int descriptor, struct stat *status),
	(descriptor, status))
FAULT(int, stat, -1, EIO, (const char *path, struct stat *status),
	(path, status))
FAULT(int, access, -1, EIO, (const char *path, int mode), (path, mode))
FAULT(int, mkstemp, -1, EMFILE, (char *template), (template))
FAULT(int, fchmod, -1, EPERM, (int descriptor, mode_t mode), (descriptor, mode))
FAULT(int, fsync, -1, EIO, (int descriptor), (descriptor))
FAULT(int, rename, -1, EXDEV, (const char *from, const char *to), (from, to))
FAULT(int, unlink, -1, EBUSY, (const char *path), (path))
FAULT(int, setpgid, -1, EACCES, (pid_t pid, pid_t group), (pid, group))
FAULT(int, kill, -1, EPERM, (pid_t pid, int signal), (pid, signal))
FAULT(int, nanosleep, -1, EINTR,
	(const struct timespec *wanted, struct timespec *left), (wanted, left))
FAULT(locale_t, newlocale, (locale_t)0, ENOMEM,
	(int mask, const char *locale, locale_t base), (mask, locale, base))
FAULT(struct tm *, localtime_r, NULL, EOVERFLOW,
	(const time_t *seconds, struct tm *date), (seconds, date))
FAULT(int, isatty, 0, ENOTTY, (int descriptor), (descriptor))
FAULT(int, socket, -1, EMFILE, (int domain, int type, int protocol),
	(domain, type, protocol))
FAULT(int, connect, -1, ECONNREFUSED,
	(int descriptor, const struct sockaddr *address, socklen_t length),
	(descriptor, address, length))
