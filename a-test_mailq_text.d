test_mailq_text.o: tests/unit/queue/test_mailq_text.c \
 tests/unit/queue/listings.h tests/unit.h plugins/queue/reader.h \
 common/deadline.h common/error.h plugins/queue/message.h common/stream.h \
 common/deadline.h common/error.h
tests/unit/queue/listings.h:
tests/unit.h:
plugins/queue/reader.h:
common/deadline.h:
common/error.h:
plugins/queue/message.h:
common/stream.h:
common/deadline.h:
common/error.h:
