# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds and dictionaries of the fuzz targets, made from the test data, the
sources' own tables and the captured listings: nothing is kept twice.
"""

import glob
import json
import os
import re

NOW = 1700000000


def read(path):
    with open(path, "rb") as file:
        return file.read()


def reasons():
    """(cause, reason) of the classifier's specification."""
    rows = read("tests/data/reasons.tsv").decode().splitlines()[1:]
    return [tuple(row.split("\t")[:2]) for row in rows if "\t" in row]


def quoted(paths):
    """The string literals of some sources, those of several lines joined."""
    found = []
    for path in paths:
        text = re.sub(r'"\s*\n\s*"', "", read(path).decode())
        found += re.findall(r'"((?:[^"\\\n]|\\.)+)"', text)
    return found


def listings():
    """Every listing in the test data, by what it looks like."""
    rows = {"json": [], "text": []}
    for path in sorted(glob.glob("tests/cases/*.in") +
                       glob.glob("tests/data/**/*", recursive=True)):
        if not os.path.isfile(path) or path.endswith((".tsv", ".rules", ".log", ".ini")):
            continue
        data = read(path)
        if len(data) > 64 << 10:
            continue
        rows["json" if data.lstrip()[:1] in (b"{", b"[") else "text"].append(data)
    return rows


def message(number, reason, **more):
    """A line in the exact form of postqueue -j."""
    recipient = {"address": "u%d@d%d.example" % (number, number % 7)}
    if reason is not None:
        recipient["delay_reason"] = reason
    row = {"queue_name": "deferred", "queue_id": "%X" % (number + 0xA0000),
           "arrival_time": NOW - 60 * number, "message_size": 1000 + number,
           "forced_expire": False, "sender": "s@corp.example", "recipients": [recipient]}
    row.update(more)
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def exact_seeds():
    """Forms that the exact reader takes, and near misses of them."""
    good = message(1, "Server certificate not verified")
    yield good
    yield message(2, None, recipients=[])
    yield message(3, 'a \\ "b" \t\n\u00e9\u202e')
    yield good.replace(b', "forced_expire": false', b"")
    yield good.replace(b'"address"', b'"orig_address": "o@x.example", "address"')
    for kind in (b"bounce_reason", b"other_reason", b"new_reason"):
        yield good.replace(b"delay_reason", kind)
    for one, other in ((b"true", b"null"), (b"1001", b"01001"), (b"1001", b"1e3"),
                       (b"1001", b"-1"), (b"1001", b"9999999999999999"), (b": ", b":"),
                       (b'"recipients"', b'"recipients2"'), (b"not", b"\\u006eot"),
                       (b"not", b"\\u0000"), (b"not", b"\xff\xfe"), (b"}]}", b"}]} x"),
                       (b"}]}", b"}"), (b"deferred", b"corrupt"), (b"{", b" {")):
        yield good.replace(one, other)


def whole_seeds():
    every = b"".join(message(i, reason) for i, (_, reason) in enumerate(reasons()))
    twice = message(5, "TLS is required, but unavailable", queue_name="active") + \
        message(5, "Cannot start TLS: handshake failure")
    rows = listings()
    for bits in (0, 1 << 1, 1 << 7, 0x103, 0x47, 0x5555, 0xAAAA & ~(1 << 15), 1 << 12, 7 << 12):
        for body in (every[:20000], twice, *rows["json"][:6], *rows["text"][:12], b""):
            yield bytes((bits >> 8, bits & 255)) + body


def showq_seeds():
    def attributes(*words):
        return b"".join(word.encode() + b"\0" for word in words)
    head = attributes("queue_name", "deferred", "queue_id", "ABC", "time", "1699990000",
                      "size", "512")
    person = attributes("recipient", "u@d.example", "reason",
                        "Server certificate not verified")
    new = attributes("original_recipient", "o@d.example", "recipient", "u@d.example",
                     "log_class", "defer", "reason", "Server certificate not verified")
    hello = attributes("protocol", "mail_queue_list_protocol") + b"\0"
    for greeting in (b"", hello, attributes("protocol", "other") + b"\0"):
        for expire in (b"", attributes("forced_expire", "0")):
            for people in (b"", person, person + person, new, new[:30]):
                sender = attributes("sender", "s@corp.example")
                yield greeting + head + expire + sender + people + b"\0\0"
    yield hello + b"\0"
    yield b"Mail queue is empty\n"


def log_seeds():
    start = b"Nov 14 22:13:20 mx postfix/smtp[1]: "
    lines = [text.encode() for text in quoted(sorted(glob.glob("plugins/tls/mail_log*.c")))
             if " " in text]
    relay = (b"ABC123: to=<u@d.example>, relay=mx.d.example[192.0.2.1]:25, delay=1, "
             b"delays=0/0/1/0, dsn=4.7.5, status=deferred (Server certificate not verified)")
    certificate = (b"certificate verification failed for mx.d.example[192.0.2.1]:25: "
                   b"untrusted issuer /CN=x")
    yield start + certificate + b"\n" + start + relay + b"\n"
    yield b"2023-11-14T22:13:20.123456+01:00 mx " + start[20:] + certificate + b"\n"
    for line in lines[:200]:
        yield start + line + b"\n" + start + relay + b"\n"
    for path in sorted(glob.glob("tests/data/**/*.log", recursive=True)):
        yield read(path)[:65536]


def rules_seeds():
    for path in sorted(glob.glob("tests/data/*.rules")):
        yield read(path)
        yield read(path) + b"\n" + "\n".join(r for _, r in reasons()[:40]).encode()
    yield b"custom (a+)+$\n\n" + b"a" * 60 + b"!\n"
    yield b"ignore (?i)^tls\nnot_offered \\bx\\K.*(?R)?\n\nTLS x\n"
    yield b"custom (*LIMIT_MATCH=1)(*UTF)\\p{L}+\n\n\xff\xc3\xa9\n"


def range_seeds():
    for text in ("10 10: ~:10 10:20 @10:20 @~:0 : @ 1.5:2.5 -5:-1 1e3 0x10 inf nan "
                 "messages=5 age=4h age=1.5d:2d age=@~:90s percent=50.55 custom=0 "
                 "unclassified=0 recipients=~: 999999999999929 1000000000000001 4h 30m 0s "
                 "WARNING 3 +5 5. .5 --5 20:10").split():
        yield text.encode()


def option_seeds():
    for path in sorted(glob.glob("tests/cases/*.args")):
        yield read(path).strip().replace(b" ", b"\n")
    for word in quoted(["plugins/options.c"]):
        if re.fullmatch(r"[a-z][a-z-]+", word):
            yield b"--" + word.encode()
            yield b"--" + word.encode() + b"=x"


def ini_seeds():
    yield b"[check_tls_queue]\nwarning=5\ncritical = age=4h ; a comment\n# x\nv\n"
    yield b"\xef\xbb\xbf[other]\nx=y\n[check_tls_queue]\nw=1\n  continued\nhelp\n"
    yield b"x=1\n[check_tls_queue\n"
    yield b"[check_tls_queue]\n" + b"a" * 300 + b"=1\n"
    for path in sorted(glob.glob("tests/data/**/*.ini", recursive=True)):
        yield read(path)


def seeds():
    """The seeds of each target."""
    rows = listings()
    sendmail = (b"\t\t/var/spool/mqueue (1 request)\n"
                b"-----Q-ID----- --Size-- -----Q-Time----- ------------Sender/Recipient-----\n"
                b"u8T9idh4006507       27 Tue Nov 14 05:44 <u@x.example>\n"
                b"                 (Deferred: 403 4.7.0 TLS handshake failed.)\n"
                b"\t\t\t\t\t <r@x.example>\n\t\tTotal requests: 1\n")
    smtpd = (b"1234567890abcdef|local|mta|auth|s@x.example|r@x.example|r@x.example|"
             b"1699990000|1700400000|1699999000|3|pending|600|"
             b"TLS required but not supported by remote host\n")
    return {
        "json": rows["json"] + list(exact_seeds()) + rows["text"][:2],
        "mailq": rows["text"] + [b"Mail queue is empty\n"] + rows["json"][:2],
        "sendmail": rows["text"] + [sendmail],
        "opensmtpd": rows["text"] + [smtpd, smtpd.replace(b"3|", b"|")],
        "showq": list(showq_seeds()),
        "cause": [reason.encode() for _, reason in reasons()],
        "rules": list(rules_seeds()),
        "range": list(range_seeds()),
        "options": list(option_seeds()),
        "extra_opts": list(ini_seeds()),
        "mail_log": list(log_seeds()),
        "whole": list(whole_seeds()),
    }


def dictionary():
    """Words that belong to the formats, from the sources that know them."""
    words = set(quoted(sorted(glob.glob("plugins/tls/cause.c") + glob.glob("plugins/tls/reply*.c") +
                              glob.glob("plugins/tls/wording.c") +
                              glob.glob("plugins/queue/*.c") +
                              glob.glob("plugins/tls/mail_log*.c") +
                              ["plugins/options.c", "common/duration.c"])))
    for text in list(words):
        words |= set(re.findall(r"[A-Za-z_]{3,}", text))
    words |= {"[OK]", "\\xe2\\x80\\xae", "\\x00", "\\x1b[31m", "}, {", "]}", '\\"',
              "(reason unavailable)", "-- 2 Kbytes in 2 Requests.", "Tue Nov 14 22:13:20",
              "delivery temporarily suspended: "}
    lines = []
    for word in sorted(words):
        if not 1 < len(word) < 64 or "%" in word or not word.isascii():
            continue
        if re.search(r'\\(?![\\"]|x[0-9a-f]{2})', word):
            continue
        lines.append('"%s"' % word)
    return "\n".join(lines) + "\n"


def write_all(folder):
    """FOLDER/TARGET/N for each seed, FOLDER/dictionary."""
    for target, rows in seeds().items():
        place = os.path.join(folder, target)
        os.makedirs(place, exist_ok=True)
        for number, data in enumerate(rows):
            with open(os.path.join(place, "%04d" % number), "wb") as out:
                out.write(data)
    with open(os.path.join(folder, "dictionary"), "w", encoding="ascii") as out:
        out.write(dictionary())
