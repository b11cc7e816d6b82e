watchdog.o: common/watchdog.c common/watchdog.h common/state.h \
 common/command.h common/deadline.h common/error.h common/stream.h
common/watchdog.h:
common/state.h:
common/command.h:
common/deadline.h:
common/error.h:
common/stream.h:
