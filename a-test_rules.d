test_rules.o: tests/unit/tls/test_rules.c common/error.h \
 plugins/tls/rules.h plugins/tls/cause.h
common/error.h:
plugins/tls/rules.h:
plugins/tls/cause.h:
