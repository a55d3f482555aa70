#!/usr/bin/python3
"""Sequences in a piggy that runs, and is killed: whoever is enrolled gets each mail once.

Mails are counted as they are queued for the mailer, in the store itself.
"""

import http.client
import random
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from harness import POSTGRES, Client, Piggy, Shop, equal, expect, run, test
from office import Office

ADVANCE_SECONDS = 30
KILLS = 12
PEOPLE = 150
CALLERS = 4


class Mailings:
    """A shop with a purpose, a template and a boss."""

    def __init__(self, piggy):
        self.piggy = piggy
        self.shop = Shop(piggy)
        self.office = Office(piggy)
        self.boss = self.office.boss
        self.purpose = self.boss.post("/subscription-types", name="News", description="News",
                                      strategy="OPT_IN")["uuid"]
        self.template = self.boss.post(
            "/mail-templates", name="Hello", subject="Hello", html="<p>Hello</p>",
            subscription_type_uuid=self.purpose)["uuid"]

    def sequence(self, *waits, **others):
        steps = [{"template_uuid": self.template, "wait_seconds": wait} for wait in waits]
        return self.boss.post("/sequences", name=f"Sequence {uuid.uuid4().hex}", steps=steps,
                              subscription_type_uuid=self.purpose, **others)["uuid"]

    def contact(self, subscribed=True):
        contact = self.shop.new_contact()
        if subscribed:
            self.shop.client.put(f"/contact-subscriptions/{contact}/subscribe",
                                 {"subscription_type_uuid": self.purpose}).data
        return contact

    def enroll(self, sequence, contact, **others):
        return self.boss.post(f"/sequences/{sequence}/enrollments", contact_uuid=contact, **others)

    def enrollment(self, contact):
        return self.boss.get(f"/enrollments?contact_uuid={contact}")["enrollments"][0]

    def wait_for(self, contact, state):
        deadline = time.monotonic() + ADVANCE_SECONDS
        while (now := self.enrollment(contact))["state"] != state:
            expect(time.monotonic() < deadline, f"the enrolment does not become {state}: {now}")
            time.sleep(0.02)
        return now

    def wait_for_steps(self, contact, count):
        deadline = time.monotonic() + ADVANCE_SECONDS
        while len((now := self.enrollment(contact))["steps_had"]) < count:
            expect(time.monotonic() < deadline, f"step {count} does not come: {now}")
            time.sleep(0.02)
        return now


def keys(piggy, sequence):
    """Of all mails that were ever queued for a sequence, taken back or not."""
    sql = f"SELECT key FROM send WHERE key LIKE 'sequence:{sequence}:%'"
    if POSTGRES:
        answer = subprocess.run(["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
                                 f"--command={sql}", piggy.schema.url],
                                check=True, capture_output=True, text=True, timeout=60)
        return answer.stdout.split()
    with sqlite3.connect(f"file:{piggy.data / 'piggy.db'}?mode=ro", uri=True) as store:
        return [key for key, in store.execute(sql)]


@test
def a_sequence_sends_all_its_mails_and_is_through(piggy, mailings):
    sequence = mailings.sequence(0, 1, 0)
    contact = mailings.contact()
    answer = mailings.enroll(sequence, contact, reason="asked for it")
    equal(answer["was_enrolled"], False, "was_enrolled")
    equal([p["step"] for p in answer["planned"]], ["step-1", "step-2", "step-3"], "the plan")
    ended = mailings.wait_for(contact, "completed")
    equal(ended["steps_had"], ["step-1", "step-2", "step-3"], "the steps")
    equal(sorted(keys(piggy, sequence)),
          [f"sequence:{sequence}:step-{i}:{contact}:1" for i in (1, 2, 3)], "the keys")


@test
def the_same_enrolment_a_hundred_times_from_four_sides_sends_one_first_mail(piggy, mailings):
    sequence = mailings.sequence(0, 3600)
    contact = mailings.contact()
    answers, lock = [], threading.Lock()

    def call():
        client = Client(piggy.port)
        headers = {"Cookie": mailings.boss.cookie, "X-Piggy-Proof": mailings.boss.proof}
        for _ in range(100 // CALLERS):
            answer = client.call("POST", f"//platform/sequences/{sequence}/enrollments",
                                 {"contact_uuid": contact}, headers=headers).data
            with lock:
                answers.append(answer)

    threads = [threading.Thread(target=call) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(len(answers), 100, "the answers")
    equal(sum(not a["was_enrolled"] for a in answers), 1, "those that enrolled")
    equal(len({a["enrollment"]["uuid"] for a in answers}), 1, "the enrolments")
    equal(len({a["first_send_at"] for a in answers}), 1, "the moments of the first mail")
    mailings.wait_for_steps(contact, 1)
    equal(len(keys(piggy, sequence)), 1, "the mails")


@test
def a_dry_run_shows_what_would_be_sent_and_does_nothing(piggy, mailings):
    sequence = mailings.sequence(0, 60)
    contact = mailings.contact()
    office = mailings.office
    office.grant("piggy_enroll_in_sequence")
    shown = office.mcp().call("piggy_enroll_in_sequence", sequence_uuid=sequence,
                              contact_uuid=contact, dry_run=True)
    expect("step-2" in str(shown), f"the dry run does not tell of the second mail: {shown}")
    equal(mailings.boss.get(f"/enrollments?contact_uuid={contact}")["enrollments"], [],
          "who is enrolled after a dry run")
    equal(keys(piggy, sequence), [], "the mails")


@test
def who_did_not_agree_is_refused(piggy, mailings):
    sequence = mailings.sequence(0)
    contact = mailings.contact(subscribed=False)
    refused = mailings.boss.ask("POST", f"/sequences/{sequence}/enrollments",
                                {"contact_uuid": contact})
    equal(refused.status, 409, "the status")
    expect(b"unsubscribed" in refused.body, f"the reason is not told: {refused.body!r}")


@test
def unsubscribing_stops_it_at_once(piggy, mailings):
    sequence = mailings.sequence(0, 2)
    contact = mailings.contact()
    mailings.enroll(sequence, contact)
    mailings.wait_for_steps(contact, 1)
    mailings.shop.client.put(f"/contact-subscriptions/{contact}/unsubscribe",
                             {"subscription_type_uuid": mailings.purpose}).data
    stopped = mailings.wait_for(contact, "stopped")
    equal(stopped["stop_reason"], "unsubscribed", "the reason")
    time.sleep(2.5)  # Past the second step's moment, which must not come.
    equal(len(keys(piggy, sequence)), 1, "the mails")


@test
def a_purchase_stops_it(piggy, mailings):
    sequence = mailings.sequence(3600)
    contact = mailings.contact()
    mailings.enroll(sequence, contact)
    mailings.shop.client.post("/credit-receptions",
                              mailings.shop.reception(contact, 5)).data
    equal(mailings.wait_for(contact, "stopped")["stop_reason"], "purchase", "the reason")


@test
def nine_stays_nine_on_the_days_when_clocks_change(piggy, mailings):
    # Forty mails ten days apart are planned over more than a year, and so over both changes.
    steps = [{"template_uuid": mailings.template, "wait_days": 10}] * 40
    sequence = mailings.boss.post(
        "/sequences", name=f"Mornings {uuid.uuid4().hex}", subscription_type_uuid=mailings.purpose,
        steps=steps, hours={"from": "09:00", "until": "09:01"})["uuid"]
    planned = mailings.enroll(sequence, mailings.contact())["planned"]
    equal(len(planned), 40, "the plan")
    local = [datetime.fromisoformat(p["send_at"]).astimezone(ZoneInfo("Europe/Amsterdam"))
             for p in planned]
    equal({(at.hour, at.minute) for at in local}, {(9, 0)}, "the time by the wall")
    equal(len({at.utcoffset() for at in local}), 2, "the offsets")


@test
def a_kill_between_any_two_steps_loses_nothing_and_sends_nothing_twice(piggy, mailings):
    chance = random.Random(5)
    sequence = mailings.sequence(0, 1, 0, 1)
    people = [mailings.contact() for _ in range(PEOPLE)]
    acknowledged = set()
    waiting = list(people)
    for _ in range(KILLS):
        killed_after = threading.Timer(chance.uniform(0.05, 0.6), piggy.process.kill)
        killed_after.start()
        while waiting:
            try:
                mailings.enroll(sequence, waiting[-1])
            except (OSError, http.client.HTTPException):
                break  # It was killed; whether it enrolled them is not known.
            acknowledged.add(waiting.pop())
        killed_after.join()
        piggy.process.wait()
        piggy.process = None
        if piggy.schema:
            piggy.schema.end_lease()
        piggy.start()
        mailings.boss.client.close()
    for contact in waiting:
        mailings.enroll(sequence, contact)
    for contact in people:
        ended = mailings.wait_for(contact, "completed")
        equal(ended["steps_had"], [f"step-{i}" for i in (1, 2, 3, 4)], "the steps")
    sent = keys(piggy, sequence)
    equal(len(sent), len(set(sent)), "the mails")
    equal(sorted(sent), sorted(f"sequence:{sequence}:step-{i}:{contact}:1"
                               for contact in people for i in (1, 2, 3, 4)), "the keys")
    expect(acknowledged, "no enrolment was acknowledged before a kill")


def main():
    with Piggy() as piggy:
        return run(piggy, Mailings(piggy))


if __name__ == "__main__":
    sys.exit(main())
