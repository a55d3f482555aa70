"""Slack's stand-in: what of its Web API the tests need, answering as Slack does, errors in both
layers included (https://docs.slack.dev/apis/web-api). What it accepts is kept, to be looked at.

Answers may be put in the way of the next request: a status with headers, or "drop", which accepts the
message and then cuts the connection.
"""

import http.server
import json
import secrets
import sys
import threading
import time
import urllib.parse

USERS = {"boss@shop.example": {"id": "U1", "name": "boss", "real_name": "The Boss",
                               "tz": "Europe/Amsterdam"}}
CHANNELS = {"C1", "#general"}
BLOCKS = ("section", "divider", "header", "context", "actions", "image")
TOKEN_START = "xoxb-1-"


class Slack(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, token, users=None):
        super().__init__(("127.0.0.1", 0), Answer)
        self.users = users or USERS
        self.token, self.posted, self.in_the_way, self.heard = token, [], [], []
        self.blocks, self.posted_at = [], []  # Of what was posted: its blocks, and when.
        self.metadata = []
        self.scopes = set("chat:write im:write im:history users:read users:read.email".split())
        self.revoked = False
        self.app = {"client_id": "1.2", "client_secret": secrets.token_hex(16)}
        self.code = self.refresh_token = None
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_port}/api"

    def handle_error(self, *about):
        if not isinstance(sys.exc_info()[1], ConnectionError):  # Clients are killed in tests.
            super().handle_error(*about)


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

    def access(self, arguments):
        """https://docs.slack.dev/reference/methods/oauth.v2.access, with token rotation."""
        slack = self.server
        if slack.app != {name: arguments.get(name) for name in slack.app}:
            return {"ok": False, "error": "invalid_client_id"}
        if arguments.get("grant_type") == "refresh_token":
            if arguments.get("refresh_token") != slack.refresh_token:
                return {"ok": False, "error": "invalid_refresh_token"}
        elif not slack.code or arguments.get("code") != slack.code:
            return {"ok": False, "error": "invalid_code"}
        slack.code = None
        slack.token, slack.refresh_token = ("xoxe." + TOKEN_START + secrets.token_hex(12),
                                            "xoxe-1-" + secrets.token_hex(12))
        return {"ok": True, "access_token": slack.token, "token_type": "bot", "bot_user_id": "UBOT",
                "scope": ",".join(sorted(slack.scopes)), "app_id": "A1",
                "expires_in": 43200, "refresh_token": slack.refresh_token,
                "team": {"id": "T1", "name": "Harbour"}, "enterprise": None,
                "authed_user": {"id": "U1"}}

    def do(self, method, arguments):
        slack = self.server
        if method == "oauth.v2.access":
            return self.access(arguments)
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
            user = slack.users.get(arguments.get("email"))
            return {"ok": True, "user": user} if user else {"ok": False, "error": "users_not_found"}
        if method == "conversations.open":
            return {"ok": True, "channel": {"id": "D" + arguments["users"][1:]}}
        if method == "chat.postMessage":
            channel = arguments.get("channel", "")
            if channel not in CHANNELS and not channel.startswith("D"):
                return {"ok": False, "error": "channel_not_found"}
            blocks = json.loads(arguments.get("blocks", "null"))
            if blocks and not all(isinstance(one, dict) and one.get("type") in BLOCKS
                                  for one in blocks):
                return {"ok": False, "error": "invalid_blocks"}
            # https://docs.slack.dev/messaging/message-metadata: what is no metadata is left out.
            metadata = json.loads(arguments.get("metadata", "{}"))
            slack.metadata.append(metadata if set(metadata) == {"event_type", "event_payload"} else None)
            slack.posted.append((channel, arguments["text"]))
            slack.blocks.append(blocks)
            slack.posted_at.append(time.monotonic())
            return {"ok": True, "channel": channel, "ts": f"1700000000.{len(slack.posted):06}"}
        if method == "conversations.history":
            return self.history(arguments)
        return {"ok": False, "error": "unknown_method"}

    def history(self, arguments):
        """https://docs.slack.dev/reference/methods/conversations.history: the newest first."""
        slack, channel = self.server, arguments.get("channel", "")
        if ("im:history" if channel.startswith("D") else "channels:history") not in slack.scopes:
            return {"ok": False, "error": "missing_scope"}
        if not channel.startswith("D") and channel not in CHANNELS:
            return {"ok": False, "error": "channel_not_found"}
        found = []
        for number, (place, text) in enumerate(slack.posted):
            if place != channel:
                continue
            message = {"type": "message", "user": "UBOT", "text": text,
                       "ts": f"1700000000.{number + 1:06}"}
            if arguments.get("include_all_metadata") == "true" and slack.metadata[number]:
                message["metadata"] = slack.metadata[number]
            found.insert(0, message)
        limit = int(arguments.get("limit", 100))
        return {"ok": True, "messages": found[:limit], "has_more": len(found) > limit}

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
