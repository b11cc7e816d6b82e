policy.o: plugins/tls/policy.c plugins/tls/policy.h common/error.h \
 plugins/tls/next_hop.h plugins/tls/postfix.h common/deadline.h \
 plugins/tls/sentences.h
plugins/tls/policy.h:
common/error.h:
plugins/tls/next_hop.h:
plugins/tls/postfix.h:
common/deadline.h:
plugins/tls/sentences.h:
