mailq_text.o: plugins/queue/mailq_text.c plugins/queue/listing.h \
 common/error.h plugins/queue/reader.h common/deadline.h \
 plugins/queue/message.h common/stream.h common/deadline.h common/error.h
plugins/queue/listing.h:
common/error.h:
plugins/queue/reader.h:
common/deadline.h:
plugins/queue/message.h:
common/stream.h:
common/deadline.h:
common/error.h:
