#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A showq service that does not finish what it began.

showq.py SOCKET LISTING READY RELEASE: listens on SOCKET and makes the file
READY; each client is sent
    between   one message, then the connection ends between two messages
    within    one message and a half
    silence   one message, then nothing more, and the connection stays
In the protocol of that release of Postfix, 3.5 or later: attributes are "name
NUL value NUL", one more NUL ends a list (util/attr_print0.c, showq/showq.c).
"""

import os
import re
import socket
import sys
import time

# Since 3.6
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
RECIPIENT_OF_3_11 = [
    ("original_recipient", "user@example.com"),
    ("recipient", "user@example.com"),
    ("log_class", "defer"),
    ("reason", "Server certificate not verified"),
]


def encode(attributes):
    return "".join(f"{name}\0{value}\0" for name, value in attributes).encode()


def listing(name, release):
    recipient = RECIPIENT_OF_3_11 if release >= (3, 11) else RECIPIENT
    whole = encode(PREAMBLE) + b"\0" if release >= (3, 6) else b""
    whole += encode(MESSAGE) + encode(recipient) + b"\0"
    if name == "within":
        whole += encode(MESSAGE[:3])
    return whole


def main(path, name, ready, version):
    release = tuple(int(part) for part in re.findall("[0-9]+", version)[:2])
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
        client.sendall(listing(name, release))
        if name == "silence":
            kept.append(client)
        else:
            client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
