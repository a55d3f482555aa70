#!/usr/bin/python3
"""Connecting by signing in at the other side: one piggy is an OAuth client of another. A person is
sent there, chooses as which persona of theirs the connection may act, and comes back connected."""

import http.server
import json
import sys
import threading
import traceback
import urllib.parse

from harness import Client, Piggy, Shop, equal, expect, finish, run, test
from oauth_client import OauthClient, decide, path_of
from office import Office, new_account


class There:
    """The other piggy: its shop, and a person there with a persona to lend."""

    def __init__(self, piggy):
        self.piggy = piggy
        self.office = Office(piggy)
        self.shop = Shop(piggy)
        self.url = f"http://127.0.0.1:{piggy.port}"

    def apps(self):
        return self.office.boss.get("/authorized-apps")

    def answer(self, url, decision="allow", persona=None):
        """Where the person is sent to after deciding."""
        return decide(self.shop.client, self.office.boss, urllib.parse.urlsplit(url).query,
                      persona or self.office.persona_name, decision)


def begin(here, there, **others):
    return here.boss.post("/connections/start", **{"connector": "piggy", "base_url": there.url}
                          | others)["url"]


def come_back(here, url, person=None):
    """The page on which the person lands, as text."""
    person = person or here.boss
    headers = {"Cookie": person.cookie} if person != "nobody" else {}
    return here.boss.client.call("GET", path_of(url), headers=headers)


def changed(url, **parameters):
    parts = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parts.query)) | parameters
    query = {name: value for name, value in query.items() if value is not None}
    return parts._replace(query=urllib.parse.urlencode(query)).geturl()


def connect(here, there, **others):
    page = come_back(here, there.answer(begin(here, there, **others)))
    expect(page.status == 200 and b"is connected" in page.body, page.body[-300:])
    return here.boss.get("/connections")[-1]


@test
def one_is_sent_there_decides_and_comes_back_connected(here, there):
    url = begin(here, there, handle="outlet", name="Outlet")
    parts = urllib.parse.urlsplit(url)
    equal(f"{parts.scheme}://{parts.netloc}", there.url, "where one is sent")
    query = dict(urllib.parse.parse_qsl(parts.query))
    equal(query["code_challenge_method"], "S256", "PKCE")
    equal(query["resource"], there.url + "/api/v3", "what the tokens are for")
    equal(len(here.boss.get("/connections")), 1, "the connections before the person is back")
    back = there.answer(url)
    expect(back.startswith(f"http://127.0.0.1:{here.piggy.port}/connections/callback?"), back)
    page = come_back(here, back)
    equal(page.status, 200, page.body[-300:])
    expect(b"Outlet" in page.body and b"is connected" in page.body, page.body[-300:])
    made = here.boss.get("/connections")[-1]
    equal((made["state"], made["signed_in"]), ("connected", True), "the connection")
    equal(made["whose"], there.shop.client.get("/").data["company"], "whose it is")
    # The page again, as by a reload: the same connection, and no other.
    again = come_back(here, back)
    equal(again.status, 200, again.body)
    equal(len(here.boss.get("/connections")), 2, "the connections")


@test
def what_it_may_is_what_the_persona_there_may(here, there):
    there.office.grant("piggy_get_contact_credit_balance")
    here.boss.put(f"/personas/{here.persona}/grants",
                  grants=[{"tool": "outlet_get_contact_credit_balance"},
                          {"tool": "outlet_create_credit_reception"}])
    mcp = here.mcp()
    ann = there.shop.new_contact()
    equal(mcp.does("outlet_get_contact_credit_balance", contact_uuid=ann)["balance"], 0, "there")
    text = mcp.refused("outlet_create_credit_reception", **there.shop.reception(ann, 5))
    expect("no grant for" in text, text)
    equal(there.shop.balance(ann), 0, "what was given all the same")
    there.office.grant("piggy_create_credit_reception", limits={"points_per_day": 10})
    mcp.does("outlet_create_credit_reception", **there.shop.reception(ann, 5))
    text = mcp.refused("outlet_create_credit_reception", **there.shop.reception(ann, 6))
    expect("10 points" in text, text)
    equal(there.shop.balance(ann), 5, "the balance there")
    # It is on record there under the persona and the person who allowed it.
    calls = there.office.boss.get("/audit/calls?operation=create_credit_reception&limit=50")
    mine = [call for call in calls if call["persona"] == there.office.persona_name]
    expect(mine and mine[0]["person"] == there.office.email, mine[:1])


@test
def such_a_token_opens_nothing_else(here, there):
    token = OauthClient(there.piggy, there.office.boss, there.office.persona_name,
                        resource="/api/v3").tokens["access_token"]
    get = lambda path: there.shop.client.call("GET", path, headers={"Authorization": f"Bearer {token}"})
    equal(get("/").status, 200, "whose it is")
    equal(get("/perks").status, 403, "what the persona may not")
    for path in ("//platform/connections", "//platform/tokens", "//platform/audit/calls",
                 "//api/v3/register/contacts"):
        equal(get(path).status, 401, path)
    mcp = there.shop.client.call("POST", "//mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
                                 headers={"Authorization": f"Bearer {token}",
                                          "Accept": "application/json, text/event-stream"})
    equal(mcp.status, 401, "the same token over MCP")


@test
def tokens_are_renewed_and_never_shown(here, there):
    made = next(c for c in here.boss.get("/connections") if c["handle"] == "outlet")
    renewed = here.boss.post(f"/connections/{made['uuid']}/rotate")
    expect(renewed["rotated_at"], renewed)
    mcp = here.mcp()
    ann = there.shop.new_contact()
    mcp.does("outlet_get_contact_credit_balance", contact_uuid=ann)
    equal(here.boss.post(f"/connections/{made['uuid']}/check")["state"], "connected", "the state")
    secrets = [b"access_token", b"refresh_token", b"verifier"]
    for path in ("/connections", "/audit/calls?limit=200", "/connectors"):
        body = here.boss.ask("GET", path).body
        expect(not any(secret in body for secret in secrets), path)


@test
def who_says_no_connects_nothing(here, there):
    before = len(here.boss.get("/connections"))
    page = come_back(here, there.answer(begin(here, there), decision="deny"))
    equal(page.status, 409, page.body[-300:])
    expect(b"was told no" in page.body, page.body[-300:])
    equal(len(here.boss.get("/connections")), before, "the connections")


@test
def only_who_began_it_can_finish_it_and_only_once(here, there):
    before = len(here.boss.get("/connections"))
    back = there.answer(begin(here, there))
    # Nobody who is not signed in; they are asked to, and come back here.
    nobody = come_back(here, back, "nobody")
    equal(nobody.status, 303, "for nobody")
    expect(nobody.headers["location"].startswith("/sign-in?return_to="), nobody.headers["location"])
    # Somebody else of the account, somebody of another one, one without the right.
    equal(come_back(here, back, here.hire("owner")).status, 403, "for another person")
    equal(come_back(here, back, here.hire("viewer")).status, 403, "for a viewer")
    stranger = Office(here.piggy, account=new_account(here.piggy))
    equal(come_back(here, back, stranger.boss).status, 409, "for another tenant")
    # A state that nobody was given, none, and two answers.
    equal(come_back(here, changed(back, state="x" * 64)).status, 409, "another state")
    equal(come_back(here, changed(back, state=None)).status, 400, "no state")
    # The answer of another server: the code is then not sent anywhere.
    equal(come_back(here, changed(back, iss="https://evil.example")).status, 409, "another issuer")
    equal(len(here.boss.get("/connections")), before, "the connections")
    # It is over then: whoever answers wrongly spends it.
    equal(come_back(here, back).status, 409, "once more")
    without = there.answer(begin(here, there))
    equal(come_back(here, changed(without, iss=None)).status, 409, "no issuer")
    forged = there.answer(begin(here, there))
    page = come_back(here, changed(forged, code="y" * 43))
    equal(page.status, 401, "a code that was not given")
    equal(len(here.boss.get("/connections")), before, "the connections")
    # Two at once: one connection.
    back, pages = there.answer(begin(here, there, handle="twice")), []
    def alone():
        headers = {"Cookie": here.boss.cookie}
        pages.append(Client(here.piggy.port).call("GET", path_of(back), headers=headers).status)
    threads = [threading.Thread(target=alone) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    handles = [c["handle"] for c in here.boss.get("/connections")]
    equal(len([h for h in handles if h.startswith("twice")]), 1, f"{pages}: the connections")


@test
def a_connection_that_was_ended_there_is_made_again_with_its_grants(here, there):
    there.office.grant("piggy_list_perks")
    made = connect(here, there, handle="again")
    here.grant("again_list_perks")
    mcp = here.mcp()
    mcp.does("again_list_perks")
    app = there.apps()[0]
    equal((app["app"], app["persona"], app["allowed_by"]),
          ("Piggy of The Honey Shop", there.office.persona_name, there.office.email), "what is listed there")
    there.office.hire("viewer").ask("DELETE", f"/authorized-apps/{app['id']}").refused(403)
    stranger = Office(there.piggy, account=new_account(there.piggy))
    stranger.boss.ask("DELETE", f"/authorized-apps/{app['id']}").refused(404)
    equal(stranger.boss.get("/authorized-apps"), [], "what another tenant is listed")
    there.office.boss.ask("DELETE", f"/authorized-apps/{app['id']}").data
    text = mcp.refused("again_list_perks")
    expect("connect" in text and "again" in text, text)
    state = next(c for c in here.boss.get("/connections") if c["uuid"] == made["uuid"])
    equal(state["state"], "reconnect", "the state")
    expect(state["problem"], "no reason is given")
    url = here.boss.post("/connections/start", connector="piggy", connection_uuid=made["uuid"])["url"]
    page = come_back(here, there.answer(url))
    equal(page.status, 200, page.body[-300:])
    mcp.does("again_list_perks")
    # Another account's would give the persona what is somebody else's.
    other = Office(there.piggy, account=new_account(there.piggy))
    url = here.boss.post("/connections/start", connector="piggy", connection_uuid=made["uuid"])["url"]
    back = decide(there.shop.client, other.boss, urllib.parse.urlsplit(url).query, other.persona_name)
    page = come_back(here, back)
    equal(page.status, 409, page.body[-300:])
    mcp.does("again_list_perks")


@test
def revoking_ends_it_there(here, there):
    made = connect(here, there, handle="gone")
    before = {app["id"] for app in there.apps()}
    gone = here.boss.ask("DELETE", f"/connections/{made['uuid']}").data
    equal((gone["state"], gone["problem"]), ("revoked", ""), "what became of it")
    equal(len(before - {app["id"] for app in there.apps()}), 1, "how many have ended there")


class Stranger:
    """Something that publishes what it is told to, at the paths where people look for it."""

    def __init__(self, documents):
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                document = documents(stranger.url).get(self.path)
                body = document if isinstance(document, bytes) else json.dumps(document).encode()
                self.send_response(200 if document is not None else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.do_GET()

            def log_message(self, *_):
                pass

        stranger = self
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


RESOURCE = "/.well-known/oauth-protected-resource/api/v3"
SERVER = "/.well-known/oauth-authorization-server"


def published(url, resource=None, server=None, **others):
    """What an honest one would publish, with something else in the place of it."""
    return {RESOURCE: {"resource": url + "/api/v3", "authorization_servers": [url]} | (resource or {}),
            SERVER: {"issuer": url, "authorization_endpoint": url + "/authorize",
                     "token_endpoint": url + "/token", "registration_endpoint": url + "/register"}
                    | (server or {})} | others


# What somebody publishes, and a word of what is then said.
HOSTILE = [
    (lambda url: {}, "offers no sign-in"),
    (lambda url: {RESOURCE: b"<script>alert(1)</script>"}, "offers no sign-in"),
    (lambda url: published(url, resource={"resource": "https://bank.example/api/v3"}), "another address"),
    (lambda url: published(url, resource={"authorization_servers": []}), "names no server"),
    (lambda url: published(url, resource={"authorization_servers": ["javascript:alert(1)"]}),
     "names no server"),
    (lambda url: published(url, resource={"authorization_servers": [7]}), "names no server"),
    # It speaks for somebody else.
    (lambda url: published(url, server={"issuer": "https://bank.example"}), "does not say where"),
    # People would be sent to what is no page.
    (lambda url: published(url, server={"authorization_endpoint": "javascript:alert(1)"}),
     "does not say where"),
    (lambda url: published(url, server={"authorization_endpoint": "http://bank.example/"}),
     "does not say where"),
    (lambda url: published(url, server={"registration_endpoint": ""}), "make an app there"),
    (lambda url: published(url, **{"/register": {"error": "<script>"}}), "refused to register"),
    (lambda url: published(url, server={"registration_endpoint": "http://bank.example/register"}),
     "https"),
]


@test
def who_offers_no_sign_in_is_a_plain_sentence(here, there):
    for documents, word in HOSTILE:
        with Stranger(documents) as stranger:
            answer = here.boss.ask("POST", "/connections/start",
                                   {"connector": "piggy", "base_url": stranger.url})
            expect(400 <= answer.status < 504, answer.body)
            expect(word in json.dumps(answer.json), f"{word}: {answer.json}")
            expect("<script" not in json.dumps(answer.json), answer.json)
    here.boss.ask("POST", "/connections/start", {"connector": "webhook"}).refused(409)
    here.boss.ask("POST", "/connections/start", {"connector": "piggy", "client_secret": "x"}).refused(400)
    here.boss.ask("POST", "/connections/start", {"connector": "piggy", "base_url": "ftp://x"}).refused(400)
    here.hire("viewer").ask("POST", "/connections/start",
                            {"connector": "piggy", "base_url": there.url}).refused(403)


@test
def what_refuses_the_code_connects_nothing(here, there):
    """An honest start; then tokens that are refused, missing, or of somebody who is no Piggy."""
    answers = [b"nothing", {"error": "invalid_grant"}, {"error": "<script>" * 50},
               {"access_token": "a" * 43, "token_type": "Bearer", "expires_in": "soon"}]
    before = len(here.boss.get("/connections"))
    for answer in answers:
        documents = lambda url: published(url, **{"/register": {"client_id": "c"}, "/token": answer})
        with Stranger(documents) as stranger:
            url = here.boss.post("/connections/start", connector="piggy", base_url=stranger.url)["url"]
            state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))["state"]
            page = come_back(here, f"{stranger.url}/connections/callback?code=x&state={state}")
            expect(page.status >= 400 and b"<script" not in page.body, page.body[-300:])
    equal(len(here.boss.get("/connections")), before, "the connections")
    audit = here.boss.ask("GET", "/audit/calls?limit=200").body
    log = (here.piggy.directory / "serve.log").read_bytes()
    expect(b"a" * 43 not in audit + log, "a token is on record")


def main():
    private = ["--allow-private-connections"]
    try:
        with Piggy() as there, Piggy(arguments=private) as here:
            return run(Office(here), There(there))
    except Exception:
        traceback.print_exc(limit=-3, file=sys.stdout)
        return finish(0, 1)


if __name__ == "__main__":
    sys.exit(main())
