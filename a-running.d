running.o: plugins/tls/running.c plugins/tls/running.h \
 plugins/tls/sentences.h
plugins/tls/running.h:
plugins/tls/sentences.h:
