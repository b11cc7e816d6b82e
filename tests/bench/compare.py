#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands in turn, several times, and prints a Markdown table of their
medians and of their ratios to the first of them, each taken within one turn.
What ran before leaves caches and processors warm or idle: the order is another
one in each turn.

compare.py MEASURE ROUNDS SECONDS [SERVER] <TABLE: a row is "name<tab>command"; a
command with " | " goes to sh, its CPU is that of all of its processes. Commands
that end with a status above 2 are a failure of the whole. There are ROUNDS
turns, and more of them until so many SECONDS have passed.

SERVER is the name of processes that are not the command's own and do a part of
its work: what CPU they took meanwhile is a column, and the last one is the CPU
alone to that of the first command and its servers."""
import glob
import os
import random
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

measure, rounds = sys.argv[1], int(sys.argv[2])
table_seconds = float(sys.argv[3])
server = sys.argv[4] if len(sys.argv) > 4 else None
rows = [line.rstrip("\n").split("\t") for line in sys.stdin if line.strip()]


def is_pipe(command):
    return " | " in command


def server_seconds():
    """CPU that each process with the server's name has taken, by its pid."""
    taken = {}
    for folder in glob.glob("/proc/[0-9]*"):
        try:
            with open(folder + "/comm", encoding="ascii") as comm:
                if comm.read().strip() != server:
                    continue
            with open(folder + "/schedstat", encoding="ascii") as stat:
                taken[folder] = int(stat.read().split()[0]) / 1e9
        except OSError:  # it has ended
            continue
    return taken


def run(command, file):
    """Returns the CPU of the servers meanwhile."""
    before = server_seconds() if server else {}
    words = ["sh", "-c", command] if is_pipe(command) else shlex.split(command)
    status = subprocess.run([measure, file] + words, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL).returncode
    if status > 2:
        sys.exit("exit status %d of %s" % (status, command))
    after = server_seconds() if server else {}
    return sum(taken - before.get(folder, 0)
               for folder, taken in after.items())


def read(file):
    """Turns of (seconds, CPU alone, CPU with children, KiB)."""
    with open(file, encoding="ascii") as lines:
        return [[float(field.replace("-", "nan")) for field in line.split()]
                for line in lines]


def ratio(turns, firsts, column, of):
    """The median of a column to what `of` makes of the first's turn."""
    return statistics.median(turn[column] / of(first)
                             for turn, first in zip(turns, firsts))


def measured():
    """Of each row its turns, with the servers' CPU as the last column."""
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, str(i)) for i in range(len(rows))]
        servers = [[] for _ in rows]
        order = list(zip(rows, files, servers))
        shuffle = random.Random(1).shuffle
        turn, end = 0, time.monotonic() + table_seconds
        while turn < rounds or time.monotonic() < end:
            turn += 1
            shuffle(order)
            for (_, command), file, taken in order:
                taken.append(run(command, file))
        return [[turn + [seconds] for turn, seconds in zip(read(file), taken)]
                for file, taken in zip(files, servers)]


def main():
    results = measured()
    titles = ["what", "wall ms", "CPU ms", "of it alone ms", "peak MiB",
              "wall, ratio", "CPU, ratio", "CPU alone, ratio"]
    if server:
        titles += ["%s ms" % server, "CPU alone, to both"]
    print("| " + " | ".join(titles) + " |")
    print("|---" + "|--:" * (len(titles) - 1) + "|")
    for (name, command), turns in zip(rows, results):
        first = results[0]
        wall, alone, cpu, peak, served = (statistics.median(column)
                                          for column in zip(*turns))
        pipe = is_pipe(command)
        cells = [name, "%.1f" % (wall * 1e3), "%.1f" % (cpu * 1e3),
                 "-" if pipe else "%.1f" % (alone * 1e3),
                 "%.1f" % (peak / 1024),
                 "%.3g" % ratio(turns, first, 0, lambda turn: turn[0]),
                 "%.3g" % ratio(turns, first, 2, lambda turn: turn[2]),
                 "-" if pipe else
                 "%.3g" % ratio(turns, first, 1, lambda turn: turn[2])]
        if server:
            cells += ["%.1f" % (served * 1e3), "-" if pipe else "%.3g" % ratio(
                turns, first, 1, lambda turn: turn[2] + turn[4])]
        print("| " + " | ".join(cells) + " |")


main()
