verdict.o: plugins/report/verdict.c plugins/report/verdict.h \
 common/error.h common/range.h common/error.h plugins/report/tally.h \
 plugins/queue/message.h plugins/report/filter.h plugins/tls/cause.h \
 plugins/report/seen.h common/state.h
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
