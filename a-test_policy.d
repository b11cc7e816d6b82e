test_policy.o: tests/unit/tls/test_policy.c plugins/tls/policy.h \
 common/error.h plugins/tls/next_hop.h plugins/tls/postfix.h \
 common/deadline.h plugins/tls/sentences.h tests/unit/tls/lab.h \
 common/command.h common/deadline.h common/error.h common/stream.h
plugins/tls/policy.h:
common/error.h:
plugins/tls/next_hop.h:
plugins/tls/postfix.h:
common/deadline.h:
plugins/tls/sentences.h:
tests/unit/tls/lab.h:
common/command.h:
common/deadline.h:
common/error.h:
common/stream.h:
