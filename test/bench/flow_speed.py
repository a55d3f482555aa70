"""Flows: steps a second, each of them durable; how soon after an event the first step is there; a
million runs that wait; and mails a second through the whole of it, from a campaign to a mail server
that forgets them (mail_sink.cpp). How soon a segment follows an event is among those of segments."""

import os
import statistics
import subprocess
import time
import uuid

from harness import PROGRAM, Client, expect
from measure import Sample, cpu_seconds, median, resident_mib, wrk
from table import Floor

TOOLS = PROGRAM.parent / "test/bench"
RUNS, STEPS = 32, 250
EVENTS = 100
PARKED = int(os.environ.get("PIGGY_BENCH_PARKED", 1_000_000))
DUE = 100
MAIL_CONTACTS = int(os.environ.get("PIGGY_BENCH_MAIL_CONTACTS", 40_000))
PATIENCE = 300
VERSION = "2026-07-28"
META = {"io.modelcontextprotocol/protocolVersion": VERSION,
        "io.modelcontextprotocol/clientCapabilities": {}}
TOOL = "piggy_list_perks"  # Reads a few rows: what is measured is the flow.


def on_flows(bench):
    with bench.piggy("flow", contacts=0) as piggy:
        ground = Ground(bench, piggy)
        bench.part("a persona's calls over MCP, 8 connections", ground.measure_calls)
        bench.part("flow steps, each a call and its mark", ground.measure_steps)
        bench.table.ratio("  their rate beside that of bare calls", "flow steps, each a call and its mark",
                          "a persona's calls over MCP, 8 connections", at_least=0.25)
        bench.part("from an event to the first step's record", ground.measure_event)
        bench.part(f"{PARKED:,} parked waits: start to first due step", ground.measure_parked)
    bench.part("mails of a campaign, composed, marked, handed over", measure_mails, bench)


def until(look, what, pause=0.002):
    started = time.perf_counter()
    while not (found := look()):
        expect(time.perf_counter() - started < PATIENCE, f"{what} took more than {PATIENCE} s")
        time.sleep(pause)
    return found


class Ground:
    def __init__(self, bench, piggy):
        self.bench, self.piggy = bench, piggy
        self.token = piggy.new_token()
        self.client = Client(piggy.port, self.token)
        self.persona = self.call("create_persona", name="Bench")["uuid"]
        self.call("add_plan_pack", credits=10_000_000)
        self.call("grant_tools", persona_uuid=self.persona, grants=[
            {"tool": TOOL, "limits": {"plan_credits_per_day": 1_000_000_000}}])

    def call(self, name, /, **arguments):
        return self.client.call("POST", f"//platform/operations/{name}", arguments).data

    def flow(self, **definition):
        return self.call("create_flow", name=f"F {uuid.uuid4().hex[:8]}", persona_uuid=self.persona,
                         enabled=True, definition=definition)["flow"]["uuid"]

    def runs(self, flow, **filters):
        return self.call("list_flow_runs", flow_uuid=flow, **filters)["runs"]

    def measure_calls(self, name):
        """What a step's call costs without a flow: the same tool, the same gate and record."""
        token = self.call("create_persona_token", persona_uuid=self.persona)["token"]
        answer = Client(self.piggy.port, token).call(
            "POST", "//mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                              "params": {"name": TOOL, "arguments": {}, "_meta": META}},
            headers={"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": VERSION,
                     "Mcp-Method": "tools/call", "Mcp-Name": TOOL})
        expect(answer.status == 200 and not answer.json.get("error")
               and not answer.json["result"].get("isError"), answer.body[:300])
        samples = [wrk(self.piggy, 8, self.bench.seconds, "mcp_tool.lua", (token, TOOL), "/mcp")[0]
                   for _ in range(self.bench.repeats)]
        self.bench.table.add(name, median(samples))

    def measure_steps(self, name):
        """So many runs at once, of so many steps each; from the first start to the last end."""
        flow = self.flow(trigger={"manual": {}}, steps=[{"id": "each", "for_each": {
            "in": "input.items", "as": "item", "steps": [
                {"id": "look", "call": {"tool": TOOL, "input": {}}}]}}])
        rates, costs = [], []
        for _ in range(self.bench.repeats):
            before, started = cpu_seconds(self.piggy.process.pid), time.perf_counter()
            for _ in range(RUNS):
                self.call("run_flow", flow_uuid=flow, input={"items": list(range(STEPS))})
            until(lambda: all(run["ended_at"] for run in self.runs(flow, limit=RUNS)), "the runs", 0.1)
            spent = time.perf_counter() - started
            expect({run["state"] for run in self.runs(flow, limit=RUNS)} == {"done"}, "a run failed")
            rates.append(RUNS * STEPS / spent)
            costs.append((cpu_seconds(self.piggy.process.pid) - before) / RUNS / STEPS * 1e6)
        self.bench.table.add(name, Sample(statistics.median(rates), cpu=statistics.median(costs),
                                          memory=resident_mib(self.piggy.process.pid)), Floor(2_000))

    def measure_event(self, name):
        """From before the reception is asked for until a look at the run shows its step done."""
        flow = self.flow(trigger={"event": {"type": "credit_reception_created"}},
                         steps=[{"id": "note", "set": {"number": 1}}])
        shop = self.client.get("/shops").data[0]["uuid"]
        contact = self.client.post("/contacts", {"email": "event@example.org"}).data["uuid"]
        latencies = []
        for number in range(EVENTS):
            started = time.perf_counter()
            self.client.post("/credit-receptions", {"shop_uuid": shop, "contact_uuid": contact, "credits": 1}).data
            while len(done := self.runs(flow, state="done", limit=100)) <= min(number, 99):
                expect(time.perf_counter() - started < 10, f"no run of event {number}: {done}")
            latencies.append((time.perf_counter() - started) * 1e6)
        sample = Sample.of_latencies(latencies, sum(latencies) / 1e6)
        self.bench.table.add(name, sample)
        self.bench.table.bound("  its p50 in milliseconds", sample.p50 / 1e3, at_most=10)

    def measure_parked(self, name):
        """With the file in the page cache, as after a crash of the program alone."""
        flow = self.flow(trigger={"manual": {}}, steps=[
            {"id": "rest", "wait": {"span": {"days": 365}}}, {"id": "after", "set": {"number": 1}}])
        self.piggy.stop()
        self.client.close()
        written = time.perf_counter()
        subprocess.run([TOOLS / "piggy_flow_rows", self.piggy.data / "piggy.db", flow, str(PARKED), str(DUE)],
                       check=True, timeout=1_800)
        self.bench.table.say(f"{PARKED:,} parked waits", f"written in {time.perf_counter() - written:.0f} s")
        started = time.perf_counter()
        self.piggy.start()
        until(lambda: any(run["state"] == "done" for run in self.runs(flow, limit=DUE)), "the first due step")
        first = time.perf_counter() - started
        until(lambda: all(run["state"] == "done" for run in self.runs(flow, limit=DUE)), "all that are due")
        time.sleep(2)
        self.bench.table.add(name, Sample(memory=resident_mib(self.piggy.process.pid)),
                             Floor(seconds=2, memory=1024), first)


def measure_mails(name, bench):
    with subprocess.Popen([TOOLS / "piggy_mail_sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True, bufsize=1) as sink:
        url = sink.stdout.readline().strip()
        with bench.piggy("mails", "--smtp-url", url, "--smtp-connections", "8", contacts=0) as piggy:
            piggy.stop()
            said = subprocess.run([TOOLS / "piggy_segment_rows", piggy.data / "piggy.db", "demo",
                                   str(MAIL_CONTACTS)], check=True, capture_output=True, text=True).stdout
            piggy.start()
            ground = Ground(bench, piggy)
            send_campaign(name, bench, ground, said.strip(), sink)
        sink.stdin.close()


def send_campaign(name, bench, ground, purpose, sink):
    def taken():
        sink.stdin.write("\n")
        return int(sink.stdout.readline())

    segment = ground.call("create_segment", name="Subscribed", conditions={
        "field": "subscription", "subscription_type": purpose, "is": "equals", "value": "SUBSCRIBED"})["uuid"]
    until(lambda: ground.call("get_segment", uuid=segment)["refreshed_at"], "the segment")
    size = ground.call("get_segment", uuid=segment)["size"]
    template = ground.call("create_mail_template", name="News", subject="Your points",
                           subscription_type_uuid=purpose,
                           html='<p>Hi {{ contact.firstname | default: "there" }}</p>'
                                + "<p>You have points waiting: come and spend some.</p>" * 20)["uuid"]
    before = cpu_seconds(ground.piggy.process.pid)
    ground.call("schedule_campaign", name="News", segment_uuid=segment, subscription_type_uuid=purpose,
                variants=[{"name": "A", "template_uuid": template, "weight": 1}])
    until(lambda: taken() > 0, "the first mail")
    started, first = time.perf_counter(), taken()
    until(lambda: taken() >= size, "the last mail")
    spent = time.perf_counter() - started
    cost = (cpu_seconds(ground.piggy.process.pid) - before) / size * 1e6
    bench.table.add(name, Sample((size - first) / spent, cpu=cost, memory=resident_mib(ground.piggy.process.pid)),
                    Floor(1_000), note=f" {size:,} mails")
