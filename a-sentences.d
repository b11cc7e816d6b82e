sentences.o: plugins/tls/sentences.c plugins/tls/sentences.h \
 common/error.h
plugins/tls/sentences.h:
common/error.h:
