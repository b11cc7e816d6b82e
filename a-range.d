range.o: common/range.c common/range.h common/error.h common/duration.h \
 common/number.h
common/range.h:
common/error.h:
common/duration.h:
common/number.h:
