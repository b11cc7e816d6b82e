test_verdict.o: tests/unit/report/test_verdict.c tests/unit.h \
 plugins/report/verdict.h common/error.h common/range.h common/error.h \
 plugins/report/tally.h plugins/queue/message.h plugins/report/filter.h \
 plugins/tls/cause.h plugins/report/seen.h common/state.h
tests/unit.h:
plugins/report/verdict.h:
common/error.h:
common/range.h:
common/error.h:
plugins/report/tally.h:
plugins/queue/message.h:
plugins/report/filter.h:
plugins/tls/cause.h:
plugins/report/seen.h:
common/state.h:
