#!/usr/bin/python3
"""Measures piggy beside the limits of the machine it runs on, and prints one table.

Every figure is the median of some repeats, taken with the load generator on the same machine. The
floors are those the project has set itself; a figure below its floor is marked and fails the run.
A measurement that cannot be made says why, and the others go on.
"""

import argparse
import json
import os
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
import traceback
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))

import audit  # noqa: E402
import console_speed  # noqa: E402
import flow_speed  # noqa: E402
import machine  # noqa: E402
import mail_speed  # noqa: E402
import segment_speed  # noqa: E402
import streams  # noqa: E402
from harness import Client, Piggy, Shop, expect  # noqa: E402
from measure import Sample, median, resident_mib, wrk  # noqa: E402
from table import Floor, Table  # noqa: E402

CONTACTS = 10_000
MANY_CONTACTS = 1_000_000
CONTACTS_IN_PLAY = 5_000
BATCHES, BATCH_SIZE = 200, 500


class Bench:
    def __init__(self, options):
        self.seconds, self.repeats = options.seconds, options.repeats
        self.only = re.compile(options.only)
        self.directory = Path(tempfile.mkdtemp(prefix="piggy-bench-", dir=options.directory))
        # Postgres' own user must reach what lies in it.
        self.directory.chmod(0o755)
        self.table = Table()

    def part(self, name, function, *arguments):
        """One measurement by itself: when it breaks, the next is taken all the same."""
        if not self.only.search(name):
            return
        try:
            function(name, *arguments)
        except Exception as error:
            self.table.fail(name, error)
            if os.environ.get("PIGGY_BENCH_TRACE"):
                traceback.print_exc()

    def load(self, name, piggy, connections, floor, script=None, arguments=(), path="/"):
        samples = [wrk(piggy, connections, self.seconds, script, arguments, path)[0]
                   for _ in range(self.repeats)]
        self.table.add(name, median(samples), floor)

    def piggy(self, name, *arguments, contacts=CONTACTS):
        """A server with a demo shop and so many contacts besides."""
        return Populated(arguments, directory=self.directory / name, contacts=contacts)


class Populated(Piggy):
    """Its contacts are imported as any store would, through the running server."""

    def __init__(self, arguments, directory, contacts):
        super().__init__(arguments, directory=directory)
        self.contacts = contacts

    def __enter__(self):
        super().__enter__()
        try:
            self.populate()
            return self
        except Exception:
            self.remove()
            raise

    def populate(self):
        if not self.contacts:
            return
        file = self.directory / "contacts.csv"
        with open(file, "w") as rows:
            rows.write("email\n")
            rows.writelines(f"customer-{number}@example.org\n" for number in range(self.contacts))
        self.run("import", "contacts", file, "--account", "demo", "--data", self.data, timeout=3600)
        client = Client(self.port, self.new_token("client"))
        started = time.monotonic()
        while client.get("/contacts", limit=1).json["meta"]["total"] < self.contacts:
            expect(time.monotonic() - started < 1800, "the contacts are not there after half an hour")
            time.sleep(0.5)
        client.close()


class Ground(Shop):
    """A shop under load: some of its contacts in a file for wrk, and a token for MCP."""

    def __init__(self, piggy):
        super().__init__(piggy)
        self.mcp_token = piggy.new_token("mcp")
        self.contacts = self.some_contacts()
        self.file = piggy.directory / "contacts"
        self.file.write_text("\n".join(self.contacts) + "\n")

    def some_contacts(self):
        """Spread over all there are, so that caches are as warm as with real traffic."""
        last = self.client.get("/contacts", limit=100).json["meta"]["last_page"]
        pages = random.sample(range(1, last + 1), min(last, CONTACTS_IN_PLAY // 100))
        return [row["uuid"] for page in pages
                for row in self.client.get("/contacts", limit=100, page=page).data]

    @property
    def balance(self):
        return {"script": "balance.lua", "arguments": (self.token, self.file)}

    @property
    def reception_load(self):
        return {"script": "reception.lua", "arguments": (self.token, self.file, self.shop)}

    @property
    def mcp(self):
        return {"script": "mcp_contact.lua",
                "arguments": (self.mcp_token, self.file, "piggy_get_contact_credit_balance")}


def on_the_machine(bench):
    bench.part("durable 512-byte overwrites, one by one", measure_machine, bench)


def measure_machine(name, bench):
    samples = [machine.durable_overwrites(bench.directory, bench.seconds) for _ in range(bench.repeats)]
    bench.table.add(name, median(samples))


def measure_one_contact(name, bench, ground):
    """Its balance must tell exactly what was acknowledged; wrk leaves the last calls unread."""
    contact = ground.new_contact()
    file = ground.piggy.directory / "one-contact"
    file.write_text(contact + "\n")
    samples, answered = [], 0
    for _ in range(bench.repeats):
        sample, count = wrk(ground.piggy, 64, bench.seconds, "reception.lua", (ground.token, file, ground.shop))
        samples.append(sample)
        answered += count
    surplus = ground.client.get(f"/contacts/{contact}/credit-balance").data["balance"] - answered
    expect(0 <= surplus <= 64 * bench.repeats, f"the balance differs by {surplus} from {answered} answers")
    bench.table.add(name, median(samples), Floor(8_000))


def measure_mcp(name, bench, ground):
    """A tool's error would count as an answer, so one is looked at first."""
    checked = Client(ground.piggy.port, ground.mcp_token).call(
        "POST", "//mcp",
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
         "params": {"name": "piggy_get_contact_credit_balance",
                    "arguments": {"contact_uuid": ground.contacts[0]},
                    "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
                              "io.modelcontextprotocol/clientCapabilities": {}}}},
        headers={"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2026-07-28",
                 "Mcp-Method": "tools/call", "Mcp-Name": "piggy_get_contact_credit_balance"})
    expect(checked.status == 200 and not checked.json.get("error")
           and not checked.json["result"].get("isError"), checked.body[:300])
    bench.load(name, ground.piggy, 64, Floor(25_000), path="/mcp", **ground.mcp)


def persona_token(piggy):
    """Of a persona that may give credits, within limits that load does not reach, and can pay for it."""
    def call(operation, *arguments):
        return json.loads(piggy.run("call", operation, "--account", "demo", "--data", piggy.data,
                                    *arguments).stdout)
    persona = call("create_persona", "--name", f"Bench {uuid.uuid4().hex[:8]}")["uuid"]
    grants = [{"tool": "piggy_create_credit_reception",
               "limits": {"points_per_day": 1_000_000_000, "plan_credits_per_day": 1_000_000_000}}]
    call("grant_tools", "--persona-uuid", persona, "--grants", json.dumps(grants))
    call("add_plan_pack", "--credits", "10000000")
    return call("create_persona_token", "--persona-uuid", persona)["token"]


def measure_persona(name, bench, ground):
    """By turns with the bare tool, so that what grant, limit, price and record cost is seen. A tool's
    error counts as an answer with wrk; that there was none stands in the record."""
    bare = f"{name}: the bare tool"
    taken = {bare: [], name: []}
    tokens = {bare: ground.mcp_token, name: persona_token(ground.piggy)}
    for turn in range(bench.repeats + 1):
        for row, samples in taken.items():
            sample = wrk(ground.piggy, 64, bench.seconds, "mcp_contact.lua",
                         (tokens[row], ground.file, "piggy_create_credit_reception", ground.shop), "/mcp")[0]
            if turn:  # The first one warms up.
                samples.append(sample)
    bench.table.add(bare, median(taken[bare]))
    bench.table.add(name, median(taken[name]), Floor(6_000))
    ratio = statistics.median(one.cpu / other.cpu for one, other in zip(taken[name], taken[bare]))
    bench.table.bound("  its CPU beside that of the bare tool", ratio, at_most=2)
    calls = {outcome: ground.client.call("POST", "//platform/operations/list_audit_calls",
                                         {"operation": "create_credit_reception", "door": "mcp",
                                          "outcome": outcome, "limit": 1}).json["data"]["calls"]
             for outcome in ("done", "refused")}
    expect(calls["done"][0]["persona"], "no call is on record as the persona's")
    expect(not calls["refused"], f"calls were refused: {calls['refused']}")


def measure_vouchers(name, bench, ground):
    """From the first batch asked for until the last of all codes can be listed."""
    promotion = ground.client.post(
        "/promotions", {"name": uuid.uuid4().hex, "description": "Measured."}).data["uuid"]
    started = time.perf_counter()
    for _ in range(BATCHES):
        ground.client.post("/vouchers/batch", {"promotion_uuid": promotion, "quantity": BATCH_SIZE}).data
    while (made := ground.client.get("/vouchers", promotion_uuid=promotion, limit=1).json["meta"]["total"]) \
            < BATCHES * BATCH_SIZE:
        expect(time.perf_counter() - started < 60, f"only {made} vouchers after a minute")
        time.sleep(0.02)
    spent = time.perf_counter() - started
    bench.table.add(name, Sample(BATCHES * BATCH_SIZE / spent, memory=resident_mib(ground.piggy.process.pid)),
                    Floor(seconds=2), spent)


def measure_import(name, bench):
    file = Path(os.environ.get("PIGGY_DATA_FILE", machine.ROOT.parent / "shared/data/online-retail.csv.xz"))
    if not file.exists():
        bench.table.say(name, f"left out: there is no {file.name}; PIGGY_DATA_FILE says where it lies")
        return
    with bench.piggy("import", contacts=0) as piggy:
        started = time.perf_counter()
        piggy.run("import", "orders", file, "--account", "demo", "--data", piggy.data, timeout=600)
        spent = time.perf_counter() - started
        bench.table.add(name, Sample(memory=resident_mib(piggy.process.pid)), Floor(seconds=15), spent)


def measure_start(name, bench, piggy):
    """With the file in the page cache, as after a restart of the program alone."""
    spent, memory = [], []
    for _ in range(bench.repeats):
        piggy.stop()
        started = time.perf_counter()
        piggy.start()
        spent.append(time.perf_counter() - started)
        time.sleep(2)
        memory.append(resident_mib(piggy.process.pid))
    middle = bench.repeats // 2
    bench.table.add(name, Sample(memory=sorted(memory)[middle]), Floor(seconds=0.2, memory=60), sorted(spent)[middle])


def on_sqlite(bench):
    with bench.piggy("sqlite") as piggy:
        ground = Ground(piggy)
        bench.part("empty answer, 64 connections", lambda n: bench.load(n, piggy, 64, Floor(), path="/healthz"))
        bench.part("balance read, 16 connections",
                   lambda n: bench.load(n, piggy, 16, Floor(40_000, p99_ms=3), **ground.balance))
        bench.part("balance read, 64 connections", lambda n: bench.load(n, piggy, 64, Floor(), **ground.balance))
        bench.part("MCP tools/call of the balance, 64 connections", measure_mcp, bench, ground)
        bench.part("a persona's reception over MCP, 64", measure_persona, bench, ground)
        bench.part("reception, 16 connections", lambda n: bench.load(n, piggy, 16, Floor(), **ground.reception_load))
        bench.part("reception, 64 connections",
                   lambda n: bench.load(n, piggy, 64, Floor(12_000, p99_ms=10), **ground.reception_load))
        bench.part("receptions on one contact, 64 connections", measure_one_contact, bench, ground)
        bench.part("100,000 voucher codes", measure_vouchers, bench, ground)
        bench.part("the books after all that", lambda n: (piggy.verify(), bench.table.say(n, "verified")))


def on_postgres(bench):
    with machine.Postgres(bench.directory) as postgres:
        def alone(n):
            bench.table.add(n, median(machine.postgres_alone(postgres, 8, bench.seconds, bench.repeats)))

        bench.part("PostgreSQL alone, one statement, 8 clients", alone)
        with bench.piggy("postgres", "--database", postgres.database("served")) as piggy:
            ground = Ground(piggy)
            bench.part("on PostgreSQL: balance read, 16 connections",
                       lambda n: bench.load(n, piggy, 16, Floor(), **ground.balance))
            bench.part("on PostgreSQL: reception, 16 connections",
                       lambda n: bench.load(n, piggy, 16, Floor(), **ground.reception_load))
            bench.part("on PostgreSQL: reception, 64 connections",
                       lambda n: bench.load(n, piggy, 64, Floor(5_000), **ground.reception_load))


def on_many_contacts(bench):
    """A small shop beside a large one: what a call costs is compared within the same seconds."""
    with bench.piggy("many", contacts=MANY_CONTACTS) as many, bench.piggy("few") as few:
        large, small = Ground(many), Ground(few)
        bench.part("1 million contacts: start until ready, idle", measure_start, bench, many)
        large.client.close()
        bench.part("1 million contacts: balance read, 16 connections",
                   lambda n: measure_growth(n, bench, 16, (many, large.balance), (few, small.balance)))
        bench.part("1 million contacts: reception, 64 connections",
                   lambda n: measure_growth(n, bench, 64, (many, large.reception_load),
                                            (few, small.reception_load)))


def measure_growth(name, bench, connections, *loads):
    """By turns, a warm-up first: both in the same weather, neither with cold caches."""
    samples = [[], []]
    for turn in range(bench.repeats + 1):
        for (piggy, load), taken in zip(loads, samples):
            sample = wrk(piggy, connections, bench.seconds, **load)[0]
            if turn:
                taken.append(sample)
    bench.table.add(name, median(samples[0]), Floor())
    ratio = statistics.median(one.cpu / other.cpu for one, other in zip(*samples))
    bench.table.bound(f"  its CPU beside that at {CONTACTS:,} contacts", ratio, at_most=1.3)


def on_import(bench):
    bench.part("import of the Online Retail file", measure_import, bench)


GROUPS = {"machine": on_the_machine, "sqlite": on_sqlite, "postgres": on_postgres,
          "many": on_many_contacts, "audit": audit.on_record, "streams": streams.on_streams,
          "import": on_import, "console": console_speed.on_the_console, "mail": mail_speed.on_mail,
          "segment": segment_speed.on_segments, "flows": flow_speed.on_flows}


def main():
    options = parse_options()
    bench = Bench(options)
    bench.table.head(f"{machine.processor()}; medians of {options.repeats} × {options.seconds} s, "
                     "wrk on the same machine")
    try:
        for group in options.groups or GROUPS:
            try:
                GROUPS[group](bench)
            except Exception as error:
                bench.table.fail(group, error)
    finally:
        shutil.rmtree(bench.directory, ignore_errors=True)
    ratio = bench.table.ratio
    ratio("a reception beside PostgreSQL alone", "reception, 64 connections",
          "PostgreSQL alone, one statement, 8 clients", at_least=1)
    print(f"\n{bench.table.short} below their floor or not measured" if bench.table.short
          else "\nAll at or above their floors.")
    return 1 if bench.table.short else 0


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; all unless named")
    parser.add_argument("--seconds", type=int, default=5, help="of load for each repeat (5)")
    parser.add_argument("--repeats", type=int, default=3, help="of which the median counts (3)")
    parser.add_argument("--only", default="", metavar="PATTERN", help="rows whose name matches")
    parser.add_argument("--directory", default="/var/tmp", help="where the data lies: a real disk (/var/tmp)")
    options = parser.parse_args()
    if unknown := set(options.groups) - GROUPS.keys():
        parser.error(f"there is no group {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main())
