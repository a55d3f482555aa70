#!/usr/bin/python3
"""Personas on the program itself: people who sign in, what they grant, what a persona then does over
MCP, what waits for a person, what stands on record."""

import base64
import hashlib
import re
import sys
import time
import urllib.parse
import uuid

from harness import Client, Piggy, equal, expect, run, test
from mcp_client import LEGACY, Mcp
from oauth_client import OauthClient, form_fields, json_at, path_of, unescaped
from office import PASSWORD, RECEPTION, Office, Person


@test
def a_session_is_a_cookie_that_no_script_and_no_other_site_can_use(office):
    cookie = office.boss.set_cookie
    for word in ("HttpOnly", "SameSite=Lax", "Path=/"):
        expect(word in cookie, f"{word} is missing in {cookie}")
    equal(office.boss.get("/session")["email"], office.email)
    refused = office.boss.ask("POST", "/personas", {"name": "forged"}, proof=False)
    refused.refused(403)
    names = [persona["name"] for persona in office.boss.get("/personas")]
    expect("forged" not in names, "a change without the proof was made")
    # The cookie is for people's own pages, not for the shop's API.
    answer = office.boss.client.call("GET", "/contacts", headers={"Cookie": office.boss.cookie})
    answer.refused(401)


@test
def signing_out_ends_it(office):
    person = Person(office.piggy, office.email)
    person.get("/session")
    out = person.ask("DELETE", "/session")
    equal(out.status, 200, "the status")
    expect("Max-Age=0" in out.headers["set-cookie"], out.headers["set-cookie"])
    person.ask("GET", "/session").refused(401)


@test
def a_wrong_password_is_refused_and_soon_throttled(office):
    email = f"slow-{uuid.uuid4().hex[:8]}@shop.example"
    office.piggy.run("user", "create", "--data", office.piggy.data, "--account", "demo", "--email",
                     email, "--role", "viewer", given=PASSWORD + "\n")
    client = Client(office.piggy.port)
    statuses = [client.post("//platform/session", {"email": email, "password": "wrong"}).status
                for _ in range(6)]
    equal(statuses, [401] * 5 + [429], "the answers")


@test
def a_persona_sees_and_does_over_mcp_what_is_granted_in_both_eras(office):
    contact = office.shop.new_contact()
    office.grant(RECEPTION, limits={"points_per_day": 1_000_000})
    for era in ({}, {"era": LEGACY}):
        mcp = office.mcp(**era)
        equal(set(mcp.tools()), {RECEPTION}, "the tools")
        mcp.does(RECEPTION, **office.shop.reception(contact, 5))
    equal(office.shop.balance(contact), 10, "the balance")
    refused = mcp.post("tools/call", {"name": "piggy_list_perks", "arguments": {}}).json
    expect("error" in refused, f"a tool that is not granted was called: {refused}")


@test
def the_kill_switch_works_within_a_second(office):
    contact = office.shop.new_contact()
    office.grant(RECEPTION)
    mcp = office.mcp()
    mcp.does(RECEPTION, **office.shop.reception(contact, 1))
    started = time.monotonic()
    office.boss.put("/personas/state", state="stopped", persona_uuid=office.persona)
    answer = mcp.post("tools/call", {"name": RECEPTION,
                                     "arguments": office.shop.reception(contact, 1)}).json
    expect(time.monotonic() - started < 1, "it took longer")
    expect("error" in answer or answer["result"].get("isError"), f"it still acts: {answer}")
    equal(office.shop.balance(contact), 1, "the balance")
    equal(mcp.tools(), {}, "the tools of a stopped persona")
    office.boss.put("/personas/state", state="active", persona_uuid=office.persona)
    mcp.does(RECEPTION, **office.shop.reception(contact, 1))


@test
def what_needs_approval_is_a_task_that_ends_when_a_person_decides(office):
    contact = office.shop.new_contact()
    office.grant(RECEPTION, ask="always")
    mcp = office.mcp(tasks=True)
    arguments = office.shop.reception(contact, 7)
    task = mcp.call(RECEPTION, **arguments)
    equal((task["resultType"], task["status"]), ("task", "working"), "the answer")
    equal(office.shop.balance(contact), 0, "the balance before")
    waiting = [a for a in office.boss.get("/approvals?state=pending") if a["uuid"] == task["taskId"]]
    equal(len(waiting), 1, "the approvals that wait")
    equal(waiting[0]["arguments"], arguments, "what the person is shown")
    equal(waiting[0]["effects"][0]["after"], 7, "the effect that is shown")
    office.boss.post(f"/approvals/{task['taskId']}/decision", verdict="approve")
    done = mcp.post("tasks/get", {"taskId": task["taskId"]}).json["result"]
    equal(done["status"], "completed", "the task")
    equal(done["result"]["structuredContent"]["credits"], 7, "its answer")
    equal(office.shop.balance(contact), 7, "the balance after")

    # A client without tasks makes the same call again, and is told in words meanwhile.
    plain = office.mcp()
    arguments = office.shop.reception(contact, 8)
    expect("approve" in plain.refused(RECEPTION, **arguments), "it does not say what is waited for")
    approval = [a for a in office.boss.get("/approvals?state=pending")
                if a["arguments"] == arguments][0]["uuid"]
    office.boss.post(f"/approvals/{approval}/decision", verdict="approve")
    equal(plain.does(RECEPTION, **arguments)["credits"], 8, "the answer")
    equal(office.shop.balance(contact), 15, "the balance at last")


@test
def another_personas_task_is_unknown(office):
    office.grant(RECEPTION, ask="always")
    task = office.mcp(tasks=True).call(RECEPTION, **office.shop.reception(office.shop.new_contact(), 1))
    other = office.boss.post("/personas", name=f"Otto {uuid.uuid4().hex[:6]}")["uuid"]
    token = office.boss.post(f"/personas/{other}/tokens")["token"]
    answer = Mcp(office.piggy, token, tasks=True).post("tasks/get", {"taskId": task["taskId"]}).json
    expect("error" in answer, f"it is shown: {answer}")


@test
def every_call_is_on_record_and_the_record_is_proved(office):
    contact = office.shop.new_contact()
    office.grant(RECEPTION)
    office.mcp().does(RECEPTION, **office.shop.reception(contact, 3))
    calls = office.boss.get(f"/audit/calls?contact_uuid={contact}")
    equal([(call["operation"], call["door"], call["outcome"], call["person"]) for call in calls],
          [("create_credit_reception", "mcp", "done", office.email)], "the record")
    equal(calls[0]["arguments"]["credits"], 3, "what was sent")
    undone = office.boss.post(f"/audit/calls/{calls[0]['uuid']}/undo")
    equal(undone["undone_by"], "reverse_credit_reception", "what took it back")
    equal(office.shop.balance(contact), 0, "the balance after the undo")
    office.piggy.verify()


@test
def a_password_a_session_and_a_token_stand_in_no_file(office):
    token = office.new_token()
    cookie = office.boss.cookie.split("=")[1]
    secrets = [PASSWORD, cookie, office.boss.proof, token, token.split("|")[1]]
    for path in office.piggy.data.parent.rglob("*"):
        # The demo's own tokens lie in a file for whoever tries it out.
        if path.is_file() and path.name != "demo-tokens":
            held = path.read_bytes()
            for secret in secrets:
                expect(secret.encode() not in held, f"{path} holds a secret")


@test
def an_mcp_client_signs_in_by_oauth_and_acts_as_the_persona_that_was_chosen(office):
    office.grant(RECEPTION)
    contact = office.shop.new_contact()
    stranger = Client(office.piggy.port)
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    refused = stranger.call("POST", "//mcp", asked)
    equal(refused.status, 401, "the status without a token")
    challenge = refused.headers["www-authenticate"]
    resource = json_at(stranger, re.search(r'resource_metadata="([^"]+)"', challenge).group(1))
    server = json_at(stranger, resource["authorization_servers"][0]
                     + "/.well-known/oauth-authorization-server")
    equal(server["code_challenge_methods_supported"], ["S256"], "PKCE")

    back = "http://127.0.0.1:9/callback"
    client = stranger.call("POST", path_of(server["registration_endpoint"]),
                           {"client_name": "<b>Test</b>", "redirect_uris": [back],
                            "token_endpoint_auth_method": "none"}).json
    verifier = uuid.uuid4().hex + uuid.uuid4().hex
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    query = urllib.parse.urlencode({
        "response_type": "code", "client_id": client["client_id"], "redirect_uri": back,
        "code_challenge": challenge.decode(), "code_challenge_method": "S256", "state": "xyz",
        "resource": resource["resource"]})
    authorize = path_of(server["authorization_endpoint"]) + "?" + query

    # Who is not signed in is sent to sign in, and back.
    away = stranger.call("GET", authorize)
    expect(away.status in (302, 303), f"{away.status}")
    expect(away.headers["location"].startswith("/sign-in?return_to="), away.headers["location"])
    page = stranger.call("GET", "/" + away.headers["location"])
    equal(page.status, 200, "the sign-in page")
    dutch = stranger.call("GET", "/" + away.headers["location"], headers={"Accept-Language": "nl-BE"}).body.decode()
    expect('<html lang="nl">' in dutch and "Aanmelden bij Piggy" in dutch, dutch)
    fields = form_fields(page.body.decode())
    signed_in = stranger.call("POST", "//sign-in",
                              form=unescaped(fields) | {"email": office.email, "password": PASSWORD})
    equal(signed_in.status, 303, "the status of signing in")
    cookie = {"Cookie": signed_in.headers["set-cookie"].split(";")[0]}
    consent = stranger.call("GET", "/" + signed_in.headers["location"], headers=cookie)
    text = consent.body.decode()
    expect("Create Credit Reception" in text and "<b>Test" not in text, text)
    dutch = stranger.call("GET", "/" + signed_in.headers["location"],
                          headers=cookie | {"Accept-Language": "nl"}).body.decode()
    expect("Toelaten</button>" in dutch and "<b>Test" not in dutch, dutch)
    choices = re.findall(r'name="subject" value="(\d+)"[^>]*><span><bdi>([^<]*)</bdi>', text)
    number = next(value for value, name in choices if name == office.persona_name)
    allowed = stranger.call("POST", path_of(server["authorization_endpoint"]),
                            form=unescaped(form_fields(text))
                            | {"subject": number, "decision": "allow"}, headers=cookie)
    expect(allowed.status in (302, 303), allowed.body)
    answer = urllib.parse.parse_qs(urllib.parse.urlsplit(allowed.headers["location"]).query)
    equal(answer["state"], ["xyz"], "the state")
    token = path_of(server["token_endpoint"])
    tokens = stranger.call("POST", token, form={
        "grant_type": "authorization_code", "code": answer["code"][0], "redirect_uri": back,
        "client_id": client["client_id"], "code_verifier": verifier}).json

    mcp = Mcp(office.piggy, tokens["access_token"])
    equal(set(mcp.tools()), {RECEPTION}, "the tools")
    mcp.does(RECEPTION, **office.shop.reception(contact, 4))
    calls = office.boss.get(f"/audit/calls?contact_uuid={contact}")
    equal((calls[0]["person"], calls[0]["persona"]), (office.email, office.persona_name),
          "whose call it is")
    # A refresh gives new tokens once; the old one, used again, ends all of them.
    renew = {"grant_type": "refresh_token", "client_id": client["client_id"],
             "refresh_token": tokens["refresh_token"]}
    renewed = stranger.call("POST", token, form=renew).json
    equal(set(Mcp(office.piggy, renewed["access_token"]).tools()), {RECEPTION}, "the tools")
    equal(stranger.call("POST", token, form=renew).status, 400, "a refresh token used again")
    equal(Mcp(office.piggy, renewed["access_token"]).post("tools/list", {}).status, 401,
          "what the thief and the owner hold")


@test
def what_a_person_let_a_program_do_ends_when_the_person_is_taken_out(office):
    office.grant(RECEPTION)
    email = f"leaver-{uuid.uuid4().hex[:8]}@shop.example"
    office.piggy.run("user", "create", "--data", office.piggy.data, "--account", "demo", "--email",
                     email, "--role", "marketer", given=PASSWORD + "\n")
    leaver = OauthClient(office.piggy, Person(office.piggy, email), office.persona_name)
    stays = OauthClient(office.piggy, office.boss, office.persona_name)
    mcp = Mcp(office.piggy, leaver.tokens["access_token"])
    equal(set(mcp.tools()), {RECEPTION}, "the tools")
    equal(office.boss.ask("DELETE", f"/account/users/{email}").status, 200, "the removal")
    equal(mcp.post("tools/list", {}).status, 401, "what the access token gets")
    renewal = leaver.ask(grant_type="refresh_token", refresh_token=leaver.tokens["refresh_token"])
    equal((renewal.status, renewal.json["error"]), (400, "invalid_grant"), "the refresh")
    equal(set(Mcp(office.piggy, stays.tokens["access_token"]).tools()), {RECEPTION}, "the other's")


@test
def a_person_sees_the_tokens_of_the_account_and_changes_a_personas(office):
    office.grant(RECEPTION)
    made = office.boss.post(f"/personas/{office.persona}/tokens", rotate_every_days=30)
    listed = office.boss.ask("GET", "/tokens")
    token = next(each for each in listed.data if each["uuid"] == made["uuid"])
    equal((token["state"], token["rotate_at"], token["rotate_every_days"]),
          ("current", made["rotate_at"], 30), "the token in the list")
    expect(made["token"] not in listed.body.decode(), "the list shows a token")
    forged = office.boss.ask("POST", "/tokens/rotate", {"token_uuid": made["uuid"]}, proof=False)
    forged.refused(403)
    changed = office.boss.post("/tokens/rotate", token_uuid=made["uuid"], overlap_hours=0)
    equal(Mcp(office.piggy, made["token"]).post("tools/list", {}).status, 401, "the old one")
    equal(set(Mcp(office.piggy, changed["token"]).tools()), {RECEPTION}, "the new one's tools")


@test
def the_sign_in_page_sends_nobody_elsewhere_and_takes_no_foreign_form(office):
    client = Client(office.piggy.port)
    for away in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        done = client.call("POST", "//sign-in", form={"email": office.email, "password": PASSWORD,
                                                      "return_to": away})
        equal((done.status, done.headers["location"]), (303, "/"), away)
    foreign = client.call("POST", "//sign-in", form={"email": office.email, "password": PASSWORD},
                          headers={"Sec-Fetch-Site": "cross-site"})
    equal(foreign.status, 403, "a form of another site")
    expect("set-cookie" not in foreign.headers, "it is signed in all the same")
    hostile = '"><script>alert(1)</script>'
    wrong = client.call("POST", "//sign-in", form={"email": hostile, "password": "wrong"})
    equal(wrong.status, 401, "the status")
    expect("<script" not in wrong.body.decode(), "what was typed is run")


def main():
    with Piggy() as piggy:
        return run(Office(piggy))


if __name__ == "__main__":
    sys.exit(main())
