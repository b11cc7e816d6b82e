test_stream.o: tests/unit/common/test_stream.c tests/unit.h \
 common/stream.h common/deadline.h common/error.h
tests/unit.h:
common/stream.h:
common/deadline.h:
common/error.h:
