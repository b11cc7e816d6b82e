test_deadline.o: tests/unit/common/test_deadline.c tests/unit.h \
 common/deadline.h
tests/unit.h:
common/deadline.h:
