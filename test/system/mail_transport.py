#!/usr/bin/python3
"""How mails leave: signed, over few connections, and neither lost nor doubled by a mail server's moods.
The server is Debian's aiosmtpd, the verifier of signatures Debian's dkimpy."""

import email
import email.policy
import re
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from pathlib import Path

import dkim
from aiosmtpd.controller import Controller

from harness import PROGRAM, equal, expect, free_port, run_in_a_shop, test

MAILS = 200
CONNECTIONS = 2
ARRIVAL_SECONDS = 60
DOMAIN, SELECTOR = "example.com", "loyal"


class Sink:
    """Takes every message; what it answers to single recipients can be told beforehand."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sessions, self.messages, self.moods, self.tries = set(), [], {}, Counter()
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_RCPT(self, server, session, envelope, address, options):
        with self.lock:
            self.sessions.add(session.peer)
            self.tries[address] += 1
            mood = self.moods.get(address, [])
            said = mood.pop(0) if mood and mood[0] != "cut" else None
        if said:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        address = envelope.rcpt_tos[0]
        with self.lock:
            self.messages.append((address, envelope.original_content))
            cut = self.moods.get(address) == ["cut"]
            if cut:
                self.moods[address] = []
        if cut:  # It has the mail, and says nothing.
            server.transport.abort()
        return "250 2.0.0 OK"

    def to(self, address):
        with self.lock:
            return [content for recipient, content in self.messages if recipient == address]

    def wait_for(self, addresses, count=1):
        deadline = time.monotonic() + ARRIVAL_SECONDS
        while missing := [address for address in addresses if len(self.to(address)) < count]:
            expect(time.monotonic() < deadline, f"{len(missing)} mails did not arrive in time")
            time.sleep(0.05)


sink = Sink()
record = {}  # What the DNS would say.


def make_key(directory, *flags):
    file = Path(directory) / f"{uuid.uuid4().hex}.pem"
    done = subprocess.run([PROGRAM, "dkim", "make", "--domain", DOMAIN, "--selector", SELECTOR, *flags, file],
                          capture_output=True, text=True, check=True, timeout=30)
    name, _, value = done.stdout.splitlines()[0].partition(" IN TXT ")
    return file, name, "".join(re.findall(r'"([^"]*)"', value)), done.stdout


def new_address(shop):
    address = f"{uuid.uuid4().hex}@example.com"
    shop.client.post("/contacts", {"email": address}).data
    return address


def ask_for_mail(shop, address):
    shop.client.post("/contact-verification/send", {"email": address}).data


def check_signature(content):
    verified = dkim.verify(content, dnsfunc=lambda name, timeout=5: record.get(name.decode()))
    expect(verified, f"the signature does not verify: {content[:600]!r}")


@test
def two_hundred_mails_travel_over_few_connections_whole_and_signed(piggy, shop):
    addresses = [new_address(shop) for _ in range(MAILS)]
    sink.sessions.clear()
    for address in addresses:
        ask_for_mail(shop, address)
    sink.wait_for(addresses)
    for address in addresses:
        (content,) = sink.to(address)
        check_signature(content)
        message = email.message_from_bytes(content, policy=email.policy.default)
        equal(message["To"].addresses[0].addr_spec, address, "the recipient")
        expect(re.search(r"\d{6}", message.get_body(("plain",)).get_content()), "no code in the mail")
    expect(len(sink.sessions) <= CONNECTIONS, f"{len(sink.sessions)} connections for {MAILS} mails")


@test
def a_mail_that_was_changed_does_not_verify(piggy, shop):
    address = new_address(shop)
    ask_for_mail(shop, address)
    sink.wait_for([address])
    (content,) = sink.to(address)
    changed = content.replace(b"\r\nSubject: ", b"\r\nSubject: Not ", 1)
    for other in (changed, content.replace(b"\r\nTo: ", b"\r\nFrom: eve@example.com\r\nTo: ", 1), content + b"x\r\n"):
        expect(not dkim.verify(other, dnsfunc=lambda name, timeout=5: record.get(name.decode())),
               "a changed mail verifies")


@test
def a_mail_that_is_refused_for_now_arrives_once(piggy, shop):
    address = new_address(shop)
    sink.moods[address] = ["451 4.3.0 Later"]
    ask_for_mail(shop, address)
    sink.wait_for([address])
    equal(len(sink.to(address)), 1, "the number of mails")
    equal(sink.tries[address], 2, "how often it was tried")


@test
def a_refusal_for_good_holds_up_nobody(piggy, shop):
    bad, good = new_address(shop), new_address(shop)
    sink.moods[bad] = ["550 5.1.1 No such mailbox"] * 100
    ask_for_mail(shop, bad)
    ask_for_mail(shop, good)
    sink.wait_for([good])
    equal(sink.to(bad), [], "mails to the refused address")


@test
def a_mail_without_an_answer_comes_again_as_the_same(piggy, shop):
    address = new_address(shop)
    sink.moods[address] = ["cut"]
    ask_for_mail(shop, address)
    sink.wait_for([address], 2)
    ids = {email.message_from_bytes(content)["Message-ID"] for content in sink.to(address)}
    equal(len(ids), 1, "the number of Message-IDs")


@test
def keys_of_both_kinds_are_made_and_never_overwritten(piggy, shop):
    for flags, kind in (((), "rsa"), (("--ed25519",), "ed25519")):
        file, name, value, said = make_key(piggy.directory, *flags)
        equal(name, f"{SELECTOR}._domainkey.{DOMAIN}.", "where the record stands")
        expect(f"k={kind};" in value, f"the record is {value}")
        equal(file.stat().st_mode & 0o777, 0o600, "who may read the key")
        expect(f'dkim_key_file = "{file}"' in said, "the settings are not told")
        again = subprocess.run([PROGRAM, "dkim", "make", "--domain", DOMAIN, file], capture_output=True, text=True)
        expect(again.returncode == 1 and "there already" in again.stderr, "a key was overwritten")


@test
def a_key_that_cannot_be_used_stops_the_start(piggy, shop):
    done = subprocess.run([PROGRAM, "serve", "--data", piggy.directory / "other", "--dkim-domain", DOMAIN,
                           "--listen", f"127.0.0.1:{free_port()}"], capture_output=True, text=True, timeout=30)
    expect(done.returncode != 0, "it starts")
    expect("selector" in done.stderr and "key" in done.stderr, f"it says only: {done.stderr}")


def main():
    with tempfile.TemporaryDirectory(prefix="piggy-dkim-", dir="/var/tmp") as directory:
        file, name, value, _ = make_key(directory)
        record[name] = value.encode()
        sink.controller.start()
        try:
            return run_in_a_shop(environment={
                "PIGGY_SMTP_URL": f"smtp://127.0.0.1:{sink.controller.port}",
                "PIGGY_SMTP_CONNECTIONS": str(CONNECTIONS), "PIGGY_MAIL_FROM": f"shop@{DOMAIN}",
                "PIGGY_DKIM_DOMAIN": DOMAIN, "PIGGY_DKIM_SELECTOR": SELECTOR, "PIGGY_DKIM_KEY_FILE": str(file)})
        finally:
            sink.controller.stop()


if __name__ == "__main__":
    sys.exit(main())
