#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The name server of the lab: MX, A and TLSA records, and what fails of them.

names.py DESTINATIONS RECEIVERS CERTIFICATE READY: answers on 127.0.0.1 port 53
and makes the file READY once it does. The MX host of each domain D is mx.D.
It marks as authentic (AD) what a validating resolver would: the root and
the domains whose column "names" says one of
    tlsa      a TLSA record that fits CERTIFICATE
    mismatch  one that fits no certificate
    unusable  one whose usage SMTP does not know (RFC 7672, 3.1.3)
    none      no TLSA record
    servfail  a TLSA lookup that fails
A domain with "nomx" has no answer at all, one with "-" is not signed.
"""

import hashlib
import socket
import ssl
import struct
import sys

A, NS, MX, TLSA = 1, 2, 15, 52
NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3
QUESTION_NAME = b"\xc0\x0c"


def rows(path):
    with open(path, encoding="utf-8") as table:
        for line in table:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def encode_name(name):
    labels = [label for label in name.split(".") if label]
    return b"".join(
        bytes([len(label)]) + label.encode() for label in labels
    ) + b"\0"


def decode_question(packet):
    labels, at = [], 12
    while packet[at]:
        end = at + 1 + packet[at]
        labels.append(packet[at + 1:end].decode("ascii", "replace").lower())
        at = end
    (kind,) = struct.unpack_from("!H", packet, at + 1)
    return ".".join(labels), kind, packet[12:at + 5]


class Zone:
    """What is known: (name, type) to record data, and of the domains."""

    def __init__(self, destinations, receivers, certificate):
        self.records = {("", NS): encode_name("root")}
        self.signed = {""}
        self.failing = set()
        addresses = {row[0]: row[1] for row in rows(receivers)}
        fitting = hashlib.sha256(self.der(certificate)).digest()
        for domain, receiver, _, _, names, _, _ in rows(destinations):
            self.add(domain, addresses[receiver])
            self.add_security(domain, names, fitting)

    @staticmethod
    def der(path):
        with open(path, encoding="ascii") as pem:
            text = pem.read()
        begin = text.index("-----BEGIN CERTIFICATE-----")
        return ssl.PEM_cert_to_DER_cert(text[begin:])

    def add(self, domain, address):
        host = "mx." + domain
        self.records[domain, MX] = struct.pack("!H", 10) + encode_name(host)
        self.records[host, A] = socket.inet_aton(address)

    def add_security(self, domain, names, fitting):
        tlsa = "_25._tcp.mx." + domain
        if names not in ("-", "nomx"):
            self.signed.update((domain, "mx." + domain, tlsa))
        if names == "tlsa":
            self.records[tlsa, TLSA] = b"\3\0\1" + fitting
        elif names == "mismatch":
            self.records[tlsa, TLSA] = b"\3\0\1" + bytes(32)
        elif names == "unusable":
            self.records[tlsa, TLSA] = b"\0\0\1" + fitting
        elif names == "servfail":
            self.failing.add(tlsa)
        elif names == "nomx":
            self.failing.add(domain)

    def reply_code(self, name):
        if name in self.failing:
            return SERVFAIL
        if any(known == name for known, _ in self.records):
            return NOERROR
        return NXDOMAIN

    def answer(self, packet):
        name, kind, question = decode_question(packet)
        code = self.reply_code(name)
        # QR, RD and RA; AD for what is signed.
        flags = 0x8180 | code | (0x20 if name in self.signed else 0)
        data = self.records.get((name, kind)) if code == NOERROR else None
        reply = packet[:2] + struct.pack(
            "!HHHHH", flags, 1, int(data is not None), 0, 0
        ) + question
        if data is not None:
            reply += QUESTION_NAME
            reply += struct.pack("!HHIH", kind, 1, 60, len(data)) + data
        return reply


def main(destinations, receivers, certificate, ready):
    zone = Zone(destinations, receivers, certificate)
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    with open(ready, "w", encoding="utf-8"):
        pass
    while True:
        packet, client = server.recvfrom(4096)
        server.sendto(zone.answer(packet), client)


if __name__ == "__main__":
    main(*sys.argv[1:])
