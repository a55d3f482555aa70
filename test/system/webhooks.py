#!/usr/bin/python3
"""Webhooks of a piggy that runs, to receivers of which each is bad in its own way.

Time is the sandbox's, so that pauses of hours pass at once. Signatures are checked with Python's own
hmac, and by the standard's own library.
"""

import base64
import hashlib
import hmac
import http.server
import json
import secrets
import sys
import threading
import time
import traceback
import uuid
from datetime import datetime, timedelta, timezone

from contract import LocalConnection
from harness import Client, Piggy, equal, expect, finish, run, test, wait_until
from office import Office, new_account
from proving import proved

PAUSES = (10, 60, 300, 1800, 7200)


class Receiver(http.server.ThreadingHTTPServer):
    """Where webhooks arrive. What it answers is said beforehand: a status, or what does it."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *answers, port=0):
        super().__init__(("127.0.0.1", port), Answer)
        self.answers, self.heard = list(answers), []
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_port}/hook?shop=1"

    def close(self):
        self.shutdown()
        self.server_close()

    def handle_error(self, *_):
        pass  # Those who hang up on it are meant to.


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.heard.append({"headers": headers, "body": body, "path": self.path})
        answer = self.server.answers.pop(0) if self.server.answers else 200
        if callable(answer):
            answer(self)
        else:
            self.say(answer)

    def say(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Desk:
    """The office with what is done to webhooks there."""

    def __init__(self, office):
        self.office, self.boss, self.client = office, office.boss, office.shop.client
        self.ahead = 0  # How far its clock is by now, in seconds.
        self.owner = Client(office.piggy.port)
        self.owner.connection = LocalConnection(office.piggy.data / "piggy.sock")

    def subscribe(self, receiver, event="contact_created", **others):
        given = {"name": f"Ours {uuid.uuid4().hex[:6]}", "event_type": event, "url": receiver.url}
        answer = self.client.call("POST", "/webhook-subscriptions", given | others)
        equal(answer.status, 201, "the status")
        return answer.data["uuid"]

    def contact(self):
        return self.office.shop.new_contact()

    def deliveries(self, subscription, **others):
        more = "".join(f"&{name}={value}" for name, value in others.items())
        return self.boss.get(f"/webhook-deliveries?subscription_uuid={subscription}{more}")["deliveries"]

    def until(self, subscription, state, count=1):
        """The deliveries, once so many of them are in this state."""
        wait_until(lambda: len(self.deliveries(subscription, state=state)) == count,
                   f"{count} that are {state}: {self.deliveries(subscription)}")
        return self.deliveries(subscription, state=state)

    def attempted(self, subscription, attempts):
        wait_until(lambda: [one["attempts"] for one in self.deliveries(subscription)] == [attempts],
                   f"attempt {attempts}: {self.deliveries(subscription)}")
        return self.deliveries(subscription)[0]

    def pass_time(self, seconds):
        self.ahead += seconds
        self.owner.call("POST", "//platform/clock", {"to": told(now() + timedelta(seconds=self.ahead))}).data

    def end(self, subscription):
        self.client.call("DELETE", f"/webhook-subscriptions/{subscription}").data


def now():
    return datetime.now(timezone.utc)


def told(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def signed(secret, heard):
    """As the v3 wire says, by an implementation that is not ours."""
    wanted = hmac.new(secret.encode(), heard["body"], hashlib.sha256).hexdigest()
    return heard["headers"]["signature"] == wanted


@test
def a_delivery_is_signed_as_the_wire_and_as_the_standard_say(desk):
    receiver = Receiver()
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    subscription = desk.subscribe(receiver, secret=secret)
    contact = desk.contact()
    [delivery] = desk.until(subscription, "delivered")
    [heard] = receiver.heard
    equal(heard["path"], "/hook?shop=1", "the path")
    equal(heard["headers"]["content-type"], "application/json", "the type")
    body = json.loads(heard["body"])
    equal((body["type"], body["data"]["contact"]["uuid"]), ("contact_created", contact), "the body")
    expect(signed(secret, heard), "the signature is another one")
    equal(heard["headers"]["webhook-id"], "msg_" + delivery["uuid"], "the id")
    proved("webhook", secret, given=json.dumps(heard | {"body": heard["body"].decode()}))
    # A secret that is none of the standard's signs as well.
    plain = desk.subscribe(receiver, secret="sésame/ouvre-toi")
    desk.client.post("/contacts", {"email": f"zoë-{uuid.uuid4().hex[:6]}@example.com"}).data
    desk.until(plain, "delivered")
    expect(any(signed("sésame/ouvre-toi", one) for one in receiver.heard[1:]), "no such signature")
    expect(all(one["body"].isascii() for one in receiver.heard), "a body is not ASCII")
    desk.end(subscription)
    desk.end(plain)


@test
def the_wire_keeps_names_and_addresses_and_never_shows_a_secret(desk):
    receiver = Receiver()
    answer = desk.client.call("POST", "/webhook-subscriptions", {
        "name": "WordPress: vouchers", "event_type": "contact_updated", "url": receiver.url,
        "secret": "never again", "status": "ACTIVE", "attributes": ["email", "firstname", "lastname"]})
    made = answer.data
    equal(sorted(made), ["created_at", "event_type", "name", "properties", "status", "url", "uuid",
                         "version"], "the members")
    listed = desk.client.get("/webhook-subscriptions", event_type="contact_updated", status="ACTIVE").data
    equal(listed, [made], "the list")
    path = f"/webhook-subscriptions/{made['uuid']}"
    desk.client.put(path, {"status": "INACTIVE"}).refused(400, 1003)
    changed = desk.client.put(path, {"status": "INACTIVE", "attributes": ["email"], "secret": "x"}).data
    equal((changed["status"], changed["properties"]), ("INACTIVE", ["email"]), "it")
    for place in ("/webhook-subscriptions", path):
        expect(b"never again" not in desk.client.get(place).body, "the secret is shown")
    equal(desk.client.call("DELETE", path).json, {"data": [], "meta": {}}, "what is left")
    desk.client.get(path).refused(400, 80300)
    desk.client.call("DELETE", path).refused(400, 80300)


@test
def a_change_is_told_to_who_asked_for_that_attribute(desk):
    receiver = Receiver()
    subscription = desk.subscribe(receiver, "contact_updated", attributes=["email"])
    contact = desk.contact()
    email = f"moved-{uuid.uuid4().hex[:8]}@example.com"
    desk.client.put(f"/contacts/{contact}", {"attributes": {"firstname": "Ann"}}).data
    desk.client.put(f"/contacts/{contact}", {"attributes": {"email": email}}).data
    desk.until(subscription, "delivered")
    [heard] = receiver.heard
    equal(json.loads(heard["body"])["data"]["contact"], {"uuid": contact, "email": email}, "who")
    desk.end(subscription)


@test
def what_fails_is_tried_again_and_arrives(desk):
    receiver = Receiver(500, lambda answer: answer.say(503, b"Down <b>now</b>\x00\xff"))
    subscription = desk.subscribe(receiver)
    desk.contact()
    desk.attempted(subscription, 1)
    desk.pass_time(PAUSES[0])
    once_more = desk.attempted(subscription, 2)
    equal((once_more["state"], once_more["answer_status"], once_more["answer"]),
          ("waiting", 503, "Down <b>now</b>"), "what it said")
    desk.pass_time(PAUSES[1])
    [delivery] = desk.until(subscription, "delivered")
    equal(delivery["attempts"], 3, "the attempts")
    equal(len({one["headers"]["webhook-id"] for one in receiver.heard}), 1, "the ids")
    equal(len({one["body"] for one in receiver.heard}), 1, "the bodies")
    desk.end(subscription)


@test
def after_six_it_is_failed_until_somebody_sends_it_again(desk):
    receiver = Receiver(*[500] * 6)
    subscription = desk.subscribe(receiver)
    desk.contact()
    for number, pause in enumerate(PAUSES, 1):
        desk.attempted(subscription, number)
        desk.pass_time(pause)
    [failed] = desk.until(subscription, "failed")
    equal((failed["attempts"], failed["next_attempt_at"]), (6, None), "it")
    desk.boss.post(f"/webhook-deliveries/{failed['uuid']}/resend")
    [delivered] = desk.until(subscription, "delivered")
    equal((delivered["uuid"], delivered["attempts"]), (failed["uuid"], 7), "it")
    desk.end(subscription)


@test
def one_that_hangs_holds_up_nobody(desk):
    done = threading.Event()
    slow = Receiver(*[lambda answer: done.wait(60)] * 50)
    quick = Receiver()
    hanging = [desk.subscribe(slow) for _ in range(12)]
    subscription = desk.subscribe(quick)
    other = Office(desk.office.piggy, new_account(desk.office.piggy))
    theirs = other.boss.ask("POST", "/operations/create_webhook_subscription", {
        "name": "Theirs", "event_type": "contact_created", "url": quick.url}).data["uuid"]
    for _ in range(3):
        desk.contact()
    wait_until(lambda: len(slow.heard) >= 4, "those that hang")
    started = time.monotonic()
    other.boss.ask("POST", "/operations/send_test_webhook", {"uuid": theirs}).data
    wait_until(lambda: any(b"webhook_test" in one["body"] for one in quick.heard), "the other's")
    expect(time.monotonic() - started < 5, "another account waited")
    expect(len(slow.heard) <= 4, f"{len(slow.heard)} were under way at once")
    done.set()
    for one in hanging:
        desk.end(one)
    desk.until(subscription, "delivered", 3)
    desk.end(subscription)


@test
def hostile_answers_do_no_harm(desk):
    def redirect(answer):
        answer.say(302, Location=f"http://127.0.0.1:{trap.server_port}/")

    def endless(answer):
        answer.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        chunk = b"x" * 65536
        for _ in range(64):
            answer.wfile.write(chunk)
        answer.close_connection = True

    def headers_without_end(answer):
        answer.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(20_000):
            answer.wfile.write(b"X-%d: %s\r\n" % (number, b"y" * 100))
        answer.close_connection = True

    def nonsense(answer):
        answer.wfile.write(b"\x16\x03\x01 not http at all\r\n\r\n")
        answer.close_connection = True

    def silence(answer):
        answer.close_connection = True

    trap = Receiver()
    for number, bad in enumerate((redirect, endless, headers_without_end, nonsense, silence)):
        receiver = Receiver(bad)
        subscription = desk.subscribe(receiver)
        desk.contact()
        first = desk.attempted(subscription, 1)
        equal(first["state"], "waiting", f"what {bad.__name__} came to")
        expect(first["problem"] and len(first["answer"]) <= 500, first)
        desk.pass_time(PAUSES[0])
        desk.until(subscription, "delivered")
        desk.end(subscription)
        receiver.close()
    equal(trap.heard, [], "who was led elsewhere")


@test
def nothing_is_lost_when_the_program_is_killed(desk):
    piggy = desk.office.piggy
    receiver = Receiver(*[lambda answer: (time.sleep(0.01), answer.say(200))] * 10_000)
    subscription = desk.subscribe(receiver)
    contacts = []
    for _ in range(4):
        contacts += [desk.contact() for _ in range(20)]
        heard = len(receiver.heard)
        wait_until(lambda: len(receiver.heard) > heard, "the first ones")
        piggy.kill()
        piggy.arguments[piggy.arguments.index("--sandbox-clock") + 1] = told(
            now() + timedelta(seconds=desk.ahead))
        piggy.start()
        desk.office.boss.client.close()
        desk.client.close()
        desk.owner.close()
    wait_until(lambda: not desk.deliveries(subscription, state="waiting")
               and len(desk.deliveries(subscription, state="delivered", limit=100)) == 80, "all 80")
    heard_of = [json.loads(one["body"])["data"]["contact"]["uuid"] for one in receiver.heard]
    equal(sorted(set(heard_of)), sorted(contacts), "who was told of")
    ids = {one["headers"]["webhook-id"] for one in receiver.heard}
    equal(len(ids), 80, "the deliveries")
    expect(len(heard_of) - 80 <= 4, f"{len(heard_of) - 80} came twice")
    desk.end(subscription)


@test
def what_was_sent_of_a_contact_is_gone_with_it(desk):
    echo = Receiver(lambda answer: answer.say(200, answer.server.heard[-1]["body"]))
    subscription = desk.subscribe(echo)
    email = f"forget-{uuid.uuid4().hex[:8]}@example.com"
    contact = desk.client.post("/contacts", {"email": email}).data["uuid"]
    [delivery] = desk.until(subscription, "delivered")
    shown = desk.boss.get(f"/webhook-deliveries/{delivery['uuid']}")
    expect(email in shown["body"] and email in shown["delivery"]["answer"], shown)
    desk.client.post(f"/contacts/{contact}/delete", {"type": "GDPR"}).data
    wait_until(lambda: desk.boss.get(f"/webhook-deliveries/{delivery['uuid']}")["body"] is None,
               "that it is emptied")
    expect(email not in json.dumps(desk.deliveries(subscription)), "the address is still there")
    desk.boss.ask("POST", f"/webhook-deliveries/{delivery['uuid']}/resend", {}).refused(409)
    desk.end(subscription)


@test
def who_may_not_is_refused(desk):
    receiver = Receiver()
    subscription = desk.subscribe(receiver)
    desk.contact()
    [delivery] = desk.until(subscription, "delivered")
    viewer = desk.office.hire("viewer")
    expect(viewer.get(f"/webhook-deliveries/{delivery['uuid']}")["body"], "it is not shown")
    viewer.ask("POST", f"/webhook-deliveries/{delivery['uuid']}/resend", {}).refused(403)
    viewer.ask("POST", f"/webhook-subscriptions/{subscription}/secret", {}).refused(403)
    token = desk.office.piggy.new_token("client", "demo", "--scope", "webhooks:read")
    answer = desk.office.piggy.client(token).call("GET", f"//platform/webhook-deliveries/{delivery['uuid']}")
    equal(answer.data["body"], None, "what it says, to who may not read contacts")
    other = Office(desk.office.piggy, new_account(desk.office.piggy))
    other.boss.ask("GET", f"/webhook-deliveries/{delivery['uuid']}").refused(404)
    other.boss.ask("POST", f"/webhook-deliveries/{delivery['uuid']}/resend", {}).refused(404)
    desk.end(subscription)


@test
def nothing_on_a_private_network_is_reached_unless_the_settings_allow_it(_):
    with Piggy() as shut:
        desk = Desk(Office(shut))
        receiver = Receiver()
        subscription = desk.subscribe(receiver)
        desk.contact()
        refused = desk.attempted(subscription, 1)
        expect("public internet" in refused["problem"], refused)
        equal(receiver.heard, [], "what arrived")
        for url in ("http://example.com/", "https://user:pw@example.com/", "file:///etc/passwd",
                    "https://example.com/#x"):
            desk.client.post("/webhook-subscriptions", {
                "name": "x", "event_type": "contact_created", "url": url}).refused(400, 1003)


def main():
    try:
        with Piggy(arguments=["--allow-private-connections", "--sandbox-clock", told(now())]) as piggy:
            return run(Desk(Office(piggy)))
    except Exception:
        traceback.print_exc(limit=-3, file=sys.stdout)
        return finish(0, 1)


if __name__ == "__main__":
    sys.exit(main())
