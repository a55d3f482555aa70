"""The record of calls when it has grown: how fast one finds something in it, and how fast it is
checked. Its ten million rows are written by the engine's own function (audit_rows.cpp)."""

import os
import random
import statistics
import subprocess
import time

from harness import PROGRAM, Client, expect
from measure import Sample, median
from table import Floor

CALLS = int(os.environ.get("PIGGY_BENCH_CALLS", 10_000_000))
WRITER = PROGRAM.parent / "test/bench/piggy_audit_rows"
SEARCHES = 300


def on_record(bench):
    with bench.piggy("audit", contacts=0) as piggy:
        record = Record(bench, piggy)
        bench.part("ten million calls: put on record", record.measure_writing)
        for of, parameters in record.searches():
            bench.part(f"ten million calls: search by {of}", record.measure_search, parameters)
        bench.part("ten million calls: verify", record.measure_verification)


class Record:
    def __init__(self, bench, piggy):
        self.bench, self.piggy = bench, piggy
        piggy.stop()
        started = time.perf_counter()
        said = subprocess.run([WRITER, piggy.data / "piggy.db", "demo", str(CALLS)],
                              check=True, capture_output=True, text=True).stdout
        self.spent = time.perf_counter() - started
        self.known = {}
        for line in said.splitlines():
            kind, uuid = line.split()
            self.known.setdefault(kind, []).append(uuid)
        piggy.start()
        self.client = Client(piggy.port, piggy.new_token())

    def measure_writing(self, name):
        self.bench.table.add(name, Sample(CALLS / self.spent), seconds=self.spent)

    def searches(self):
        """By name: what is asked for, a choice of values for each."""
        contacts, personas = self.known["contact"], self.known["persona"]
        return [("contact", {"contact_uuid": contacts[1:]}),
                ("the busiest contact", {"contact_uuid": contacts[:1]}),
                ("contact, page after page", {"contact_uuid": contacts[:1], "before": None}),
                ("persona", {"persona_uuid": personas}),
                ("a persona that does little", {"persona_uuid": self.known["rare"]}),
                ("persona, page after page", {"persona_uuid": personas[:1], "before": None}),
                ("persona and contact", {"persona_uuid": personas, "contact_uuid": contacts[1:]})]

    def measure_search(self, name, parameters):
        samples = [self.search(parameters) for _ in range(self.bench.repeats)]
        self.bench.table.add(name, median(samples), Floor(p99_ms=50))

    def search(self, parameters):
        latencies, before = [], None
        for _ in range(SEARCHES):
            asked = {key: random.choice(values) for key, values in parameters.items() if values}
            if "before" in parameters and before:
                asked["before"] = before
            started = time.perf_counter()
            calls = self.client.call("POST", "//platform/operations/list_audit_calls", asked).data["calls"]
            latencies.append((time.perf_counter() - started) * 1e6)
            for key in ("contact_uuid", "persona_uuid"):
                expect(all(call[key] == asked.get(key, call[key]) for call in calls), "calls of another")
            expect(calls or len(asked) > 1, "no calls were found")
            before = calls[-1]["uuid"] if calls else None
        return Sample.of_latencies(latencies, sum(latencies) / 1e6)

    def measure_verification(self, name):
        """The whole command, beside the running server: opening, the ledger and all."""
        spent = []
        for _ in range(self.bench.repeats):
            started = time.perf_counter()
            said = self.piggy.run("verify", "--data", self.piggy.data, timeout=600).stdout
            spent.append(time.perf_counter() - started)
            expect("all fits" in said, said)
        middle = statistics.median(spent)
        self.bench.table.add(name, Sample(CALLS / middle), Floor(1_000_000), middle)
