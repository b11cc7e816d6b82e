why.o: plugins/report/why.c plugins/report/why.h common/text.h \
 plugins/tls/advice.h plugins/tls/cause.h plugins/tls/policy.h \
 common/error.h plugins/tls/next_hop.h plugins/tls/postfix.h \
 common/deadline.h plugins/tls/sentences.h plugins/tls/mail_log.h \
 plugins/tls/probe.h common/duration.h common/error.h
plugins/report/why.h:
common/text.h:
plugins/tls/advice.h:
plugins/tls/cause.h:
plugins/tls/policy.h:
common/error.h:
plugins/tls/next_hop.h:
plugins/tls/postfix.h:
common/deadline.h:
plugins/tls/sentences.h:
plugins/tls/mail_log.h:
plugins/tls/probe.h:
common/duration.h:
common/error.h:
