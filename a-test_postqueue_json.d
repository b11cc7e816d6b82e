test_postqueue_json.o: tests/unit/queue/test_postqueue_json.c \
 tests/unit.h plugins/queue/postqueue_exact.h plugins/queue/message.h \
 plugins/queue/reader.h common/deadline.h common/error.h common/stream.h \
 common/deadline.h common/error.h
tests/unit.h:
plugins/queue/postqueue_exact.h:
plugins/queue/message.h:
plugins/queue/reader.h:
common/deadline.h:
common/error.h:
common/stream.h:
common/deadline.h:
common/error.h:
