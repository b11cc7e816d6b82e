reply.o: plugins/tls/reply.c plugins/tls/reply.h plugins/tls/cause.h \
 plugins/tls/words.h
plugins/tls/reply.h:
plugins/tls/cause.h:
plugins/tls/words.h:
