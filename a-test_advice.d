test_advice.o: tests/unit/tls/test_advice.c common/command.h \
 common/deadline.h common/error.h common/stream.h plugins/tls/advice.h \
 plugins/tls/cause.h plugins/tls/policy.h common/error.h \
 plugins/tls/next_hop.h plugins/tls/postfix.h common/deadline.h \
 plugins/tls/sentences.h
common/command.h:
common/deadline.h:
common/error.h:
common/stream.h:
plugins/tls/advice.h:
plugins/tls/cause.h:
plugins/tls/policy.h:
common/error.h:
plugins/tls/next_hop.h:
plugins/tls/postfix.h:
common/deadline.h:
plugins/tls/sentences.h:
