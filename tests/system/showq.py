#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A showq service that does not finish what it began.

showq.py SOCKET LISTING READY: listens on SOCKET and makes the file READY; each
client is sent
    between   one message, then the connection ends between two messages
    within    one message and a half
    silence   one message, then nothing more, and the connection stays
In the protocol of Postfix 3.6 and later: attributes are "name NUL value NUL",
one more NUL ends a list (util/attr_print0.c, showq/showq.c).
"""

import os
import socket
import sys
import time

PREAMBLE = [("protocol", "mail_queue_list_protocol")]
MESSAGE = [
    ("queue_name", "deferred"),
    ("queue_id", "ABCDEF12345"),
    ("time", "%d" % (time.time() - 60)),
    ("size", "512"),
    ("forced_expire", "0"),
    ("sender", "sender@sender.example"),
]
RECIPIENT = [
    ("recipient", "user@example.com"),
    ("reason", "Server certificate not verified"),
]


def encode(attributes):
    return "".join(f"{name}\0{value}\0" for name, value in attributes).encode()


def listing(name):
    whole = encode(PREAMBLE) + b"\0"
    whole += encode(MESSAGE) + encode(RECIPIENT) + b"\0"
    if name == "within":
        whole += encode(MESSAGE[:3])
    return whole


def main(path, name, ready):
    if os.path.exists(path):
        os.unlink(path)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    os.chmod(path, 0o666)
    server.listen()
    with open(ready, "w", encoding="utf-8"):
        pass
    kept = []
    while True:
        client, _ = server.accept()
        client.sendall(listing(name))
        if name == "silence":
            kept.append(client)
        else:
            client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
