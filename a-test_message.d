test_message.o: tests/unit/queue/test_message.c tests/unit.h \
 plugins/queue/message.h
tests/unit.h:
plugins/queue/message.h:
