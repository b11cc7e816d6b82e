survey.o: plugins/survey.c plugins/survey.h plugins/options.h \
 common/error.h common/extra_opts.h common/error.h plugins/queue/source.h \
 common/command.h common/deadline.h common/stream.h common/deadline.h \
 plugins/queue/message.h plugins/queue/reader.h common/stream.h \
 plugins/report/filter.h plugins/tls/cause.h plugins/report/report.h \
 plugins/report/filter.h plugins/report/tally.h plugins/report/seen.h \
 plugins/report/verdict.h common/range.h common/state.h \
 plugins/report/why.h common/text.h plugins/tls/advice.h \
 plugins/tls/policy.h plugins/tls/next_hop.h plugins/tls/postfix.h \
 plugins/tls/sentences.h plugins/tls/mail_log.h plugins/tls/probe.h \
 plugins/report/verdict.h plugins/tls/rules.h plugins/explain.h \
 plugins/report/why.h plugins/tls/mail_log.h plugins/tls/postfix.h
plugins/survey.h:
plugins/options.h:
common/error.h:
common/extra_opts.h:
common/error.h:
plugins/queue/source.h:
common/command.h:
common/deadline.h:
common/stream.h:
common/deadline.h:
plugins/queue/message.h:
plugins/queue/reader.h:
common/stream.h:
plugins/report/filter.h:
plugins/tls/cause.h:
plugins/report/report.h:
plugins/report/filter.h:
plugins/report/tally.h:
plugins/report/seen.h:
plugins/report/verdict.h:
common/range.h:
common/state.h:
plugins/report/why.h:
common/text.h:
plugins/tls/advice.h:
plugins/tls/policy.h:
plugins/tls/next_hop.h:
plugins/tls/postfix.h:
plugins/tls/sentences.h:
plugins/tls/mail_log.h:
plugins/tls/probe.h:
plugins/report/verdict.h:
plugins/tls/rules.h:
plugins/explain.h:
plugins/report/why.h:
plugins/tls/mail_log.h:
plugins/tls/postfix.h:
