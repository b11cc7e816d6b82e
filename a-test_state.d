test_state.o: tests/unit/common/test_state.c tests/unit.h common/state.h
tests/unit.h:
common/state.h:
