#!/usr/bin/python3
"""A conversation with a persona on the program itself: followed on a stream, over a lost connection
and over kill -9, without a language model."""

import json
import sys
import threading
import time

from harness import Client, Piggy, equal, expect, run, test
from office import Office

TURN_SECONDS = 20


class Follower:
    """Reads the events of a conversation as they come."""

    def __init__(self, boss, conversation, last=None):
        self.messages = []
        self.last = last
        self.client = Client(boss.client.connection.port, timeout=60)
        headers = {"Cookie": boss.cookie} | ({"Last-Event-ID": str(last)} if last else {})
        self.client.connection.request(
            "GET", f"/platform/conversations/{conversation}/events", headers=headers)
        self.response = self.client.connection.getresponse()
        self.changed = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        data = []
        try:
            for line in self.response:
                line = line.decode().rstrip("\n")
                if line.startswith("data:"):
                    data.append(line[5:].lstrip())
                elif not line and data:
                    with self.changed:
                        self.messages.append(json.loads("\n".join(data)))
                        self.last = self.messages[-1]["id"]
                        self.changed.notify_all()
                    data = []
        except (OSError, ValueError, AttributeError):
            pass  # The other side is gone, or this test is.

    def wait_for(self, kind, count=1):
        """The first so many messages of a kind, once they are there."""
        deadline = time.monotonic() + TURN_SECONDS
        with self.changed:
            while True:
                found = [message for message in self.messages if message["kind"] == kind]
                if len(found) >= count:
                    return found
                expect(self.changed.wait(deadline - time.monotonic()),
                       f"no {kind} came: {self.messages}")


def conversation(office):
    return office.boss.post("/conversations", persona_uuid=office.persona)["uuid"]


def say(office, uuid, text):
    return office.boss.post(f"/conversations/{uuid}/messages", text=text)


@test
def a_page_sees_each_step_as_it_comes(office):
    office.grant("piggy_create_credit_reception")
    contact = office.shop.client.get("/contacts/find-one-by", email="ann@example.com").data["uuid"]
    before = office.shop.balance(contact)
    talk = conversation(office)
    follower = Follower(office.boss, talk)
    equal(follower.response.status, 200, "the status of the stream")
    say(office, talk, "give 20 points to ann@example.com at the web shop")
    answer = follower.wait_for("persona")[0]
    expect(answer["text"].startswith("Done: 20 points."), answer)
    equal([message["kind"] for message in follower.messages],
          ["person", "call", "result", "persona"], "the steps")
    equal(office.shop.balance(contact), before + 20, "the balance")
    # A page that was reloaded goes on where it was.
    again = Follower(office.boss, talk, follower.messages[1]["id"])
    again.wait_for("persona")
    equal([message["kind"] for message in again.messages], ["result", "persona"], "what was missed")


@test
def a_strangers_conversation_has_no_stream(office):
    talk = conversation(office)
    client = Client(office.piggy.port)
    client.call("GET", f"//platform/conversations/{talk}/events").refused(401)
    stranger = Office(office.piggy).boss
    refused = stranger.ask("GET", f"/conversations/{talk}/events")
    refused.refused(404)


@test
def a_turn_goes_on_after_kill_9_and_acts_once(office):
    office.grant("piggy_create_credit_reception")
    contact = office.shop.client.get("/contacts/find-one-by", email="bram@example.com").data["uuid"]
    before = office.shop.balance(contact)
    turns = 12
    talks = [conversation(office) for _ in range(turns)]
    for number, talk in enumerate(talks):
        say(office, talk, "give 1 point to bram@example.com at Harbour Street")
        if number % 4 == 3:
            office.piggy.kill()
            office.piggy.start()
            office.boss.client.close()
            office.shop.client.close()
    for talk in talks:
        deadline = time.monotonic() + 90  # A turn under way when it was killed keeps its lease.
        while office.boss.get(f"/conversations/{talk}")["state"] != "idle":
            expect(time.monotonic() < deadline, "a turn did not go on")
            time.sleep(0.2)
    equal(office.shop.balance(contact) - before, turns, "what was given")
    office.piggy.verify()


def main():
    with Piggy() as piggy:
        return run(Office(piggy))


if __name__ == "__main__":
    sys.exit(main())
