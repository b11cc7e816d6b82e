mail_log_text.o: plugins/tls/mail_log_text.c plugins/tls/mail_log_text.h \
 plugins/tls/mail_log.h common/deadline.h common/error.h \
 plugins/tls/mail_log_line.h
plugins/tls/mail_log_text.h:
plugins/tls/mail_log.h:
common/deadline.h:
common/error.h:
plugins/tls/mail_log_line.h:
