test_text.o: tests/unit/common/test_text.c tests/unit.h common/text.h
tests/unit.h:
common/text.h:
