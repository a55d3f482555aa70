#!/usr/bin/env python3
"""What an import of the Online Retail file must come to, computed from the file alone.

Written from the rules in src/order/README.md and sharing no code with the engine, so that the two
can be held against each other. Prints JSON.

    test/real_store/check.py [FILE.csv[.xz]]
"""

import csv
import io
import json
import lzma
import os
import sys
from collections import Counter, OrderedDict, defaultdict
from decimal import Decimal
from fractions import Fraction

CREDITS_PER_UNIT = 1  # The default earning rule: one credit for each whole 1.00.


def rows_of(path):
    opened = lzma.open(path, "rb") if path.endswith(".xz") else open(path, "rb")
    with opened as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        reader = csv.reader(text)
        header = next(reader)
        for row in reader:
            if row != header:
                yield dict(zip(header, row))


def customer_of(row):
    customer = row["CustomerID"].strip()
    return customer[:-2] if customer.endswith(".0") else customer


def why_skipped(row):
    number, quantity = row["InvoiceNo"], int(row["Quantity"])
    price = Decimal(row["UnitPrice"])
    cancels = number.startswith("C")
    if number.startswith("A"):
        return "an adjustment, not an order"
    if not customer_of(row):
        return "no customer (a guest)"
    if not row["StockCode"].strip():
        return "no stock code"
    if not cancels and quantity <= 0:
        return "the quantity of an order is not positive"
    if cancels and quantity >= 0:
        return "the quantity of a cancellation is not negative"
    if price < 0:
        return "the price is negative"
    if price > 1_000_000 or abs(quantity) > 1_000_000:
        return "the quantity or price is absurd"
    if price == 0:
        return "the price is zero"
    if abs(quantity) * price > 10_000_000:
        return "the quantity or price is absurd"
    return None


def shares(credits, amounts):
    """Largest remainder, the earlier line among equals."""
    total = sum(amounts)
    exact = [Fraction(credits) * Fraction(amount) / Fraction(total) for amount in amounts]
    whole = [int(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for i in by_rest[: credits - sum(whole)]:
        whole[i] += 1
    return whole


class Store:
    def __init__(self):
        self.lines = defaultdict(list)  # (customer, product): [quantity, credits, cancelled, taken]
        self.balances = Counter()
        self.products = set()
        self.skipped = Counter()
        self.figures = Counter()

    def book(self, number, rows):
        booked = []
        for row in rows:
            self.figures["lines_read"] += 1
            reason = why_skipped(row)
            if reason:
                self.skipped[reason] += 1
            else:
                booked.append(row)
        if booked:
            (self.cancel if number.startswith("C") else self.order)(booked)

    def order(self, rows):
        customer = customer_of(rows[0])
        amounts = [int(row["Quantity"]) * Decimal(row["UnitPrice"]) for row in rows]
        credits = int(sum(amounts) * CREDITS_PER_UNIT)
        self.figures["lines_booked"] += len(rows)
        self.figures["credits_issued"] += credits
        self.balances[customer] += credits
        for row, share in zip(rows, shares(credits, amounts)):
            product = row["StockCode"].strip()
            self.products.add(product)
            self.lines[customer, product].append([int(row["Quantity"]), share, 0, 0])

    def cancel(self, rows):
        customer = customer_of(rows[0])
        for row in rows:
            left = -int(row["Quantity"])
            found = False
            for line in reversed(self.lines.get((customer, row["StockCode"].strip()), [])):
                take = min(left, line[0] - line[2])
                if take == 0:
                    continue
                found = True
                left -= take
                line[2] += take
                due = line[1] * line[2] // line[0]
                credits, line[3] = due - line[3], due
                self.figures["credits_reversed"] += credits
                self.balances[customer] -= credits
            if found:
                self.figures["lines_booked"] += 1
            else:
                self.skipped["cancels nothing on record"] += 1


def main():
    beside = os.path.join(os.path.dirname(__file__), "../../../shared/data/online-retail.csv.xz")
    path = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PIGGY_DATA_FILE", beside)
    orders, last = OrderedDict(), {}
    for at, row in enumerate(rows_of(path)):
        orders.setdefault(row["InvoiceNo"], []).append(row)
        last[row["InvoiceNo"]] = at
    store = Store()
    for number in sorted(orders, key=last.get):  # An order is booked when its last line is read.
        store.book(number, orders[number])
    held = sum(store.balances.values())
    figures = store.figures
    assert figures["lines_read"] == figures["lines_booked"] + sum(store.skipped.values())
    assert figures["credits_issued"] == held + figures["credits_reversed"]
    print(json.dumps({
        "lines_read": figures["lines_read"],
        "lines_booked": figures["lines_booked"],
        "skipped": dict(sorted(store.skipped.items())),
        "orders": len(orders),
        "contacts": len(store.balances),
        "products": len(store.products),
        "credits_issued": figures["credits_issued"],
        "credits_reversed": figures["credits_reversed"],
        "credits_held": held,
        "smallest_balance": min(store.balances.values()),
        "largest_balance": max(store.balances.values()),
    }, indent=2))


if __name__ == "__main__":
    main()
