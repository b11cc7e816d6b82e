#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""SMTP servers that do what a real Postfix can't be made to do.

receivers.py RECEIVERS READY: listens on port 25 of each "scripted" row of
RECEIVERS, behaves as the row's setting says, and makes the file READY once all
of them listen. No server ever takes a message.
"""

import socketserver
import sys
import time

from serving import serve

# What a monitoring system, a browser, a shell or a terminal would act upon.
# Postfix itself turns the control characters into question marks.
HOSTILE = (
    "no | x=1;0;0 <script>alert(1)</script> $(id) `id` [CRITICAL] "
    "\x1b[31m \u202e reversed"
).encode()


class Session(socketserver.StreamRequestHandler):
    """One connection: offers STARTTLS, then refuses all that it is asked."""

    greeting = b"220 scripted ESMTP"
    extensions = (b"STARTTLS",)
    mail = b"250 2.1.0 Ok"
    recipient = b"451 4.3.0 Try again later"

    def reply(self, *lines):
        self.wfile.write(b"".join(line + b"\r\n" for line in lines))

    def handle(self):
        try:
            self.reply(self.greeting)
            for line in self.rfile:
                verb = line.split(b":")[0].strip().split(b" ")[0].upper()
                if not self.answer(verb):
                    break
        except ConnectionError:
            pass

    def answer(self, verb):
        """Answers one command; false when the connection is to end."""
        if verb in (b"EHLO", b"HELO"):
            return self.ehlo()
        if verb == b"STARTTLS":
            return self.starttls()
        if verb == b"QUIT":
            self.reply(b"221 2.0.0 Bye")
            return False
        if verb == b"MAIL":
            self.reply(self.mail)
        elif verb == b"RCPT":
            self.reply(self.recipient)
        else:
            self.reply(b"250 2.0.0 Ok")
        return True

    def ehlo(self):
        names = (b"scripted",) + self.extensions
        for name in names[:-1]:
            self.reply(b"250-" + name)
        self.reply(b"250 " + names[-1])
        return True

    def starttls(self):
        self.reply(b"454 4.7.0 TLS not available")
        return True


class HangUpOnStarttls(Session):
    def starttls(self):
        return False


class NoAnswerToStarttls(Session):
    def starttls(self):
        self.rfile.read()
        return False


class DropTheHandshake(Session):
    def starttls(self):
        self.reply(b"220 2.0.0 Ready to start TLS")
        self.connection.recv(1)
        return False


class RefuseStarttlsWithHostileText(Session):
    def starttls(self):
        self.reply(b"454-4.7.0 " + HOSTILE, b"454 4.7.0 TLS is off today")
        return True


class QuoteTlsFailures(Session):
    extensions = (b"8BITMIME",)
    recipient = (
        b"451 4.7.5 TLS is required, but was not offered by host "
        b"inner.example[192.0.2.1]: Server certificate not trusted"
    )


class DemandTlsOfBulkSenders(Session):
    extensions = (b"8BITMIME",)

    def answer(self, verb):
        if verb == b"MAIL":
            self.reply(
                b"421-4.7.29 Your email has been rate limited because this "
                b"message wasn't sent",
                b"421-4.7.29 over a TLS connection. We require all bulk email "
                b"senders",
                b"421 4.7.29 to use TLS/SSL for SMTP connections.",
            )
            return False
        return super().answer(verb)


class ReportAFailedNextHop(Session):
    extensions = (b"8BITMIME",)
    recipient = (
        b"450 4.7.323 tlsa-invalid: The domain failed DANE validation."
    )


class GreetWithATlsFailure(Session):
    greeting = b"421 4.7.0 TLS handshake failed"


class HangUpOnEhlo(Session):
    def ehlo(self):
        return False


class OfferNoStarttlsSlowly(Session):
    """Slow enough for bulk mail to pile up before the first failure."""

    extensions = (b"8BITMIME",)

    def ehlo(self):
        time.sleep(2)
        return super().ehlo()


BEHAVIOURS = {
    "hang_up_on_starttls": HangUpOnStarttls,
    "no_answer_to_starttls": NoAnswerToStarttls,
    "drop_the_handshake": DropTheHandshake,
    "refuse_starttls_with_hostile_text": RefuseStarttlsWithHostileText,
    "quote_tls_failures": QuoteTlsFailures,
    "demand_tls_of_bulk_senders": DemandTlsOfBulkSenders,
    "report_a_failed_next_hop": ReportAFailedNextHop,
    "greet_with_a_tls_failure": GreetWithATlsFailure,
    "hang_up_on_ehlo": HangUpOnEhlo,
    "offer_no_starttls_slowly": OfferNoStarttlsSlowly,
}


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


def main(receivers, ready):
    servers = []
    with open(receivers, encoding="utf-8") as table:
        for line in table:
            if line.startswith("#"):
                continue
            _, address, kind, setting = line.rstrip("\n").split("\t")
            if kind == "scripted":
                servers.append(Server((address, 25), BEHAVIOURS[setting]))
    serve(servers, ready)


if __name__ == "__main__":
    main(*sys.argv[1:])
