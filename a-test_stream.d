test_stream.o: tests/unit/common/test_stream.c common/stream.h \
 common/deadline.h common/error.h
common/stream.h:
common/deadline.h:
common/error.h:
