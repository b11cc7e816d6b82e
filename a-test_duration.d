test_duration.o: tests/unit/common/test_duration.c tests/unit.h \
 common/duration.h common/error.h
tests/unit.h:
common/duration.h:
common/error.h:
