source.o: plugins/queue/source.c plugins/queue/source.h common/command.h \
 common/deadline.h common/error.h common/stream.h common/deadline.h \
 common/error.h plugins/queue/message.h plugins/queue/reader.h \
 common/stream.h
plugins/queue/source.h:
common/command.h:
common/deadline.h:
common/error.h:
common/stream.h:
common/deadline.h:
common/error.h:
plugins/queue/message.h:
plugins/queue/reader.h:
common/stream.h:
