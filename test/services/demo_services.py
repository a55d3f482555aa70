#!/usr/bin/python3
"""What the demo's flows write to: a mail server, stand-ins for Slack and for a sender of mail
(listmonk), and one page that shows what they received.

    test/services/demo_services.py [--port 8025] [--keep FILE] -- COMMAND…

runs the command beside them, tells it of them by settings in its environment, and ends when it ends.
What was received is kept in the file, so that a demo that is started again finds it.

The page only shows. What it shows was written by strangers: texts are escaped, and a mail's HTML
stands in a frame that may run nothing.
"""

import argparse
import base64
import email
import email.policy
import html
import http.client
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller

from listmonk import Listmonk
from slack import Slack

# As src/app/demo_flows.cpp has them.
SLACK_TOKEN = "xoxb-demo"
SENDER_USER, SENDER_TOKEN = "piggy", "demo"
SENDER_LIST = 3
TEAM = {"demo@example.com": {"id": "U1", "name": "demo", "real_name": "The team",
                             "tz": "Europe/Amsterdam"}}

MAILS_SHOWN = 100
LOOK_SECONDS = 0.5
STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0;
         border-bottom: 1px solid #8886; overflow-wrap: anywhere; }
th { white-space: nowrap; }
blockquote { margin: .8rem 0; padding: .2rem 1rem; border-left: 3px solid #e8a200; white-space: pre-wrap;
             overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
iframe { width: 100%; height: 36rem; border: 1px solid #8886; background: #fff; }
.quiet { color: #888; }
"""
# Nothing runs. A mail's pictures are fetched, as by any mail program: that is how an opened mail is
# counted.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; frame-src 'self'"


class Services:
    """All that is received, and those who receive it."""

    def __init__(self, port):
        self.lock = threading.Lock()
        self.mails = []  # Each as it came, oldest first.
        self.slack = Slack(SLACK_TOKEN, users=TEAM)
        self.sender = Listmonk(SENDER_USER, SENDER_TOKEN)
        self.sender.lists = {SENDER_LIST: "New and active"}
        self.page = Page(("127.0.0.1", port), Answer)
        self.smtp = Controller(self, hostname="127.0.0.1", port=free_port())
        self.smtp.start()
        self.page.services = self
        threading.Thread(target=self.page.serve_forever, daemon=True).start()

    def stop(self):
        self.smtp.stop()
        self.page.shutdown()

    async def handle_DATA(self, server, session, envelope):
        with self.lock:
            self.mails.append((list(envelope.rcpt_tos), envelope.content))
        return "250 OK"

    def settings(self):
        return {"PIGGY_SMTP_URL": f"smtp://127.0.0.1:{self.smtp.port}",
                "PIGGY_DEMO_SERVICES": f"http://127.0.0.1:{self.page.server_port}",
                "PIGGY_ALLOW_PRIVATE_CONNECTIONS": "true"}

    def read_mails(self):
        """As (recipients, message), oldest first."""
        with self.lock:
            mails = list(self.mails)
        return [(recipients, email.message_from_bytes(content, policy=email.policy.default))
                for recipients, content in mails]

    def received(self):
        return {"mails": [{"to": recipients, "subject": str(message["Subject"]), "text": text_of(message)}
                          for recipients, message in self.read_mails()],
                "slack": [text for _, text in self.slack.posted],
                "lists": {name: sorted(self.sender.members(number))
                          for number, name in self.sender.lists.items()}}

    def kept(self):
        with self.lock, self.sender.lock:
            return json.dumps({
                "mails": [[recipients, base64.b64encode(content).decode()]
                          for recipients, content in self.mails],
                "slack": self.slack.posted, "subscribers": self.sender.subscribers})

    def take_up(self, text):
        kept = json.loads(text)
        self.mails = [(recipients, base64.b64decode(content)) for recipients, content in kept["mails"]]
        self.slack.posted = [tuple(one) for one in kept["slack"]]
        # JSON has no numbers as names.
        self.sender.subscribers = {
            int(number): one | {"lists": {int(list_): word for list_, word in one["lists"].items()}}
            for number, one in kept["subscribers"].items()}


def free_port():
    with socket.socket() as listener:  # A Controller does not take 0 for any.
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Page(http.server.ThreadingHTTPServer):
    daemon_threads = True
    services = None


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def respond(self):
        # A name of somebody's own that leads here would let a stranger's page read this one.
        if self.headers.get("Host", "").split(":")[0] not in ("127.0.0.1", "localhost"):
            return self.send(421, "text/plain", "This page is for this machine.")
        for path, stand_in in (("/slack/", self.server.services.slack),
                               ("/listmonk/", self.server.services.sender)):
            if self.path.startswith(path):
                return self.pass_on(stand_in, self.path[len(path) - 1:])
        if self.command != "GET":
            return self.send(405, "text/plain", "This page only shows.")
        self.show(self.path)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = respond

    def pass_on(self, stand_in, path):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: self.headers[name] for name in ("Authorization", "Content-Type", "Accept")
                   if self.headers[name]}
        connection = http.client.HTTPConnection("127.0.0.1", stand_in.server_port, timeout=30)
        connection.request(self.command, path, body, headers)
        answer = connection.getresponse()
        self.send(answer.status, answer.headers["Content-Type"] or "text/plain", answer.read())
        connection.close()

    def show(self, path):
        services = self.server.services
        if path == "/":
            return self.send(200, "text/html", overview(services))
        if path == "/received.json":
            return self.send(200, "application/json", json.dumps(services.received()))
        number = path.removeprefix("/mails/")
        mails = services.read_mails()
        if number != path and number.isascii() and number.isdigit() and 0 < int(number) <= len(mails):
            return self.send(200, "text/html", mail_page(*mails[int(number) - 1]))
        self.send(404, "text/plain", "There is no such page.")

    def send(self, status, content_type, body):
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        if content_type.startswith("text/"):
            content_type += "; charset=utf-8"
        for name, value in (("Content-Type", content_type), ("Content-Length", str(len(body))),
                            ("Content-Security-Policy", POLICY), ("X-Content-Type-Options", "nosniff"),
                            ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def escaped(text):
    return html.escape(str(text))


def page(title, body, refresh=False):
    again = '<meta http-equiv="refresh" content="5">' if refresh else ""
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8">{again}'
            f'<meta name="viewport" content="width=device-width"><title>{escaped(title)}</title>'
            f"<style>{STYLE}</style></head><body>{body}</body></html>")


def overview(services):
    mails = list(enumerate(services.read_mails(), 1))[-MAILS_SHOWN:]
    rows = "".join(
        f"<tr><td>{escaped(', '.join(recipients))}</td>"
        f'<td><a href="/mails/{number}">{escaped(message["Subject"])}</a></td>'
        f'<td class="quiet">{escaped(message["Date"])}</td></tr>'
        for number, (recipients, message) in reversed(mails))
    told = "".join(f"<blockquote>{escaped(text)}</blockquote>" for _, text in reversed(services.slack.posted))
    lists = "".join(
        f"<tr><td>{escaped(name)}</td><td>{len(members)}</td><td>{escaped(', '.join(members))}</td></tr>"
        for name, members in services.received()["lists"].items())
    nothing = '<p class="quiet">Nothing yet.</p>'
    return page("What the demo sent", f"""
<h1>What the demo sent</h1>
<p>Nothing leaves this machine: a mail server and stand-ins for Slack and for a sender of newsletters
receive it here.</p>
<h2>Mails</h2>
{f"<table><tr><th>To</th><th>Subject</th><th>Date</th></tr>{rows}</table>" if rows else nothing}
<h2>Slack</h2>
<p class="quiet">Direct messages to the team. What came of yesterday's mails in them is a seeded
model's: nobody opened or clicked anything.</p>
{told or nothing}
<h2>Lists at the sender</h2>
<table><tr><th>List</th><th>Members</th><th>Who</th></tr>{lists}</table>
""", refresh=True)


def text_of(message):
    part = message.get_body(("plain",))
    return part.get_content() if part else ""


def mail_page(recipients, message):
    part = message.get_body(("html",))
    # Its links open beside it; it may run nothing, and reach nothing of this page.
    frame = (f'<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail" srcdoc="'
             f'{escaped("<base target=_blank>" + part.get_content())}"></iframe>' if part else "")
    headers = "".join(f"<tr><th>{escaped(name)}</th><td>{escaped(value)}</td></tr>"
                      for name, value in message.items())
    return page(str(message["Subject"]), f"""
<p><a href="/">All mails</a></p>
<h1>{escaped(message["Subject"])}</h1>
<p>To {escaped(", ".join(recipients))}</p>
{frame}
<h2>As text</h2><pre>{escaped(text_of(message))}</pre>
<h2>Headers</h2><table>{headers}</table>
""")


def write(file, text):
    """As a whole or not at all."""
    part = file.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(text)
    part.replace(file)


def attend(process, services, file):
    """Until the command has ended; meanwhile what is received is kept."""
    kept = None
    while True:
        try:
            status = process.wait(LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            status = None
        now = services.kept()
        if file and file.parent.is_dir() and now != kept:
            write(file, now)
            kept = now
        if status is not None:
            return status


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, default=8025, help="of the page; 0: any that is free")
    parser.add_argument("--keep", type=Path, help="the file in which what is received is kept")
    parser.add_argument("command", nargs="+", help="what is run beside the services")
    options = parser.parse_args()
    try:
        services = Services(options.port)
    except OSError as error:
        print(f"The demo's page cannot be served on port {options.port} ({error.strerror}); "
              "PIGGY_PAGE_PORT=0 takes any that is free.", file=sys.stderr)
        return 1
    if options.keep and options.keep.exists():
        services.take_up(options.keep.read_text())
    # What somebody set themselves stays.
    process = subprocess.Popen(options.command, env=services.settings() | os.environ)
    # Ctrl-C reaches the command as well, which ends in its own time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    status = attend(process, services, options.keep)
    services.stop()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
