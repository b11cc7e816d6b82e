deadline.o: common/deadline.c common/deadline.h
common/deadline.h:
