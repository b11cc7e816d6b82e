test_error.o: tests/unit/common/test_error.c tests/unit.h common/error.h
tests/unit.h:
common/error.h:
