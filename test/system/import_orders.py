#!/usr/bin/python3
"""`piggy import orders` on the real file: stopped and killed in its middle, begun again, and always
the same in the end; held against figures that test/real_store/check.py computes on its own."""

import json
import lzma
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import Client, Piggy, ROOT, equal, expect, finish, run, test

FILE = Path(os.environ.get("PIGGY_DATA_FILE", ROOT.parent / "shared/data/online-retail.csv.xz"))
LINES = 200_000  # Enough of the file for an import that lasts a second or two.
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


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
        """What `piggy verify` says of the account; it must be clean. How many calls it took is no
        part of it: who is interrupted calls again."""
        said = self.piggy.verify().stdout
        line = next(line for line in said.splitlines() if line.startswith("store:"))
        expect(line.endswith("all fits"), line)
        return re.sub(r", \d+ calls on record", "", line)

    def balances(self):
        """What each contact holds, by address."""
        said = self.piggy.run("export", "--account", "store", "--data", self.piggy.data).stdout
        rows = [json.loads(line) for line in said.splitlines()]
        addresses = {row["row"]["id"]: row["row"]["email"] for row in rows
                     if row["table"] == "contact"}
        return {addresses[row["row"]["id"]]: row["row"]["balance"] for row in rows
                if row["table"] == "ledger_account" and row["row"]["id"] in addresses}

    def holds_what(self, stores):
        """Checks that nobody could tell this store from that of an undisturbed import."""
        equal(self.books(), stores.books, "the books")
        found = self.balances()
        differ = {address for address in found.keys() | stores.balances.keys()
                  if found.get(address) != stores.balances.get(address)}
        expect(not differ,
               f"{len(differ)} contacts hold something else, such as {sorted(differ)[:3]}")

    def wait_for_some(self, process):
        """Until a part of the import is booked."""
        token = self.piggy.new_token("client", "store")
        client = Client(self.piggy.port, token)
        while client.get("/loyalty-transactions", limit=1).json["meta"]["total"] < 1000:
            expect(process.poll() is None, "the import was over before it could be stopped")
            time.sleep(0.005)


class Terminal:
    """An import whose standard error is a terminal: only there is the progress bar drawn."""

    def __init__(self, store, file, *options):
        self.end, terminal = pty.openpty()
        self.process = subprocess.Popen(
            store.piggy.command("import", "orders", file, "--account", "store",
                                "--data", store.piggy.data, *options),
            text=True, stdout=subprocess.PIPE, stderr=terminal)
        os.close(terminal)
        self.said = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        os.close(self.end)

    def read(self):
        """Some more of what it says; False at the end."""
        try:
            more = os.read(self.end, 65536)
        except OSError:  # How Linux says that nobody writes any more.
            return False
        self.said += more.decode()
        return bool(more)

    def shown(self):
        """The parts of a hundred that the bar showed so far."""
        return [int(part) for part in re.findall(r"(\d+)%", self.said)]

    def wait_for_some(self):
        while not any(part >= 5 for part in self.shown()):
            expect(self.read(), f"the import was over before it could be stopped: {self.said!r}")

    def finish(self):
        """Its exit status and standard output."""
        while self.read():
            pass
        out = self.process.stdout.read()
        return self.process.wait(60), out


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
            self.balances = store.balances()


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
        store.holds_what(stores)


@test
def an_import_without_a_server_comes_to_the_same(stores):
    with Piggy() as piggy:
        store = Store(piggy)
        piggy.stop()
        equal(store.run_import(stores.part), stores.totals, "the totals")
        store.holds_what(stores)


@test
def a_dry_run_reads_all_and_changes_nothing(stores):
    with Piggy() as piggy:
        store = Store(piggy)
        before = store.books()
        totals = store.run_import(stores.part, "--dry-run")
        wanted = dict(stores.totals)
        # Which lines cancel nothing is known only when the others are booked.
        wanted["booked"] += wanted.pop("cancels nothing on record")
        for name in ("orders", "lines read", "booked"):
            equal(totals.pop(name), wanted[name], name)
        for reason, lines in totals.items():
            equal(lines, wanted.get(reason), f"lines left out, {reason}")
        equal(wanted["lines read"] - wanted["booked"], sum(totals.values()), "all lines left out")
        equal(store.books(), before, "the books")
        equal(store.balances(), {}, "who holds something")


@test
def the_totals_tie_out(stores):
    totals = dict(stores.totals)
    kept = totals.pop("held") + totals.pop("reversed")
    equal(totals.pop("credits issued"), kept, "credits issued")
    equal(totals.pop("orders"), totals.pop("new") + totals.pop("known already"), "orders")
    equal(totals.pop("contacts made"), len(stores.balances), "contacts made")
    totals.pop("products made")
    # What is left are the lines: read, booked, and those left out by their reason.
    equal(totals.pop("lines read"), sum(totals.values()), "lines read")


@test
def a_packed_file_is_the_same_file(stores):
    with Piggy() as piggy:
        packed = piggy.directory / "part.csv.xz"
        packed.write_bytes(lzma.compress(stores.part.read_bytes(), preset=0))
        store = Store(piggy)
        equal(store.run_import(packed), stores.totals, "the totals")
        store.holds_what(stores)


@test
def progress_is_shown_on_standard_error_and_totals_alone_on_standard_output(stores):
    with Piggy() as piggy, Terminal(Store(piggy), stores.part) as terminal:
        status, out = terminal.finish()
        equal(status, 0, "the exit status")
        parts = terminal.shown()
        expect(len(parts) > 2 and parts == sorted(parts), f"the bar showed {parts}")
        equal(parts[-1], 100, "where the bar ended")
        expect(terminal.said.endswith("\r\x1b[K"), "the bar is left standing")
        expect("%" not in out and "\x1b" not in out, f"more than totals is printed: {out!r}")
        expect(re.match(r"lines read +\d+\n", out), f"standard output begins otherwise: {out!r}")


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
        store.holds_what(stores)


@test
def an_import_that_was_killed_goes_on_where_it_was(stores):
    with Piggy() as piggy:
        store = Store(piggy)
        process = store.begin(stores.part)
        store.wait_for_some(process)
        process.kill()
        process.communicate()
        store.run_import(stores.part)
        store.holds_what(stores)


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
        store.holds_what(stores)


@test
def an_import_on_its_own_data_is_interrupted_alike(stores):
    with Piggy() as piggy:
        store = Store(piggy)
        piggy.stop()
        with Terminal(store, stores.part) as terminal:
            terminal.wait_for_some()
            terminal.process.send_signal(signal.SIGINT)
            status, out = terminal.finish()
            equal((status, out), (1, ""), "the exit status and standard output")
            expect("again" in terminal.said, f"it says {terminal.said!r}")
        rest = store.run_import(stores.part)
        expect(0 < rest["new"] < stores.totals["orders"], f"new orders: {rest['new']}")
        store.holds_what(stores)


@test
def an_import_on_its_own_data_is_killed_alike(stores):
    with Piggy() as piggy:
        store = Store(piggy)
        piggy.stop()
        with Terminal(store, stores.part) as terminal:
            terminal.wait_for_some()
            terminal.process.kill()
            equal(terminal.process.wait(60), -signal.SIGKILL, "the exit status")
        if piggy.schema:
            piggy.schema.end_lease()
        rest = store.run_import(stores.part)
        expect(0 < rest["new"] < stores.totals["orders"], f"new orders: {rest['new']}")
        store.holds_what(stores)


@test
def every_wrong_line_is_named_once_and_nothing_is_booked(stores):
    good = "53{},85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
    wrong = ("7001,22633,WARMER,many,2010-12-01 08:28:00,1.85,17850.0,France\n",
             "7002,22633,WARMER,1,yesterday,1.85,17850.0,France\n",
             "7003,22633,WARMER,1,2010-12-01 08:28:00,cheap,17850.0,France\n",
             "7004,22633,WARMER\n",
             good.format(2).replace("17850", "99"))  # Another customer's order already.
    words = ("Quantity", "InvoiceDate", "UnitPrice", "columns", "customer")
    with Piggy() as piggy:
        store = Store(piggy)
        file = piggy.directory / "wrong.csv"
        file.write_text(HEADER + "".join(good.format(i) + line for i, line in enumerate(wrong, 2)))
        # The third line is the first wrong one; the last names an order of the second line.
        for options in ((), ("--dry-run",)):
            done = piggy.run("import", "orders", file, "--account", "store", "--data", piggy.data,
                             *options, check=False)
            equal((done.returncode, done.stdout), (2, ""), "the exit status and standard output")
            for number, word in zip(range(3, 13, 2), words):
                said = [line for line in done.stderr.splitlines() if f"Line {number}: " in line]
                equal(len(said), 1, f"how often line {number} is named in {done.stderr!r}")
                expect(word in said[0], f"line {number}: {word} is not named: {said[0]!r}")
        equal(store.balances(), {}, "who holds something")


@test
def a_file_of_other_columns_is_refused_by_their_names(stores):
    with Piggy() as piggy:
        Store(piggy)
        file = piggy.directory / "other.csv"
        for text, missing in ((HEADER.replace("UnitPrice", "Price"), "UnitPrice"),
                              ("", "InvoiceNo"), ("name;age\nann;7\n", "InvoiceNo")):
            file.write_text(text)
            done = piggy.run("import", "orders", file, "--account", "store", "--data", piggy.data,
                             check=False)
            equal((done.returncode, done.stdout), (2, ""), "the exit status and standard output")
            expect("Line 1: " in done.stderr, f"the line is not named: {done.stderr!r}")
            named = done.stderr.partition("missing: ")[2]
            expect(missing in named, f"{missing} is not named: {done.stderr!r}")


@test
def an_order_of_very_many_lines_is_one_order_all_the_same(stores):
    line = "536365,85123A,{},6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
    with Piggy() as piggy:
        file = piggy.directory / "long.csv"
        file.write_text(HEADER + "".join(line.format(f"HOLDER {i:0180}") for i in range(5_000)))
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
        # It is no part of the project, and a fresh clone must pass without it; ./dev says so.
        print(f"skipped: there is no {FILE}; PIGGY_DATA_FILE can name it")
        return finish(0, 0)
    directory = tempfile.mkdtemp(prefix="piggy-import-", dir="/var/tmp")
    try:
        return run(Stores(directory))
    finally:
        shutil.rmtree(directory)


if __name__ == "__main__":
    sys.exit(main())
