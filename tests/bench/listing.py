#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a listing as a large Postfix would print it, the same bytes for the
same arguments: only random.random() is asked, whose sequence Python promises.

listing.py [--json FILE] [--mailq FILE] --messages N [--destinations N]
           [--recipients N] [--even] [--seed N]

Destinations are of very different sizes and stand in any order, as they do in
a hashed queue. Each has one host and one trouble, a text of
tests/data/reasons.tsv; some hosts name the recipient in their reply, so that
no two texts are the same. Most messages have one recipient, a few up to 50.
--recipients gives each message so many; --even deals the destinations out in
turn."""
import argparse
import json
import os
import random
import re
import time

NOW = 1700000000
LETTERS = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
REASONS = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "..", "data", "reasons.tsv")
GREYLISTED = ("host %(host)s said: 450 4.2.0 <%(address)s>: Recipient address "
              "rejected: Greylisted, see https://postgrey.example/help/"
              "%(domain)s.html (in reply to RCPT TO command)")
NO_ANSWER = "connect to %(host)s:25: Connection timed out"
# Of a hundred destinations with deferred mail: how many have which trouble.
TROUBLES = (("text", GREYLISTED, 15), ("text", NO_ANSWER, 25),
            ("cause", "other", 20), ("cause", "cert_unverified", 12),
            ("cause", "not_offered", 8), ("cause", "handshake_failed", 4),
            ("cause", "starttls_refused", 3), ("cause", "starttls_lost", 3),
            ("cause", "dane_lookup", 2), ("cause", "dane_policy", 2),
            ("cause", "remote_requires_tls", 4), ("cause", "requiretls", 1),
            ("cause", "unclassified", 1))


class Source:
    """Numbers and choices, all from one seed."""

    def __init__(self, seed):
        self.random = random.Random(seed).random

    def below(self, limit):
        return int(self.random() * limit)

    def choose(self, items):
        return items[int(self.random() * len(items))]


def read_reasons():
    """The texts of each cause, with the host as a blank to fill in."""
    reasons = {}
    with open(REASONS, encoding="utf-8", newline="\n") as table:
        next(table)
        for line in table:
            cause, text = line.rstrip("\n").split("\t")[:2]
            text = re.sub(r"mx\.example\.net\[192\.0\.2\.25\]", "%(host)s",
                          text.replace("%", "%%"))
            reasons.setdefault(cause, []).append(text)
    return reasons


def escape(text):
    """Inside of a JSON string, as postqueue/showq_json.c writes it."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def printable(text):
    return "".join(letter if letter >= " " else "?" for letter in text)


def make_destination(source, reasons, number):
    """A domain, its text, and whether "%s" in the text is the recipient."""
    domain = "%s%d.example.%s" % (
        source.choose(("mail", "corp", "shop", "kunde", "post", "list")),
        number, source.choose(("com", "net", "org")))
    host = "mx%d.%s[198.51.%d.%d]" % (source.below(3) + 1, domain,
                                      source.below(256), source.below(256))
    lot = source.below(sum(row[2] for row in TROUBLES))
    for kind, text, share in TROUBLES:
        lot -= share
        if lot < 0:
            break
    if kind == "cause":
        text = source.choose(reasons[text])
    elif text is GREYLISTED:
        return domain, GREYLISTED % {"host": host, "domain": domain,
                                     "address": "%s@" + domain}, True
    return domain, text % {"host": host, "domain": domain}, False


def queue_id(number):
    """A long queue id: no two numbers give the same."""
    number = number * 48271 % 2147483647
    digits = []
    for _ in range(6):
        digits.append(LETTERS[number % 52])
        number //= 52
    return "4W" + "".join(digits) + "z" + digits[2] + digits[0] + digits[4]


def recipients_of(source, options):
    if options.recipients:
        return options.recipients
    lot = source.random()
    if lot < 0.92:
        return 1
    return 2 + source.below(4) if lot < 0.98 else 6 + source.below(45)


def queue_of(source):
    lot = source.random()
    if lot < 0.95:
        return "deferred", ""
    if lot < 0.98:
        return "active", "*"
    return ("hold", "!") if lot < 0.99 else ("incoming", "")


def messages(options):
    """Each as (queue, marker, id, arrival, size, sender, recipients)."""
    source = Source(options.seed)
    reasons = read_reasons()
    destinations = [make_destination(source, reasons, number)
                    for number in range(options.destinations)]
    dealt = 0
    for number in range(options.messages):
        queue, marker = queue_of(source)
        untried = queue == "incoming" or (queue == "active" and
                                          source.below(2) == 0)
        recipients = []
        for _ in range(recipients_of(source, options)):
            lot = source.random()
            place = dealt if options.even else int(lot ** 3 * len(destinations))
            dealt = (dealt + 1) % len(destinations)
            domain, reason, varies = destinations[place]
            user = "user%d" % source.below(100000)
            if untried:
                reason = None
            elif varies:
                reason = reason.replace("%s", user)
            recipients.append((user + "@" + domain, reason))
        yield (queue, marker, queue_id(number + 1), NOW - source.below(432000),
               500 + source.below(60000), "sender%d@our.example" %
               source.below(2000), recipients)


def as_json(message):
    queue, _, name, arrival, size, sender, recipients = message
    parts = []
    for address, reason in recipients:
        if reason is None:
            parts.append('{"address": "%s"}' % address)
        else:
            parts.append('{"address": "%s", "delay_reason": "%s"}' %
                         (address, escape(reason)))
    return ('{"queue_name": "%s", "queue_id": "%s", "arrival_time": %d, '
            '"message_size": %d, "forced_expire": false, "sender": "%s", '
            '"recipients": [%s]}\n' % (queue, name, arrival, size, sender,
                                       ", ".join(parts)))


def as_mailq(message):
    """postqueue/showq_compat.c: a reason once above those who have it."""
    _, marker, name, arrival, size, sender, recipients = message
    when = time.strftime("%a %b %d %H:%M:%S", time.gmtime(arrival))
    lines = ["%-17s%8d %s %s\n" % (name + marker, size, when, sender)]
    last = None
    for address, reason in recipients:
        if reason is not None and reason != last:
            lines.append("%s\n" % ("(%s)" % printable(reason)).rjust(78))
            last = reason
        lines.append(" " * 41 + address + "\n")
    return "".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json")
    parser.add_argument("--mailq")
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--destinations", type=int, default=5000)
    parser.add_argument("--recipients", type=int, default=0)
    parser.add_argument("--even", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    files = [open(name or os.devnull, "w", encoding="utf-8", newline="\n",
                  errors="surrogateescape")
             for name in (options.json, options.mailq)]
    total = 0
    files[1].write("----Queue ID----- --Size-- ---Arrival Time---- "
                   "--Sender/Recipient------\n")
    for message in messages(options):
        if options.json:
            files[0].write(as_json(message))
        if options.mailq:
            files[1].write(as_mailq(message))
        total += message[4]
    files[1].write("-- %d Kbytes in %d Request%s.\n" % (
        total // 1024, options.messages, "s"[options.messages == 1:]))
    for file in files:
        file.close()


main()
