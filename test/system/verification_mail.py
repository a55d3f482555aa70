#!/usr/bin/python3
"""Verification mails as they arrive at a real SMTP server (Debian's aiosmtpd)."""

import re
import sys
import time
import uuid

from harness import equal, expect, free_port, run_in_a_shop, test
from mail_sink import Sink

RETRY_SECONDS = 120


sink = Sink(free_port())


def new_address(shop):
    address = f"{uuid.uuid4().hex}@example.com"
    shop.client.post("/contacts", {"email": address}).data
    return address


def send(shop, address):
    return shop.client.post("/contact-verification/send", {"email": address})


def verify(shop, address, code):
    return shop.client.post("/contact-verification/verify", {"email": address, "code": code})


def code_of(message):
    # Six digits that stand alone: the link's token may hold six of its own.
    codes = re.findall(r"(?<![\w=-])\d{6}(?![\w=-])", message.get_body(("plain",)).get_content())
    equal(len(set(codes)), 1, "the number of codes in the mail")
    return codes[0]


@test
def a_mail_arrives_with_a_code_and_a_link(piggy, shop):
    address = new_address(shop)
    equal(send(shop, address).data["type"], "success", "the type")
    message = sink.wait_for(address)
    equal(message["To"].addresses[0].addr_spec, address, "the recipient")
    for header in ("From", "Subject", "Date", "Message-ID"):
        expect(message[header], f"the mail has no {header}")
    code_of(message)
    expect(re.search(r"https?://\S+", message.get_body(("plain",)).get_content()), "no link")


@test
def the_code_signs_in_once(piggy, shop):
    address = new_address(shop)
    send(shop, address).data
    code = code_of(sink.wait_for(address))
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    verify(shop, address, wrong).refused(400, 13010)
    verify(shop, new_address(shop), code).refused(400, 13010)
    contact = shop.client.get("/contacts/find-one-by", email=address).data["uuid"]
    equal(verify(shop, address, code).data["uuid"], contact, "who signed in")
    verify(shop, address, code).refused(400, 13010)


@test
def codes_cannot_be_guessed_by_trying(piggy, shop):
    address = new_address(shop)
    send(shop, address).data
    code = code_of(sink.wait_for(address))
    for number in range(50):
        verify(shop, address, f"{(int(code) + 1 + number) % 1_000_000:06}")
    expect(verify(shop, address, code).status >= 400, "the code still works after 50 wrong ones")


@test
def unknown_and_impossible_addresses_are_refused(piggy, shop):
    send(shop, f"{uuid.uuid4().hex}@example.com").refused(400, 55031)
    for address in ("", "nobody", "a@b\r\nBcc: c@example.com", "a b@example.com", "@", "a@"):
        error = send(shop, address).refused(400)
        expect(error["code"] in (1003, 55031), f"{address!r}: {error}")


@test
def one_address_is_not_flooded(piggy, shop):
    address = new_address(shop)
    answers = [send(shop, address) for _ in range(20)]
    refused = [answer for answer in answers if answer.status == 429]
    expect(refused, "twenty mails in a row were accepted")
    expect("retry-after" in refused[0].headers, "no advice when to retry")
    sink.wait_for(address)
    time.sleep(1)
    equal(len(sink.to(address)), len(answers) - len(refused), "the number of mails")
    other = new_address(shop)
    equal(send(shop, other).status, 200, "the status for another address")


@test
def a_refused_recipient_holds_up_nobody(piggy, shop):
    bad, good = new_address(shop), new_address(shop)
    sink.refused.add(bad)
    send(shop, bad).data
    send(shop, good).data
    sink.wait_for(good)
    equal(sink.to(bad), [], "mails to the refused address")


@test
def a_mail_waits_for_a_server_that_is_down(piggy, shop):
    address = new_address(shop)
    sink.stop()
    try:
        equal(send(shop, address).status, 200, "the status")
        time.sleep(2)
    finally:
        sink.start()
    sink.wait_for(address, RETRY_SECONDS)
    equal(len(sink.to(address)), 1, "the number of mails")


@test
def a_mail_survives_a_crash(piggy, shop):
    address = new_address(shop)
    sink.stop()
    try:
        send(shop, address).data
        piggy.kill()
    finally:
        sink.start()
    piggy.start()
    shop.client.close()
    sink.wait_for(address, RETRY_SECONDS)


def main():
    sink.start()
    try:
        settings = {"PIGGY_SMTP_URL": f"smtp://127.0.0.1:{sink.port}",
                    "PIGGY_MAIL_FROM": "shop@example.com"}
        return run_in_a_shop(environment=settings)
    finally:
        sink.stop()


if __name__ == "__main__":
    sys.exit(main())
