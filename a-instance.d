instance.o: plugins/queue/instance.c plugins/queue/instance.h \
 common/deadline.h common/error.h common/command.h common/deadline.h \
 common/error.h common/stream.h
plugins/queue/instance.h:
common/deadline.h:
common/error.h:
common/command.h:
common/deadline.h:
common/error.h:
common/stream.h:
