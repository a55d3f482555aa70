#!/usr/bin/python3
"""Kills piggy with SIGKILL under eight writers, again and again, and looks for what it promised.

After each restart:
  - every acknowledged credit reception is there: a replay with its key gives the same answer;
  - none is half applied: a contact's balance is what was acknowledged plus some whole ones of those
    whose answer never came;
  - those are sent again with their keys, and then each has acted exactly once.
At last every reception is listed, nothing but them, and `piggy verify` finds nothing, as it did
every ten rounds on the data just as the kill left them.
"""

import http.client
import itertools
import os
import random
import sys
import threading
import time
import uuid
from collections import Counter

from harness import Piggy, Shop, equal, expect, run, test

ROUNDS = int(os.environ.get("PIGGY_CRASH_ROUNDS", 100))
WRITERS = 8
CONTACTS = 48
REPLAYED_EACH_ROUND = 20


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


if __name__ == "__main__":
    sys.exit(run())
