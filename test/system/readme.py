#!/usr/bin/python3
"""What README.md says to type is typed, as it stands but for the place of things."""

import json
import re
import subprocess
import sys

from harness import PROGRAM, ROOT, Piggy, equal, expect, run, test

ORDERS = b"""\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
"""
# The server runs already; the others are about a place the test does not have.
LEFT_OUT = ("./dev", "export PATH", "piggy serve", "piggy migrate")


def commands():
    """The indented blocks of README.md without what is left out, each as text."""
    text = (ROOT / "README.md").read_text()
    for block in re.findall(r"(?:^    .*\n)+", text, re.MULTILINE):
        lines = [line[4:] for line in block.splitlines()]
        kept = [line for line in lines if not line.startswith(LEFT_OUT)]
        if kept:
            yield "\n".join(kept)


@test
def the_commands_of_the_readme_work_as_they_stand(piggy):
    here = piggy.directory / "here"
    here.mkdir()
    packed = subprocess.run(["xz", "--stdout"], input=ORDERS, capture_output=True, check=True).stdout
    (here / "online-retail.csv.xz").write_bytes(packed)
    typed = [block.replace("127.0.0.1:8080", f"127.0.0.1:{piggy.port}") for block in commands()]
    script = "\necho @@@\n".join(
        [f"set -euo pipefail; export PATH={PROGRAM.parent}:$PATH PIGGY_DATA={piggy.data}", *typed])
    done = subprocess.run(["bash", "-c", script], cwd=here, capture_output=True, text=True, timeout=120)
    equal(done.returncode, 0, f"the exit status ({done.stderr})")
    said = dict(zip((block.split()[0].partition("=")[0] for block in typed), done.stdout.split("@@@\n")[1:]))
    equal(json.loads(said["curl"])["data"]["credits"], 24, "the credits of 24.95")
    batch = json.loads(said["PROMOTION"])
    expect(batch["dry_run"] and batch["effect"], "the dry run tells no effect")
    expect("credits issued" in done.stdout and "all fits" in done.stdout, "no totals")
    expect('"table":"credit_reception"' in (here / "honey.jsonl").read_text(), "nothing is exported")
    expect((here / "copy.db").exists(), "there is no copy")


@test
def the_three_lines_that_the_demo_prints_work_when_pasted(piggy):
    log = (piggy.directory / "serve.log").read_text()
    lines = [line.strip() for line in log.splitlines() if line.strip().startswith("curl ")]
    equal(len(lines), 3, "the lines to paste")
    answers = [json.loads(subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=30,
                                         check=True).stdout) for line in lines]
    equal(answers[0]["data"]["email"], "ann@example.com", "who is found")
    equal(answers[1]["data"]["code"], "WELCOME10", "which voucher is found")
    expect(len(answers[2]["result"]["tools"]) > 14, "the tools are not listed")


def main():
    with Piggy() as piggy:
        return run(piggy)


if __name__ == "__main__":
    sys.exit(main())
