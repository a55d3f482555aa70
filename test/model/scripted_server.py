#!/usr/bin/python3
"""A model's server that plays a script, in the three wire formats, streamed or whole.

    scripted_server.py [--obedient] [SCRIPT.json]

The first line it prints is its port on 127.0.0.1. The script is {"turns": [turn, …]}; each request
takes the next turn, whatever its format. A turn, where everything may be left out:

    text           pieces of text, each an event of its own
    reasoning      thinking, encrypted reasoning or reasoning_content, as the format has it
    tool_calls     [{"name", "arguments": {…}}]; "arguments_text" for broken ones; "id" where the
                   server's own will not do, null for none at all
    stop           end, tool_use, length, refused; by default what the calls say
    usage          [input, output]; false: none is told
    status         an error instead: 429, 529, 500 …, with retry_after (seconds) and message
    slow           seconds before each event
    silent_after   after so many events nothing more comes, until the client has gone
    cut_after      after so many bytes of the body the connection is closed
    error_after    after so many events an error event comes, with error_kind and message

With --obedient a server whose script is over obeys every order `CALL tool {json}` that it finds in
what it was given (system, users, results, descriptions of tools) and has not obeyed before: the most
gullible model there is. Otherwise it answers 400.

GET /_requests lists what it was asked: path, headers (names in lower case), body. POST /_script
gives it another script, from its beginning, and forgets the requests.
"""

import argparse
import json
import re
import select
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from wire import FORMATS

ORDER = re.compile(r"CALL\s+([A-Za-z0-9_.-]+)\s*(?=\{)")


class Stage:
    """The script, where it stands, and what was asked. For all threads."""

    def __init__(self, script, obedient):
        self.lock = threading.Lock()
        self.obedient = obedient
        self.play(script)

    def play(self, script):
        with self.lock:
            self.turns = list(script.get("turns", []))
            self.requests = []

    def next_turn(self, request, wire):
        with self.lock:
            self.requests.append(request)
            if self.turns:
                return self.turns.pop(0)
        if self.obedient:
            return obey(request["body"], wire)
        return {"status": 400, "message": "The script is over."}


def obey(body, wire):
    """Calls what it is told to, once each; says so when nothing is left to do."""
    done = [(name, json.dumps(arguments, sort_keys=True)) for name, arguments in wire.calls_in(body)]
    calls = []
    for text in wire.texts_in(body):
        for name, arguments in orders_in(text):
            order = (name, json.dumps(arguments, sort_keys=True))
            if order not in done:
                done.append(order)
                calls.append({"name": name, "arguments": arguments})
    return {"text": ["As you wish."], "tool_calls": calls} if calls else {"text": ["All is done."]}


def orders_in(text):
    for match in ORDER.finditer(text):
        # A result is often JSON itself, where the order's quotes are escaped.
        for candidate in (text[match.end():], text[match.end():].replace('\\"', '"')):
            try:
                arguments, _ = json.JSONDecoder().raw_decode(candidate)
            except ValueError:
                continue
            yield match.group(1), arguments
            break


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stage = None

    def do_GET(self):
        if self.path != "/_requests":
            return self.send_json(404, {"error": {"message": "There is no such page."}})
        with self.stage.lock:
            requests = list(self.stage.requests)
        return self.send_json(200, requests)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/_script":
            self.stage.play(body)
            return self.send_json(200, {})
        wire = next((wire for end, wire in FORMATS.items() if self.path.endswith(end)), None)
        if not wire:
            return self.send_json(404, {"error": {"message": "There is no such page."}})
        headers = {name.lower(): value for name, value in self.headers.items()}
        turn = self.stage.next_turn({"path": self.path, "headers": headers, "body": body}, wire)
        if "status" in turn:
            return self.send_failure(wire, turn)
        turn = wire.completed(turn)
        if body.get("stream"):
            return self.send_stream(wire, turn, body)
        return self.send_json(200, wire.whole(turn, body))

    def send_failure(self, wire, turn):
        headers = {"retry-after": str(turn["retry_after"])} if "retry_after" in turn else {}
        message = turn.get("message", "It is too much.")
        self.send_json(turn["status"], wire.error(turn.get("error_kind", "some_error"), message), headers)

    def send_json(self, status, value, headers=None):
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(content)

    def send_stream(self, wire, turn, body):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.close_connection = True
        left = turn.get("cut_after")
        for number, event in enumerate(wire.events(turn, body)):
            if number == turn.get("silent_after"):
                return self.wait_until_gone()
            if number == turn.get("error_after"):
                event = wire.error_event(turn.get("error_kind", "overloaded_error"),
                                         turn.get("message", "It is too much."))
            time.sleep(turn.get("slow", 0))
            content = event.encode()
            if left is not None:
                content, left = content[:left], left - len(content)
            try:
                if content:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))
            except OSError:
                return None  # The client has had enough.
            if left is not None and left <= 0 or number == turn.get("error_after"):
                return None
        self.wfile.write(b"0\r\n\r\n")
        return None

    def wait_until_gone(self):
        """A client that leaves makes its socket readable."""
        select.select([self.connection], [], [], 600)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # A client that goes away in the middle is what this is for.


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--obedient", action="store_true")
    parser.add_argument("script", nargs="?", type=Path)
    arguments = parser.parse_args()
    script = json.loads(arguments.script.read_text()) if arguments.script else {}
    Handler.stage = Stage(script, arguments.obedient)
    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
