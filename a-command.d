command.o: common/command.c common/command.h common/deadline.h \
 common/error.h common/stream.h
common/command.h:
common/deadline.h:
common/error.h:
common/stream.h:
