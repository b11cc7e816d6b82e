showq_socket.o: plugins/queue/showq_socket.c common/number.h \
 common/error.h plugins/queue/reader.h common/deadline.h common/error.h \
 plugins/queue/message.h common/stream.h common/deadline.h
common/number.h:
common/error.h:
plugins/queue/reader.h:
common/deadline.h:
common/error.h:
plugins/queue/message.h:
common/stream.h:
common/deadline.h:
