json.o: plugins/report/json.c plugins/report/report.h common/error.h \
 plugins/report/filter.h plugins/queue/message.h plugins/tls/cause.h \
 plugins/report/tally.h plugins/report/seen.h plugins/report/verdict.h \
 common/range.h common/error.h common/state.h plugins/report/why.h \
 common/text.h plugins/tls/advice.h plugins/tls/policy.h \
 plugins/tls/next_hop.h plugins/tls/postfix.h common/deadline.h \
 plugins/tls/sentences.h plugins/tls/mail_log.h plugins/tls/probe.h
plugins/report/report.h:
common/error.h:
plugins/report/filter.h:
plugins/queue/message.h:
plugins/tls/cause.h:
plugins/report/tally.h:
plugins/report/seen.h:
plugins/report/verdict.h:
common/range.h:
common/error.h:
common/state.h:
plugins/report/why.h:
common/text.h:
plugins/tls/advice.h:
plugins/tls/policy.h:
plugins/tls/next_hop.h:
plugins/tls/postfix.h:
common/deadline.h:
plugins/tls/sentences.h:
plugins/tls/mail_log.h:
plugins/tls/probe.h:
