#!/usr/bin/python3
"""A Piggy that holds nothing: begun in the browser by the code that the program shows, and followed there."""

import re
import sys
import threading
import time

from harness import Client, Piggy, equal, expect, run, test, wait_until
from office import PASSWORD, Person

INSTALLATION = "//platform/installation"


def setup_code(piggy):
    found = re.search(r"Open http://[^ ]+/\?setup=(\w+) to begin\.", (piggy.directory / "serve.log").read_text())
    return found and found[1]


def beginning(code, email="owner@shop.example", **others):
    return {"code": code, "company": "Bee & Sons", "time_zone": "Europe/Lisbon", "email": email,
            "password": PASSWORD} | others


class Page:
    """Reads what changed as it comes."""

    def __init__(self, person, last=None):
        self.events, self.ended = [], False
        self.client = Client(person.client.connection.port, timeout=60)
        headers = {"Cookie": person.cookie} | ({"Last-Event-ID": last} if last else {})
        self.client.connection.request("GET", "/platform/events", headers=headers)
        self.response = self.client.connection.getresponse()
        equal(self.response.status, 200, "the status of the stream")
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        event = {}
        try:
            for line in self.response:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    event[name] = value
                elif "data" in event:
                    self.events.append((time.monotonic(), event))
                    event = {}
        except (OSError, ValueError, AttributeError):
            pass
        self.ended = True

    def heard(self, text):
        return next((at for at, event in list(self.events) if text in event["data"]), None)


@test
def a_wrong_code_begins_nothing(piggy):
    client = Client(piggy.port)
    equal(client.get(INSTALLATION).data, {"begun": False}, "the installation")
    refused = client.post(INSTALLATION, beginning("guessed")).refused(400)
    expect("code" in refused["errors"], refused)
    client.post(INSTALLATION, beginning(setup_code(piggy), password="short")).refused(400)
    equal(client.get(INSTALLATION).data, {"begun": False}, "the installation")


@test
def of_many_who_begin_at_once_one_is_signed_in_as_the_owner(piggy):
    code, answers = setup_code(piggy), []
    threads = [threading.Thread(target=lambda n=n: answers.append(
        Client(piggy.port).post(INSTALLATION, beginning(code, f"owner{n}@shop.example")))) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(sorted(answer.status for answer in answers), [201] + [400] * 5, "the statuses")
    begun = next(answer for answer in answers if answer.status == 201)
    expect("HttpOnly" in begun.headers["set-cookie"], begun.headers)
    expect("session" not in begun.data, "the session stands in the body")
    cookie = begun.headers["set-cookie"].split(";")[0]
    session = Client(piggy.port).call("GET", "//platform/session", headers={"Cookie": cookie}).data
    equal((session["role"], session["account"]), ("owner", "bee-sons"), "who is signed in")
    equal(Client(piggy.port).get(INSTALLATION).data, {"begun": True}, "the installation")


@test
def it_is_never_begun_again(piggy):
    code = setup_code(piggy)
    piggy.stop()
    piggy.start()
    Client(piggy.port).post(INSTALLATION, beginning(code)).refused(400)
    log = (piggy.directory / "serve.log").read_text()
    equal(len(re.findall("to begin", log)), 1, "how often a code was shown")


def owner_of(piggy):
    for number in range(6):
        try:
            return Person(piggy, f"owner{number}@shop.example")
        except AssertionError:
            pass
    raise AssertionError("nobody is the owner")


@test
def pages_follow_what_changes_within_a_second(piggy):
    boss = owner_of(piggy)
    pages = [Page(boss), Page(boss)]
    slowest = 0
    for number in range(10):
        name = f"Nina {number}"
        started = time.monotonic()
        boss.post("/operations/create_persona", name=name)
        for page in pages:
            count = number + 1
            wait_until(lambda: sum("create_persona" in event["data"] for _, event in page.events) >= count,
                       "the event")
        slowest = max(slowest, time.monotonic() - started)
    print(f"the slowest of 10 was seen by both pages after {slowest * 1000:.0f} ms", flush=True)
    expect(slowest < 1, f"a change was seen after {slowest:.2f} s")
    seen = len(pages[0].events)
    boss.get("/personas")
    time.sleep(0.6)  # For what must not come.
    equal(len(pages[0].events), seen, "the events after a mere question")


@test
def a_stream_ends_with_its_session_and_with_the_server(piggy):
    boss, other = owner_of(piggy), owner_of(piggy)
    page, stays = Page(boss), Page(other)
    boss.ask("DELETE", "/session")
    wait_until(lambda: page.ended, "the end of the stream", 3)
    expect(not stays.ended, "another session's stream ended")
    piggy.stop()
    wait_until(lambda: stays.ended, "the end of the other stream", 3)
    piggy.start()


if __name__ == "__main__":
    with Piggy(demo=False) as empty:
        sys.exit(run(empty))
