#!/usr/bin/python3
"""`piggy import orders` on the real file: stopped and killed in its middle, begun again, and always
the same in the end; held against figures that test/real_store/check.py computes on its own."""

import json
import lzma
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import ROOT, Client, Piggy, equal, expect, finish, run, test

FILE = Path(os.environ.get("PIGGY_DATA_FILE", ROOT.parent / "shared/data/online-retail.csv.xz"))
LINES = 200_000  # Enough of the file for an import that lasts a second or two.


class Store:
    """An account in a data directory of its own, with a server or without."""

    def __init__(self, piggy):
        self.piggy = piggy
        piggy.run("account", "create", "--name", "store", "--data", piggy.data)

    def begin(self, file):
        command = self.piggy.command("import", "orders", file, "--account", "store", "--data", self.piggy.data)
        return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run_import(self, file, *options):
        """Its totals by name; those of skipped lines by their reason."""
        done = self.piggy.run("import", "orders", file, "--account", "store", "--data", self.piggy.data,
                              *options)
        found = re.findall(r"^ *(left out|[a-z ]+?) +(\d+)(?: +(.+))?$", done.stdout, re.MULTILINE)
        return {name if name != "left out" else reason: int(number) for name, number, reason in found}

    def books(self):
        """What `piggy verify` says of the account; it must be clean."""
        said = self.piggy.verify().stdout
        line = next(line for line in said.splitlines() if line.startswith("store:"))
        expect(line.endswith("all fits"), line)
        return line

    def wait_for_some(self, process):
        """Until a part of the import is booked."""
        token = self.piggy.new_token("client", "store")
        client = Client(self.piggy.port, token)
        while client.get("/loyalty-transactions", limit=1).json["meta"]["total"] < 1000:
            expect(process.poll() is None, "the import was over before it could be stopped")
            time.sleep(0.005)


class Stores:
    """Fresh stores, and what the import of the part comes to without any trouble."""

    def __init__(self, directory):
        self.part = Path(directory) / "part.csv"
        with lzma.open(FILE, "rt", encoding="utf-8") as whole, open(self.part, "w", encoding="utf-8") as part:
            for _, line in zip(range(LINES + 1), whole):
                part.write(line)
        with Piggy() as piggy:
            store = Store(piggy)
            self.totals = store.run_import(self.part)
            self.books = store.books()


@test
def the_totals_are_those_computed_without_our_code(stores):
    checked = subprocess.run([sys.executable, ROOT / "test/real_store/check.py", stores.part],
                             capture_output=True, text=True, check=True)
    wanted = json.loads(checked.stdout)
    totals = stores.totals
    equal(totals["lines read"], wanted["lines_read"], "lines read")
    equal(totals["booked"], wanted["lines_booked"], "lines booked")
    equal(totals["lines read"] - totals["booked"], sum(wanted["skipped"].values()), "lines left out")
    for name in ("orders", "credits issued"):
        equal(totals[name], wanted[name.replace(" ", "_")], name)
    equal(totals["contacts made"], wanted["contacts"], "contacts")
    equal(totals["products made"], wanted["products"], "products")
    equal(totals["reversed"], wanted["credits_reversed"], "credits reversed")
    equal(totals["held"], wanted["credits_held"], "credits held")
    expect(f" {wanted['credits_held']} held" in stores.books, f"verify says {stores.books}")


@test
def a_second_import_books_nothing(stores):
    with Piggy() as piggy:
        store = Store(piggy)
        store.run_import(stores.part)
        again = store.run_import(stores.part)
        equal(again["new"], 0, "new orders")
        equal(again["known already"], stores.totals["orders"], "known orders")
        for name in ("lines read", "booked", "credits issued", "held", "reversed"):
            equal(again[name], stores.totals[name], name)
        equal(store.books(), stores.books, "the books")


@test
def an_import_without_a_server_comes_to_the_same(stores):
    with Piggy() as piggy:
        store = Store(piggy)
        piggy.stop()
        equal(store.run_import(stores.part), stores.totals, "the totals")
        equal(store.books(), stores.books, "the books")


@test
def a_dry_run_reads_all_and_changes_nothing(stores):
    with Piggy() as piggy:
        store = Store(piggy)
        before = store.books()
        totals = store.run_import(stores.part, "--dry-run")
        equal(totals["lines read"], stores.totals["lines read"], "lines read")
        equal(totals["orders"], stores.totals["orders"], "orders")
        equal(store.books(), before, "the books")


@test
def an_interrupted_import_says_so_and_goes_on_where_it_was(stores):
    with Piggy() as piggy:
        store = Store(piggy)
        process = store.begin(stores.part)
        store.wait_for_some(process)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=60)
        equal(process.returncode, 1, "the exit status")
        expect("again" in said, f"it says {said!r}")
        expect("credits issued" not in out, f"it prints totals: {out!r}")
        rest = store.run_import(stores.part)
        expect(0 < rest["new"] < stores.totals["orders"], f"new orders: {rest['new']}")
        equal(rest["credits issued"], stores.totals["credits issued"], "credits issued")
        equal(store.books(), stores.books, "the books")


@test
def an_import_that_was_killed_goes_on_where_it_was(stores):
    with Piggy() as piggy:
        store = Store(piggy)
        process = store.begin(stores.part)
        store.wait_for_some(process)
        process.kill()
        process.communicate()
        store.run_import(stores.part)
        equal(store.books(), stores.books, "the books")


@test
def a_server_that_was_killed_loses_nothing_of_an_import(stores):
    with Piggy() as piggy:
        store = Store(piggy)
        process = store.begin(stores.part)
        store.wait_for_some(process)
        piggy.kill()
        _, said = process.communicate(timeout=60)
        expect(process.returncode not in (0, None), "the import ends well without its server")
        expect(said.startswith("piggy: "), f"it says {said!r}")
        piggy.start()
        store.run_import(stores.part)
        equal(store.books(), stores.books, "the books")


@test
def an_order_of_very_many_lines_is_one_order_all_the_same(stores):
    header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    line = "536365,85123A,{},6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
    with Piggy() as piggy:
        file = piggy.directory / "long.csv"
        file.write_text(header + "".join(line.format(f"HOLDER {i:0180}") for i in range(5_000)))
        totals = Store(piggy).run_import(file)
        equal(totals["booked"], 5_000, "lines booked")
        equal(totals["new"], 1, "orders")


@test
def a_file_that_is_not_there_and_an_account_that_is_not_are_named(stores):
    with Piggy() as piggy:
        for file, account, word in ((stores.part, "nobody", "nobody"), ("/nowhere/x.csv", "demo", "/nowhere/x.csv")):
            for options in ((), ("--dry-run",)):
                done = piggy.run("import", "orders", file, "--account", account, "--data", piggy.data,
                                 *options, check=False)
                expect(done.returncode != 0, f"{word} is imported")
                expect(word in done.stderr, f"{word} is not named: {done.stderr!r}")


def main():
    if not FILE.exists():
        print(f"skipped: there is no {FILE}; PIGGY_DATA_FILE can name it")
        return finish(0, 0)
    directory = tempfile.mkdtemp(prefix="piggy-import-", dir="/var/tmp")
    try:
        return run(Stores(directory))
    finally:
        shutil.rmtree(directory)


if __name__ == "__main__":
    sys.exit(main())
