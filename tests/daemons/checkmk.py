# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads one line of an agent's section as Checkmk does and prints it as JSON:
state, service, metrics and text. usage: checkmk.py local|mrpe <LINE

local: STATE "SERVICE" METRICS TEXT; metrics are divided by |, and a number may
have a unit; a literal \\n in the text is a line break.
mrpe:  (COMMAND) SERVICE STATE OUTPUT, with the character 1 for line breaks; what
follows the first | of a line is split at blanks, before any quotes, and only
the end of a range counts."""
import json
import re
import sys
import urllib.parse

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*$")


def number(text):
    """The longest start of text that is a number."""
    for end in range(len(text), 0, -1):
        try:
            return float(text[:end])
        except ValueError:
            pass
    raise SystemExit("no number: %r" % text)


def level(text):
    try:
        return float(text)
    except ValueError:
        return None


def metric(item):
    name, equals, values = item.partition("=")
    if not equals or not NAME.match(name) or values.startswith("U"):
        raise SystemExit("no metric: %r" % item)
    value, *levels = values.split(";")
    levels = [level(text.split(":")[-1]) for text in levels]
    return name, [number(value)] + (levels + [None] * 4)[:4]


def read_local(line):
    parts = re.match(r"([0-3]) (\"[^\"']+\"|[^ \"']+) ([^ ]+) +(.*)$", line)
    if not parts:
        raise SystemExit("no local check: %r" % line)
    state, service, metrics, text = parts.groups()
    items = [] if metrics == "-" else metrics.split("|")
    return {
        "state": int(state),
        "service": service.strip('"'),
        "metrics": dict(metric(item) for item in items),
        "text": text.replace("\\n", "\n").split("\n"),
    }


def read_mrpe(line):
    _, service, state, output = line.split(" ", 3)
    text, metrics = [], []
    for part in output.split("\1"):
        words, _, data = part.partition("|")
        text.append(words.strip())
        metrics += data.split()
    return {
        "state": int(state),
        "service": urllib.parse.unquote(service),
        "metrics": dict(metric(item) for item in metrics),
        "text": text,
    }


lines = sys.stdin.read().rstrip("\n").split("\n")
if len(lines) != 1:
    raise SystemExit("%d lines instead of 1" % len(lines))
read = read_local if sys.argv[1] == "local" else read_mrpe
print(json.dumps(read(lines[0])))
