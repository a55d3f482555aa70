"""Slack's stand-in: what of its Web API the tests need, answering as Slack does, errors in both
layers included (https://docs.slack.dev/apis/web-api). What it accepts is kept, to be looked at.

Answers may be put in the way of the next request: a status with headers, or "drop", which accepts the
message and then cuts the connection.
"""

import http.server
import json
import threading
import urllib.parse

USERS = {"boss@shop.example": {"id": "U1", "name": "boss", "real_name": "The Boss",
                               "tz": "Europe/Amsterdam"}}
CHANNELS = {"C1", "#general"}


class Slack(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, token):
        super().__init__(("127.0.0.1", 0), Answer)
        self.token, self.posted, self.in_the_way, self.heard = token, [], [], []
        self.revoked = False
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_port}/api"


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        arguments = dict(urllib.parse.parse_qsl(body))
        method = self.path.rsplit("/", 1)[1]
        self.server.heard.append(method)
        way = self.server.in_the_way.pop(0) if self.server.in_the_way else None
        if isinstance(way, tuple):
            status, headers = way
            return self.send(status, {"ok": False, "error": "ratelimited"}, headers)
        answer = self.do(method, arguments)
        if way == "drop":
            self.close_connection = True
            return self.connection.close()
        self.send(200, answer)

    def do(self, method, arguments):
        slack = self.server
        if slack.revoked:
            return {"ok": False, "error": "token_revoked"}
        if self.headers.get("Authorization") != f"Bearer {slack.token}":
            return {"ok": False, "error": "invalid_auth"}
        if method == "auth.test":
            return {"ok": True, "team": "Harbour", "team_id": "T1", "user_id": "UBOT"}
        if method == "auth.revoke":
            slack.revoked = True
            return {"ok": True, "revoked": True}
        if method == "users.lookupByEmail":
            user = USERS.get(arguments.get("email"))
            return {"ok": True, "user": user} if user else {"ok": False, "error": "users_not_found"}
        if method == "conversations.open":
            return {"ok": True, "channel": {"id": "D" + arguments["users"][1:]}}
        if method == "chat.postMessage":
            channel = arguments.get("channel", "")
            if channel not in CHANNELS and not channel.startswith("D"):
                return {"ok": False, "error": "channel_not_found"}
            slack.posted.append((channel, arguments["text"]))
            return {"ok": True, "channel": channel, "ts": f"1700000000.{len(slack.posted):06}"}
        return {"ok": False, "error": "unknown_method"}

    def send(self, status, data, headers=None):
        data = json.dumps(data).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(data))}
                            | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass
