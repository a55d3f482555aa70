#!/usr/bin/python3
"""Kills piggy with SIGKILL again and again, and looks for what it promised.

Under eight writers of credits, after each restart:
  - every acknowledged credit reception is there: a replay with its key gives the same answer;
  - none is half applied: a contact's balance is what was acknowledged plus some whole ones of those
    whose answer never came;
  - those are sent again with their keys, and then each has acted exactly once.
At last every reception is listed, nothing but them, and `piggy verify` finds nothing, as it did
every ten rounds on the data just as the kill left them.

And while its jobs make vouchers or join contacts: in the data as the kill left them each job is
done or not done, and at last all are done, once.
"""

import http.client
import itertools
import json
import os
import random
import sys
import threading
import time
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from harness import POSTGRES, Answer, Piggy, Shop, equal, expect, run, test

ROUNDS = int(os.environ.get("PIGGY_CRASH_ROUNDS", 100))
JOB_ROUNDS = max(ROUNDS // 8, 4)
JOBS_SECONDS = 60  # More than enough for what is left after the last kill.
WRITERS = 8
CONTACTS = 48
REPLAYED_EACH_ROUND = 20
BATCHES = 40
BATCH = 500
MERGES_EACH_ROUND = 30
DESTINATIONS = 12
LEASE_SECONDS = 10


class Books:
    """What the clients know: the truth that the server is held against."""

    def __init__(self):
        self.acknowledged = {}  # Key to (contact, credits, the reception's uuid).
        self.balances = Counter()  # By contact.
        self.recent = []  # Keys acknowledged since the last start.
        self.unanswered = []  # (key, contact, credits)
        self.lock = threading.Lock()

    def acknowledge(self, key, contact, credits, reception):
        with self.lock:
            self.acknowledged[key] = (contact, credits, reception)
            self.balances[contact] += credits
            self.recent.append(key)

    def leave_open(self, key, contact, credits):
        with self.lock:
            self.unanswered.append((key, contact, credits))


def write_until_killed(shop, contacts, books):
    client = shop.another_client()
    while True:
        key, contact, credits = str(uuid.uuid4()), random.choice(contacts), random.randint(1, 100)
        try:
            answer = client.post("/credit-receptions", shop.reception(contact, credits), key=key)
        except (OSError, http.client.HTTPException):
            books.leave_open(key, contact, credits)
            return
        books.acknowledge(key, contact, credits, answer.data["uuid"])


def one_round(piggy, shop, contacts, books, seconds):
    books.recent.clear()
    writers = [threading.Thread(target=write_until_killed, args=(shop, contacts, books))
               for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    time.sleep(seconds)
    piggy.kill()
    for writer in writers:
        writer.join()


def kill_while_starting(piggy):
    """Recovery from a crash may crash as well."""
    piggy.start(wait=False)
    time.sleep(random.uniform(0, 0.1))
    piggy.kill()


def check_after_restart(shop, contacts, books):
    shop.client.close()  # The old connection went with the old process.
    for contact in contacts:
        open_credits = [credits for _, of, credits in books.unanswered if of == contact]
        surplus = shop.balance(contact) - books.balances[contact]
        expect(surplus in subset_sums(open_credits),
               f"{contact} holds {surplus} more than acknowledged, unanswered are {open_credits}")
    for key in random.sample(books.recent, min(REPLAYED_EACH_ROUND, len(books.recent))):
        contact, credits, reception = books.acknowledged[key]
        again = shop.client.post("/credit-receptions", shop.reception(contact, credits), key=key)
        equal(again.data["uuid"], reception, "the replayed reception")
    for key, contact, credits in books.unanswered:
        again = shop.client.post("/credit-receptions", shop.reception(contact, credits), key=key)
        books.acknowledge(key, contact, credits, again.data["uuid"])
    books.unanswered.clear()
    for contact in contacts:
        equal(shop.balance(contact), books.balances[contact], "the balance after the retries")


def subset_sums(numbers):
    return {sum(chosen) for size in range(len(numbers) + 1)
            for chosen in itertools.combinations(numbers, size)}


def listed_receptions(shop, contact):
    """Uuid to credits, of all that the contact ever received."""
    found = {}
    for page in itertools.count(1):
        rows = shop.client.get("/loyalty-transactions", contact_uuid=contact, limit=100, page=page).data
        for row in rows:
            expect(row["uuid"] not in found, f"{row['uuid']} is listed twice")
            found[row["uuid"]] = row["credits"]
        if len(rows) < 100:
            return found


@test
def nothing_acknowledged_is_lost_and_nothing_is_half_done():
    with Piggy() as piggy:
        shop, books = Shop(piggy), Books()
        contacts = [shop.new_contact() for _ in range(CONTACTS)]
        for number in range(1, ROUNDS + 1):
            one_round(piggy, shop, contacts, books, random.uniform(0.05, 0.4))
            if number % 10 == 0:
                piggy.verify()
                kill_while_starting(piggy)
                print(f"round {number} of {ROUNDS}: {len(books.acknowledged)} receptions", flush=True)
            piggy.start()
            check_after_restart(shop, contacts, books)

        for contact in contacts:
            wanted = {reception: credits for of, credits, reception in books.acknowledged.values()
                      if of == contact}
            equal(listed_receptions(shop, contact), wanted, f"what {contact} received")
        piggy.verify()
        equal(piggy.stop(), 0, "the exit status")
        piggy.verify()


# Jobs.

def rows_left(piggy):
    """All rows by table. Asked while no server runs, so that nothing moves meanwhile."""
    rows = defaultdict(list)
    for line in piggy.run("export", "--data", piggy.data, "--account", "demo").stdout.splitlines():
        said = json.loads(line)
        rows[said["table"]].append(said["row"])
    return rows


@dataclass
class Wish:
    """A call that begins a job."""
    path: str
    body: dict
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent: bool = False
    answer: Answer = None


def ask(client, wish):
    wish.sent = True
    wish.answer = client.post(wish.path, wish.body, key=wish.key)
    wish.answer.data


def ask_until_killed(shop, wishes):
    client = shop.another_client()
    for wish in wishes:
        try:
            ask(client, wish)
        except (OSError, http.client.HTTPException):
            return


def rounds_of_kills(piggy, shop, wishes, check):
    """Kills it while it works on jobs; every other time once more while it takes them up again."""
    share = -(-len(wishes) // JOB_ROUNDS)
    for number in range(JOB_ROUNDS):
        asked = wishes[number * share:][:share]
        writers = [threading.Thread(target=ask_until_killed, args=(shop, asked[first::WRITERS]))
                   for first in range(WRITERS)]
        for writer in writers:
            writer.start()
        time.sleep(random.uniform(0, 0.03))
        piggy.kill()
        for writer in writers:
            writer.join()
        check(rows_left(piggy))
        if number % 2:
            kill_while_starting(piggy)
            check(rows_left(piggy))
        piggy.verify()
        piggy.start()
        shop.client.close()  # The old connection went with the old process.
        for wish in asked:
            if not wish.answer:
                ask(shop.client, wish)


def wait_for_jobs(is_done):
    started = time.monotonic()
    while not is_done():
        expect(time.monotonic() - started < JOBS_SECONDS, f"jobs are not done in {JOBS_SECONDS} s")
        time.sleep(0.01)


@test
def a_batch_of_vouchers_is_made_as_a_whole_and_once():
    with Piggy() as piggy:
        shop, states = Shop(piggy), Counter()
        wanted = {"name": "Jubilee", "description": "A jar of honey."}
        promotion = shop.client.post("/promotions", wanted).data["uuid"]
        wishes = [Wish("/vouchers/batch", {"promotion_uuid": promotion, "quantity": BATCH})
                  for _ in range(BATCHES)]

        def check(rows):
            promotions = {row["uuid"]: row["id"] for row in rows["promotion"]}
            batches = [row for row in rows["voucher_batch"]
                       if row["promotion_id"] == promotions[promotion]]
            acknowledged = sum(wish.answer is not None for wish in wishes)
            expect(acknowledged <= len(batches) <= sum(wish.sent for wish in wishes),
                   f"{acknowledged} batches were acknowledged, {len(batches)} are there")
            made = Counter(row["batch_id"] for row in rows["voucher"])
            for row in batches:
                state = row["status"]
                wanted = {"PENDING": 0, "COMPLETED": BATCH}[state]
                equal((row["made"], made[row["id"]]), (wanted, wanted), f"what a {state} batch has")
                states[state] += 1

        def is_made(wish):
            batch = shop.client.get(f"//platform/voucher-batches/{wish.answer.data['uuid']}").data
            return batch["status"] == "COMPLETED"

        rounds_of_kills(piggy, shop, wishes, check)
        expect(states["PENDING"], "no kill came before its batches were made")
        wait_for_jobs(lambda: all(map(is_made, wishes)))

        codes = []
        for page in itertools.count(1):
            listed = shop.client.get("/vouchers", promotion_uuid=promotion, limit=100, page=page)
            codes += [voucher["code"] for voucher in listed.data]
            if len(listed.data) < 100:
                break
        wanted = BATCH * BATCHES
        equal((len(codes), len(set(codes))), (wanted, wanted), "how many codes, and different ones")
        equal(piggy.stop(), 0, "the exit status")
        check(rows_left(piggy))
        piggy.verify()


@dataclass
class Holder:
    """A contact, and what it had when it was made."""
    uuid: str
    credits: int
    belongings: set  # A voucher's code and an identifier's value.


def new_holder(shop):
    contact, credits, card = shop.new_contact(), random.randint(1, 1000), uuid.uuid4().hex
    shop.client.post("/credit-receptions", shop.reception(contact, credits)).data
    shop.client.post("/contact-identifiers",
                     {"contact_uuid": contact, "contact_identifier_value": card}).data
    return Holder(contact, credits, {shop.new_voucher(contact_uuid=contact)["code"], card})


def holdings(rows):
    """(credits, belongings) of each contact that is there, by uuid."""
    balances = {row["id"]: row["balance"] for row in rows["ledger_account"]}
    belongings = defaultdict(set)
    for row in rows["voucher"]:
        belongings[row["contact_id"]].add(row["code"])
    for row in rows["contact_identifier"]:
        belongings[row["contact_id"]].add(row["value"])
    return {row["uuid"]: (balances[row["id"]], belongings[row["id"]]) for row in rows["contact"]}


@test
def two_contacts_are_joined_as_a_whole_or_not_at_all():
    with Piggy() as piggy:
        shop, states = Shop(piggy), Counter()
        destinations = [new_holder(shop) for _ in range(DESTINATIONS)]
        sources = [new_holder(shop) for _ in range(MERGES_EACH_ROUND * JOB_ROUNDS)]
        wishes = [Wish("/contacts/merge", {
            "source_contact_uuid": source.uuid,
            "destination_contact_uuid": random.choice(destinations).uuid}) for source in sources]

        def check(rows):
            found = holdings(rows)
            wanted = {holder.uuid: (holder.credits, holder.belongings)
                      for holder in destinations + sources}
            for source, wish in zip(sources, wishes):
                if source.uuid in found:
                    states["there"] += wish.answer is not None
                    continue
                expect(wish.sent, f"{source.uuid} is gone unasked")
                into = wish.body["destination_contact_uuid"]
                credits, belongings = wanted[into]
                wanted[into] = (credits + source.credits, belongings | source.belongings)
                del wanted[source.uuid]
            for contact, held in wanted.items():
                equal(found.get(contact), held, f"what {contact} holds")

        rounds_of_kills(piggy, shop, wishes, check)
        expect(states["there"], "no kill came before its contacts were joined")
        for source in sources:
            wait_for_jobs(lambda: shop.client.get(f"/contacts/{source.uuid}").status == 400)
            shop.client.get(f"/contacts/{source.uuid}").refused(400, 55031)
        equal(sum(shop.balance(holder.uuid) for holder in destinations),
              sum(holder.credits for holder in destinations + sources), "the sum of all credits")
        equal(piggy.stop(), 0, "the exit status")
        check(rows_left(piggy))
        piggy.verify()


if POSTGRES:  # A file is free as soon as its process is gone.
    @test
    def who_restarts_what_was_killed_waits_no_longer_than_a_lease():
        with Piggy() as piggy:
            piggy.process.kill()
            piggy.process.wait()
            started = time.monotonic()
            while True:  # As a supervisor does.
                piggy.start(wait=False)
                try:
                    piggy.wait_until_ready()
                    break
                except AssertionError:
                    expect("Another piggy process" in piggy.log_tail(), piggy.log_tail())
                    expect(time.monotonic() - started < LEASE_SECONDS + 2, "the lease does not end")
                    time.sleep(0.2)
            piggy.verify()


if __name__ == "__main__":
    sys.exit(run())
