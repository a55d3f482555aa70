#!/usr/bin/python3
"""kill -9 at every commit of each shipped flow, once right before it and once right after it: what
is done outside and not noted yet, and what is noted and not done yet. The program is started again
and left alone. Each time there is one lead and one run, which ends as done, one message in Slack,
and the sender's list is what the segment says.

A letter is never there twice. It is there once, but for one place: between the commit that says it
is being handed over and the handing over itself nobody can know whether the mail server has it, so
that it is left `unknown`, in the numbers of mail, and not sent again (README.md of src/campaign).

Each flow has a program of its own, and each side of the commits another, so that six go side by side.
"""

import http.client
import os
import signal
import sys
import threading
import time
import traceback
import uuid

from flow_desk import TOKEN, Desk, Listmonk, Slack, address
from harness import Piggy, equal, expect, free_port, run, test, wait_until
from mail_sink import Sink

CUT_OFF = (OSError, http.client.HTTPException)
POINTS_MAX = 99
SWEEPS_MAX = 5
SETTLED_SECONDS = 60


class Scene:
    """A flow on a program of its own, which dies where it is told."""

    def __init__(self, postbox):
        self.postbox = postbox
        name = uuid.uuid4().hex
        self.crash_file = f"/var/tmp/piggy-crash-{name}"
        self.piggy = Piggy(("--smtp-url", f"smtp://127.0.0.1:{postbox.port}",
                            "--allow-private-connections"),
                           environment={"PIGGY_CRASH_POINT": self.crash_file})
        self.rounds = 0
        self.sweeps = 0

    def __enter__(self):
        self.piggy.start()
        self.desk = Desk(self.piggy)
        # Looks of people are on record, which are commits as well; those of programs are not.
        self.watch = self.piggy.client(self.piggy.new_token(
            "client", "demo", "--scope", "flows:read", "--scope", "mail:read"))
        self.set_up()
        return self

    def __exit__(self, *_):
        self.piggy.remove()
        self.disarm()

    def arm(self, side, number):
        with open(self.crash_file + ".new", "w") as file:
            file.write(f"{side} {number}")
        os.replace(self.crash_file + ".new", self.crash_file)

    def disarm(self):
        if os.path.exists(self.crash_file):
            os.unlink(self.crash_file)

    def is_dead(self):
        return self.piggy.process.poll() is not None

    def until_answered(self, ask):
        """Asks again after a crash, as people and programs do; then the answer."""
        while True:
            try:
                return ask()
            except CUT_OFF:
                wait_until(self.is_dead, "the end of a program that does not answer")
                self.start_again()

    def start_again(self):
        expect(self.piggy.process.returncode in (0, -signal.SIGKILL), self.piggy.log_tail())
        self.disarm()
        self.piggy.process = None
        if self.piggy.schema:
            self.piggy.schema.end_lease()
        self.piggy.start()
        for client in (self.watch, self.desk.boss.client, self.desk.office.shop.client):
            client.close()  # The old connections went with the old process.

    def one_round(self, side=None, number=0):
        """Whether the program died; it is told to unless no side is named."""
        begin = self.prepare()
        self.rounds += 1
        starts = self.piggy.process.pid
        if side:
            self.arm(side, number)
        self.until_answered(begin)
        deadline = time.monotonic() + SETTLED_SECONDS
        while not self.until_answered(self.is_settled):
            if self.is_dead():
                self.start_again()
            expect(time.monotonic() < deadline, f"{side} commit {number}: it does not end")
            time.sleep(0.01)
        died = self.piggy.process.pid != starts
        if side and not died:  # It counts on, and may die yet of a commit that nobody waits for.
            self.piggy.process.terminate()
            died = self.piggy.process.wait() == -signal.SIGKILL
            self.start_again()
        self.check(f"{side} commit {number}")
        return died

    def one_sweep(self, side):
        """Dies at each commit once; how many there are. What else is committed beside the flow moves
        their numbers, so that one sweep may step over a place that the next one meets."""
        self.sweeps += 1
        points = 0
        while self.one_round(side, points + 1):
            points += 1
            expect(points < POINTS_MAX, "the flow has no end")
        return points

    def runs_are(self, state):
        runs = self.watch.get("//platform/flow-runs", flow_uuid=self.flow, limit=100).data
        equal({one["problem"] for one in runs} - {""}, set(), "what went wrong")
        return len(runs) == min(self.rounds, 100) and {one["state"] for one in runs} == {state}

    def is_settled(self):
        return self.runs_are("done")

    def has_met_doubt(self):
        """Whether a crash fell between what was done outside and what was noted of it."""
        return True


class Lead(Scene):
    def set_up(self):
        self.flow = self.desk.install_lead_magnet()
        self.emails = []

    def prepare(self):
        self.emails.append(address())
        return lambda: self.desk.send_in(self.emails[-1]).data

    def numbers(self):
        """Of the sequence that all of them get; the demo has letters of its own."""
        return self.watch.get("//platform/mail-metrics",
                              campaign_uuid=self.desk.sequences["warm"]).data["mail"]

    def is_settled(self):
        return self.runs_are("done") and self.numbers()["recipients"] == self.rounds

    def has_met_doubt(self):
        return self.numbers()["unknown"] > 0

    def check(self, where):
        expect(len(self.postbox.to(self.emails[-1])) <= 1, f"{where}: two letters")

    def finish(self):
        letters = [len(self.postbox.to(email)) for email in self.emails]
        unknown = self.numbers()["unknown"]
        equal(set(letters) - {0}, {1}, "how many letters one has")
        expect(letters.count(0) <= unknown, f"{letters.count(0)} are missing, {unknown} unknown")
        # Other commits may fall into the handing over, but few do.
        expect(1 <= unknown <= 6 * self.sweeps, f"{unknown} are unknown")
        enrolled = self.desk.boss.get("/enrollments?limit=100&sequence_uuid="
                                      + self.desk.sequences["warm"])["enrollments"]
        equal(sorted(one["contact"]["email"] for one in enrolled), sorted(self.emails), "who is enrolled")
        return f"{len(letters)} leads, {sum(letters)} letters, {unknown} unknown"


class Rollup(Scene):
    def set_up(self):
        self.slack = Slack(TOKEN)
        handle = self.desk.boss.post("/connections", connector="slack", base_url=self.slack.url,
                                     key=TOKEN)["handle"]
        self.desk.office.grant(f"{handle}_send_direct_message")
        self.flow = self.desk.install("daily_rollup", team=["boss@shop.example"], slack=handle,
                                      zone="Pacific/Auckland")

    def prepare(self):
        return start_by_hand(self)

    def check(self, where):
        equal(len(self.slack.posted), self.rounds, f"{where}: how many messages there are")

    def has_met_doubt(self):
        return "conversations.history" in self.slack.heard

    def finish(self):
        return f"{len(self.slack.posted)} messages of {self.rounds} runs"


class Refresh(Scene):
    def set_up(self):
        self.sender = Listmonk()
        handle = self.desk.boss.post("/connections", connector="listmonk", base_url=self.sender.url,
                                     key=self.sender.key)["handle"]
        self.active = {}
        for _ in range(12):
            self.enter()
        segment = self.desk.boss.post("/segments", name=f"Active {uuid.uuid4().hex[:6]}", conditions={
            "field": "attribute.lastname", "is": "equals", "value": "Active"})["uuid"]
        self.flow = self.desk.install("segment_refresh", segment_uuid=segment, connection=handle,
                                      list="2")

    def enter(self):
        email = address()
        self.active[email] = self.desk.office.shop.client.post("/contacts", {"email": email}).data["uuid"]
        self.rename(email, "Active")

    def rename(self, email, lastname):
        self.desk.office.shop.client.post("//platform/operations/update_contact", {
            "contact_uuid": self.active[email], "attributes": {"lastname": lastname}}).data

    def prepare(self):
        """One comes, one goes: both are the difference that is pushed."""
        self.enter()
        email = next(iter(self.active))
        self.rename(email, "Quiet")
        self.active.pop(email)
        return start_by_hand(self)

    def check(self, where):
        equal(self.sender.members(2), set(self.active), f"{where}: the sender's list")

    def finish(self):
        return f"{self.rounds} pushes, the list as the segment each time"


def start_by_hand(scene):
    """As often as it takes, with one key."""
    key, boss = str(uuid.uuid4()), scene.desk.boss
    headers = {"Cookie": boss.cookie, "X-Piggy-Proof": boss.proof}
    return lambda: boss.client.call("POST", f"//platform/flows/{scene.flow}/runs", {}, key=key,
                                    headers=headers).data


def every_commit(kind, side, postbox, told):
    try:
        with kind(postbox) as scene:
            equal(scene.one_round(), False, "whether it died unasked")
            points = scene.one_sweep(side)
            while not scene.has_met_doubt():
                expect(scene.sweeps < SWEEPS_MAX, "no crash left anything in doubt")
                points = scene.one_sweep(side)
            told[kind, side] = points, scene.finish()
    except Exception:
        told[kind, side] = 0, traceback.format_exc(limit=-4)


def killed_at_every_commit(kind, least):
    told = {}
    postbox = Sink(free_port())
    postbox.start()
    try:
        threads = [threading.Thread(target=every_commit, args=(kind, side, postbox, told))
                   for side in ("before", "after")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        postbox.stop()
    for (_, side), (points, words) in told.items():
        expect(points >= least, words)
        print(f"        {side} each of {points} commits: {words}", flush=True)


@test
def a_lead_has_one_run_and_one_letter_whichever_commit_is_the_last():
    killed_at_every_commit(Lead, 6)


@test
def the_team_has_one_message_whichever_commit_is_the_last():
    killed_at_every_commit(Rollup, 5)


@test
def the_senders_list_is_the_segment_whichever_commit_is_the_last():
    killed_at_every_commit(Refresh, 5)


if __name__ == "__main__":
    sys.exit(run())
