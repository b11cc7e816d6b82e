perfdata.o: common/perfdata.c common/perfdata.h common/range.h \
 common/error.h common/number.h
common/perfdata.h:
common/range.h:
common/error.h:
common/number.h:
