test_probe.o: tests/unit/tls/test_probe.c plugins/tls/probe.h \
 common/error.h plugins/tls/policy.h plugins/tls/next_hop.h \
 plugins/tls/postfix.h common/deadline.h plugins/tls/sentences.h
plugins/tls/probe.h:
common/error.h:
plugins/tls/policy.h:
plugins/tls/next_hop.h:
plugins/tls/postfix.h:
common/deadline.h:
plugins/tls/sentences.h:
