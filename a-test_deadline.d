test_deadline.o: tests/unit/common/test_deadline.c common/deadline.h
common/deadline.h:
