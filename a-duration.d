duration.o: common/duration.c common/duration.h common/error.h \
 common/number.h
common/duration.h:
common/error.h:
common/number.h:
