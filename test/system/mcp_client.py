"""A client of /mcp, in both eras."""

import itertools

from harness import Client, equal, expect

MODERN = "2026-07-28"
LEGACY = "2025-11-25"
TASKS = "io.modelcontextprotocol/tasks"


class Mcp:
    """A client of one era with one token."""

    capabilities = {}

    def __init__(self, piggy, token=None, era=MODERN, tasks=False):
        if tasks:
            self.capabilities = {"extensions": {TASKS: {}}}
        self.client = Client(piggy.port, token if token is not None else piggy.new_token("mcp"))
        self.era = era
        self.session = {}
        self.ids = itertools.count(1)  # Each is used once in a session.
        if era == LEGACY:
            hello = self.post("initialize", {"protocolVersion": LEGACY, "capabilities": {},
                                             "clientInfo": {"name": "test", "version": "1"}})
            self.session = {"Mcp-Session-Id": hello.headers["mcp-session-id"]}
            ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
            done = self.client.call("POST", "//mcp", ready, headers=self.headers(ready["method"], {}))
            equal(done.status, 202, "the status of a notification")

    def headers(self, method, params):
        headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": self.era}
        if self.era == MODERN:
            headers["Mcp-Method"] = method
            if "name" in params:
                headers["Mcp-Name"] = params["name"]
            if "taskId" in params:
                headers["Mcp-Name"] = params["taskId"]
        return headers | self.session

    def post(self, method, params, meta=None):
        """The HTTP answer of one request."""
        meta = dict(meta or {})
        if self.era == MODERN:
            meta |= {"io.modelcontextprotocol/protocolVersion": MODERN,
                     "io.modelcontextprotocol/clientCapabilities": self.capabilities}
        if meta:
            params = params | {"_meta": meta}
        number = next(self.ids) if self.era == LEGACY else 1
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        return self.client.call("POST", "//mcp", message, headers=self.headers(method, params))

    def tools(self):
        answer = self.post("tools/list", {})
        equal(answer.status, 200, "the status")
        return {tool["name"]: tool for tool in answer.json["result"]["tools"]}

    def call(self, tool, key=None, **arguments):
        answer = self.post("tools/call", {"name": tool, "arguments": arguments},
                           {"piggy/idempotencyKey": key} if key else None)
        expect("result" in answer.json, f"no result: {answer.body[:400]!r}")
        return answer.json["result"]

    def does(self, tool, key=None, **arguments):
        """What a call that works answers, held against the tool's own schema."""
        result = self.call(tool, key, **arguments)
        expect(not result.get("isError"), f"refused: {result}")
        return result["structuredContent"]

    def refused(self, tool, key=None, **arguments):
        """What a call that is refused says."""
        result = self.call(tool, key, **arguments)
        expect(result.get("isError"), f"not refused: {result}")
        return result["content"][0]["text"]
