number.o: common/number.c common/number.h common/error.h
common/number.h:
common/error.h:
