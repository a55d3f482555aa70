"""The console over the real store and a million made contacts beside it: each page until it can be
used, the search from a key to its answer, and each chart over a year, asked as its page asks."""

import json
import os
import statistics
import subprocess
import time

from harness import PROGRAM, ROOT, Client, expect
from measure import Sample
from table import Floor

CONTACTS = int(os.environ.get("PIGGY_BENCH_CONSOLE_CONTACTS", 1_000_000))
FILE = os.environ.get("PIGGY_DATA_FILE", ROOT.parent / "shared/data/online-retail.csv.xz")
WRITER = PROGRAM.parent / "test/bench/piggy_segment_rows"
CONSOLE = ROOT / "console"
YEAR = {"from": "2010-12-01", "to": "2011-11-30"}
# Common beginnings and rare ones, words that stand alone and together, an address, nobody.
NAMES = ["anna de jong", "van der berg", "berg an", "c77123@exam", "jansen", "zwaan-özil"]
CHARTS = {"credits by month": ("get_loyalty_figures", {**YEAR, "by": "month"}),
          "credits by day": ("get_loyalty_figures", {**YEAR, "by": "day"}),
          "cohorts": ("get_repeat_cohorts", YEAR),
          "tier flow": ("get_tier_flow", YEAR),
          "plan usage": ("get_plan_usage", {})}
PAGE_SECONDS, KEY_SECONDS, CHART_SECONDS = 1, 0.1, 0.3


def on_the_console(bench):
    with bench.piggy("console", contacts=0) as piggy:
        store = Store(bench, piggy)
        store.ready()
        for name, (operation, arguments) in CHARTS.items():
            bench.part(f"chart: {name}", store.measure_chart, operation, arguments)
        bench.part("console in a browser", store.measure_pages)


class Store:
    def __init__(self, bench, piggy):
        self.bench, self.piggy = bench, piggy
        started = time.perf_counter()
        piggy.run("import", "orders", FILE, "--account", "demo", "--data", piggy.data, timeout=900)
        piggy.stop()
        subprocess.run([WRITER, piggy.data / "piggy.db", "demo", str(CONTACTS)], check=True, capture_output=True)
        piggy.start()
        self.password = (piggy.data / "demo-tokens").read_text().split("\n")[4]
        self.client = Client(piggy.port, piggy.new_token(), timeout=120)
        bench.table.say(f"the store and {CONTACTS:,} contacts", f"written in {time.perf_counter() - started:.0f} s")

    def call(self, name, arguments):
        return self.client.call("POST", f"//platform/operations/{name}", arguments).data

    def ready(self):
        """What follows the import (scores, segments) is not what is measured."""
        started = time.monotonic()
        quiet = 0
        while quiet < 5:
            expect(time.monotonic() - started < 900, "the server does not come to rest")
            before = self.spent()
            time.sleep(1)
            quiet = quiet + 1 if self.spent() - before < 0.05 else 0

    def spent(self):
        fields = open(f"/proc/{self.piggy.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def measure_chart(self, name, operation, arguments):
        spent = []
        for _ in range(self.bench.repeats):
            started = time.perf_counter()
            self.call(operation, arguments)
            spent.append(time.perf_counter() - started)
        self.bench.table.add(name, Sample(), Floor(seconds=CHART_SECONDS), statistics.median(spent))

    def measure_pages(self, _):
        subprocess.run([ROOT / "tools/npm.sh", CONSOLE, ROOT / "build/npm-console"], check=True, timeout=300)
        done = subprocess.run(["node", "speed.mjs", f"http://127.0.0.1:{self.piggy.port}", "demo@example.com",
                               self.password, str(self.bench.repeats)],
                              cwd=CONSOLE, input="\n".join(NAMES), capture_output=True, text=True, timeout=1200)
        expect(done.returncode == 0, done.stderr)
        told = json.loads(done.stdout)
        for address, milliseconds in told["pages"].items():
            self.bench.table.add(f"page {hidden(address)}", Sample(), Floor(seconds=PAGE_SECONDS), milliseconds / 1e3)
        keys = sorted(told["keys"])
        p95 = keys[len(keys) * 95 // 100] / 1e3
        self.bench.table.add("search while typing, p95", Sample(p50=statistics.median(keys) * 1e3),
                             Floor(seconds=KEY_SECONDS), p95, f" of {len(keys)} keys, worst {keys[-1]:.0f} ms")


def hidden(address):
    """Uuids say nothing in a table."""
    return "/".join(part if len(part) < 36 else "…" for part in address.split("/"))
