postfix.o: plugins/tls/postfix.c plugins/tls/postfix.h common/deadline.h \
 common/error.h plugins/tls/sentences.h common/command.h \
 common/deadline.h common/error.h common/stream.h
plugins/tls/postfix.h:
common/deadline.h:
common/error.h:
plugins/tls/sentences.h:
common/command.h:
common/deadline.h:
common/error.h:
common/stream.h:
