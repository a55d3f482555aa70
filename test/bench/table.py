"""What is printed: one row a measurement, with the floor that it must keep."""

import re
from dataclasses import dataclass


@dataclass
class Floor:
    per_second: float = 0
    p99_ms: float = None
    seconds: float = None
    memory: float = None

    def missed(self, sample, seconds):
        return ((sample.per_second or 0) < self.per_second
                or self.p99_ms is not None and sample.p99 / 1e3 > self.p99_ms
                or self.seconds is not None and seconds > self.seconds
                or self.memory is not None and sample.memory > self.memory)

    def __str__(self):
        parts = [self.per_second and f"≥ {self.per_second:,.0f}/s", self.p99_ms and f"p99 ≤ {self.p99_ms:g} ms",
                 self.seconds and f"≤ {self.seconds:g} s", self.memory and f"≤ {self.memory:g} MiB"]
        return ", ".join(part for part in parts if part)


class Table:
    def __init__(self):
        self.short = 0
        self.samples = {}

    def head(self, words):
        print(f"{words}\n")
        print(f"{'':52}{'per s':>10}{'p50 ms':>9}{'p99 ms':>9}{'CPU µs':>9}{'MiB':>7}{'s':>8}  floor")

    def add(self, work, sample, floor=Floor(), seconds=None, note=""):
        self.samples[work] = sample
        missed = floor.missed(sample, seconds)
        self.short += missed
        cells = [number(sample.per_second, "10,.0f"), number(sample.p50, "9.2f", 1e3),
                 number(sample.p99, "9.2f", 1e3), number(sample.cpu, "9.1f"),
                 number(sample.memory, "7.0f"), number(seconds, "8.2f")]
        print(f"{work:52}{''.join(cells)}  {floor}{'  SHORT' if missed else ''}{note}", flush=True)

    def say(self, work, words):
        print(f"{work:52}  {words}", flush=True)

    def fail(self, work, reason):
        self.short += 1
        self.say(work, f"not measured: {reason}")

    def ratio(self, work, dividend, divisor, at_least):
        """Compares the rates of two rows, if both were measured."""
        one, other = self.samples.get(dividend), self.samples.get(divisor)
        if one and other:
            self.bound(work, one.per_second / other.per_second, at_least=at_least)

    def bound(self, work, value, at_least=None, at_most=None):
        missed = at_least is not None and value < at_least or at_most is not None and value > at_most
        self.short += missed
        floor = f"≥ {at_least:g}" if at_least is not None else f"≤ {at_most:g}"
        self.say(work, f"{value:.2f} ×, {floor}{'  SHORT' if missed else ''}")


def number(value, form, divisor=1):
    return " " * int(re.match(r"\d+", form).group()) if value is None else format(value / divisor, form)
