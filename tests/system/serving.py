# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers of socketserver side by side, for the scripted ones of the lab."""
import threading


def serve(servers, ready):
    """Runs them all without end; the file `ready` says that they listen."""
    threads = [threading.Thread(target=server.serve_forever)
               for server in servers]
    for thread in threads:
        thread.start()
    with open(ready, "w", encoding="utf-8"):
        pass
    for thread in threads:
        thread.join()
