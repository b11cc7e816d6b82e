next_hop.o: plugins/tls/next_hop.c plugins/tls/next_hop.h common/error.h \
 plugins/tls/postfix.h common/deadline.h plugins/tls/sentences.h
plugins/tls/next_hop.h:
common/error.h:
plugins/tls/postfix.h:
common/deadline.h:
plugins/tls/sentences.h:
