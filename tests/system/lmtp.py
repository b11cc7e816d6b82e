#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""LMTP servers (RFC 2033) that take all mail, over TCP and Unix sockets.

lmtp.py READY SOCKET=CERTIFICATE...: a SOCKET is an "address:port" or a path,
a CERTIFICATE a file with key and chain, or "-" for a server without STARTTLS.
Makes the file READY once all of them listen.
"""

import os
import socketserver
import ssl
import sys

from serving import serve


class Session(socketserver.StreamRequestHandler):
    """One connection, before and after STARTTLS."""

    secure = False
    recipients = 0

    def reply(self, *lines):
        self.wfile.write(b"".join(line + b"\r\n" for line in lines))

    def handle(self):
        try:
            self.reply(b"220 store LMTP")
            while self.answer(self.rfile.readline()):
                pass
        except (ConnectionError, ssl.SSLError):
            pass

    def answer(self, line):
        """Answers one command; false when the connection is to end."""
        verb = line.split(b":")[0].strip().split(b" ")[0].upper()
        if verb == b"LHLO":
            self.greet()
        elif verb == b"STARTTLS" and self.server.context:
            self.start_tls()
        elif verb == b"RCPT":
            self.recipients += 1
            self.reply(b"250 2.1.5 Ok")
        elif verb == b"DATA":
            self.take()
        elif verb == b"QUIT":
            self.reply(b"221 2.0.0 Bye")
        else:
            self.reply(b"250 2.0.0 Ok")
        return verb not in (b"QUIT", b"")

    def greet(self):
        if self.server.context and not self.secure:
            self.reply(b"250-store", b"250-PIPELINING", b"250 STARTTLS")
        else:
            self.reply(b"250-store", b"250 PIPELINING")

    def start_tls(self):
        self.reply(b"220 2.0.0 Ready to start TLS")
        self.connection = self.server.context.wrap_socket(
            self.connection, server_side=True
        )
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.secure = True

    def take(self):
        self.reply(b"354 Go on")
        while self.rfile.readline().rstrip(b"\r\n") != b".":
            pass
        self.reply(*[b"250 2.0.0 Kept"] * self.recipients)
        self.recipients = 0


class Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


def server_of(argument):
    where, certificate = argument.split("=")
    if where.startswith("/"):
        server = Unix(where, Session)
        os.chmod(where, 0o666)
    else:
        address, port = where.split(":")
        server = Tcp((address, int(port)), Session)
    server.context = None
    if certificate != "-":
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(certificate)
    return server


def main(ready, *arguments):
    servers = [server_of(argument) for argument in arguments]
    serve(servers, ready)


if __name__ == "__main__":
    main(*sys.argv[1:])
