#!/usr/bin/python3
"""The disk fills up: writes are refused with 503, reads go on, and room makes all well again.

The disk is a small tmpfs in a mount namespace of this script's own, gone when it ends. Where
neither root nor a user namespace may mount, the test says so and is left out.
"""

import os
import sys
import tempfile
import time
import uuid
from pathlib import Path
from subprocess import run as run_command

from harness import Client, Piggy, Shop, equal, expect, finish, run, test

DISK_MIB = 96
WRITES_MAX = 50_000
RECOVERY_SECONDS = 30


class Disk:
    """Everything but the last bytes can be taken away and given back."""

    def __init__(self, directory):
        self.filler = Path(directory) / "filler"

    def fill(self):
        with open(self.filler, "ab", buffering=0) as filler:
            size = 1 << 20
            while size:
                try:
                    filler.write(b"\0" * size)
                except OSError:
                    size //= 2

    def empty(self):
        self.filler.unlink(missing_ok=True)


@test
def a_full_disk_refuses_writes_serves_reads_and_recovers(directory):
    disk = Disk(directory)
    with Piggy(directory=directory) as piggy:
        shop = Shop(piggy)
        contact, counted = shop.new_contact(), 0

        def write(key):
            return shop.client.post("/credit-receptions", shop.reception(contact, 1), key=key)

        counted += write(str(uuid.uuid4())).status == 200
        disk.fill()
        # There may be room left in what the database had taken before.
        for _ in range(WRITES_MAX):
            key = str(uuid.uuid4())
            answer = write(key)
            if answer.status != 200:
                break
            counted += 1
        refused = answer.refused(503)
        expect("retry-after" in answer.headers, f"no advice when to retry: {refused}")

        for _ in range(100):
            equal(shop.balance(contact), counted, "the balance while the disk is full")
        equal(Client(piggy.port).call("GET", "//healthz").status, 200, "healthz")
        for _ in range(100):
            write(str(uuid.uuid4())).refused(503)
        equal(shop.balance(contact), counted, "the balance after refused writes")

        disk.empty()
        deadline = time.monotonic() + RECOVERY_SECONDS
        while (answer := write(key)).status != 200:
            expect(time.monotonic() < deadline, f"still {answer.status} {RECOVERY_SECONDS} s later")
            time.sleep(0.1)
        equal(shop.balance(contact), counted + 1, "the balance after recovery")
        piggy.verify()


@test
def a_crash_on_a_full_disk_loses_nothing(directory):
    disk = Disk(directory)
    with Piggy(directory=directory) as piggy:
        shop = Shop(piggy)
        contact, counted = shop.new_contact(), 0
        for number in range(WRITES_MAX):
            if number == 200:
                disk.fill()
            answer = shop.client.post("/credit-receptions", shop.reception(contact, 1))
            if answer.status != 200:
                break
            counted += 1
        answer.refused(503)
        piggy.kill()
        disk.empty()
        piggy.start()
        shop.client.close()
        equal(shop.balance(contact), counted, "the balance")
        piggy.verify()


def main():
    if "--inside" not in sys.argv:
        root = os.geteuid() == 0
        inside = ["unshare", "--mount"] + ([] if root else ["--user", "--map-root-user"])
        if run_command(inside + ["true"], capture_output=True).returncode == 0:
            os.execvp("unshare", [*inside, sys.executable, __file__, "--inside"])
        if not root:
            print("skipped: a small disk needs root or user namespaces")
            return finish(0, 0)
        # Root without namespaces of its own, as in some containers, mounts in the open.

    with tempfile.TemporaryDirectory(prefix="piggy-disk-") as mount:
        mounted = run_command(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", mount], capture_output=True)
        if mounted.returncode:
            print(f"skipped: {mounted.stderr.decode().strip()}")
            return finish(0, 0)
        try:
            return run(Path(mount) / "piggy")
        finally:
            run_command(["umount", "--lazy", mount])


if __name__ == "__main__":
    sys.exit(main())
