test_mail_log_line.o: tests/unit/tls/test_mail_log_line.c \
 plugins/tls/mail_log_line.h
plugins/tls/mail_log_line.h:
