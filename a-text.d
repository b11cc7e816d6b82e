text.o: common/text.c common/text.h common/error.h
common/text.h:
common/error.h:
