postqueue_json.o: plugins/queue/postqueue_json.c \
 plugins/queue/postqueue_exact.h plugins/queue/message.h \
 plugins/queue/reader.h common/deadline.h common/error.h common/stream.h \
 common/deadline.h common/error.h
plugins/queue/postqueue_exact.h:
plugins/queue/message.h:
plugins/queue/reader.h:
common/deadline.h:
common/error.h:
common/stream.h:
common/deadline.h:
common/error.h:
