test_listing.o: tests/unit/queue/test_listing.c tests/unit.h \
 plugins/queue/listing.h common/error.h plugins/queue/reader.h \
 common/deadline.h plugins/queue/message.h common/stream.h \
 common/deadline.h common/error.h
tests/unit.h:
plugins/queue/listing.h:
common/error.h:
plugins/queue/reader.h:
common/deadline.h:
plugins/queue/message.h:
common/stream.h:
common/deadline.h:
common/error.h:
