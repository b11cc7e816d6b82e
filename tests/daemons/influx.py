# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes what Icinga 2 sends to an InfluxDB and appends it to a file: the
performance data as Icinga understood it. usage: influx.py PORT FILE"""
import http.server
import sys


class Database(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open(sys.argv[2], "ab") as file:
            file.write(body + b"\n")
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Database).serve_forever()
