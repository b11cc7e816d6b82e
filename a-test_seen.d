test_seen.o: tests/unit/report/test_seen.c tests/unit.h \
 plugins/report/seen.h
tests/unit.h:
plugins/report/seen.h:
