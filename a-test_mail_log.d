test_mail_log.o: tests/unit/tls/test_mail_log.c plugins/tls/mail_log.h \
 common/deadline.h common/error.h plugins/tls/mail_log_memory.h \
 plugins/tls/mail_log_line.h
plugins/tls/mail_log.h:
common/deadline.h:
common/error.h:
plugins/tls/mail_log_memory.h:
plugins/tls/mail_log_line.h:
