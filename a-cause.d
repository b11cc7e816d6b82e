cause.o: plugins/tls/cause.c plugins/tls/cause.h plugins/tls/reply.h \
 plugins/tls/words.h
plugins/tls/cause.h:
plugins/tls/reply.h:
plugins/tls/words.h:
