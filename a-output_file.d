output_file.o: common/output_file.c common/output_file.h common/error.h \
 common/watchdog.h common/state.h
common/output_file.h:
common/error.h:
common/watchdog.h:
common/state.h:
