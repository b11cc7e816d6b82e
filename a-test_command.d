test_command.o: tests/unit/common/test_command.c tests/unit.h \
 common/command.h common/deadline.h common/error.h common/stream.h
tests/unit.h:
common/command.h:
common/deadline.h:
common/error.h:
common/stream.h:
