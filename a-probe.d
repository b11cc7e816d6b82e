probe.o: plugins/tls/probe.c plugins/tls/probe.h common/error.h \
 plugins/tls/policy.h plugins/tls/next_hop.h plugins/tls/postfix.h \
 common/deadline.h plugins/tls/sentences.h common/command.h \
 common/deadline.h common/error.h common/stream.h
plugins/tls/probe.h:
common/error.h:
plugins/tls/policy.h:
plugins/tls/next_hop.h:
plugins/tls/postfix.h:
common/deadline.h:
plugins/tls/sentences.h:
common/command.h:
common/deadline.h:
common/error.h:
common/stream.h:
