#!/usr/bin/python3
"""Mails that come back. Debian's OpenSMTPD takes what piggy sends, finds that the server behind it
refuses the recipient, and writes the report into the sender's Maildir and through a pipe into
`piggy bounce`, as an operator would have it.

Only root may run that mail server, and there is one of it on a machine: for others, and beside one
that runs, those tests are left out and say so.
"""

import email
import mailbox
import os
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

from flow_desk import Desk, address
from harness import PROGRAM, Piggy, equal, expect, free_port, run, test, wait_until
from mail_sink import Sink
from office import new_account

TEMPORARY = 75  # EX_TEMPFAIL: mail servers try again.
DOMAIN = "shop.example"
CONTROL = Path("/run/smtpd.sock")


class MailServer:
    """OpenSMTPD between piggy and a server that refuses some."""

    def __init__(self, behind, pipe):
        self.directory = Path(tempfile.mkdtemp(prefix="piggy-mta-", dir="/var/tmp"))
        self.directory.chmod(0o755)
        self.maildir = self.directory / "Maildir"
        for name in ("new", "cur", "tmp"):
            (self.maildir / name).mkdir(parents=True)
        subprocess.run(["chown", "-R", "nobody", self.maildir], check=True)
        self.port = free_port()
        accounts = self.directory / "accounts"
        accounts.write_text("bounces: nobody\npiped: nobody\n")
        users = self.directory / "users"
        users.write_text("nobody: 65534:65534:/nonexistent\n")
        (self.directory / "smtpd.conf").write_text(f"""
table accounts file:{accounts}
queue ttl 1h
listen on 127.0.0.1 port {self.port}
action "keep" maildir "{self.maildir}" user nobody virtual <accounts>
action "pipe" mda "{pipe}" user nobody virtual <accounts>
action "on" relay host smtp://127.0.0.1:{behind}
match from any for rcpt-to "bounces@{DOMAIN}" action "keep"
match from any for rcpt-to "piped@{DOMAIN}" action "pipe"
match from any for any action "on"
""")
        self.log = open(self.directory / "log", "wb")
        self.process = subprocess.Popen(["smtpd", "-d", "-f", self.directory / "smtpd.conf"],
                                        stdout=self.log, stderr=self.log)
        wait_until(lambda: "smtp in" in self.said() or CONTROL.exists(), "the mail server")

    def said(self):
        return (self.directory / "log").read_text(errors="replace")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()
        subprocess.run(["rm", "-rf", self.directory], check=True)


def may_run_a_mail_server():
    if os.geteuid() == 0 and not CONTROL.exists():
        return True
    print("note: left out, for only root may run a mail server, and only one", flush=True)
    return False


def suppressions(desk):
    return {one["address"]: one for one in desk.boss.get("/suppressions?limit=500")["suppressions"]}


def report(message_id, status="5.1.1", recipient="ann@example.com", action="failed"):
    return f"""From: MAILER-DAEMON@mx.example
Subject: It did not arrive
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: {recipient}

--b--
"""


def bounce(piggy, *flags, given="", account="demo"):
    return subprocess.run(piggy.command("bounce", "--data", piggy.data, "--account", account, *flags),
                          input=given, capture_output=True, text=True, timeout=60)


def sent(desk, postbox):
    """A letter that arrived: its recipient and Message-ID."""
    recipient = address()
    desk.send_in(recipient)
    return recipient, postbox.wait_for(recipient)["Message-ID"]


@test
def a_report_from_a_pipe_suppresses_the_address_once(desk, postbox):
    recipient, message_id = sent(desk, postbox)
    for _ in range(3):
        done = bounce(desk.piggy, given=report(message_id))
        equal((done.returncode, done.stdout[:21]), (0, "recorded: hard bounce"), done.stderr)
    equal(suppressions(desk)[recipient]["reason"], "hard_bounce", "why")


@test
def what_is_no_report_of_ours_is_left_and_said(desk, postbox):
    _, message_id = sent(desk, postbox)
    before = suppressions(desk)
    other = new_account(desk.piggy)
    for given, account in (("Subject: Out of office\n\nBack soon.\n", "demo"), ("", "demo"),
                           (report("<" + "0" * 32 + "@shop.example>"), "demo"),
                           (report(message_id), other), (report(message_id, action="delayed"), "demo"),
                           ("Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n" * 100_000, "demo"),
                           ("x" * 20_000_000, "demo")):
        done = bounce(desk.piggy, given=given, account=account)
        equal((done.returncode, done.stdout[:5]), (0, "left:"), done.stdout + done.stderr)
    equal(suppressions(desk), before, "the suppressed addresses")


@test
def a_mailbox_is_read_as_often_as_one_likes(desk, postbox):
    people = [sent(desk, postbox) for _ in range(3)]
    with tempfile.NamedTemporaryFile("w", suffix=".mbox") as file:
        for recipient, message_id in people:
            file.write("From MAILER-DAEMON Mon Jan  5 10:00:00 2026\n" + report(message_id) + "\n")
            file.write("From a@b Mon Jan  5 10:00:00 2026\nSubject: Hi\n\n>From here on: hello\n\n")
        file.flush()
        whole = Path(file.name).read_bytes()
        for _ in range(2):
            done = bounce(desk.piggy, "--mailbox", file.name)
            equal(done.returncode, 0, done.stderr)
            equal([line.split(": ")[1] for line in done.stdout.splitlines()], ["recorded", "left"] * 3,
                  "what became of them")
        equal(Path(file.name).read_bytes(), whole, "the mailbox")
    expect({one for one, _ in people} <= set(suppressions(desk)), "not all are suppressed")


@test
def a_maildir_gives_each_message_once(desk, postbox):
    recipient, message_id = sent(desk, postbox)
    with tempfile.TemporaryDirectory() as place:
        box = mailbox.Maildir(place + "/box")
        box.add(email.message_from_string(report(message_id)))
        os.symlink("/etc/passwd", place + "/box/new/link")
        first, second = (bounce(desk.piggy, "--maildir", place + "/box") for _ in range(2))
        expect("recorded: hard bounce" in first.stdout, first.stdout + first.stderr)
        equal((second.returncode, second.stdout), (0, ""), second.stderr)
        equal(sorted(one.name for one in Path(place, "box/new").iterdir()), ["link"], "what is new")
        equal([one.name[-4:] for one in Path(place, "box/cur").iterdir()], [":2,S"], "what was seen")
        expect(os.path.islink(place + "/box/new/link"), "a link was followed")
    expect(recipient in suppressions(desk), "not suppressed")


@test
def a_message_that_cannot_be_recorded_now_stays_with_the_mail_server(desk, postbox):
    _, message_id = sent(desk, postbox)
    gone = bounce(desk.piggy, given=report(message_id), account="nobody")
    equal(gone.returncode, TEMPORARY, gone.stderr)
    nowhere = subprocess.run([PROGRAM, "bounce", "--data", "/nonexistent", "--account", "demo"],
                             input=report(message_id), capture_output=True, text=True, timeout=60)
    equal(nowhere.returncode, TEMPORARY, nowhere.stderr)


@test
def a_real_mail_servers_report_comes_by_maildir_and_by_pipe(_, postbox):
    if not may_run_a_mail_server():
        return
    with tempfile.TemporaryDirectory(prefix="piggy-pipe-", dir="/var/tmp") as place:
        caught, pipe = Path(place) / "caught", Path(place) / "pipe.sh"
        # What the mail server pipes, taken down to be given to `piggy bounce` by its own user.
        os.chmod(place, 0o777)
        pipe.write_text(f"#!/bin/sh\ncat > {caught}.new && mv {caught}.new {caught}\n")
        pipe.chmod(0o755)
        server = MailServer(postbox.port, pipe)
        try:
            for sender, took in (("bounces", by_maildir), ("piped", by_pipe)):
                with Piggy(("--smtp-url", f"smtp://127.0.0.1:{server.port}",
                            "--mail-from", f"Honey <{sender}@{DOMAIN}>")) as piggy:
                    comes_back(Desk(piggy), postbox, lambda: took(piggy, server, caught))
        except AssertionError as error:
            raise AssertionError(f"{error}; {server.said()[-1500:]}") from error
        finally:
            server.stop()


def comes_back(desk, postbox, took):
    desk.install_lead_magnet()
    recipient = address()
    before = set(suppressions(desk))  # The demo's seeded day has some.
    postbox.refused.add(recipient)
    desk.send_in(recipient)
    done = took()
    expect(done.stdout.count("recorded: ") == 1, f"{done.stdout}{done.stderr}")
    equal(set(suppressions(desk)) - before, {recipient}, "who is suppressed")


def by_maildir(piggy, server, _):
    wait_until(lambda: list((server.maildir / "new").iterdir()), "the report")
    return bounce(piggy, "--maildir", server.maildir)


def by_pipe(piggy, _, caught):
    wait_until(lambda: caught.exists(), "the report")
    return bounce(piggy, given=caught.read_text())


def main():
    postbox = Sink(free_port())
    postbox.start()
    try:
        with Piggy(("--smtp-url", f"smtp://127.0.0.1:{postbox.port}")) as piggy:
            desk = Desk(piggy)
            desk.install_lead_magnet()
            return run(desk, postbox)
    finally:
        postbox.stop()


if __name__ == "__main__":
    sys.exit(main())
