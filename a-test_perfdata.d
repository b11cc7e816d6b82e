test_perfdata.o: tests/unit/common/test_perfdata.c tests/unit.h \
 common/perfdata.h common/range.h common/error.h
tests/unit.h:
common/perfdata.h:
common/range.h:
common/error.h:
