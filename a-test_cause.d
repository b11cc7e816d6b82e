test_cause.o: tests/unit/tls/test_cause.c common/error.h \
 plugins/tls/cause.h
common/error.h:
plugins/tls/cause.h:
