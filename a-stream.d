stream.o: common/stream.c common/stream.h common/deadline.h \
 common/error.h
common/stream.h:
common/deadline.h:
common/error.h:
