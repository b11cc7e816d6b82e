#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A socketmap server (socketmap_table(5)), as MTA-STS services are.

socketmap.py READY ADDRESS:PORT KEY VALUE: answers each map's KEY with VALUE,
and makes the file READY once it listens.
"""

import socketserver
import sys


def netstring(text):
    return b"%d:%s," % (len(text), text)


class Session(socketserver.StreamRequestHandler):
    def next_request(self):
        """The next one; None at the end."""
        digits = b""
        while (character := self.rfile.read(1)) != b":":
            if not character:
                return None
            digits += character
        return self.rfile.read(int(digits) + 1)[:-1]

    def handle(self):
        while (request := self.next_request()) is not None:
            _, key = request.split(b" ", 1)
            if key == self.server.key:
                self.wfile.write(netstring(b"OK " + self.server.value))
            else:
                self.wfile.write(netstring(b"NOTFOUND "))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main(ready, where, key, value):
    address, port = where.split(":")
    with Server((address, int(port)), Session) as server:
        server.key, server.value = key.encode(), value.encode()
        with open(ready, "w", encoding="utf-8"):
            pass
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
