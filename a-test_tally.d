test_tally.o: tests/unit/report/test_tally.c tests/unit.h \
 plugins/report/tally.h plugins/queue/message.h plugins/report/filter.h \
 common/error.h plugins/tls/cause.h plugins/report/seen.h
tests/unit.h:
plugins/report/tally.h:
plugins/queue/message.h:
plugins/report/filter.h:
common/error.h:
plugins/tls/cause.h:
plugins/report/seen.h:
