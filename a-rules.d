rules.o: plugins/tls/rules.c plugins/tls/rules.h common/error.h \
 plugins/tls/cause.h
plugins/tls/rules.h:
common/error.h:
plugins/tls/cause.h:
