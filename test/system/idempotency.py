#!/usr/bin/python3
"""A call that is sent again with its key acts once: whatever the door, through restarts, crashes
and crowds."""

import http.client
import itertools
import json
import sys
import threading
import uuid
from collections import Counter
from dataclasses import dataclass

from harness import Client, equal, expect, run_in_a_shop, test

MODERN = "2026-07-28"
AT_ONCE = 32
ROUNDS = 10
WRITERS = 8
DONE_BEFORE_THE_KILL = 100


@dataclass
class Outcome:
    kind: str  # done, other (input), busy, or wrong.
    said: object  # What was made, or the answer that refuses.

    @property
    def uuid(self):
        equal(self.kind, "done", f"the outcome, {self.said},")
        return self.said["uuid"]


class Http:
    """An operation through one of the HTTP doors."""

    def __init__(self, piggy, token, reception, contact):
        self.client = Client(piggy.port, token)
        self.reception, self.contact = reception, contact

    def receive(self, wanted, key, **more):
        return self.post(self.reception, wanted | more, key)

    def make_contact(self, email, key):
        return self.post(self.contact, {"email": email}, key)

    def post(self, path, wanted, key):
        answer = self.client.post(path, wanted, key=key)
        if answer.status == 409:
            answer.refused(409, 60001)
            expect(int(answer.headers["retry-after"]) > 0, "no advice when to try again")
            return Outcome("busy", answer.body)
        if answer.status == 200:
            return Outcome("done", answer.json["data"])
        return Outcome("other" if answer.status == 422 else "wrong", answer.body.decode())


class Rest(Http):
    kind = "client"

    def __init__(self, piggy, token):
        super().__init__(piggy, token, "/credit-receptions", "/contacts")


class Platform(Http):
    kind = "client"

    def __init__(self, piggy, token):
        super().__init__(piggy, token, "//platform/operations/create_credit_reception",
                         "//platform/operations/create_contact")


class Mcp:
    kind = "mcp"

    def __init__(self, piggy, token):
        self.client, self.ids = Client(piggy.port, token), itertools.count(1)

    def receive(self, wanted, key, **more):
        return self.call("piggy_create_credit_reception", wanted | more, key)

    def make_contact(self, email, key):
        """No tool makes a contact; this one writes as well."""
        return self.call("piggy_find_or_create_products",
                         {"external_identifier": email, "name": "Honey"}, key)

    def call(self, tool, arguments, key):
        meta = {"io.modelcontextprotocol/protocolVersion": MODERN,
                "io.modelcontextprotocol/clientCapabilities": {}}
        if key is not None:
            meta["piggy/idempotencyKey"] = key
        answer = self.client.call(
            "POST", "//mcp",
            {"jsonrpc": "2.0", "id": next(self.ids), "method": "tools/call",
             "params": {"name": tool, "arguments": arguments, "_meta": meta}},
            headers={"Accept": "application/json, text/event-stream", "Mcp-Method": "tools/call",
                     "Mcp-Name": tool, "MCP-Protocol-Version": MODERN})
        result = answer.json.get("result")
        if result is None:
            return Outcome("wrong", answer.body.decode())
        if not result.get("isError"):
            return Outcome("done", result["structuredContent"])
        text = result["content"][0]["text"]
        if "being worked on" in text:
            expect("Try again in" in text, f"no advice when to try again: {text}")
            return Outcome("busy", text)
        return Outcome("other" if "other input" in text else "wrong", text)


DOORS = {"at rest": Rest, "at platform": Platform, "at mcp": Mcp}


def at_each_door(check):
    """Makes a test of each door out of one."""
    for where, door in DOORS.items():
        def at_one(piggy, shop, door=door):
            token = piggy.new_token(door.kind)
            check(piggy, shop, lambda: door(piggy, token))

        at_one.__name__ = f"{check.__name__}, {where}"
        test(at_one)
    return check


def new_key():
    return uuid.uuid4().hex


def receptions(shop, contact):
    """How many entries are booked, whoever was told what."""
    return shop.client.get("/loyalty-transactions", contact_uuid=contact).json["meta"]["total"]


def booked_once(shop, contact, credits):
    equal(shop.balance(contact), credits, "the balance")
    equal(receptions(shop, contact), 1, "the number of entries")


def all_at_once(calls):
    """Runs each call on a thread of its own, all from the same moment; returns their outcomes."""
    barrier, outcomes, errors = threading.Barrier(len(calls)), [], []

    def work(call):
        barrier.wait()
        try:
            outcomes.append(call())
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect(not errors, f"{len(errors)} calls got no answer, the first: {errors[:1]!r}")
    return outcomes


def connected(doors):
    """With connections that are open before the race begins."""
    for door in doors:
        door.client.call("GET", "//healthz")
    return doors


def kinds(outcomes):
    return Counter(outcome.kind for outcome in outcomes)


def only(outcomes, *allowed):
    expect(set(kinds(outcomes)) <= set(allowed), f"the outcomes are {kinds(outcomes)}: "
           f"{[o.said for o in outcomes if o.kind not in allowed][:1]}")


def new_account(piggy):
    """Its name and its shop."""
    name = f"keys-{uuid.uuid4().hex[:12]}"
    piggy.run("account", "create", "--data", piggy.data, "--name", name)
    made = piggy.run("call", "create_shop", '{"name": "Other"}', "--data", piggy.data,
                     "--account", name)
    return name, json.loads(made.stdout)["uuid"]


# One after the other.

@at_each_door
def the_same_key_and_input_get_the_same_answer(piggy, shop, enter):
    contact, key, door = shop.new_contact(), new_key(), enter()
    wanted = shop.reception(contact, 7)
    first = door.receive(wanted, key)
    expect(first.uuid, "nothing was made")
    # The order of the fields is nothing that a caller means.
    for again in (wanted, wanted, dict(reversed(wanted.items()))):
        equal(enter().receive(again, key), first, "the answer")
    booked_once(shop, contact, 7)


@at_each_door
def the_same_key_with_other_input_is_refused(piggy, shop, enter):
    contact, key, door = shop.new_contact(), new_key(), enter()
    first = door.receive(shop.reception(contact, 7), key)
    expect(first.uuid, "nothing was made")
    other_contact = shop.reception(shop.new_contact(), 7)
    for other in (shop.reception(contact, 8), other_contact):
        equal(door.receive(other, key).kind, "other", "the outcome of other input")
    equal(door.receive(shop.reception(contact, 7), key, attributes={}).kind, "other",
          "the outcome of one more field")
    email = f"{uuid.uuid4().hex}@example.com"
    equal(door.make_contact(email, key).kind, "other", "the outcome of another operation")
    shop.client.get("/contacts/find", email=email).refused(400)
    equal(door.receive(shop.reception(contact, 7), key), first, "the answer afterwards")
    booked_once(shop, contact, 7)
    equal(shop.balance(other_contact["contact_uuid"]), 0, "the other balance")


@at_each_door
def a_refused_call_does_not_use_its_key_up(piggy, shop, enter):
    contact, key, door = shop.new_contact(), new_key(), enter()
    equal(door.receive(shop.reception(contact, "many"), key).kind, "wrong", "the outcome")
    equal(door.receive(shop.reception(str(uuid.uuid4()), 7), key).kind, "wrong", "the outcome")
    first = door.receive(shop.reception(contact, 7), key)
    equal(door.receive(shop.reception(contact, 7), key).uuid, first.uuid, "the reception")
    booked_once(shop, contact, 7)


@at_each_door
def a_dry_run_does_not_use_its_key_up_and_is_not_answered_from_memory(piggy, shop, enter):
    contact, key, door = shop.new_contact(), new_key(), enter()
    wanted = shop.reception(contact, 7)
    rehearsed = door.receive(wanted, key, dry_run=True)
    equal(rehearsed.kind, "done", f"the outcome, {rehearsed.said},")
    equal(shop.balance(contact), 0, "the balance after the rehearsal")
    first = door.receive(wanted, key)
    expect(first.uuid, "nothing was made")
    expect(door.receive(wanted, key, dry_run=True).uuid != first.uuid, "it was remembered")
    equal(door.receive(wanted, key), first, "the answer afterwards")
    booked_once(shop, contact, 7)


@at_each_door
def without_a_key_and_with_other_keys_each_call_acts(piggy, shop, enter):
    contact, key, door = shop.new_contact(), new_key(), enter()
    keys = (None, None, key, f"X{key}", f"x{key}", key.ljust(255, "k"))
    made = {door.receive(shop.reception(contact, 7), each).uuid for each in keys}
    equal(len(made), len(keys), "the number of receptions")
    equal(shop.balance(contact), 7 * len(keys), "the balance")


@test
def a_key_that_is_none_is_refused_by_name_at_rest(piggy, shop):
    contact = shop.new_contact()
    for key in ("k" * 256, "k\xe9", "a\tb"):
        for path in ("/credit-receptions", "//platform/operations/create_credit_reception"):
            answer = shop.client.post(path, shop.reception(contact, 7), key=key)
            equal(set(answer.refused(400, 1003)["errors"]), {"Idempotency-Key"}, "the named fields")
    equal(shop.balance(contact), 0, "the balance")


@test
def a_key_that_is_none_is_refused_at_mcp(piggy, shop):
    """Ignored, it would book once more with every retry."""
    contact, mcp, taken = shop.new_contact(), Mcp(piggy, piggy.new_token("mcp")), []
    for key in ("k" * 256, "k\xe9", "a\tb", 7, 1.5, True, {"key": "a"}, ["a"]):
        if mcp.receive(shop.reception(contact, 7), key).kind != "wrong":
            taken.append(key)
    equal(taken, [], "the keys that were not refused")
    equal(shop.balance(contact), 0, "the balance")


@test
def a_quoted_key_is_the_same_key(piggy, shop):
    contact, key = shop.new_contact(), new_key()
    wanted = shop.reception(contact, 7)
    first = shop.client.post("/credit-receptions", wanted, key=key)
    again = shop.client.post("/credit-receptions", wanted, key=f'"{key}"')
    equal(again.data, first.data, "the answer")
    equal([answer.headers.get("idempotency-replayed") for answer in (first, again)], [None, "true"],
          "Idempotency-Replayed")
    booked_once(shop, contact, 7)


@test
def a_key_is_one_key_at_all_doors(piggy, shop):
    contact, key = shop.new_contact(), new_key()
    doors = [door(piggy, piggy.new_token(door.kind)) for door in DOORS.values()]
    made = {door.receive(shop.reception(contact, 7), key).uuid for door in doors}
    equal(len(made), 1, "the number of receptions")
    equal([door.receive(shop.reception(contact, 8), key).kind for door in doors], ["other"] * 3,
          "the outcomes of other input")
    booked_once(shop, contact, 7)


# Accounts.

@at_each_door
def a_key_belongs_to_its_account_and_not_to_a_token(piggy, shop, enter):
    door, key, contact = enter(), new_key(), shop.new_contact()
    name, other_shop = new_account(piggy)
    stranger = Client(piggy.port, piggy.new_token("client", name))
    other_contact = stranger.post("/contacts", {"email": "ann@example.com"}).data["uuid"]
    others = {"shop_uuid": other_shop, "contact_uuid": other_contact, "credits": 9}
    other_door = type(door)(piggy, piggy.new_token(door.kind, name))
    colleague = type(door)(piggy, piggy.new_token(door.kind))

    mine = door.receive(shop.reception(contact, 7), key)
    theirs = other_door.receive(others, key)
    expect(mine.uuid != theirs.uuid, "one account got the other's answer")
    equal(colleague.receive(shop.reception(contact, 7), key), mine, "the answer to another token")
    # Input that would be the first account's replay is the second's own mistake.
    equal(other_door.receive(shop.reception(contact, 7), key).kind, "other",
          "the stranger's outcome")
    equal(door.receive(shop.reception(contact, 7), key), mine, "the answer afterwards")
    equal(other_door.receive(others, key), theirs, "the other answer afterwards")
    booked_once(shop, contact, 7)
    balance = stranger.get(f"/contacts/{other_contact}/credit-balance").data["balance"]
    equal(balance, 9, "the other balance")


# Restarts and crashes.

@at_each_door
def an_answer_is_remembered_over_a_restart_and_a_kill(piggy, shop, enter):
    contact, key = shop.new_contact(), new_key()
    wanted = shop.reception(contact, 7)
    first = enter().receive(wanted, key)
    expect(first.uuid, "nothing was made")
    for end in (piggy.stop, piggy.kill):
        end()
        piggy.start()
        shop.client.close()
        equal(enter().receive(wanted, key), first, f"the answer after {end.__name__}")
        equal(enter().receive(shop.reception(contact, 8), key).kind, "other",
              f"the outcome of other input after {end.__name__}")
    booked_once(shop, contact, 7)


@at_each_door
def what_a_kill_cut_off_acts_once_when_it_is_sent_again(piggy, shop, enter):
    sent, answered = {}, {}  # By key: the input, and the reception's uuid if one was told.
    enough = threading.Event()

    def write(contact):
        door = enter()
        for credits in itertools.count(1):
            key, wanted = new_key(), shop.reception(contact, credits)
            sent[key] = wanted
            try:
                answered[key] = door.receive(wanted, key).uuid
            except (OSError, http.client.HTTPException):
                return
            if len(answered) >= DONE_BEFORE_THE_KILL:
                enough.set()

    contacts = [shop.new_contact() for _ in range(WRITERS)]
    writers = [threading.Thread(target=write, args=(contact,)) for contact in contacts]
    for writer in writers:
        writer.start()
    reached = enough.wait(60)
    piggy.kill()
    for writer in writers:
        writer.join()
    piggy.start()
    shop.client.close()
    expect(reached, f"only {len(answered)} were answered in a minute")
    equal(len(sent) - len(answered), WRITERS, "the calls that were cut off")

    door = enter()
    for _ in range(2):
        for key, wanted in sent.items():
            made = door.receive(wanted, key).uuid
            equal(made, answered.setdefault(key, made), "the reception")
    for contact in contacts:
        wanted = [w["credits"] for w in sent.values() if w["contact_uuid"] == contact]
        equal(shop.balance(contact), sum(wanted), "the balance")
        equal(receptions(shop, contact), len(wanted), "the number of entries")


# Crowds.

@at_each_door
def of_many_at_once_one_acts_and_the_others_hear_the_same_or_wait(piggy, shop, enter):
    doors = connected([enter() for _ in range(AT_ONCE)])
    for _ in range(ROUNDS):
        contact, key = shop.new_contact(), new_key()
        wanted = shop.reception(contact, 7)
        outcomes = all_at_once([lambda door=door: door.receive(wanted, key) for door in doors])
        equal(len(outcomes), AT_ONCE, "the number of answers")
        only(outcomes, "done", "busy")
        equal(len({o.uuid for o in outcomes if o.kind == "done"}), 1, "the number of receptions")
        booked_once(shop, contact, 7)
        # What was told to wait gets the answer when it does.
        made = doors[0].receive(wanted, key).uuid
        expect(made in {o.uuid for o in outcomes if o.kind == "done"}, "another reception")


@at_each_door
def of_many_inputs_at_once_with_one_key_one_acts(piggy, shop, enter):
    doors = connected([enter() for _ in range(AT_ONCE)])
    for _ in range(ROUNDS):
        contact, key = shop.new_contact(), new_key()
        outcomes = all_at_once([
            lambda door=door, credits=credits: door.receive(shop.reception(contact, credits), key)
            for credits, door in enumerate(doors, 1)])
        only(outcomes, "done", "busy", "other")
        done = [outcome for outcome in outcomes if outcome.kind == "done"]
        equal(len(done), 1, "the number that acted")
        booked_once(shop, contact, done[0].said["credits"])


@test
def of_many_at_all_doors_at_once_one_acts(piggy, shop):
    tokens = {kind: piggy.new_token(kind) for kind in ("client", "mcp")}
    doors = connected([door(piggy, tokens[door.kind])
                       for door in list(DOORS.values()) * (AT_ONCE // len(DOORS))])
    for _ in range(ROUNDS):
        contact, key = shop.new_contact(), new_key()
        wanted = shop.reception(contact, 7)
        outcomes = all_at_once([lambda door=door: door.receive(wanted, key) for door in doors])
        only(outcomes, "done", "busy")
        equal(len({o.uuid for o in outcomes if o.kind == "done"}), 1, "the number of receptions")
        booked_once(shop, contact, 7)


@test
def of_two_accounts_at_once_with_one_key_each_acts(piggy, shop):
    name, other_shop = new_account(piggy)
    tokens = [piggy.new_token("client"), piggy.new_token("client", name)]
    stranger = Client(piggy.port, tokens[1])
    doors = connected([Rest(piggy, token) for token in tokens * (AT_ONCE // 2)])
    for _ in range(ROUNDS):
        key, contact = new_key(), shop.new_contact()
        other = stranger.post("/contacts", {"email": f"{new_key()}@example.com"}).data["uuid"]
        inputs = [shop.reception(contact, 7),
                  {"shop_uuid": other_shop, "contact_uuid": other, "credits": 9}] * (AT_ONCE // 2)
        outcomes = all_at_once([lambda door=door, wanted=wanted: door.receive(wanted, key)
                                for door, wanted in zip(doors, inputs)])
        only(outcomes, "done", "busy")
        equal({o.said["credits"] for o in outcomes if o.kind == "done"}, {7, 9}, "what was given")
        booked_once(shop, contact, 7)
        balance = stranger.get(f"/contacts/{other}/credit-balance").data["balance"]
        equal(balance, 9, "the other balance")


@test
def the_books_balance_afterwards(piggy, shop):
    piggy.verify()


if __name__ == "__main__":
    sys.exit(run_in_a_shop())
