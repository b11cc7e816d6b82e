map_text.o: plugins/tls/map_text.c plugins/tls/map_text.h common/error.h
plugins/tls/map_text.h:
common/error.h:
