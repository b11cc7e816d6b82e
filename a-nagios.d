nagios.o: plugins/report/nagios.c common/duration.h common/error.h \
 common/perfdata.h common/range.h plugins/report/report.h common/error.h \
 plugins/report/filter.h plugins/queue/message.h plugins/tls/cause.h \
 plugins/report/tally.h plugins/report/seen.h plugins/report/verdict.h \
 common/range.h common/state.h common/text.h
common/duration.h:
common/error.h:
common/perfdata.h:
common/range.h:
plugins/report/report.h:
common/error.h:
plugins/report/filter.h:
plugins/queue/message.h:
plugins/tls/cause.h:
plugins/report/tally.h:
plugins/report/seen.h:
plugins/report/verdict.h:
common/range.h:
common/state.h:
common/text.h:
