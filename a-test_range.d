test_range.o: tests/unit/common/test_range.c tests/unit.h common/range.h \
 common/error.h
tests/unit.h:
common/range.h:
common/error.h:
