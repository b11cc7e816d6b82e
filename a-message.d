message.o: plugins/queue/message.c plugins/queue/message.h common/error.h
plugins/queue/message.h:
common/error.h:
