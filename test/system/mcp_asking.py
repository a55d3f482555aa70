#!/usr/bin/python3
"""What the program asks of people at MCP clients, and tells them, over the real /mcp: pages on which
a person decides, forms for what is missing, lists that change. Both majors of the official SDK are
the clients (test/clients/*_asking.mjs); what a library cannot do is sent by hand."""

import html
import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid

from harness import Client, Piggy, equal, expect, run, test
from mcp_client import LEGACY, MODERN, Mcp
from mcp_programs import LIBRARIES, NODE, install
from office import PASSWORD, RECEPTION, Office, Person

BATCH = "piggy_create_vouchers_batch"
ATTRIBUTE = "piggy_create_contact_attribute"
ELICITS = {"elicitation": {"form": {}, "url": {}}}
CHANGED = "notifications/tools/list_changed"


class Asked:
    """A program of test/clients that runs, and what it prints, a step a line."""

    def __init__(self, program, **given):
        self.process = subprocess.Popen([NODE, program], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        cwd=LIBRARIES, env=os.environ | {"NO_COLOR": "1"})
        self.process.stdin.write(json.dumps(given))
        self.process.stdin.close()
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def step(self, name, whole=False):
        line = self.lines.get(timeout=30)
        expect(line, f"it ended, and {name} was to come")
        if not line.startswith("{"):  # What went wrong, as Node says it.
            raise AssertionError(line + "".join(iter(lambda: self.lines.get(timeout=10) or "", "")))
        step = json.loads(line)
        expect(name in step, f"{name} was to come, not {step}")
        return step if whole else step[name]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def page_of(person, url):
    """The page as the person's browser shows it."""
    path = urllib.parse.urlsplit(url).path
    return person.client.call("GET", "/" + path, headers={"Cookie": person.cookie})


def press(person, url, verdict):
    """Presses a button of the page; returns the page that comes of it."""
    page = page_of(person, url)
    equal(page.status, 200, "the page")
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.body.decode()))
    path = "/" + urllib.parse.urlsplit(url).path
    done = person.client.call("POST", path, headers={"Cookie": person.cookie},
                              form={name: html.unescape(value) for name, value in fields.items()}
                              | {"verdict": verdict})
    equal(done.status, 303, "the answer of the page")
    return page_of(person, url).body.decode()


def a_client_is_asked(office, program):
    """A form, then a form and a page in one call, then a grant that is taken away."""
    office.grant(BATCH, ask="always")
    office.grant(ATTRIBUTE)
    name = f"shoe_{uuid.uuid4().hex[:8]}"
    calls = [{"name": ATTRIBUTE, "arguments": {"name": name, "data_type": "colour"}},
             {"name": BATCH, "arguments": {"promotion_uuid": office.shop.promotion}}]
    with Asked(program, url=f"http://127.0.0.1:{office.piggy.port}/mcp", token=office.new_token(),
               calls=calls, form={"data_type": "text", "quantity": 6}) as client:
        expect({BATCH, ATTRIBUTE} <= set(client.step("tools")), "the tools are missing")

        form = client.step("asked")["requestedSchema"]
        equal(list(form["properties"]), ["data_type"], "what the form asks for")
        expect("text" in form["properties"]["data_type"]["enum"], f"{form}")
        answer = client.step("isError", whole=True)
        expect(not answer["isError"], f"refused: {answer}")

        form = client.step("asked")["requestedSchema"]
        equal(form["required"], ["quantity"], "what the form asks for")
        page = client.step("asked")
        equal(page["mode"], "url", "the kind of the question")
        text = page_of(office.boss, page["url"]).body.decode()
        for part in (office.persona_name, "Create Vouchers Batch", office.shop.promotion, "Approve"):
            expect(part in text, f"{part} is not on the page")
        expect(client.lines.empty(), "it went on before anybody decided")
        expect("and done" in press(office.boss, page["url"], "approve"), "it is not shown as done")
        answer = client.step("isError", whole=True)
        expect(not answer["isError"], f"refused: {answer}")
        equal(answer["structured"]["quantity"], 6, "the answer")

        client.step("listens")
        # Nothing of this persona's tools: it is not told of this.
        office.boss.post("/personas", name=f"Otto {uuid.uuid4().hex[:6]}")
        started = time.monotonic()
        office.revoke(ATTRIBUTE)
        changed = client.step("changed")
        expect(BATCH in changed and ATTRIBUTE not in changed, f"the tools after: {changed}")
        expect(time.monotonic() - started < 1, "the client was told late")
        equal(client.process.wait(10), 0, "how the program ended")


@test
def the_first_major_of_the_sdk_is_asked_and_told(office):
    a_client_is_asked(office, "sdk1_asking.mjs")


@test
def the_second_major_is_asked_and_told(office):
    a_client_is_asked(office, "sdk2_asking.mjs")


@test
def a_client_that_opens_no_page_is_told_where_it_is_decided(office):
    contact = office.shop.new_contact()
    office.grant(RECEPTION, ask="always")
    with Asked("sdk2_asking.mjs", url=f"http://127.0.0.1:{office.piggy.port}/mcp",
               token=office.new_token(), reply="decline", form={},
               calls=[{"name": RECEPTION, "arguments": office.shop.reception(contact, 3)}]) as client:
        client.step("tools")
        url = client.step("asked")["url"]
        answer = client.step("isError", whole=True)
        expect(answer["isError"] and url in answer["text"], f"{answer}")
    equal(office.shop.balance(contact), 0, "the balance")


def question(mcp, arguments):
    """The answer of a call that must be decided about."""
    mcp.capabilities = ELICITS
    result = mcp.call(RECEPTION, **arguments)
    equal(result["resultType"], "input_required", "the answer")
    return result


def go_on(mcp, arguments, asked, **answers):
    replies = answers or {"decision": {"action": "accept"}}
    return mcp.post("tools/call", {"name": RECEPTION, "arguments": arguments, "inputResponses": replies,
                                   "requestState": asked["requestState"]}).json


@test
def a_restart_in_between_loses_no_call(office):
    contact = office.shop.new_contact()
    office.grant(RECEPTION, ask="always")
    token = office.new_token()
    arguments = office.shop.reception(contact, 4)
    asked = question(Mcp(office.piggy, token), arguments)
    url = asked["inputRequests"]["decision"]["params"]["url"]
    office.piggy.kill()
    office.piggy.start()
    office.boss.client.close()
    press(office.boss, url, "approve")
    office.piggy.stop()
    office.piggy.start()
    office.boss.client.close()
    office.shop.client.close()
    mcp = Mcp(office.piggy, token)
    mcp.capabilities = ELICITS
    answer = go_on(mcp, arguments, asked)
    equal(answer["result"]["structuredContent"]["credits"], 4, "the answer")
    # And an answer that was lost on the way is given again, not asked for anew.
    answer = go_on(mcp, arguments, asked)
    equal(answer["result"]["structuredContent"]["credits"], 4, "the repeated answer")
    equal(office.shop.balance(contact), 4, "the balance")
    # What was sealed for one is nobody else's.
    other = Mcp(office.piggy, office.new_token())
    other.capabilities = ELICITS
    equal(go_on(other, arguments, asked)["error"]["code"], -32602, "another token's state")


@test
def a_wait_tells_of_itself_and_ends_with_the_decision(office):
    contact = office.shop.new_contact()
    office.grant(RECEPTION, ask="always")
    token = office.new_token()
    arguments = office.shop.reception(contact, 2)
    mcp = Mcp(office.piggy, token)
    asked = question(mcp, arguments)
    url = asked["inputRequests"]["decision"]["params"]["url"]
    waiting = Stream(office.piggy, token, "tools/call", {
        "name": RECEPTION, "arguments": arguments, "requestState": asked["requestState"],
        "inputResponses": {"decision": {"action": "accept"}}}, capabilities=ELICITS,
        meta={"progressToken": "t"})
    first, second = waiting.message(), waiting.message()
    equal([m["method"] for m in (first, second)], ["notifications/progress"] * 2, "what is told")
    expect(second["params"]["progress"] > first["params"]["progress"], "it does not grow")
    press(office.boss, url, "deny")
    while "result" not in (last := waiting.message()):
        pass
    expect(last["result"]["isError"] and "denied" in last["result"]["content"][0]["text"], f"{last}")
    equal(office.shop.balance(contact), 0, "the balance")


@test
def the_page_is_for_those_of_the_account_who_may(office):
    contact = office.shop.new_contact()
    office.grant(RECEPTION, ask="always")
    asked = question(Mcp(office.piggy, office.new_token()), office.shop.reception(contact, 9))
    url = asked["inputRequests"]["decision"]["params"]["url"]
    path = "/" + urllib.parse.urlsplit(url).path
    stranger = Client(office.piggy.port)
    away = stranger.call("GET", path)
    equal(away.status, 303, "the status for a stranger")
    expect(away.headers["location"].startswith("/sign-in?return_to="), away.headers["location"])
    # A token is nobody who is signed in.
    for token in (office.new_token(), office.piggy.new_token("client")):
        equal(Client(office.piggy.port, token).call("GET", path).status, 303, "the status for a token")

    viewer = f"viewer-{uuid.uuid4().hex[:8]}@shop.example"
    office.piggy.run("user", "create", "--data", office.piggy.data, "--account", "demo", "--email", viewer,
                     "--role", "viewer", given=PASSWORD + "\n")
    person = Person(office.piggy, viewer)
    seen = page_of(person, url).body.decode()
    expect("Approve</button>" not in seen, "a viewer is offered to decide")
    forced = person.client.call("POST", path, form={"verdict": "approve", "proof": person.proof},
                                headers={"Cookie": person.cookie})
    equal(forced.status, 403, "a viewer who decides all the same")
    forged = office.boss.client.call("POST", path, form={"verdict": "approve", "proof": "x"},
                                     headers={"Cookie": office.boss.cookie})
    equal(forged.status, 403, "a form of another site")
    equal(office.shop.balance(contact), 0, "the balance")


class Stream:
    """An answer that stays open: one message after the other."""

    def __init__(self, piggy, token, method, params, capabilities=None, meta=None, session=None):
        self.client = Client(piggy.port, token, timeout=20)
        connection = self.client.connection
        headers = {"Accept": "application/json, text/event-stream", "Authorization": f"Bearer {token}"}
        if session:
            headers |= {"Mcp-Session-Id": session, "MCP-Protocol-Version": LEGACY}
            connection.request("GET", "/mcp", headers=headers)
        else:
            about = (meta or {}) | {"io.modelcontextprotocol/protocolVersion": MODERN,
                                    "io.modelcontextprotocol/clientCapabilities": capabilities or {}}
            headers |= {"MCP-Protocol-Version": MODERN, "Mcp-Method": method,
                        "Content-Type": "application/json"}
            if "name" in params:
                headers["Mcp-Name"] = params["name"]
            connection.request("POST", "/mcp", json.dumps(
                {"jsonrpc": "2.0", "id": 1, "method": method, "params": params | {"_meta": about}}),
                headers)
        self.response = connection.getresponse()
        equal(self.response.status, 200, "the status of a stream")

    def message(self):
        """The next one; None when the stream has ended."""
        for line in self.response:
            if line.startswith(b"data:") and line[5:].strip():
                return json.loads(line[5:])
        return None


def listening(office, token, era):
    if era == MODERN:
        stream = Stream(office.piggy, token, "subscriptions/listen",
                        {"notifications": {"toolsListChanged": True}})
        equal(stream.message()["method"], "notifications/subscriptions/acknowledged", "the first word")
        return stream
    mcp = Mcp(office.piggy, token, era=LEGACY)
    return Stream(office.piggy, token, None, {}, session=mcp.session["Mcp-Session-Id"])


@test
def whoever_listens_is_told_within_a_second_in_both_eras(office):
    office.grant(RECEPTION)
    switch = lambda state: office.boss.put("/personas/state", state=state, persona_uuid=office.persona)
    changes = {"a grant": lambda: office.grant("piggy_list_perks"),
               "a grant taken away": lambda: office.revoke("piggy_list_perks"),
               "the kill switch": lambda: switch("stopped"),
               "and back": lambda: switch("active")}
    slowest = 0
    for era in (MODERN, LEGACY):
        stream = listening(office, office.new_token(), era)
        for what, change in changes.items():
            started = time.monotonic()
            change()
            equal(stream.message()["method"], CHANGED, f"{what}, {era}")
            slowest = max(slowest, time.monotonic() - started)
    expect(slowest < 1, f"told after {slowest:.2f} s")
    print(f"told within {slowest * 1000:.0f} ms of the change being sent", flush=True)


@test
def a_token_that_is_revoked_ends_what_listens_with_it(office):
    office.grant(RECEPTION)
    for era in (MODERN, LEGACY):
        made = office.boss.post(f"/personas/{office.persona}/tokens")
        stays = listening(office, office.new_token(), era)
        stream = listening(office, made["token"], era)
        started = time.monotonic()
        office.piggy.run("token", "revoke", "--data", office.piggy.data, made["uuid"])
        equal(stream.message()["method"], CHANGED, f"what is told, {era}")
        last = stream.message()
        expect(last is None or "result" in last, f"it goes on: {last}")
        expect(time.monotonic() - started < 2, "it took longer")
        equal(Client(office.piggy.port, made["token"]).call("POST", "//mcp", {}).status, 401, "the token")
        office.grant("piggy_list_forms")
        equal(stays.message()["method"], CHANGED, f"another token's stream, {era}")
        office.revoke("piggy_list_forms")


@test
def a_task_tells_how_far_it_is(office):
    office.grant(BATCH)
    mcp = office.mcp(tasks=True)
    task = mcp.call(BATCH, promotion_uuid=office.shop.promotion, quantity=5)
    deadline = time.monotonic() + 20
    while True:
        seen = mcp.post("tasks/get", {"taskId": task["taskId"]}).json["result"]
        expect(seen.get("statusMessage", "").endswith("of 5 made."), f"{seen}")
        if seen["status"] == "completed" or time.monotonic() > deadline:
            break
    equal((seen["status"], seen["statusMessage"]), ("completed", "5 of 5 made."), "the end")
    # Not as a task it answers at once.
    done = office.mcp().does(BATCH, promotion_uuid=office.shop.promotion, quantity=5)
    equal(done["status"], "PENDING", "the state")


def main():
    install()
    with Piggy() as piggy:
        return run(Office(piggy))


if __name__ == "__main__":
    sys.exit(main())
