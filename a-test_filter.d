test_filter.o: tests/unit/report/test_filter.c tests/unit.h \
 plugins/report/filter.h common/error.h plugins/queue/message.h \
 plugins/tls/cause.h
tests/unit.h:
plugins/report/filter.h:
common/error.h:
plugins/queue/message.h:
plugins/tls/cause.h:
