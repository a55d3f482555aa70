#!/usr/bin/python3
"""One piggy acting on another: a person connects once, a persona of theirs then uses the other's
tools, and what goes wrong on the way reaches them as plain sentences."""

import http.server
import json
import sys
import threading
import time
import traceback
import uuid

from harness import Client, Piggy, Shop, equal, expect, finish, run, test
from mcp_client import LEGACY, Mcp
from office import Office, new_account

FOURTEEN = ["claim_anonymous_contact", "create_contact_attribute", "create_credit_reception",
            "create_vouchers_batch", "find_or_create_products", "find_voucher_by_code",
            "get_contact_auth_token", "get_contact_credit_balance", "list_forms", "list_perks",
            "merge_contacts", "send_contact_verification_email", "update_bookings",
            "update_contact_identifiers"]


class Other:
    """A second piggy, whose shop is somebody else's."""

    def __init__(self, piggy):
        self.piggy = piggy
        self.shop = Shop(piggy)
        self.url = f"http://127.0.0.1:{piggy.port}"

    def connect(self, office, **others):
        return office.boss.post("/connections", connector="piggy", base_url=self.url,
                                **{"key": self.piggy.new_token()} | others)


class Stranger(http.server.ThreadingHTTPServer):
    """Something that speaks HTTP and answers what it is told to, one answer after the other."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), StrangersAnswer)
        self.answers, self.heard = [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def piggy(self, data, status=200):
        self.answers.append((status, {}, {"data": data, "meta": {}}))

    def whose(self, company="Stranger"):
        self.piggy({"id": 1, "uuid": "00000000-0000-4000-8000-000000000001", "company": company})


class StrangersAnswer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        self.server.heard.append((self.command, self.path, dict(self.headers), body))
        answer = self.server.answers.pop(0) if self.server.answers else (503, {}, {})
        if answer == "cut":
            self.close_connection = True
            return self.connection.close()
        status, headers, data = answer
        data = json.dumps(data).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *_):
        pass


def plan_used(office):
    return office.boss.get("/plan")["used"]


def calls_of(office, tool):
    return office.boss.get(f"/audit/calls?operation={tool}&limit=500")


@test
def a_connection_shows_whose_account_it_is_and_never_its_key(office, other):
    key = other.piggy.new_token()
    made = other.connect(office, key=key, name="Outlet", handle="shown")
    equal(made["state"], "connected", "the state")
    equal(made["whose"], other.shop.client.get("/").data["company"], "whose it is")
    expect("shown_list_perks" in made["tools"], made["tools"])
    for path in ("/connections", "/audit/calls?limit=50", "/connectors", "/tools"):
        answer = office.boss.ask("GET", path)
        expect(key.encode() not in answer.body, f"{path} shows the key")
    listed = office.boss.get("/connections")
    equal(listed[0]["name"], "Built-in engine", "the first")
    expect(listed[-1]["uuid"] == made["uuid"], listed)


@test
def a_key_that_does_not_work_connects_nothing(office, other):
    before = len(office.boss.get("/connections"))
    wrong = {"connector": "piggy", "base_url": other.url, "key": "x" * 53}
    error = office.boss.ask("POST", "/connections", wrong).json
    expect("refused" in error["message"] or "accept" in error["message"], error)
    office.boss.ask("POST", "/connections", wrong | {"base_url": "ftp://x"}).refused(400)
    office.boss.ask("POST", "/connections", wrong | {"connector": "telex"}).refused(400)
    taken = office.boss.ask("POST", "/connections", wrong | {"handle": "list"})
    taken.refused(400)
    nobody = office.boss.ask("POST", "/connections", {"connector": "piggy", "key": "x" * 53,
                                                      "base_url": "http://127.0.0.1:9"})
    expect(nobody.status in (502, 503), nobody.status)
    equal(len(office.boss.get("/connections")), before, "the connections")


@test
def all_fourteen_tools_act_on_the_other_piggy(office, other):
    other.connect(office, handle="outlet")
    office.boss.put(f"/personas/{office.persona}/grants",
                    grants=[{"tool": f"outlet_{tool}"} for tool in FOURTEEN])
    mcp = office.mcp(era=LEGACY)
    listed = mcp.tools()
    equal(set(listed), {f"outlet_{tool}" for tool in FOURTEEN}, "the tools")
    expect(listed["outlet_list_perks"]["annotations"]["openWorldHint"], listed["outlet_list_perks"])

    def do(tool, **arguments):
        return mcp.does(f"outlet_{tool}", **arguments)

    shop, there = other.shop, other.shop.client
    ann = shop.new_contact()
    credited = do("create_credit_reception", shop_uuid=shop.shop, contact_uuid=ann, credits=30)
    equal(credited["credits"], 30, "the credits")
    equal(shop.balance(ann), 30, "the balance there")
    equal(do("get_contact_credit_balance", contact_uuid=ann)["balance"], 30, "the balance told")
    name = f"colour_{uuid.uuid4().hex[:6]}"
    do("create_contact_attribute", name=name, label="Colour", data_type="text")
    expect(name in there.call("GET", "/contact-attributes").body.decode(), "no such attribute")
    batch = do("create_vouchers_batch", promotion_uuid=shop.promotion, quantity=3)
    expect(batch["uuid"], batch)
    code = shop.new_voucher()["code"]
    equal(do("find_voucher_by_code", code=code)["code"], code, "the voucher")
    product = do("find_or_create_products", external_identifier=f"SKU-{uuid.uuid4().hex[:6]}",
                 name="Hat")
    expect(product["uuid"], product)
    do("list_forms")
    do("list_perks")
    answer = do("get_contact_auth_token", contact_uuid=ann)
    expect(len(answer["auth_token"]) > 20, answer)
    card = f"card-{uuid.uuid4().hex[:8]}"
    there.post("/contact-identifiers", {"contact_uuid": ann, "contact_identifier_value": card})
    changed = do("update_contact_identifiers", contact_identifier_value=card,
                 contact_identifier_name="Gold card")
    expect("Gold card" in json.dumps(changed), changed)
    email = f"{uuid.uuid4().hex}@example.com"
    there.post("/contacts", {"email": email})
    do("send_contact_verification_email", email=email)
    asks = {"claim_anonymous_contact": claim_arguments(there),
            "update_bookings": booking_arguments(there, ann),
            "merge_contacts": {"source_contact_uuid": shop.new_contact(),
                               "destination_contact_uuid": ann}}
    for tool, arguments in asks.items():
        result = mcp.call(f"outlet_{tool}", **arguments)
        if result.get("isError"):
            expect("approve" in json.dumps(result), result)
            waiting = [a for a in office.boss.get("/approvals?state=pending")
                       if a["tool"] == f"outlet_{tool}"]
            office.boss.post(f"/approvals/{waiting[0]['uuid']}/decision", verdict="approve")
            result = ended(mcp, f"outlet_{tool}", arguments)
        expect(not result.get("isError"), f"{tool}: {result}")
    for tool in FOURTEEN:
        recorded = calls_of(office, f"outlet_{tool}")
        expect(any(call["outcome"] == "done" for call in recorded), f"{tool} is not on record")


def ended(mcp, tool, arguments):
    """How a call that was approved ended: it is done elsewhere, after the decision."""
    for _ in range(200):
        result = mcp.call(tool, **arguments)
        if "is being done" not in json.dumps(result):
            return result
        time.sleep(0.02)
    raise AssertionError("it does not end")


def claim_arguments(there):
    contact = there.post("/contacts/anonymous", {}).data
    return {"anonymous_contact_uuid": contact["uuid"], "email": f"{uuid.uuid4().hex}@example.com"}


def booking_arguments(there, contact):
    made = there.post("/bookings", {"contact_uuid": contact, "number_of_people": 2,
                                    "shop_uuid": there.get("/shops").data[0]["uuid"]}).data
    return {"uuid": made["uuid"], "number_of_people": 3}


@test
def limits_price_and_dry_runs_are_those_of_every_tool(office, other):
    other.connect(office, handle="limited")
    tool = "limited_create_credit_reception"
    office.grant(tool, limits={"points_per_day": 50})
    mcp = office.mcp()
    ann = other.shop.new_contact()
    before = plan_used(office)
    rehearsed = mcp.does(tool, dry_run=True, **other.shop.reception(ann, 40))
    expect(rehearsed["dry_run"] and rehearsed["effect"], rehearsed)
    equal(other.shop.balance(ann), 0, "the balance after a dry run")
    mcp.does(tool, **other.shop.reception(ann, 40))
    equal(plan_used(office), before + 2, "the plan credits")
    text = mcp.refused(tool, **other.shop.reception(ann, 40))
    expect("points a day" in text, text)
    equal(other.shop.balance(ann), 40, "the balance")
    # What the other side refuses costs nothing and does not count.
    before = plan_used(office)
    mcp.refused(tool, shop_uuid=other.shop.shop, contact_uuid=str(uuid.uuid4()), credits=5)
    equal(plan_used(office), before, "the price of what was refused")
    mcp.does(tool, **other.shop.reception(ann, 10))


@test
def a_key_acts_once_however_often_it_is_sent(office, other):
    other.connect(office, handle="again")
    tool = "again_create_credit_reception"
    office.grant(tool)
    mcp = office.mcp()
    ann = other.shop.new_contact()
    before = plan_used(office)
    first = mcp.does(tool, key="k-1", **other.shop.reception(ann, 7))
    second = mcp.does(tool, key="k-1", **other.shop.reception(ann, 7))
    equal(first["uuid"], second["uuid"], "the reception")
    equal(other.shop.balance(ann), 7, "the balance")
    equal(plan_used(office), before + 2, "the plan credits")
    expect("other input" in mcp.refused(tool, key="k-1", **other.shop.reception(ann, 8)), "taken")


@test
def faults_of_the_other_side_are_plain_sentences_and_free(office, other):
    stranger = Stranger()
    stranger.whose()
    office.boss.post("/connections", connector="piggy", base_url=stranger.url, key="k" * 53,
                     handle="stranger")
    office.boss.put(f"/personas/{office.persona}/grants",
                    grants=[{"tool": "stranger_list_perks"},
                            {"tool": "stranger_create_credit_reception"}])
    mcp = office.mcp()
    before = plan_used(office)
    stranger.answers += [(429, {"Retry-After": "40"}, {})]
    expect("40 seconds" in mcp.refused("stranger_list_perks"), "429")
    stranger.answers += [(503, {}, {})] * 3
    text = mcp.refused("stranger_list_perks")
    expect(stranger.url.split("//")[1] in text, text)
    equal(len(stranger.answers), 0, "what it was not asked for")
    stranger.piggy([])
    mcp.does("stranger_list_perks")
    # A stranger may have done what it did not answer: it is not asked twice.
    stranger.heard.clear()
    stranger.answers += ["cut"]
    text = mcp.refused("stranger_create_credit_reception", **other.shop.reception(str(uuid.uuid4()), 5))
    expect("may have done" in text, text)
    posts = [heard for heard in stranger.heard if heard[0] == "POST"]
    equal(len(posts), 1, "how often it was sent")
    equal(plan_used(office), before + 1, "what it cost")
    # A key that is refused: the connection must be made again, and says so.
    stranger.answers += [(401, {}, {"message": "no"})]
    text = mcp.refused("stranger_list_perks")
    expect("connect" in text, text)
    states = {c["handle"]: c for c in office.boss.get("/connections")}
    equal(states["stranger"]["state"], "reconnect", "the state")
    expect(states["stranger"]["problem"], "no reason is given")
    expect("made again" in mcp.refused("stranger_list_perks"), "it was asked all the same")
    # With another key it goes on, and its grants are as they were.
    stranger.whose()
    office.boss.put(f"/connections/{states['stranger']['uuid']}/key", key="n" * 53)
    stranger.piggy([])
    mcp.does("stranger_list_perks")
    equal(stranger.heard[-1][2]["Authorization"], "Bearer " + "n" * 53, "the key in use")
    # Who does not answer is spared for a while.
    stranger.answers += [(503, {}, {})] * 6
    mcp.refused("stranger_list_perks")
    mcp.refused("stranger_list_perks")
    heard = len(stranger.heard)
    expect("asked again in" in mcp.refused("stranger_list_perks"), "the breaker")
    equal(len(stranger.heard), heard, "how often it was asked")
    stranger.shutdown()


@test
def a_connection_changes_its_own_key_end_to_end(office, other):
    key = other.piggy.new_token("client", "demo", "--rotate-every-days", "1")
    made = other.connect(office, handle="turning", key=key)
    equal(made["state"], "connected", "the state")
    expect(made["expires_at"], "it is not known when the key ends")
    office.grant("turning_list_perks")
    mcp = office.mcp()
    rotated = office.boss.post(f"/connections/{made['uuid']}/rotate")
    expect(rotated["rotated_at"], rotated)
    mcp.does("turning_list_perks")
    # The old one works for the overlap, is then of no use, and cannot push the new one aside.
    old = other.piggy.client(key)
    equal(old.call("GET", "//platform/tokens/self").data["state"], "succeeded", "the old key")
    old.call("POST", "//platform/tokens/self/rotate", {}).refused(409)
    again = office.boss.post(f"/connections/{made['uuid']}/rotate")
    mcp.does("turning_list_perks")
    expect(again["rotated_at"] >= rotated["rotated_at"], again)
    # Revoking tells the other side, and the key in use there ends.
    gone = office.boss.ask("DELETE", f"/connections/{made['uuid']}").data
    equal((gone["state"], gone["problem"]), ("revoked", ""), "what became of it")
    listed = other.piggy.run("token", "list", "--data", other.piggy.data, "--account", "demo").stdout
    expect("revoked" in listed, listed)


@test
def revoking_cuts_every_persona_at_once(office, other):
    made = other.connect(office, handle="cut")
    office.grant("cut_list_perks")
    mcp = office.mcp()
    mcp.does("cut_list_perks")
    answer = office.boss.ask("DELETE", f"/connections/{made['uuid']}")
    equal(answer.data["state"], "revoked", "the state")
    expect("cut_list_perks" not in mcp.tools(), "it is still listed")
    refused = mcp.post("tools/call", {"name": "cut_list_perks", "arguments": {}}).json
    expect("error" in refused or refused["result"].get("isError"), refused)
    # Its handle is used up, so that what is on record stays what it was.
    taken = office.boss.ask("POST", "/connections",
                            {"connector": "piggy", "base_url": other.url, "handle": "cut",
                             "key": other.piggy.new_token()})
    taken.refused(400)


@test
def people_without_the_right_connect_and_see_nothing(office, other):
    made = other.connect(office, handle="rights")
    viewer = office.hire("viewer")
    viewer.ask("POST", "/connections", {"connector": "piggy", "base_url": other.url,
                                        "key": "k" * 53}).refused(403)
    viewer.ask("DELETE", f"/connections/{made['uuid']}").refused(403)
    stranger = Office(office.piggy, account=new_account(office.piggy))
    stranger.boss.ask("DELETE", f"/connections/{made['uuid']}").refused(404)
    stranger.boss.ask("POST", f"/connections/{made['uuid']}/check").refused(404)
    equal([c["handle"] for c in stranger.boss.get("/connections")], ["piggy"], "another tenant's")
    wrong = stranger.boss.ask("PUT", f"/personas/{stranger.persona}/grants",
                              {"grants": [{"tool": "rights_list_perks"}]})
    wrong.refused(400)


@test
def people_and_programs_call_a_tool_by_its_name(office, other):
    other.connect(office, handle="byname")
    path = "/operations/byname_create_credit_reception"
    ann = other.shop.new_contact()
    before = plan_used(office)
    rehearsed = office.boss.ask("POST", path, other.shop.reception(ann, 5) | {"dry_run": True}).data
    expect(rehearsed["dry_run"] and rehearsed["effect"], rehearsed)
    equal(other.shop.balance(ann), 0, "the balance after a rehearsal")
    given = office.boss.ask("POST", path, other.shop.reception(ann, 5)).data
    expect(given["uuid"], given)
    program = office.piggy.client(office.piggy.new_token())
    once = {"Idempotency-Key": "by-name"}
    for _ in range(2):
        program.call("POST", "//platform" + path, other.shop.reception(ann, 2), headers=once).data
    equal(other.shop.balance(ann), 7, "the balance there")
    equal(plan_used(office), before, "plan credits, which personas pay")
    calls = [call for call in calls_of(office, "byname_create_credit_reception")
             if call["outcome"] == "done"]
    equal(sorted(call["person"] for call in calls), ["", office.email], "who is on record")
    # What is wrong is said as by any operation, and nobody without the right gets that far.
    wrong = office.boss.ask("POST", path, {"contact_uuid": ann})
    wrong.refused(400)
    expect("shop_uuid" in wrong.json["errors"], wrong.body)
    office.hire("viewer").ask("POST", path, other.shop.reception(ann, 1)).refused(403)
    Client(office.piggy.port).call("POST", "//platform" + path, {}).refused(401)
    stranger = Office(office.piggy, account=new_account(office.piggy))
    stranger.boss.ask("POST", path, other.shop.reception(ann, 1)).refused(404)
    office.boss.ask("GET", path).refused(404)
    office.boss.ask("POST", "/operations/byname_no_such_tool", {}).refused(404)
    # The command line does the same, through the server and on the data alone.
    call = ("call", "byname_get_contact_credit_balance", "--data", office.piggy.data, "--account",
            "demo", "--contact-uuid", ann, "--print", "balance")
    equal(office.piggy.run(*call).stdout.strip(), "7", "what the command line prints")
    equal(other.shop.balance(ann), 7, "the balance there in the end")


@test
def whoever_approves_a_call_elsewhere_is_shown_what_it_would_change_there(office, other):
    other.connect(office, handle="asked", name="Asked")
    tool = "asked_create_credit_reception"
    office.grant(tool, ask="always")
    mcp = office.mcp()
    ann = other.shop.new_contact()

    def question(**arguments):
        mcp.refused(tool, **arguments)
        for _ in range(500):
            waiting = next(one for one in office.boss.get("/approvals")
                           if one["arguments"].get("contact_uuid") == arguments["contact_uuid"])
            if waiting["effects"]:
                return waiting
            time.sleep(0.01)
        raise AssertionError(f"no effect is shown: {waiting}")

    shown = question(**other.shop.reception(ann, 5))
    equal([(line["before"], line["after"]) for line in shown["effects"]], [(0, 5)], "the effect")
    equal(other.shop.balance(ann), 0, "the balance there before anybody said yes")
    office.boss.post(f"/approvals/{shown['uuid']}/decision", verdict="approve")
    nobody = str(uuid.uuid4())
    shown = question(**other.shop.reception(nobody, 5))
    equal(shown["effects"][0]["what"], "a rehearsal at Asked", "what is shown of a refusal")
    expect("ontact" in shown["effects"][0]["after"], shown["effects"])


@test
def a_slash_command_in_chat_reaches_the_connection(office, other):
    other.connect(office, handle="chatty")
    office.grant("chatty_get_contact_credit_balance")
    ann = other.shop.new_contact()
    made = office.boss.post("/conversations", persona_uuid=office.persona)
    office.boss.post(f"/conversations/{made['uuid']}/messages",
                     text=f"/chatty_get_contact_credit_balance contact_uuid={ann}")
    for _ in range(300):
        page = office.boss.get(f"/conversations/{made['uuid']}")
        if page["state"] == "idle":
            break
        time.sleep(0.02)
    results = [m for m in page["messages"] if m["kind"] == "result"]
    equal(results[0]["content"]["answer"]["balance"], 0, "the balance")


@test
def a_call_that_a_crash_interrupts_is_gone_on_with_and_done_once(office, other):
    other.connect(office, handle="crash")
    tool = "crash_create_credit_reception"
    office.grant(tool)
    token = office.new_token()
    ann = other.shop.new_contact()
    rounds, sent = 12, 0
    for number in range(rounds):
        threads = []
        for i in range(8):
            def one(i=i):
                try:
                    mcp = Mcp(office.piggy, token)
                    mcp.call(tool, key=f"crash-{number}-{i}", **other.shop.reception(ann, 1))
                except Exception:
                    pass  # Killed in the midst of it.
            threads.append(threading.Thread(target=one))
            threads[-1].start()
        sent += 8
        time.sleep(0.005 * (number + 1))
        office.piggy.kill()
        for thread in threads:
            thread.join()
        office.piggy.start()
    office.boss.client.close()
    mcp = Mcp(office.piggy, token)
    for number in range(rounds):
        for i in range(8):
            while True:  # What was interrupted may still be on its way.
                answer = mcp.call(tool, key=f"crash-{number}-{i}", **other.shop.reception(ann, 1))
                if not answer.get("isError"):
                    break
                expect("worked on" in json.dumps(answer), answer)
                time.sleep(0.02)
    equal(other.shop.balance(ann), sent, "the balance there")
    done = [call for call in calls_of(office, tool) if call["outcome"] == "done"]
    equal(len(done), sent, "the calls on record")
    office.piggy.verify()


def main():
    private = ["--allow-private-connections"]
    try:
        with Piggy() as there, Piggy(arguments=private) as here:
            return run(Office(here), Other(there))
    except Exception:
        traceback.print_exc(limit=-3, file=sys.stdout)
        return finish(0, 1)


if __name__ == "__main__":
    sys.exit(main())
