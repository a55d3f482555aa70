"""A real SMTP server that keeps what it is given (Debian's aiosmtpd)."""

import email
import email.policy
import threading
import time

from aiosmtpd.controller import Controller

from harness import expect

ARRIVAL_SECONDS = 15


class Sink:
    """Takes every message, except for recipients it was told to refuse."""

    def __init__(self, port):
        self.messages = []
        self.refused = set()
        self.lock = threading.Lock()
        self.port = port
        self.controller = None

    def start(self):
        """Also again after a stop, which a Controller cannot do."""
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        if self.controller:
            self.controller.stop()
            self.controller = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self.lock:
            self.messages.append((list(envelope.rcpt_tos), message))
        return "250 OK"

    def to(self, address):
        with self.lock:
            return [message for recipients, message in self.messages if recipients == [address]]

    def wait_for(self, address, seconds=ARRIVAL_SECONDS):
        deadline = time.monotonic() + seconds
        while not (found := self.to(address)):
            expect(time.monotonic() < deadline, f"no mail to {address} within {seconds} s")
            time.sleep(0.05)
        return found[-1]
