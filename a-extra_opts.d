extra_opts.o: common/extra_opts.c common/extra_opts.h common/error.h
common/extra_opts.h:
common/error.h:
