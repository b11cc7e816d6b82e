# SPDX-License-Identifier: GPL-3.0-or-later
# The only build file. CC, CPPFLAGS, CFLAGS, LDFLAGS and the directories
# belong to the caller; V=1 shows the commands.

VERSION      = 1.0.0
PLUGIN       = check_tls_queue

prefix       = /usr/local
exec_prefix  = $(prefix)
libexecdir   = $(exec_prefix)/libexec
plugindir    = $(libexecdir)/nagios/plugins
datarootdir  = $(prefix)/share
mandir       = $(datarootdir)/man
man8dir      = $(mandir)/man8
docdir       = $(datarootdir)/doc/$(PLUGIN)
bashcompletiondir = $(datarootdir)/bash-completion/completions
zshcompletiondir  = $(datarootdir)/zsh/site-functions

CFLAGS      ?= -O2 -g
PKG_CONFIG  ?= pkg-config
INSTALL     ?= install
BUILD       ?= build

WARNINGS     = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wformat=2 -Wvla -Wundef
HARDENING    = -fstack-protector-strong -fPIE \
	$(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS)),, \
		-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
HARDENING_LD = -pie -Wl,--as-needed -Wl,-z,relro,-z,now
LIBRARIES    = json-c libpcre2-8 inih
# Files of more than 2 GiB and times after 2038 where a long has 32 bits.
LARGE        = -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
C_FLAGS      = -std=c11 -D_POSIX_C_SOURCE=200809L $(LARGE) $(WARNINGS) \
	$(HARDENING) -MMD -MP -Icommon

# common/ does not get -Iplugins: a wrong include does not build.
PLUGIN_FLAGS = -Iplugins -DVERSION=\"$(VERSION)\" \
	$(shell $(PKG_CONFIG) --cflags $(LIBRARIES))
LIBS         = $(shell $(PKG_CONFIG) --libs $(LIBRARIES))

COMMON_C     = $(wildcard common/*.c)
PLUGINS_C    = $(wildcard plugins/*/*.c) $(filter-out plugins/$(PLUGIN).c,$(wildcard plugins/*.c))
MODULES      = $(COMMON_C:%.c=$(BUILD)/%.o) $(PLUGINS_C:%.c=$(BUILD)/%.o)
MAIN         = $(BUILD)/plugins/$(PLUGIN).o
UNIT_C       = $(wildcard tests/unit/*/test_*.c)
UNIT         = $(UNIT_C:%.c=$(BUILD)/%)
# They ask the real Postfix about broken tables: each fatal error of Postfix's
# sleeps a second (util/msg.c), so that they run with the system tests.
UNIT_SLOW    = $(filter %/test_next_hop %/test_pitfall %/test_policy \
	%/test_postfix,$(UNIT))

Q            = $(if $(V),,@)
say          = $(if $(V)$(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),@:,@printf '  %-7s %s\n')

all: $(BUILD)/$(PLUGIN)

$(BUILD)/$(PLUGIN): $(MAIN) $(BUILD)/modules.a
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(HARDENING_LD) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/modules.a: $(MODULES)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/plugins/%.o: private C_FLAGS += $(PLUGIN_FLAGS)
$(BUILD)/tests/%.o: private C_FLAGS += $(PLUGIN_FLAGS) -Itests
$(BUILD)/%.o: %.c
	$(say) CC $<
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(C_FLAGS) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(UNIT): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/modules.a
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(HARDENING_LD) $(LDFLAGS) -o $@ $^ -lcmocka $(LIBS)

.SECONDARY: $(UNIT:%=%.o)

# The tests that need no root: the units, then the golden runs.
check: all $(UNIT)
	$(Q)CHECK_TLS_QUEUE=$(BUILD)/$(PLUGIN) tests/tap "check ($(BUILD))" \
		$(filter-out $(UNIT_SLOW),$(UNIT)) tests/run-cases tests/test_readme \
		tests/test_schema tests/test_manual

SANITIZE     = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
check-sanitize:
	$(Q)$(MAKE) check BUILD=build-sanitize HARDENING= HARDENING_LD= \
		CFLAGS='$(SANITIZE)'

check-clang:
	$(Q)$(MAKE) check BUILD=build-clang CC=clang

# Root: real daemons in namespaces of the tests' own.
check-system: all $(UNIT_SLOW)
	$(Q)CHECK_TLS_QUEUE=$(CURDIR)/$(BUILD)/$(PLUGIN) \
		tests/tap check-system $(UNIT_SLOW) tests/system/run

# clang-tidy takes a while: only what has changed since it passed.
TIDY         = $(if $(shell command -v clang-tidy), \
	$(patsubst %.c,$(BUILD)/tidy/%,$(COMMON_C) $(PLUGINS_C) plugins/$(PLUGIN).c))
$(BUILD)/tidy/%: %.c $(BUILD)/%.o .clang-tidy
	$(say) TIDY $<
	$(Q)mkdir -p $(@D)
	$(Q)clang-tidy --quiet $< -- $(filter-out -MMD -MP,$(C_FLAGS)) \
		$(PLUGIN_FLAGS) 2>/dev/null
	$(Q)touch $@

lint: $(TIDY)
	$(Q)CC="$(CC)" FLAGS='$(C_FLAGS) $(PLUGIN_FLAGS)' tests/lint

format:
	clang-format -i $$(git ls-files -co --exclude-standard '*.c' '*.h')

# What make install puts where; make uninstall takes the same away, and the
# folders that nobody else uses. The pages lie as they do here: they have links.
DOCS         = README.md NEWS.md SECURITY.md ARCHITECTURE.md CONTRIBUTING.md \
	$(sort $(shell find docs contrib -type f))

install: all
	$(INSTALL) -d $(DESTDIR)$(plugindir) $(DESTDIR)$(man8dir) \
		$(DESTDIR)$(docdir) $(DESTDIR)$(bashcompletiondir) \
		$(DESTDIR)$(zshcompletiondir)
	$(INSTALL) -m 755 $(BUILD)/$(PLUGIN) $(DESTDIR)$(plugindir)/$(PLUGIN)
	$(INSTALL) -m 644 man/$(PLUGIN).8 $(DESTDIR)$(man8dir)/$(PLUGIN).8
	$(INSTALL) -m 644 completion/$(PLUGIN).bash \
		$(DESTDIR)$(bashcompletiondir)/$(PLUGIN)
	$(INSTALL) -m 644 completion/_$(PLUGIN) \
		$(DESTDIR)$(zshcompletiondir)/_$(PLUGIN)
	for file in $(DOCS); do \
		$(INSTALL) -d "$$(dirname "$(DESTDIR)$(docdir)/$$file")" && \
		$(INSTALL) -m 644 "$$file" "$(DESTDIR)$(docdir)/$$file" || \
			exit 1; \
	done

uninstall:
	rm -f $(DESTDIR)$(plugindir)/$(PLUGIN) \
		$(DESTDIR)$(man8dir)/$(PLUGIN).8 \
		$(DESTDIR)$(bashcompletiondir)/$(PLUGIN) \
		$(DESTDIR)$(zshcompletiondir)/_$(PLUGIN) \
		$(addprefix $(DESTDIR)$(docdir)/,$(DOCS))
	test ! -d $(DESTDIR)$(docdir) || \
		find $(DESTDIR)$(docdir) -depth -type d -empty -delete

# The last commit as a tarball, the same bytes wherever it is made.
TARBALL      = $(PLUGIN)-$(VERSION).tar.gz

dist:
	@test -e .git || { echo "make dist: this is no git checkout, and the" \
		"tarball is made of a commit" >&2; exit 1; }
	@git diff --quiet HEAD || echo "make dist: what is not committed is" \
		"not in the tarball" >&2
	$(say) DIST $(TARBALL)
	$(Q)git -c tar.umask=022 -c core.autocrlf=false archive --format=tar \
		--prefix=$(PLUGIN)-$(VERSION)/ -o $(TARBALL:.gz=) HEAD
	$(Q)gzip -9nf $(TARBALL:.gz=)

# Root: RPM and DEB from the tarball, installed and run, here and on Debian 13.
check-packages:
	$(Q)tests/tap check-packages tests/packages/test_dist \
		tests/packages/test_rpm tests/packages/test_deb \
		tests/packages/test_trixie

clean:
	rm -rf build build-*

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d $(BUILD)/*/*/*/*.d)

.PHONY: all check check-sanitize check-clang check-system lint format \
	install uninstall dist check-packages clean

# Root: make check and the system tests with each era of Postfix, in roots of
# other releases of Debian, which stay in build-roots; minutes, and the archive.
check-postfix-versions:
	$(Q)MEASURED=$(CURDIR)/build/measured \
		tests/tap check-postfix-versions tests/versions/run

# Root: make check in a program of 32 bits, in a root of Debian 12; a minute, and
# the archive.
check-i386:
	$(Q)tests/tap check-i386 tests/packages/test_i386

.PHONY: check-postfix-versions check-i386

# Every call that can fail fails; the system is out of things; children that
# misbehave; what an attacker may try. Some of it needs root.
SHIM         = $(BUILD)/tests/faults/shim.so
FAULTS       = CHECK_TLS_QUEUE=$(CURDIR)/$(BUILD)/$(PLUGIN) \
	FAULT_SHIM=$(CURDIR)/$(SHIM) MEASURED=$(CURDIR)/build/measured \
	PYTHONDONTWRITEBYTECODE=1

$(SHIM): tests/faults/shim.c
	$(say) CC $<
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -O2 $(LARGE) $(WARNINGS) -shared -fPIC -o $@ $< -ldl

check-faults: all $(SHIM)
	$(Q)$(FAULTS) tests/tap check-faults tests/faults/inject \
		tests/faults/behave tests/faults/safety

.PHONY: check-faults

# The fuzz targets (clang): FUZZ_SECONDS for each of them.
FUZZ_SECONDS ?= 60
FUZZERS      = $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_MAKE    = $(MAKE) BUILD=build-fuzz CC=clang HARDENING= HARDENING_LD= \
	CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'

$(FUZZERS): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/tests/fuzz/support.o \
		$(BUILD)/tests/fuzz/schema.o $(BUILD)/modules.a
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

fuzzers: $(FUZZERS)
.SECONDARY: $(FUZZERS:%=%.o)

fuzz:
	$(Q)$(FUZZ_MAKE) fuzzers
	$(Q)MEASURED=$(CURDIR)/build/measured PYTHONDONTWRITEBYTECODE=1 \
		tests/fuzz/run fuzz $(FUZZ_SECONDS)

# A short pass: the seeds, what once failed, some seconds of each target, and
# the same queues in every format of a listing.
check-fuzz: all
	$(Q)$(FUZZ_MAKE) fuzzers
	$(Q)CHECK_TLS_QUEUE=$(CURDIR)/$(BUILD)/$(PLUGIN) \
		MEASURED=$(CURDIR)/build/measured PYTHONDONTWRITEBYTECODE=1 \
		tests/tap check-fuzz tests/fuzz/run tests/fuzz/agree

.PHONY: fuzz fuzzers check-fuzz

# Root: what contrib/ has for monitoring systems, with the real ones.
check-daemons: all
	$(Q)CHECK_TLS_QUEUE=$(CURDIR)/$(BUILD)/$(PLUGIN) \
		tests/tap check-daemons tests/daemons/run

.PHONY: check-daemons

# Very large queues; some minutes and some 500 MB in the folder for temporary
# files (LOAD_FOLDER). Root: a thousand checks of one running Postfix.
check-load: all $(SHIM)
	$(Q)$(FAULTS) tests/tap check-load tests/faults/load \
		tests/faults/side_by_side

.PHONY: check-load

# What the tests go through, with gcc and gcovr: the units and golden runs,
# the faults, the made-up queues. They are not judged here: where memory fails,
# what counts the lines fails as well. COVERAGE_TOO: more programs, such as
# tests/system/run.
COVERAGE_MAKE = $(MAKE) BUILD=build-coverage HARDENING= HARDENING_LD= \
	CFLAGS='-O0 -g --coverage -fprofile-abs-path'
COVERAGE_RUNS = $(patsubst $(BUILD)/%,build-coverage/%,$(UNIT_SLOW)) \
	tests/faults/inject tests/faults/behave tests/fuzz/agree tests/system/run

# Ordinary users, as whom the system tests run the plugin, count as well.
coverage:
	$(Q)rm -rf build-coverage
	$(Q)$(COVERAGE_MAKE) check
	$(Q)$(COVERAGE_MAKE) build-coverage/tests/faults/shim.so
	$(Q)chmod -R a+rwX build-coverage
	$(Q)for program in $(COVERAGE_RUNS); do \
		CHECK_TLS_QUEUE=$(CURDIR)/build-coverage/$(PLUGIN) \
		FAULT_SHIM=$(CURDIR)/build-coverage/tests/faults/shim.so \
		PYTHONDONTWRITEBYTECODE=1 $$program >/dev/null 2>&1 || true; done
	$(Q)mkdir -p build/measured
	$(Q)gcovr --root . --object-directory build-coverage --filter common/ \
		--filter plugins/ --exclude-unreachable-branches --print-summary \
		--json build/measured/coverage.json \
		--txt build-coverage/coverage.txt --fail-under-line 95 \
		--fail-under-branch 85

.PHONY: coverage

# All of the above, and docs/reliability.md from what it measured.
reliability:
	$(Q)$(MAKE) check-faults
	$(Q)$(MAKE) check-fuzz
	$(Q)$(MAKE) fuzz
	$(Q)$(MAKE) check-load
	$(Q)$(MAKE) check-postfix-versions
	-$(Q)$(MAKE) coverage
	$(Q)tests/fuzz/reliability

.PHONY: reliability

# What a message costs. bench takes minutes and writes docs/performance.md;
# check-instructions counts, so that it says the same on a busy machine.
FIXED        = $(MAKE) --no-print-directory BUILD=build-bench CC='$(CC)' CFLAGS='-O2 -g' LDFLAGS= CPPFLAGS=
BENCH        = $(BUILD)/tests/bench/measure $(BUILD)/tests/bench/discard
$(BENCH): %: %.o $(BUILD)/modules.a
	$(Q)$(CC) $(CFLAGS) $(HARDENING_LD) $(LDFLAGS) -o $@ $^

bench-programs: all $(BENCH)

bench:
	$(Q)$(FIXED) bench-programs
	$(Q)tests/bench/run build-bench

check-instructions:
	$(Q)$(FIXED) all
	$(Q)CC='$(CC)' CHECK_TLS_QUEUE=build-bench/$(PLUGIN) \
		tests/tap check-instructions tests/bench/check-instructions

.PHONY: bench bench-programs check-instructions
