"""Segments over a million contacts: how long one of five conditions takes whole, and how soon after
an event a contact is in it. The contacts are written straight into the tables (segment_rows.cpp)."""

import os
import statistics
import subprocess
import time

from harness import PROGRAM, Client, expect
from measure import Sample
from table import Floor

CONTACTS = int(os.environ.get("PIGGY_BENCH_SEGMENT_CONTACTS", 1_000_000))
WRITER = PROGRAM.parent / "test/bench/piggy_segment_rows"
EVENTS = 60


def on_segments(bench):
    with bench.piggy("segment", contacts=0) as piggy:
        crowd = Crowd(bench, piggy)
        for name, conditions in crowd.conditions().items():
            bench.part(f"{CONTACTS:,} contacts: {name}, counted", crowd.measure_count, conditions)
            bench.part(f"{CONTACTS:,} contacts: {name}, filled", crowd.measure_filling, conditions)
            bench.part(f"{CONTACTS:,} contacts: {name}, refreshed", crowd.measure_refresh)
        bench.part(f"{CONTACTS:,} contacts: from an event to membership", crowd.measure_event)


class Crowd:
    def __init__(self, bench, piggy):
        self.bench = bench
        piggy.stop()
        started = time.perf_counter()
        said = subprocess.run([WRITER, piggy.data / "piggy.db", "demo", str(CONTACTS)],
                              check=True, capture_output=True, text=True).stdout
        bench.table.say(f"{CONTACTS:,} contacts", f"written in {time.perf_counter() - started:.0f} s")
        self.type, self.segment, self.number = said.strip(), None, 0
        piggy.start()
        self.client = Client(piggy.port, piggy.new_token())

    def call(self, name, /, **arguments):
        return self.client.call("POST", f"//platform/operations/{name}", arguments).data

    def conditions(self):
        """All five over other tables or over JSON, and none that throws out nearly everybody before
        the others are asked."""
        five = [{"field": "created_at", "is": "within_days", "value": 300},
                {"field": "balance", "is": "at_least", "value": 200},
                {"field": "attribute.city", "is": "in", "value": ["Utrecht", "Delft", "Leiden", "Breda"]},
                {"field": "subscription", "subscription_type": self.type, "is": "equals",
                 "value": "SUBSCRIBED"},
                {"field": "activity", "kind": "mail_clicked", "days": 30}]
        rare = [{"field": "created_at", "is": "before", "value": "2000-01-01"},
                {"field": "balance", "is": "more_than", "value": 990},
                {"field": "attribute.city", "is": "equals", "value": "Paris"},
                {"field": "tier", "is": "is_set"},
                {"field": "activity", "kind": "mail_clicked", "days": 1}]
        return {"five conditions, all": {"all": five}, "five conditions, any": {"any": rare}}

    def measure_count(self, name, conditions):
        spent = []
        for _ in range(self.bench.repeats):
            started = time.perf_counter()
            self.count = self.call("preview_segment", conditions=conditions)["count"]
            spent.append(time.perf_counter() - started)
        self.tell(name, spent, f" of them {self.count:,}")

    def measure_filling(self, name, conditions):
        """From the call to the moment in which all members are there."""
        self.number += 1
        started = time.perf_counter()
        self.segment = self.call("create_segment", name=f"S{self.number}", conditions=conditions)["uuid"]
        while not (shown := self.call("get_segment", uuid=self.segment))["refreshed_at"]:
            time.sleep(0.01)
        spent = time.perf_counter() - started
        self.tell(name, [spent], f" {shown['size']:,} members")

    def measure_refresh(self, name):
        spent = []
        for _ in range(self.bench.repeats):
            started = time.perf_counter()
            done = self.call("refresh_segment", uuid=self.segment)
            spent.append(time.perf_counter() - started)
            expect(done["entered"] == done["left"] == 0, f"a second look found others: {done}")
        self.tell(name, spent)

    def tell(self, name, spent, note=""):
        middle = statistics.median(spent)
        self.bench.table.add(name, Sample(CONTACTS / middle), Floor(seconds=2), middle, note)

    def measure_event(self, name):
        """From before the change of a contact is asked for until a look at the segment shows it."""
        segment = self.call("create_segment", name="Oslo", conditions={
            "all": [{"field": "attribute.city", "is": "equals", "value": "Oslo"},
                    {"field": "balance", "is": "at_least", "value": 0},
                    {"field": "created_at", "is": "within_days", "value": 3000},
                    {"not": {"field": "activity", "kind": "unsubscribed"}},
                    {"not": {"field": "tier", "is": "is_set"}}]})["uuid"]
        while not self.call("get_segment", uuid=segment)["refreshed_at"]:
            time.sleep(0.01)
        latencies = []
        for number in range(EVENTS):
            city = "Breda" if number % 2 else "Oslo"
            started = time.perf_counter()
            self.call("update_contact", contact_uuid=self.contact(), attributes={"city": city})
            while self.call("get_segment", uuid=segment)["size"] != (city == "Oslo"):
                expect(time.perf_counter() - started < 10, "the segment does not follow")
            latencies.append((time.perf_counter() - started) * 1e6)
        self.bench.table.add(name, Sample.of_latencies(latencies, sum(latencies) / 1e6), Floor(p99_ms=50))

    def contact(self):
        return self.call("find_contact", email="c4711@example.org")["uuid"]
