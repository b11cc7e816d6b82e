postqueue_exact.o: plugins/queue/postqueue_exact.c \
 plugins/queue/postqueue_exact.h plugins/queue/message.h
plugins/queue/postqueue_exact.h:
plugins/queue/message.h:
