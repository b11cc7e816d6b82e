mail_log_scan.o: plugins/tls/mail_log_scan.c plugins/tls/mail_log_scan.h \
 plugins/tls/mail_log_memory.h plugins/tls/mail_log.h common/deadline.h \
 common/error.h plugins/tls/mail_log_line.h plugins/tls/mail_log_text.h
plugins/tls/mail_log_scan.h:
plugins/tls/mail_log_memory.h:
plugins/tls/mail_log.h:
common/deadline.h:
common/error.h:
plugins/tls/mail_log_line.h:
plugins/tls/mail_log_text.h:
