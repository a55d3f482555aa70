#!/usr/bin/python3
"""The program's own /mcp, as clients of both eras use it: tools, tokens, scopes, tenants, bad input.

The protocol itself is the conformance suites' business (test/conformance).
"""

import itertools
import json
import sys
import time
import uuid

from harness import Client, equal, expect, run_in_a_shop, test
from mcp_client import LEGACY, MODERN, Mcp

BALANCE = "piggy_get_contact_credit_balance"
RECEPTION = "piggy_create_credit_reception"
INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR = -32602, -32600, -32700


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
            mcp.ids = itertools.count(1)
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
def a_name_that_is_neither_field_nor_attribute_is_refused(piggy, shop):
    contact = shop.new_contact()
    wanted = shop.reception(contact, 5) | {"colour": "red"}
    expect("colour" in Mcp(piggy).refused(RECEPTION, **wanted), "MCP does not name it")
    refusal = shop.client.post("//platform/operations/create_credit_reception", wanted).refused(400, 1003)
    equal(list(refusal["errors"]), ["colour"], "what is named")
    equal(shop.balance(contact), 0, "the balance")


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


# Tokens and tenants, once more and closer.

@test
def all_that_is_no_bearer_of_a_good_token_is_answered_alike(piggy, shop):
    token, revoked = piggy.new_token("mcp"), piggy.new_token("mcp")
    piggy.run("token", "revoke", revoked, "--data", piggy.data)
    mcp = Mcp(piggy, token)
    bodies = set()
    for header in (f"Basic {token}", "Bearer", f"Bearer{token}", token, f"Bearer {token}x",
                   f"Bearer {token[:-1]}", f"Bearer {token.swapcase()}", f"Bearer {revoked}"):
        mcp.client.token = None
        refused = mcp.client.call("POST", "//mcp", {}, headers={"Authorization": header})
        refused.refused(401, 401)
        bodies.add(refused.body)
    equal(len(bodies), 1, "the different answers")
    mcp.client.call("POST", f"//mcp?token={token}&access_token={token}", {}).refused(401, 401)
    mcp.client.token = token
    expect(mcp.tools(), "no tools with the good one")


@test
def a_tool_beyond_the_scopes_is_as_unknown_as_any(piggy, shop):
    token = piggy.new_token("mcp", "demo", "--scope", "contacts:read")
    for era in (MODERN, LEGACY):
        mcp = Mcp(piggy, token, era)
        said = []
        for name in (RECEPTION, "piggy_nothing"):
            answer = mcp.post("tools/call", {"name": name, "arguments": {}})
            error = answer.json["error"]
            equal(error["code"], INVALID_PARAMS, "the code")
            said.append((answer.status, error["message"].replace(name, "NAME")))
        equal(said[0], said[1], "what a tool beyond the scopes gets")


@test
def another_tenants_things_are_as_unknown_as_any_to_every_tool(piggy, shop):
    piggy.run("account", "create", "--data", piggy.data, "--name", "mcp-burglar")
    burglar = Mcp(piggy, piggy.new_token("mcp", "mcp-burglar"))
    own_shop = json.loads(piggy.run("call", "create_shop", '{"name": "Den"}', "--data", piggy.data,
                                    "--account", "mcp-burglar").stdout)["uuid"]
    contact, voucher, nobody = shop.new_contact(), shop.new_voucher(), str(uuid.uuid4())
    email, other = shop.client.get(f"/contacts/{contact}").data["email"], str(uuid.uuid4())
    calls = [
        (RECEPTION, lambda its: {"shop_uuid": own_shop, "contact_uuid": its, "credits": 5},
         contact),
        (RECEPTION, lambda its: {"shop_uuid": its, "contact_uuid": other, "credits": 5}, shop.shop),
        ("piggy_merge_contacts", lambda its: {"source_contact_uuid": its,
                                              "destination_contact_uuid": other}, contact),
        ("piggy_get_contact_auth_token", lambda its: {"contact_uuid": its}, contact),
        ("piggy_list_loyalty_transactions", lambda its: {"contact_uuid": its}, contact),
        ("piggy_create_vouchers_batch", lambda its: {"promotion_uuid": its, "quantity": 1},
         shop.promotion),
        ("piggy_update_voucher", lambda its: {"uuid": its, "status": "DEACTIVATED"},
         voucher["uuid"]),
        ("piggy_find_voucher_by_code", lambda its: {"code": its}, voucher["code"]),
        ("piggy_redeem_voucher", lambda its: {"code": its}, voucher["code"]),
        ("piggy_find_contact", lambda its: {"email": its}, email),
    ]
    for name, arguments, foreign in calls:
        random = f"{nobody}@example.com" if "@" in foreign else nobody
        theirs, nobodys = (json.dumps(burglar.call(name, **arguments(its))).replace(its, "IT")
                           for its in (foreign, random))
        equal(theirs, nobodys, f"what {name} says of a foreign thing")
        expect(email not in theirs.replace("IT", ""), f"{name} tells the address")
    equal(shop.balance(contact), 0, "the balance")
    found = shop.client.get("/vouchers/find", code=voucher["code"]).data
    equal(found["status"], "ACTIVE", "the status")


# Dry runs that are asked for with another word than true: better refused than done.

NO_BOOLEANS = ("yes", "true", "True", "on", "maybe", 1, 2, {}, [], [True])


@test
def a_dry_run_that_is_no_boolean_is_refused_by_a_tool_and_books_nothing(piggy, shop):
    mcp, contact, done = Mcp(piggy), shop.new_contact(), []
    for word in NO_BOOLEANS:
        result = mcp.call(RECEPTION, **shop.reception(contact, 5), dry_run=word)
        if not (result.get("isError") and "dry_run" in result["content"][0]["text"]):
            done.append(word)
    equal(done, [], "what was not refused")
    equal(shop.balance(contact), 0, "the balance")


@test
def a_dry_run_in_any_words_books_nothing_at_the_other_doors(piggy, shop):
    contact, done = shop.new_contact(), []
    wanted = shop.reception(contact, 5)
    for word in NO_BOOLEANS:
        shop.client.post("//platform/operations/create_credit_reception",
                         wanted | {"dry_run": word})
        if shop.balance(contact) != 5 * len(done):
            done.append(("/platform", word))
    for word in ("True", "TRUE", "on", "?1", "maybe"):
        shop.client.post("/credit-receptions", wanted, headers={"Piggy-Dry-Run": word})
        if shop.balance(contact) != 5 * len(done):
            done.append(("Piggy-Dry-Run", word))
    equal(done, [], "what was booked")


# Bad input, within the arguments of a call.

def call_with(mcp, tool, arguments):
    """A tools/call whose arguments are these bytes."""
    meta = json.dumps({"io.modelcontextprotocol/protocolVersion": MODERN,
                       "io.modelcontextprotocol/clientCapabilities": {}}).encode()
    body = (b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"' + tool.encode()
            + b'","arguments":' + arguments + b',"_meta":' + meta + b"}}")
    headers = mcp.headers("tools/call", {"name": tool}) | {"Content-Type": "application/json"}
    return mcp.client.call("POST", "//mcp", body=body, headers=headers)


@test
def arguments_that_no_reader_takes_are_refused_and_book_nothing(piggy, shop):
    mcp, contact = Mcp(piggy), shop.new_contact()
    good = json.dumps(shop.reception(contact, 5)).encode()
    for more in (b'"credits":6', b'"note":"\xff"', b'"note":"\xc0\xaf"', b'"note":"\xed\xa0\x80"',
                 b'"note":"\\ud800"', b'"note":' + b"[" * 500 + b"]" * 500, b'"note":NaN',
                 b'"note":' + b'{"a":' * 500 + b"1" + b"}" * 500, b'"note":1e999', b'"note":01'):
        answer = call_with(mcp, RECEPTION, good[:-1] + b"," + more + b"}")
        equal(answer.status, 400, f"the status of {more[:20]!r}")
        equal(answer.json["error"]["code"], PARSE_ERROR, f"the code of {more[:20]!r}")
    for arguments in (b"[]", b'"text"', b"null", b"7", b"true", b"[" + good + b"]"):
        answer = call_with(mcp, RECEPTION, arguments)
        equal(answer.json["error"]["code"], INVALID_PARAMS, f"the code of {arguments[:20]!r}")
    for credits in (b"1.5", b"true", b'"5"', b"[5]", b"{}", b"9223372036854775807"):
        answer = call_with(mcp, RECEPTION, good.replace(b'"credits": 5', b'"credits":' + credits))
        expect(answer.json["result"].get("isError"), f"{credits} is taken")
        expect("credits" in answer.json["result"]["content"][0]["text"], f"{credits} is not named")
    equal(shop.balance(contact), 0, "the balance")
    equal(call_with(mcp, RECEPTION, good).json["result"].get("isError"), None, "the good one")
    equal(shop.balance(contact), 5, "the balance after the good one")


@test
def there_is_nothing_to_get_or_delete_without_a_session(piggy, shop):
    mcp = Mcp(piggy)
    for method in ("GET", "DELETE"):
        answer = mcp.client.call(method, "//mcp", headers={"MCP-Protocol-Version": MODERN})
        equal((answer.status, answer.headers.get("allow")), (405, "POST"),
              f"the answer to {method}")


# The same at /platform.

RULES, BY_NAME = "//platform/earning-rules", "//platform/operations/create_promotion"


@test
def all_that_is_wrong_is_named_at_once_at_platform(piggy, shop):
    rule = {"credits_per_unit": "many", "active": 7, "colour": "red", "nested": {"a": 1}}
    error = shop.client.post(RULES, rule).refused(400, 1003)
    equal(set(error["errors"]), {"name", "credits_per_unit", "active", "colour", "nested"},
          "the fields")
    error = shop.client.post(BY_NAME, {"name": {"a": 1}, "colour": "red"}).refused(400, 1003)
    equal(set(error["errors"]), {"name", "description", "colour"}, "the fields")
    error = shop.client.get("//platform/earning-rules?colour=red").refused(400, 1003)
    equal(set(error["errors"]), {"colour"}, "the fields of a query")


@test
def a_number_as_text_is_none_at_platform(piggy, shop):
    for given in ("5", "five", "", [5]):
        answer = shop.client.put("//platform/loyalty-program", {"max_amount": given})
        error = answer.refused(400, 1003)
        equal(set(error["errors"]), {"max_amount"}, "the fields")


@test
def what_is_no_request_is_refused_at_platform_and_the_next_one_served(piggy, shop):
    name = uuid.uuid4().hex
    good = json.dumps({"name": name, "description": "Never made"}).encode()
    for path in (RULES, BY_NAME):
        def post(body, kind="application/json"):
            return shop.client.call("POST", path, body=body, headers={"Content-Type": kind})

        for body in (b"{", b"[1]", b'"text"', b"7", good[:-1] + b',"name":"two"}', good + b"{}",
                     good[:-1] + b',"more":"\xff"}', good[:-1] + b',"more":"\\ud800"}',
                     b"[" * 100_000, good[:-1] + b',"more":' + b"[" * 500 + b"]" * 500 + b"}"):
            post(body).refused(400, 1003)
        for kind in ("text/plain", "application/xml", "nonsense"):
            expect(post(good, kind).status in (400, 415), f"{kind} is taken")
        post(b" " * (1 << 20) + good).refused(413, 413)
        equal(shop.client.get(RULES).status, 200, "the status afterwards")
    expect(all(promotion["name"] != name for promotion in shop.client.get("/promotions").data),
           "a promotion was made")


@test
def unknown_names_and_wrong_methods_are_refused_at_platform(piggy, shop):
    for path in ("//platform/operations/nothing", "//platform/operations/", "//platform/nothing",
                 "//platform/operations/piggy_list_perks", "//platform/operations/list_perks/more"):
        shop.client.post(path, {}).refused(404, 404)
    for method, path in (("GET", BY_NAME), ("PUT", BY_NAME), ("DELETE", RULES)):
        answer = shop.client.call(method, path)
        answer.refused(405, 405)
        expect("POST" in answer.headers["allow"], f"{method} {path}: Allow lacks POST")


@test
def platform_is_for_client_tokens_within_their_scopes_alone(piggy, shop):
    contact = shop.new_contact()
    expired = piggy.new_token("client", "demo", "--expires", "1s")
    revoked = piggy.new_token("client")
    piggy.run("token", "revoke", revoked, "--data", piggy.data)
    time.sleep(1.1)
    others = [piggy.new_token(kind) for kind in ("mcp", "register")]
    for token in (None, "nonsense", expired, revoked, *others):
        client = Client(piggy.port, token)
        for answer in (client.get(RULES), client.post(BY_NAME, {})):
            answer.refused(401, 401)
            expect(answer.headers["www-authenticate"].startswith("Bearer"), "no challenge")
    narrow = Client(piggy.port, piggy.new_token("client", "demo", "--scope", "contacts:read"))
    operations = "//platform/operations"
    equal(narrow.post(f"{operations}/get_contact_credit_balance", {"contact_uuid": contact}).data,
          {"balance": 0}, "what it may")
    answer = narrow.post(f"{operations}/create_credit_reception", shop.reception(contact, 5))
    error = answer.refused(403, 403)
    expect("credits:write" in error["message"], f"the scope is not named: {error}")
    for above_tenants, given in (("list_accounts", {}), ("list_tokens", {"account": "demo"}),
                                 ("create_token", {"account": "demo", "kind": "client"})):
        shop.client.post(f"{operations}/{above_tenants}", given).refused(403, 403)
    equal(shop.balance(contact), 0, "the balance")


@test
def another_tenants_contact_is_as_unknown_as_any_at_platform(piggy, shop):
    piggy.run("account", "create", "--data", piggy.data, "--name", "platform-stranger")
    stranger = Client(piggy.port, piggy.new_token("client", "platform-stranger"))
    theirs, nobodys = (stranger.post("//platform/operations/get_contact_credit_balance",
                                     {"contact_uuid": each})
                       for each in (shop.new_contact(), str(uuid.uuid4())))
    equal((theirs.status, theirs.body), (nobodys.status, nobodys.body),
          "what a foreign contact gets")
    expect(theirs.status >= 400, "it is shown")


if __name__ == "__main__":
    sys.exit(run_in_a_shop())
