words.o: plugins/tls/words.c plugins/tls/words.h
plugins/tls/words.h:
