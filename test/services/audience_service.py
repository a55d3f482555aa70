"""What the stand-ins of services that keep mailing lists have in common: a server that notes what it
heard, and faults that a test puts in the way of the next requests.

A fault is a pair (status, headers), answered without a body and before anything is done; "drop", which
does what was asked and cuts the connection instead of answering; or a function of the method and path
that says whether it is meant for this request, with one of these behind it.
"""

import http.server
import json
import re
import sys
import threading
import urllib.parse


class AudienceService(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), answer)
        self.in_the_way, self.heard, self.lock = [], [], threading.RLock()
        self.refuses = lambda email: False  # Whom it never takes, whatever is said.
        # Is told of each request before anything is done; "lost": nothing is, and nobody answers.
        self.before = lambda method, path, sent: None
        self.root = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *about):
        if not isinstance(sys.exc_info()[1], ConnectionError):  # Clients are killed in tests.
            super().handle_error(*about)


class AudienceAnswer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    routes = []  # (method, pattern, name of the function)
    content_type = "application/json"

    def respond(self):
        service = self.server
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size)
        url = urllib.parse.urlsplit(self.path)
        self.query = urllib.parse.parse_qs(url.query, keep_blank_values=True)
        self.sent = json.loads(body) if body else None
        if service.before(self.command, url.path, self.sent) == "lost":
            self.close_connection = True
            return self.connection.close()
        with service.lock:
            service.heard.append((self.command, url.path))
            fault = self.fault(url.path)
            if isinstance(fault, tuple):
                return self.send(fault[0], None, fault[1])
            status, answer = self.dispatch(urllib.parse.unquote(url.path))
        if fault == "drop":
            self.close_connection = True
            return self.connection.close()
        self.send(status, answer)

    def fault(self, path):
        for place, fault in enumerate(self.server.in_the_way):
            if not (isinstance(fault, tuple) and callable(fault[0])):
                return self.server.in_the_way.pop(place)
            if fault[0](self.command, path):
                return self.server.in_the_way.pop(place)[1]
        return None

    def dispatch(self, path):
        refusal = self.unauthorized()
        if refusal:
            return refusal
        for method, pattern, name in self.routes:
            found = re.fullmatch(pattern, path)
            if method == self.command and found:
                return getattr(self, name)(*found.groups())
        return self.nothing_there()

    def first(self, name, default=None):
        return self.query.get(name, [default])[0]

    def send(self, status, data, headers=None):
        data = b"" if data is None else json.dumps(data).encode()
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(data))} | (headers or {})).items():
            self.send_header(name, value)
        if data:
            self.send_header("Content-Type", self.content_type)
        try:
            self.end_headers()
            self.wfile.write(data)
        except OSError:  # Whoever asked was killed meanwhile.
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = respond

    def log_message(self, *_):
        pass
