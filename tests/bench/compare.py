#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands in turn, several times, and prints a Markdown table of their
medians and of their ratios to the first of them, each taken within one turn.

compare.py MEASURE ROUNDS <TABLE: a row is "name<tab>command"; a command with
" | " goes to sh, its CPU is that of all of its processes. Commands that end
with a status above 2 are a failure of the whole."""
import os
import shlex
import statistics
import subprocess
import sys
import tempfile

measure, rounds = sys.argv[1], int(sys.argv[2])
rows = [line.rstrip("\n").split("\t") for line in sys.stdin if line.strip()]


def is_pipe(command):
    return " | " in command


def run(command, file):
    words = ["sh", "-c", command] if is_pipe(command) else shlex.split(command)
    status = subprocess.run([measure, file] + words, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL).returncode
    if status > 2:
        sys.exit("exit status %d of %s" % (status, command))


def read(file):
    """Turns of (seconds, CPU alone, CPU with children, KiB)."""
    with open(file, encoding="ascii") as lines:
        return [[float(field.replace("-", "nan")) for field in line.split()]
                for line in lines]


def main():
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, str(i)) for i in range(len(rows))]
        for _ in range(rounds):
            for (_, command), file in zip(rows, files):
                run(command, file)
        results = [read(file) for file in files]
    print("| what | wall ms | CPU ms | of it alone ms | peak MiB | "
          "wall, ratio | CPU, ratio | CPU alone, ratio |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for (name, command), result in zip(rows, results):
        wall, alone, cpu, peak = (statistics.median(column)
                                  for column in zip(*result))
        ratios = [statistics.median(own[i] / first[j] for own, first
                                    in zip(result, results[0]))
                  for i, j in ((0, 0), (2, 2), (1, 2))]
        print("| %s | %.1f | %.1f | %s | %.1f | %.3g | %.3g | %s |" % (
            name, wall * 1e3, cpu * 1e3,
            "-" if is_pipe(command) else "%.1f" % (alone * 1e3), peak / 1024,
            ratios[0], ratios[1],
            "-" if is_pipe(command) else "%.3g" % ratios[2]))


main()
