test_showq_socket.o: tests/unit/queue/test_showq_socket.c tests/unit.h \
 plugins/queue/reader.h common/deadline.h common/error.h \
 plugins/queue/message.h common/stream.h common/deadline.h common/error.h
tests/unit.h:
plugins/queue/reader.h:
common/deadline.h:
common/error.h:
plugins/queue/message.h:
common/stream.h:
common/deadline.h:
common/error.h:
