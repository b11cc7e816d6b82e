mailq_text.o: plugins/queue/mailq_text.c plugins/queue/reader.h \
 common/error.h plugins/queue/message.h common/stream.h common/deadline.h \
 common/error.h
plugins/queue/reader.h:
common/error.h:
plugins/queue/message.h:
common/stream.h:
common/deadline.h:
common/error.h:
