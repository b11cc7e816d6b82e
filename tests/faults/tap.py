# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of this folder share: TAP lines, the program, its runs."""

import json
import os
import re
import subprocess
import sys
import time

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
PLUGIN = os.path.abspath(
    os.environ.get("CHECK_TLS_QUEUE", os.path.join(TOP, "build/check_tls_queue")))
UNKNOWN = re.compile(r"TLS QUEUE UNKNOWN - .{8,}")

_count = 0
_failed = 0
_skipped = 0


def check(good, text, *details):
    """One line of TAP; returns whether it is good."""
    global _count, _failed
    _count += 1
    print("%sok %d - %s" % ("" if good else "not ", _count, text), flush=True)
    if not good:
        _failed += 1
        for detail in details:
            for line in str(detail).splitlines() or [""]:
                print("# " + line[:600])
    return good


def skip(text, why):
    global _count, _skipped
    _count += 1
    _skipped += 1
    print("ok %d - %s # SKIP %s" % (_count, text, why), flush=True)


def finish(name, results):
    """The plan; the measured figures into the folder MEASURED, if it is set."""
    print("1..%d" % _count)
    folder = os.environ.get("MEASURED")
    if folder:
        os.makedirs(folder, exist_ok=True)
        results.update(tests=_count, failed=_failed, skipped=_skipped)
        with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as out:
            json.dump(results, out, indent=1, sort_keys=True)
    sys.exit(1 if _failed else 0)


class Run:
    """What a run gave: status (negative: a signal), out, err, seconds."""

    def __init__(self, status, out, err, seconds):
        self.status, self.out, self.err, self.seconds = status, out, err, seconds
        self.file = None

    def __str__(self):
        return "status %s after %.1f s\nout: %s\nerr: %s" % (
            self.status, self.seconds, self.out, self.err)

    def is_unknown(self):
        """Exit 3 with a sentence."""
        return self.status == 3 and bool(
            UNKNOWN.match(self.out) or UNKNOWN.search(self.err))

    def says_unknown(self):
        """The same in the words of any format."""
        return self.is_unknown() or (self.status == 3 and bool(
            re.match(r"UNKNOWN - .{8,}", self.out) or
            re.match(r'\{ "version": 1, "state": "UNKNOWN".*\}$', self.out)))


def text(raw):
    return (raw or b"").decode("utf-8", "replace")


def run(*arguments, env=None, limit=20, program=PLUGIN, **others):
    """Runs the plugin; a run that hangs is killed and has status None."""
    started = time.monotonic()
    others.setdefault("stdin", subprocess.DEVNULL)
    others.setdefault("stdout", subprocess.PIPE)
    others.setdefault("stderr", subprocess.PIPE)
    clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"}
    clean.update(env or {})
    process = subprocess.Popen([program, *arguments], env=clean, **others)
    try:
        out, err = process.communicate(timeout=limit)
        status = process.returncode
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        status = None
    return Run(status, text(out), text(err), time.monotonic() - started)


def has_option(name):
    return re.search(r"--%s\b" % re.escape(name), run("--help").out) is not None


def write(path, content, mode=0o644):
    with open(path, "w", encoding="utf-8") as out:
        out.write(content)
    os.chmod(path, mode)
    return path


def listing(count=3, reason="Server certificate not verified", arrival=1699990000):
    """JSON lines of postqueue; without a reason the mail is just queued."""
    lines = []
    for i in range(count):
        recipient = {"address": "user%d@d%d.example" % (i, i % 3)}
        if reason:
            recipient["delay_reason"] = reason
        lines.append(json.dumps({
            "queue_name": "deferred", "queue_id": "%010X" % (i + 1),
            "arrival_time": arrival, "message_size": 1000 + i,
            "forced_expire": False, "sender": "s@corp.example",
            "recipients": [recipient]}))
    return "".join(line + "\n" for line in lines)
