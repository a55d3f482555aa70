#!/usr/bin/python3
"""Bad input, bad manners and foreign hands: each gets a clear refusal, and nothing changes."""

import json
import re
import socket
import sys
import time
import uuid

from harness import Answer, Client, Piggy, equal, expect, raise_file_limit, run_in_a_shop, test

MIB = 1 << 20
SLOW_CLIENTS = 300
RECEIVE_SECONDS = 15  # How long piggy waits for the rest of a request.
CONNECTIONS_MAX = 100
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=BOUNDARY"


def raw(port, data, timeout=30):
    """Sends bytes as they are and returns the answer; a server that stops reading may answer too."""
    with socket.create_connection(("127.0.0.1", port), timeout) as peer:
        try:
            peer.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return read_answer(peer)


def read_answer(peer):
    received = b""
    while b"\r\n\r\n" not in received:
        more = peer.recv(65536)
        expect(more, f"the connection ended within the answer: {received[:200]!r}")
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip()
               for name, _, value in (line.partition(":") for line in lines[1:])}
    while len(body) < int(headers.get("content-length", 0)):
        body += peer.recv(65536)
    return Answer(int(lines[0].split()[1]), headers, body)


def request_head(shop, length, path="/contacts", kind="application/json"):
    return (f"POST /api/v3/oauth/clients{path} HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {shop.token}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {length}\r\n\r\n").encode()


def post_bytes(shop, body, kind="application/json", path="/contacts"):
    return shop.client.call("POST", path, body=body, headers={"Content-Type": kind})


def part_of(name, text, end=b"--\r\n"):
    return (b'--BOUNDARY\r\nContent-Disposition: form-data; name="' + name + b'"\r\n\r\n' + text +
            b"\r\n--BOUNDARY" + end)


def counts(shop):
    """What a refused call must leave as it was."""
    return [shop.client.get(path, limit=1).json["meta"]["total"]
            for path in ("/contacts", "/vouchers", "/products", "/loyalty-transactions")]


counted_before = []


@test
def a_count_before_all(piggy, shop):
    counted_before.append(counts(shop))


# Bodies.

@test
def a_body_over_one_mebibyte_is_refused(piggy, shop):
    raw(piggy.port, request_head(shop, MIB + 1) + b" " * (MIB + 1)).refused(413)


@test
def a_chunked_body_over_one_mebibyte_is_refused(piggy, shop):
    head = request_head(shop, 0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    raw(piggy.port, head + chunk * 20).refused(413)


@test
def a_body_just_below_one_mebibyte_is_read(piggy, shop):
    body = json.dumps({"email": f"{uuid.uuid4().hex}@example.com"}).encode()
    equal(post_bytes(shop, body + b" " * (MIB - len(body))).status, 200, "the status")


@test
def deep_nesting_is_refused(piggy, shop):
    for depth in (200, 10_000, 500_000):
        post_bytes(shop, b'{"email": ' + b"[" * depth + b"]" * depth + b"}").refused(400, 1003)
        post_bytes(shop, b'{"a":' * (depth // 5)).refused(400, 1003)


@test
def deep_brackets_in_a_form_are_refused(piggy, shop):
    post_bytes(shop, b"email" + b"[a]" * 1000 + b"=x", FORM).refused(400, 1003)


@test
def broken_text_is_refused(piggy, shop):
    for body in (b'{"email": "a\xff@example.com"}', b'{"email": "\xc0\xaf@example.com"}',
                 b'{"email": "\xed\xa0\x80@example.com"}', b'{"email": "\\ud800@example.com"}'):
        post_bytes(shop, body).refused(400, 1003)
    post_bytes(shop, b'{"em\xffail": "a@example.com"}').refused(400, 1003)
    post_bytes(shop, '{"email": "a@example.com"}'.encode("utf-16")).refused(400, 1003)
    for body in (b"email=a%FF%40example.com", b"email=a\xff@example.com", b"em%FFail=a@example.com",
                 b"email=%zz", b"email=%"):
        post_bytes(shop, body, FORM).refused(400, 1003)
    for part in (part_of(b"email", b"a\xff@example.com"), part_of(b"em\xffail", b"a@example.com")):
        post_bytes(shop, part, MULTIPART).refused(400, 1003)
    for query in ("code=%ff", "%ff=1", "code=%zz", "code=%"):
        shop.client.get(f"/vouchers/find?{query}").refused(400, 1003)
    shop.client.call("POST", "/contacts", {"email": "a@example.com"},
                     headers={"Idempotency-Key": b"\xff"}).refused(400, 1003)


@test
def a_nul_in_a_text_is_refused(piggy, shop):
    for body in (b'{"external_identifier": "a\\u0000b", "name": "Jar"}',
                 b'{"external_identifier": "a", "name": "J\\u0000r"}'):
        post_bytes(shop, body, path="/products/find-or-create").refused(400, 1003)
    post_bytes(shop, b"external_identifier=a%00b&name=Jar", FORM, "/products").refused(400, 1003)
    post_bytes(shop, part_of(b"email", b"a\0@example.com"), MULTIPART).refused(400, 1003)
    shop.client.get("/vouchers/find?code=a%00b").refused(400)


@test
def broken_json_is_refused(piggy, shop):
    for body in (b"{", b'{"email"', b'{"email":}', b"nothing", b'{"email": "a@example.com"} more',
                 b"{'email': 1}", b'{"email": "a@example.com",}', b"[]", b'"a"', b"null", b"\x00"):
        post_bytes(shop, body).refused(400, 1003)


@test
def duplicate_keys_are_refused(piggy, shop):
    one, two = (f"{uuid.uuid4().hex}@example.com" for _ in range(2))
    for body in (f'{{"email": "{one}", "email": "{two}"}}', f'{{"email": "{one}", "em\\u0061il": "{one}"}}',
                 f'{{"email": "{one}", "attributes": {{"firstname": "A", "firstname": "B"}}}}'):
        post_bytes(shop, body.encode()).refused(400, 1003)


@test
def of_a_name_that_stands_twice_in_a_form_the_last_counts(piggy, shop):
    query = "code=nonsense&code=" + shop.new_voucher()["code"]
    equal(shop.client.get(f"/vouchers/find?{query}").status, 200, "the status")


@test
def other_content_types_are_refused(piggy, shop):
    for kind in ("text/plain", "application/xml", "application/octet-stream", "nonsense"):
        answer = post_bytes(shop, b'{"email": "a@example.com"}', kind)
        expect(answer.status in (400, 415), f"{kind} is answered {answer.status}")
        answer.refused(answer.status)


@test
def a_body_of_another_type_than_it_says_is_refused(piggy, shop):
    as_json, as_form = b'{"email": "a@example.com"}', b"email=a@example.com"
    as_part = part_of(b"email", b"a@example.com")
    for body, kind in ((as_json, MULTIPART), (as_form, MULTIPART), (as_form, "application/json"),
                       (as_part, "application/json"), (as_json, FORM), (as_part, FORM),
                       (as_part, "multipart/form-data"), (as_part, MULTIPART + "X"),
                       (part_of(b"email", b"a@example.com", b""), MULTIPART)):
        post_bytes(shop, body, kind).refused(400, 1003)
    shop.client.call("POST", "/contacts", body=as_json).refused(400, 1003)


@test
def a_get_with_a_content_type_and_no_body_is_served(piggy, shop):
    answer = shop.client.call("GET", "/shops",
                              headers={"Content-Type": FORM})
    equal(answer.status, 200, "the status")


# Fields.

@test
def all_wrong_fields_are_named_at_once(piggy, shop):
    error = shop.client.post("/credit-receptions", {"credits": "many"}).refused(400, 1003)
    equal(set(error["errors"]), {"shop_uuid", "contact_uuid", "credits"}, "the named fields")


@test
def numbers_out_of_range_are_refused(piggy, shop):
    contact = shop.new_contact()
    for credits in ("1e300", "9223372036854775808", "-9223372036854775809", "1.5", '"12x"', "true",
                    "[]", "1" * 400):
        body = json.dumps(shop.reception(contact, "NUMBER")).replace('"NUMBER"', credits)
        error = post_bytes(shop, body.encode(), path="/credit-receptions").refused(400, 1003)
        # What no JSON reader takes for a number is refused before anybody knows the field.
        expect("credits" in error.get("errors", {}) or "number" in error["message"],
               f"{credits}: the field is not named: {error}")
    equal(shop.balance(contact), 0, "the balance")


@test
def ids_that_are_none_are_refused(piggy, shop):
    for text in ("1", "%00", "' OR 1=1 --".replace(" ", "%20"), "a" * 5000, str(uuid.uuid4())):
        shop.client.get(f"/contacts/{text}/credit-balance").refused(400)


@test
def surplus_fields_are_ignored(piggy, shop):
    surplus = {"uuid": str(uuid.uuid4()), "id": 1, "account_id": 7, "credit_balance": {"balance": 500},
               "nonsense": {"a": [1]}}
    contact = shop.client.post("/contacts", {"email": f"{uuid.uuid4().hex}@example.com"} | surplus)
    contact = contact.data["uuid"]
    expect(contact != surplus["uuid"], "a client chose a contact's uuid")
    equal(shop.balance(contact), 0, "the balance")
    equal(shop.client.get("/shops?nonsense=1&nonsense[a]=2").status, 200, "the status with a surplus query")

    attributes = {"firstName": "Ann", "nonsense": "x", "firstname": "Bea"}
    changed = shop.client.put(f"/contacts/{contact}?contact_uuid={shop.shop}",
                              {"attributes": attributes, "contact_uuid": shop.shop}).data
    equal((changed["uuid"], changed["current_values"]["firstname"]), (contact, "Bea"), "who was changed")
    expect("nonsense" not in changed["current_values"], "an unknown attribute was stored")


@test
def of_a_receptions_surplus_fields_the_defined_attributes_are_stored(piggy, shop):
    shop.client.post("/loyalty-transaction-attributes",
                     {"name": "till", "data_type": "text", "options": []}).data
    surplus = {"till": "7", "nonsense": "8", "uuid": str(uuid.uuid4()), "channel": "FORMS",
               "created_at": "2000-01-01T00:00:00+00:00"}
    made = shop.client.post("/credit-receptions", shop.reception(shop.new_contact(), 3) | surplus).data
    equal((made["till"], made["credits"], made["channel"]), ("7", 3, "OAUTH_API"), "what was stored")
    expect("nonsense" not in made, "an unknown attribute was stored")
    for name in ("uuid", "created_at"):
        expect(made[name] != surplus[name], f"a client chose the reception's {name}")


@test
def an_attribute_of_transactions_needs_no_options(piggy, shop):
    made = shop.client.call("POST", "/loyalty-transaction-attributes",
                            form={"name": "cashier", "data_type": "text"})
    equal(made.data["options"], [], "the options")


# Routes.

@test
def unknown_routes_are_not_found(piggy, shop):
    for path in ("//nonsense", "//api/v3/nonsense", "/nonsense", "/contacts/a/b/c", "//api",
                 "//API/v3/oauth/clients/shops", "//api/v3/register/nonsense",
                 "//api/v3/oauth/clients/../../../etc/passwd", "//%2e%2e/%2e%2e/etc/passwd"):
        shop.client.get(path).refused(404, 404)


@test
def wrong_methods_are_refused_with_the_right_ones(piggy, shop):
    for method, path in (("DELETE", "/shops"), ("PATCH", "/credit-receptions"),
                         ("GET", "/contacts/merge"), ("BREW", "/shops")):
        answer = shop.client.call(method, path)
        answer.refused(405, 405)
        expect(answer.headers.get("allow"), f"{method} {path}: no Allow header")


@test
def every_route_names_the_methods_it_takes(piggy, shop):
    for path, operations in shop.client.get("//openapi.json").json["paths"].items():
        answer = shop.client.call("PATCH", "/" + re.sub(r"{\w+}", str(uuid.uuid4()), path))
        answer.refused(405, 405)
        takes = {name.upper() for name in operations if name in ("get", "post", "put", "delete")}
        equal(set(answer.headers["allow"].split(", ")), takes, f"what {path} allows")


@test
def broken_http_is_refused_and_the_connection_closed(piggy, shop):
    for data in (b"nonsense\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\r\n\r\n",
                 b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                 b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                 b"POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                 b"GET /healthz HTTP/1.1\r\nHost: a\r\nA b: c\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", piggy.port), 10) as peer:
            peer.sendall(data)
            received = b""
            while more := peer.recv(65536):
                received += more
        expect(received == b"" or received.split()[1] in (b"400", b"501", b"505"),
               f"{data!r} is answered {received[:100]!r}")


@test
def headers_over_the_limit_are_refused(piggy, shop):
    head = b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 70_000 + b"\r\n\r\n"
    equal(raw(piggy.port, head).status, 431, "the status")


# Tokens and tenants.

@test
def without_a_good_token_nothing_is_said(piggy, shop):
    tokens = [None, "", "nonsense", "a" * 53, shop.token[:-1], shop.token + "a", shop.token.lower(),
              piggy.new_token("register"), "a" * 10_000]
    for token in tokens:
        Client(piggy.port, token).get("/shops").refused(401, 401)
    basic = Client(piggy.port).call("GET", "/shops", headers={"Authorization": f"Basic {shop.token}"})
    basic.refused(401, 401)


@test
def an_expired_token_is_refused(piggy, shop):
    token = piggy.new_token("client", "demo", "--expires", "1s")
    equal(Client(piggy.port, token).get("/shops").status, 200, "the status before")
    time.sleep(2)
    Client(piggy.port, token).get("/shops").refused(401, 401)


@test
def a_revoked_token_is_refused_at_once(piggy, shop):
    token = piggy.new_token()
    client = Client(piggy.port, token)
    equal(client.get("/shops").status, 200, "the status before")
    piggy.run("token", "revoke", token, "--data", piggy.data)
    client.get("/shops").refused(401, 401)


@test
def a_register_makes_and_changes_bookings_in_its_own_shop(piggy, shop):
    contact = shop.client.get("/contacts", limit=1).data[0]["uuid"]
    client = Client(piggy.port, piggy.new_token("register"))
    register = "//api/v3/register/bookings"
    booking = client.post(register, {"contact_uuid": contact, "number_of_people": 2}).data
    changed = client.put(f"{register}/{booking['uuid']}", {"number_of_people": 3, "shop_uuid": contact})
    equal(changed.status, 200, "the status")
    equal(changed.data["number_of_people"], 3, "how many come")


@test
def another_tenants_ids_are_as_unknown_as_random_ones(piggy, shop):
    contact, voucher = shop.new_contact(), shop.new_voucher()
    piggy.run("account", "create", "--data", piggy.data, "--name", "stranger")
    stranger = Client(piggy.port, piggy.new_token("client", "stranger"))
    calls = [
        lambda client, foreign: client.get(f"/contacts/{foreign or contact}"),
        lambda client, foreign: client.get(f"/contacts/{foreign or contact}/credit-balance"),
        lambda client, foreign: client.get(f"/contact-verification/auth-token/{foreign or contact}"),
        lambda client, foreign: client.put(f"/contacts/{foreign or contact}",
                                           {"attributes": {"firstname": "A"}}),
        lambda client, foreign: client.get(f"/shops/{foreign or shop.shop}"),
        lambda client, foreign: client.get(f"/promotions/{foreign or shop.promotion}"),
        lambda client, foreign: client.get("/vouchers/find", code=foreign or voucher["code"]),
        lambda client, foreign: client.put(f"/vouchers/{foreign or voucher['uuid']}",
                                           {"status": "DEACTIVATED"}),
        lambda client, foreign: client.get("/vouchers", promotion_uuid=foreign or shop.promotion),
        lambda client, foreign: client.get("/loyalty-transactions", contact_uuid=foreign or contact),
        lambda client, foreign: client.post(
            "/vouchers/batch", {"promotion_uuid": foreign or shop.promotion, "quantity": 1}),
        lambda client, foreign: client.post("/credit-receptions", {
            "shop_uuid": shop.shop, "contact_uuid": foreign or contact, "credits": 1}),
        lambda client, foreign: client.post("/contacts/merge", {
            "source_contact_uuid": foreign or contact,
            "destination_contact_uuid": str(uuid.UUID(int=1))}),
    ]
    for number, call in enumerate(calls):
        theirs, nobodys = call(stranger, None), call(stranger, str(uuid.uuid4()))
        equal((theirs.status, theirs.body), (nobodys.status, nobodys.body), f"the answer of call {number}")
        expect(theirs.status >= 400, f"call {number} was answered: {theirs.body[:200]!r}")
    equal(stranger.get("/contacts").data, [], "the stranger's contacts")
    equal(shop.client.get("/vouchers/find", code=voucher["code"]).data["status"], "ACTIVE", "the status")


# Connections.

@test
def slow_and_half_open_clients_are_cut_off_and_hold_up_nobody(piggy, shop):
    head = request_head(shop, 100)
    starts = (b"", b"G", head[:20], head, head + b'{"email": ')
    slow = [socket.create_connection(("127.0.0.1", piggy.port), RECEIVE_SECONDS * 3)
            for _ in range(SLOW_CLIENTS)]
    for number, peer in enumerate(slow):
        peer.sendall(starts[number % len(starts)])

    started = time.monotonic()
    for _ in range(200):
        equal(shop.client.get("/shops").status, 200, "the status")
    expect(time.monotonic() - started < 5, "slow clients slow down the others")

    begun = [peer for number, peer in enumerate(slow) if number % len(starts)]
    for peer in begun:  # Each ends by itself: with 408, or without a word.
        try:
            while peer.recv(65536):
                pass
        except ConnectionResetError:
            pass
    waited = time.monotonic() - started
    expect(waited < RECEIVE_SECONDS * 2, f"a slow client was kept for {waited:.0f} s")
    for peer in slow:
        peer.close()


@test
def a_client_that_closes_its_sending_side_is_answered(piggy, shop):
    with socket.create_connection(("127.0.0.1", piggy.port), 10) as peer:
        peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        peer.shutdown(socket.SHUT_WR)
        equal(read_answer(peer).status, 200, "the status")


@test
def clients_that_vanish_do_no_harm(piggy, shop):
    linger_zero = b"\1\0\0\0\0\0\0\0"  # Closing then sends a reset.
    body = json.dumps({"email": "vanished@example.com"}).encode()
    for _ in range(200):
        peer = socket.create_connection(("127.0.0.1", piggy.port), 10)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_zero)
        peer.sendall(request_head(shop, len(body), "/contacts") + body)
        peer.close()
    equal(shop.client.get("/shops").status, 200, "the status")


@test
def more_connections_than_allowed_are_refused_and_room_comes_back(piggy, shop):
    with Piggy(environment={"PIGGY_CONNECTIONS_MAX": str(CONNECTIONS_MAX)}) as small:
        held, refused = [], 0
        for _ in range(CONNECTIONS_MAX * 2):
            peer = socket.create_connection(("127.0.0.1", small.port), 10)
            try:
                peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                status = read_answer(peer).status
            except (AssertionError, OSError):  # Closed without a word is a refusal as well.
                status = 503
            expect(status in (200, 503), f"answered {status}")
            refused += status == 503
            held.append(peer)
        expect(CONNECTIONS_MAX * 0.5 <= refused <= CONNECTIONS_MAX * 1.5, f"{refused} were refused")
        for peer in held:
            peer.close()
        time.sleep(0.5)
        equal(Client(small.port).call("GET", "//healthz").status, 200, "the status afterwards")


@test
def nothing_was_changed_by_what_was_refused(piggy, shop):
    contacts, vouchers, products, transactions = (
        now - then for now, then in zip(counts(shop), counted_before[0]))
    # Contacts: one just below the limit, one each in four tests; and of those that vanished one or
    # none, as their address is the same. Vouchers: one each in two tests. Transactions: the one with
    # surplus fields.
    expect(contacts in (5, 6), f"{contacts} contacts were added")
    equal((vouchers, products, transactions), (2, 0, 1), "what else was added")
    equal(piggy.process.poll(), None, "piggy's exit status")
    piggy.verify()


if __name__ == "__main__":
    raise_file_limit()
    sys.exit(run_in_a_shop())
