pitfall.o: plugins/tls/pitfall.c plugins/tls/pitfall.h \
 plugins/tls/postfix.h common/deadline.h common/error.h \
 plugins/tls/sentences.h plugins/tls/map_text.h plugins/tls/next_hop.h \
 plugins/tls/policy.h plugins/tls/running.h
plugins/tls/pitfall.h:
plugins/tls/postfix.h:
common/deadline.h:
common/error.h:
plugins/tls/sentences.h:
plugins/tls/map_text.h:
plugins/tls/next_hop.h:
plugins/tls/policy.h:
plugins/tls/running.h:
