#!/usr/bin/python3
"""kill -9 in the midst of calls that are written, priced and recorded, at every door that takes an
idempotency key: MCP, REST, the platform by name, a conversation, the command line.

After each kill, whatever had no answer is sent again with its key, and then once more. At last every
call has acted once, was charged once and stands on record once: four tables, one number.
"""

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
import uuid

from harness import Client, Piggy, equal, expect, run, test
from mcp_client import Mcp
from office import RECEPTION, Office

ROUNDS = int(os.environ.get("PIGGY_CRASH_ROUNDS", 100))
PRICE = 2  # Of a call that writes.
TURN_SECONDS = 90  # A turn that was under way when it was killed keeps its lease for a while.
CUT_OFF = (OSError, http.client.HTTPException, json.JSONDecodeError, subprocess.SubprocessError)


class Door:
    """Makes one call after the other, and knows which were answered and which were cut off."""

    def __init__(self, scene):
        self.scene = scene
        self.answered = {}  # Key to (credits, the reception's uuid).
        self.open = {}  # Key to credits.

    def write_until_killed(self):
        self.begin()
        while not self.scene.killed.is_set():
            key, credits = str(uuid.uuid4()), random.randint(1, 9)
            self.open[key] = credits
            try:
                made = self.call(key, credits)
            except CUT_OFF:
                return
            self.settle(key, made)

    def settle(self, key, made):
        self.answered[key] = (self.open.pop(key), made)

    def send_again(self):
        """What was cut off, twice; and one that was answered."""
        self.begin()
        for key, credits in list(self.open.items()):
            made = self.call(key, credits)
            equal(self.call(key, credits), made, "the answer when it is sent a third time")
            self.settle(key, made)
        for key in random.sample(sorted(self.answered), min(1, len(self.answered))):
            credits, made = self.answered[key]
            equal(self.call(key, credits), made, "the answer to a call that was answered before the kill")

    def begin(self):
        pass


class McpDoor(Door):
    def begin(self):
        self.mcp = Mcp(self.scene.piggy, self.scene.persona_token)

    def call(self, key, credits):
        return self.mcp.does(RECEPTION, key, **self.scene.reception(credits))["uuid"]


class RestDoor(Door):
    path = "/credit-receptions"

    def begin(self):
        self.client = Client(self.scene.piggy.port, self.scene.office.shop.token)

    def call(self, key, credits):
        return self.client.post(self.path, self.scene.reception(credits), key=key).data["uuid"]


class NamedDoor(RestDoor):
    path = "//platform/operations/create_credit_reception"


class CommandDoor(Door):
    """Through the socket of the server, or, when that is gone, on the data itself."""

    def call(self, key, credits):
        command = self.scene.piggy.command(
            "call", "create_credit_reception", json.dumps(self.scene.reception(credits)),
            "--idempotency-key", key, "--account", "demo", "--data", self.scene.piggy.data)
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        return json.loads(done.stdout)["uuid"]


class ChatDoor(Door):
    """Says it to the persona; what is acknowledged is the message, and the turn acts later."""

    def begin(self):
        self.boss = self.scene.office.boss
        self.client = Client(self.scene.piggy.port)

    def call(self, key, credits):
        talk = self.ask("/conversations", key + "-talk", {"persona_uuid": self.scene.office.persona})
        text = f"give {credits} points to {self.scene.email} at Harbour Street"
        self.ask(f"/conversations/{talk['uuid']}/messages", key, {"text": text})
        return talk["uuid"]

    def ask(self, path, key, body):
        headers = {"Cookie": self.boss.cookie, "X-Piggy-Proof": self.boss.proof}
        return self.client.call("POST", "//platform" + path, body, key=key, headers=headers).data

    def wait_for_turns(self):
        deadline = time.monotonic() + TURN_SECONDS
        for _, talk in self.answered.values():
            while self.scene.office.boss.get(f"/conversations/{talk}")["state"] != "idle":
                expect(time.monotonic() < deadline, "a turn did not go on")
                time.sleep(0.05)


class Scene:
    def __init__(self, piggy):
        self.piggy, self.office = piggy, Office(piggy)
        self.killed = threading.Event()
        self.email = f"{uuid.uuid4().hex}@example.com"
        self.contact = self.office.shop.client.post("/contacts", {"email": self.email}).data["uuid"]
        self.office.grant(RECEPTION)
        self.office.boss.post("/plan/packs", credits=10_000_000)
        self.persona_token = self.office.new_token()
        self.doors = [McpDoor(self), McpDoor(self), RestDoor(self), NamedDoor(self), CommandDoor(self)]
        self.chat = ChatDoor(self)

    def reception(self, credits):
        return self.office.shop.reception(self.contact, credits)

    def one_round(self, doors):
        self.killed.clear()
        writers = [threading.Thread(target=door.write_until_killed) for door in doors]
        for writer in writers:
            writer.start()
        time.sleep(random.uniform(0.02, 0.2))
        self.piggy.kill()
        self.killed.set()
        for writer in writers:
            writer.join()
        self.piggy.start()
        self.office.shop.client.close()
        self.office.boss.client.close()
        for door in doors:
            door.send_again()

    def recorded(self):
        """How many calls about the contact are on record as done."""
        done, before = 0, ""
        while True:
            page = self.office.boss.get(
                f"/audit/calls?contact_uuid={self.contact}&outcome=done&limit=1000{before}")
            done += len(page)
            if len(page) < 1000:
                return done
            before = f"&before={page[-1]['uuid']}"


@test
def each_call_acts_and_is_charged_and_recorded_once_at_every_door(scene):
    boss = scene.office.boss
    used_before = boss.get("/plan")["used"]
    for number in range(ROUNDS):
        # A conversation is slow; so it is in every fifth round.
        scene.one_round(scene.doors + [scene.chat] * (number % 5 == 0))
    scene.chat.wait_for_turns()
    scene.piggy.verify()

    made = [one for door in scene.doors + [scene.chat] for one in door.answered.values()]
    equal(scene.office.shop.balance(scene.contact), sum(credits for credits, _ in made), "the balance")
    booked = scene.office.shop.client.get("/loyalty-transactions", contact_uuid=scene.contact)
    equal(booked.json["meta"]["total"], len(made), "the entries")
    equal(scene.recorded(), len(made), "the calls on record")

    of_persona = [len(door.answered) for door in scene.doors if isinstance(door, McpDoor)]
    priced = sum(of_persona) + len(scene.chat.answered)
    usage = [row for row in boss.get("/plan/usage") if row["persona_uuid"] == scene.office.persona
             and row["tool"] == RECEPTION]
    equal(sum(row["calls"] for row in usage), priced, "the calls that were charged")
    equal(sum(row["plan_credits"] for row in usage), priced * PRICE, "what they cost")
    equal(boss.get("/plan")["used"] - used_before, priced * PRICE, "what the plan has less")
    print(f"{ROUNDS} rounds: " + ", ".join(f"{len(door.answered)} at {type(door).__name__}"
                                           for door in scene.doors + [scene.chat]), flush=True)


@test
def a_key_is_one_at_all_doors_of_programs_and_a_personas_is_its_own(scene):
    """No persona may be shown an answer that was another's."""
    key, credits = str(uuid.uuid4()), 7
    before, made = scene.office.shop.balance(scene.contact), {}
    for door in scene.doors * 2:
        door.begin()
        made.setdefault(isinstance(door, McpDoor), set()).add(door.call(key, credits))
    equal([len(made[True]), len(made[False])], [1, 1], "the receptions")
    expect(made[True] != made[False], "a persona was shown the answer to a program")
    equal(scene.office.shop.balance(scene.contact), before + 2 * credits, "the balance")


def main():
    with Piggy() as piggy:
        return run(Scene(piggy))


if __name__ == "__main__":
    sys.exit(main())
