#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A terminal for a command: terminal.py COLUMNS COMMAND... runs it with a
standard output that is a terminal so wide, copies what it prints there to the
own one, line ends made plain, and ends with its exit status."""

import fcntl
import os
import struct
import subprocess
import sys
import termios


def main():
    outer, inner = os.openpty()
    size = struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0)
    fcntl.ioctl(inner, termios.TIOCSWINSZ, size)
    child = subprocess.Popen(sys.argv[2:], stdout=inner)
    os.close(inner)
    while True:
        try:
            data = os.read(outer, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not data:
            break
        sys.stdout.buffer.write(data.replace(b"\r\n", b"\n"))
    sys.stdout.flush()
    return child.wait()


sys.exit(main())
