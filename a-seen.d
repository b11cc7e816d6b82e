seen.o: plugins/report/seen.c plugins/report/seen.h common/error.h
plugins/report/seen.h:
common/error.h:
