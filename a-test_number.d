test_number.o: tests/unit/common/test_number.c tests/unit.h \
 common/number.h common/error.h
tests/unit.h:
common/number.h:
common/error.h:
