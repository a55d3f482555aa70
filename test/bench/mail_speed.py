"""How fast mails leave by the engine's own pool (mail_rate.cpp), into a mail server of ours that forgets
them: what a real one takes is its own affair."""

import subprocess

from harness import PROGRAM
from measure import Sample, median
from table import Floor

RATE = PROGRAM.parent / "test/bench/piggy_mail_rate"


def on_mail(bench):
    for kind in ("rsa", "ed25519", "none"):
        name = "mails, not signed, 4 connections" if kind == "none" else f"mails signed by {kind}, 4 connections"
        bench.part(name, measure, bench, kind)


def measure(name, bench, kind):
    samples = []
    for _ in range(bench.repeats):
        said = subprocess.run([RATE, str(bench.seconds), "4", kind], check=True, capture_output=True,
                              text=True, timeout=bench.seconds + 60).stdout
        mails, seconds, processor = map(float, said.split())
        samples.append(Sample(mails / seconds, cpu=processor / mails * 1e6))
    bench.table.add(name, median(samples), Floor(1_000))
