tally.o: plugins/report/tally.c plugins/report/tally.h \
 plugins/queue/message.h plugins/report/filter.h common/error.h \
 plugins/tls/cause.h plugins/report/seen.h
plugins/report/tally.h:
plugins/queue/message.h:
plugins/report/filter.h:
common/error.h:
plugins/tls/cause.h:
plugins/report/seen.h:
