filter.o: plugins/report/filter.c plugins/report/filter.h common/error.h \
 plugins/queue/message.h plugins/tls/cause.h
plugins/report/filter.h:
common/error.h:
plugins/queue/message.h:
plugins/tls/cause.h:
