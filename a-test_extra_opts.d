test_extra_opts.o: tests/unit/common/test_extra_opts.c tests/unit.h \
 common/extra_opts.h common/error.h
tests/unit.h:
common/extra_opts.h:
common/error.h:
