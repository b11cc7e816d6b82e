advice.o: plugins/tls/advice.c plugins/tls/advice.h plugins/tls/cause.h \
 plugins/tls/policy.h common/error.h plugins/tls/next_hop.h \
 plugins/tls/postfix.h common/deadline.h plugins/tls/sentences.h \
 plugins/tls/probe.h
plugins/tls/advice.h:
plugins/tls/cause.h:
plugins/tls/policy.h:
common/error.h:
plugins/tls/next_hop.h:
plugins/tls/postfix.h:
common/deadline.h:
plugins/tls/sentences.h:
plugins/tls/probe.h:
