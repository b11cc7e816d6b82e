test_instance.o: tests/unit/queue/test_instance.c tests/unit.h \
 plugins/queue/instance.h common/deadline.h common/error.h
tests/unit.h:
plugins/queue/instance.h:
common/deadline.h:
common/error.h:
