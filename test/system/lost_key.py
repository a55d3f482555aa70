#!/usr/bin/python3
"""The master key is lost: piggy refuses to start, says which key it needs, and destroys nothing; with
the key given back everything is as it was."""

import hashlib
import re
import shutil
import sqlite3
import sys

from harness import POSTGRES, Piggy, Shop, equal, expect, run, test


def needs_its_key(piggy):
    """A data key that the master key in use has wrapped, as a stored secret would have it. (The vault
    itself is tested in src/vault; no operation of a shop's puts a secret there yet.)"""
    status = piggy.run("vault", "status", "--data", piggy.data).stdout
    fingerprint = re.search(r'"(?:id|fingerprint|master)":\s*"([0-9a-f]+)"', status)[1]
    piggy.stop()
    with sqlite3.connect(piggy.data / "piggy.db") as database:
        account = database.execute("SELECT id FROM account").fetchone()[0]
        database.execute("INSERT INTO vault_key (account_id, id, master, wrapped, created_at) "
                         "VALUES (?, 1, ?, ?, 1)", (account, fingerprint, b"\0" * 72))
    database.close()
    return fingerprint


def everything_in(piggy):
    """What the files hold; those that only say who is at work are left out."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in piggy.data.iterdir() if path.is_file() and not path.name.endswith((".lock", "-shm"))}


def refused_to_start(piggy):
    """What it says, and that it ends soon and with a failure."""
    before = len((piggy.directory / "serve.log").read_text())
    piggy.start(wait=False)
    equal(piggy.process.wait(20) != 0, True, "a failure as its exit status")
    piggy.process = None
    return (piggy.directory / "serve.log").read_text()[before:]


if not POSTGRES:
    @test
    def without_its_key_it_refuses_and_destroys_nothing():
        with Piggy() as piggy:
            shop = Shop(piggy)
            contact = shop.new_contact()
            shop.client.post("/credit-receptions", shop.reception(contact, 7)).data
            fingerprint = needs_its_key(piggy)
            key, away = piggy.data / "master.key", piggy.directory / "away"
            shutil.move(key, away)
            before = everything_in(piggy)
            for _ in range(2):
                said = refused_to_start(piggy)
                expect(fingerprint in said and "master key" in said, f"it says {said!r}")
                equal(everything_in(piggy), before, "the data directory")
            for command in (("verify",), ("backup", piggy.directory / "copy.db"),
                            ("call", "list_shops", "--account", "demo"), ("vault", "rotate-master")):
                done = piggy.run(command[0], *command[1:], "--data", piggy.data, check=False)
                expect(done.returncode != 0 and fingerprint in done.stderr, f"{command}: {done.stderr}")
            equal(everything_in(piggy), before, "the data directory after other commands")

            # Another key is no help, and is not taken for the right one.
            key.write_text("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=\n")
            key.chmod(0o600)
            expect(fingerprint in refused_to_start(piggy), "another key was taken")

            shutil.move(away, key)
            piggy.start()
            shop.client.close()
            equal(shop.balance(contact), 7, "the balance")
            with sqlite3.connect(piggy.data / "piggy.db") as database:
                database.execute("DELETE FROM vault_key WHERE wrapped = ?", (b"\0" * 72,))
            database.close()
            piggy.verify()

    @test
    def a_file_that_is_no_key_is_refused_and_left_as_it_is():
        with Piggy() as piggy:
            piggy.stop()
            key = piggy.data / "master.key"
            text = key.read_bytes()
            for wrong in (b"", b"short", b"x" * 5000, text.strip()[:-4]):
                key.write_bytes(wrong)
                said = refused_to_start(piggy)
                expect("master.key" in said, f"{wrong[:10]!r}: {said!r}")
                expect(len(wrong) < 20 or wrong.decode() not in said, "it shows the key")
                equal(key.read_bytes(), wrong, "the file that was not understood")
            key.write_bytes(text)
            piggy.start()


if __name__ == "__main__":
    sys.exit(run())
