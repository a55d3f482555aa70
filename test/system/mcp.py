#!/usr/bin/python3
"""The program's own /mcp, as clients of both eras use it: tools, tokens, scopes, tenants, bad input.

The protocol itself is the conformance suites' business (test/conformance).
"""

import json
import sys
import threading
import time
import uuid

from harness import Client, equal, expect, run_in_a_shop, test

MODERN = "2026-07-28"
LEGACY = "2025-11-25"
BALANCE = "piggy_get_contact_credit_balance"
RECEPTION = "piggy_create_credit_reception"
INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR = -32602, -32600, -32700


class Mcp:
    """A client of one era with one token."""

    def __init__(self, piggy, token=None, era=MODERN):
        self.client = Client(piggy.port, token if token is not None else piggy.new_token("mcp"))
        self.era = era
        self.session = {}
        if era == LEGACY:
            hello = self.post("initialize", {"protocolVersion": LEGACY, "capabilities": {},
                                             "clientInfo": {"name": "test", "version": "1"}})
            self.session = {"Mcp-Session-Id": hello.headers["mcp-session-id"]}
            done = self.client.call("POST", "//mcp", {"jsonrpc": "2.0", "method": "notifications/initialized"},
                                    headers=self.headers("notifications/initialized", {}))
            equal(done.status, 202, "the status of a notification")

    def headers(self, method, params):
        headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": self.era}
        if self.era == MODERN:
            headers["Mcp-Method"] = method
            if "name" in params:
                headers["Mcp-Name"] = params["name"]
        return headers | self.session

    def post(self, method, params, meta=None):
        """The HTTP answer of one request."""
        meta = dict(meta or {})
        if self.era == MODERN:
            meta |= {"io.modelcontextprotocol/protocolVersion": MODERN,
                     "io.modelcontextprotocol/clientCapabilities": {}}
        if meta:
            params = params | {"_meta": meta}
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
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


def problems(value, schema, path=""):
    """Where a value is not what the schema says; of JSON Schema what our tools use."""
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
             "integer": int, "number": (int, float)}
    allowed = schema.get("type")
    if allowed is not None:
        names = allowed if isinstance(allowed, list) else [allowed]
        fits = any(isinstance(value, kinds[name]) and (name == "boolean" or not isinstance(value, bool))
                   for name in names)
        if not fits:
            return [f"{path or '/'} is {value!r}, not {allowed}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path} is {value!r}, not one of {schema['enum']}")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found += [f"{path}/{name} is missing" for name in schema.get("required", []) if name not in value]
        for name, item in value.items():
            if name in known:
                found += problems(item, known[name], f"{path}/{name}")
            elif schema.get("additionalProperties") is False:
                found.append(f"{path}/{name} is not in the schema")
    if isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            found += problems(item, schema["items"], f"{path}/{i}")
    return found


def a_day(shop):
    """Calls of the fourteen tools as a persona would make them, in their order."""
    address = f"{uuid.uuid4().hex}@example.com"
    contact, other = shop.new_contact(), shop.new_contact()
    anonymous = shop.client.post("/contacts/anonymous", {}).data
    identifier = shop.client.post("/contact-identifiers", {
        "contact_uuid": contact, "contact_identifier_value": uuid.uuid4().hex}).data
    booking = shop.client.post("/bookings", {"contact_uuid": contact, "shop_uuid": shop.shop}).data
    voucher = shop.new_voucher()
    attribute = "a" + uuid.uuid4().hex[:12]
    return {
        "claim_anonymous_contact": {"anonymous_contact_uuid": anonymous["uuid"], "email": address},
        "create_contact_attribute": {"name": attribute, "label": "Size", "data_type": "text"},
        "create_credit_reception": {"shop_uuid": shop.shop, "contact_uuid": contact, "unit_value": 12.5},
        "create_vouchers_batch": {"promotion_uuid": shop.promotion, "quantity": 3},
        "find_or_create_products": {"external_identifier": uuid.uuid4().hex, "name": "Honey"},
        "find_voucher_by_code": {"code": voucher["code"]},
        "get_contact_auth_token": {"contact_uuid": contact},
        "get_contact_credit_balance": {"contact_uuid": contact},
        "list_forms": {},
        "list_perks": {},
        "merge_contacts": {"source_contact_uuid": other, "destination_contact_uuid": contact},
        "send_contact_verification_email": {"email": shop.client.get(f"/contacts/{contact}").data["email"]},
        "update_bookings": {"uuid": booking["uuid"], "number_of_people": 4},
        "update_contact_identifiers": {"contact_identifier_value": identifier["value"],
                                       "contact_identifier_name": "Card"},
    }


@test
def the_fourteen_tools_answer_as_their_schemas_say_in_both_eras(piggy, shop):
    for era in (MODERN, LEGACY):
        mcp = Mcp(piggy, era=era)
        tools = mcp.tools()
        for name, arguments in a_day(shop).items():
            tool = tools[f"piggy_{name}"]
            equal(problems(arguments, tool["inputSchema"]), [], f"what {name} is given")
            answer = mcp.does(tool["name"], **arguments)
            equal(problems(answer, tool["outputSchema"]), [], f"what {name} answers")


@test
def a_dry_run_tells_and_changes_nothing(piggy, shop):
    mcp, contact = Mcp(piggy), shop.new_contact()
    answer = mcp.does(RECEPTION, shop_uuid=shop.shop, contact_uuid=contact, credits=5, dry_run=True)
    equal([answer["effect"][0][when] for when in ("before", "after")], [0, 5], "the effect")
    equal(shop.balance(contact), 0, "the balance")


@test
def a_bad_token_gets_401_whatever_is_wrong_with_it(piggy, shop):
    expired = piggy.new_token("mcp", "demo", "--expires", "1s")
    revoked = piggy.new_token("mcp")
    equal(len(Mcp(piggy, expired).tools()) > 14, True, "tools before")
    piggy.run("token", "revoke", revoked, "--data", piggy.data)
    time.sleep(1.1)
    for token in ("", "nonsense", "a" * 53, expired, revoked, shop.token, piggy.new_token("register")):
        for era in (MODERN, LEGACY):
            mcp = Mcp.__new__(Mcp)
            mcp.client, mcp.era, mcp.session = Client(piggy.port, token), era, {}
            answer = mcp.post("tools/list", {})
            answer.refused(401, 401)
            expect(answer.headers["www-authenticate"].startswith("Bearer"), "no challenge")
            expect(b"piggy_" not in answer.body, "tools are shown")
    Client(piggy.port, piggy.new_token("mcp")).get("/shops").refused(401, 401)


@test
def a_revoked_token_ends_a_session_too(piggy, shop):
    token = piggy.new_token("mcp")
    mcp = Mcp(piggy, token, LEGACY)
    expect(mcp.tools(), "no tools")
    piggy.run("token", "revoke", token, "--data", piggy.data)
    mcp.post("tools/list", {}).refused(401, 401)


@test
def a_session_is_its_own_tokens_alone(piggy, shop):
    mine, other = Mcp(piggy, era=LEGACY), Mcp(piggy, era=LEGACY)
    other.session = mine.session
    equal(other.post("tools/list", {}).status, 404, "the status")
    expect(mine.tools(), "no tools")


@test
def tools_beyond_the_scopes_are_not_shown_and_not_done(piggy, shop):
    token = piggy.new_token("mcp", "demo", "--scope", "contacts:read", "--scope", "vouchers:read")
    contact = shop.new_contact()
    for era in (MODERN, LEGACY):
        mcp = Mcp(piggy, token, era)
        tools = mcp.tools()
        expect(BALANCE in tools and "piggy_find_voucher_by_code" in tools, "what it may is missing")
        for name in (RECEPTION, "piggy_create_vouchers_batch", "piggy_merge_contacts"):
            expect(name not in tools, f"{name} is shown")
            answer = mcp.post("tools/call", {"name": name, "arguments": {
                "shop_uuid": shop.shop, "contact_uuid": contact, "credits": 5}})
            expect("result" not in answer.json, f"{name} answers {answer.body[:200]!r}")
        equal(mcp.does(BALANCE, contact_uuid=contact)["balance"], 0, "the balance")
    narrow = Client(piggy.port, piggy.new_token("client", "demo", "--scope", "contacts:read"))
    equal(narrow.get(f"/contacts/{contact}/credit-balance").status, 200, "the status of what it may")
    narrow.post("/credit-receptions", shop.reception(contact, 5)).refused(403, 403)
    equal(shop.balance(contact), 0, "the balance")


@test
def another_tenants_contact_is_as_unknown_as_any(piggy, shop):
    piggy.run("account", "create", "--data", piggy.data, "--name", "mcp-stranger")
    stranger = Mcp(piggy, piggy.new_token("mcp", "mcp-stranger"))
    contact = shop.new_contact()
    said = [stranger.refused(BALANCE, contact_uuid=each) for each in (contact, str(uuid.uuid4()))]
    equal(said[0], said[1], "what a foreign contact gets")


@test
def all_that_is_wrong_with_arguments_is_named_at_once(piggy, shop):
    mcp = Mcp(piggy)
    said = mcp.refused("piggy_create_vouchers_batch", quantity=501, contact_uuid="nobody", colour="red")
    for field in ("promotion_uuid", "quantity", "contact_uuid", "colour"):
        expect(field in said, f"{field} is not named in {said!r}")
    said = mcp.refused(BALANCE, contact_uuid=["a"], more={"deep": 1})
    for field in ("contact_uuid", "more"):
        expect(field in said, f"{field} is not named in {said!r}")


@test
def what_is_no_request_is_refused_and_the_next_one_served(piggy, shop):
    mcp = Mcp(piggy)
    head = mcp.headers("tools/list", {}) | {"Content-Type": "application/json"}

    def bytes_of(body, status, code=None, headers=None):
        answer = mcp.client.call("POST", "//mcp", body=body, headers=head | (headers or {}))
        equal(answer.status, status, f"the status of {body[:40]!r}")
        if code is not None:
            equal(answer.json["error"]["code"], code, f"the code of {body[:40]!r}")
        expect(mcp.tools(), "no tools afterwards")

    bytes_of(b"", 400)
    bytes_of(b"{", 400, PARSE_ERROR)
    bytes_of(b'{"jsonrpc":"2.0","id":1,"method":"tools/list","id":2}', 400, PARSE_ERROR)
    bytes_of(b'{"jsonrpc":"2.0","id":"\xff","method":"tools/list"}', 400, PARSE_ERROR)
    bytes_of(b"[" * 100_000, 400)
    bytes_of(b'{"a":' * 1000 + b"1" + b"}" * 1000, 400, PARSE_ERROR)
    bytes_of(b"42", 400, INVALID_REQUEST)
    bytes_of(b" " * (1 << 20) + b"{}", 413)
    bytes_of(b"{}", 415, headers={"Content-Type": "text/plain"})
    answer = mcp.post("tools/call", {"name": "piggy_nothing", "arguments": {}})
    equal(answer.json["error"]["code"], INVALID_PARAMS, "the code of an unknown tool")
    for method in ("PUT", "PATCH"):
        equal(mcp.client.call(method, "//mcp").status, 405, f"the status of {method}")
    foreign = mcp.client.call("POST", "//mcp", {"jsonrpc": "2.0"}, headers=head | {"Origin": "https://evil.example"})
    equal(foreign.status, 403, "the status of a foreign page")


# Idempotency keys, over both doors.

def by_rest(piggy, shop):
    client = shop.another_client()

    def act(contact, credits, key):
        answer = client.post("/credit-receptions", shop.reception(contact, credits), key=key)
        if answer.status == 200:
            return "done", answer.data["uuid"]
        return ("busy", answer.headers["retry-after"]) if answer.status == 409 else ("refused", answer.status)
    return act


def by_mcp(piggy, shop):
    mcp = Mcp(piggy)

    def act(contact, credits, key):
        result = mcp.call(RECEPTION, key, **shop.reception(contact, credits))
        if not result.get("isError"):
            return "done", result["structuredContent"]["uuid"]
        text = result["content"][0]["text"]
        return ("busy", text) if "worked on" in text else ("refused", text)
    return act


@test
def a_key_acts_once_and_answers_the_same_also_after_a_restart_and_a_crash(piggy, shop):
    for door in (by_rest, by_mcp):
        contact, key = shop.new_contact(), uuid.uuid4().hex
        first = door(piggy, shop)(contact, 7, key)
        equal(first[0], "done", "the first")
        equal(door(piggy, shop)(contact, 7, key), first, "the second")
        equal(door(piggy, shop)(contact, 8, key)[0], "refused", "the same key with other input")
        equal(piggy.stop(), 0, "the exit status")
        piggy.start()
        equal(door(piggy, shop)(contact, 7, key), first, "the answer after a restart")
        piggy.kill()
        piggy.start()
        equal(door(piggy, shop)(contact, 7, key), first, "the answer after a crash")
        shop.client.close()
        equal(shop.balance(contact), 7, "the balance")


@test
def of_many_at_once_with_one_key_one_acts_and_the_others_wait_or_hear_the_same(piggy, shop):
    for door in (by_rest, by_mcp):
        contact, key, threads = shop.new_contact(), uuid.uuid4().hex, 16
        acts = [door(piggy, shop) for _ in range(threads)]
        barrier, heard = threading.Barrier(threads), []

        def act(one):
            barrier.wait()
            heard.append(one(contact, 3, key))

        running = [threading.Thread(target=act, args=(one,)) for one in acts]
        for each in running:
            each.start()
        for each in running:
            each.join()
        equal(len(heard), threads, "the answers")
        expect(all(what in ("done", "busy") for what, _ in heard), f"heard {heard}")
        equal(len({said for what, said in heard if what == "done"}), 1, "the receptions")
        equal(shop.balance(contact), 3, "the balance")


@test
def a_key_is_its_own_accounts(piggy, shop):
    piggy.run("account", "create", "--data", piggy.data, "--name", "key-stranger")
    stranger = Client(piggy.port, piggy.new_token("client", "key-stranger"))
    key = uuid.uuid4().hex
    mine = shop.client.post("/contacts", {"email": "key@example.com"}, key=key).data
    theirs = stranger.post("/contacts", {"email": "key@example.com"}, key=key).data
    expect(mine["uuid"] != theirs["uuid"], "one account's answer was given to another")


if __name__ == "__main__":
    sys.exit(run_in_a_shop())
