#!/usr/bin/python3
"""Audiences: lists of listmonk, Mailchimp, Klaviyo and CSV files, kept equal to segments, against
stand-ins that are proved by the services' own clients where they have one."""

import csv
import hashlib
import json
import sys
import threading
import time
import traceback
import uuid

from harness import Client, Piggy, equal, expect, finish, run, test
from office import Office, Person, new_account
from proving import SERVICES, proved

sys.path.insert(0, str(SERVICES))
from klaviyo import Klaviyo  # noqa: E402
from listmonk import Listmonk  # noqa: E402
from mailchimp import Mailchimp  # noqa: E402

SERVICE = {"listmonk": (Listmonk, "2"), "mailchimp": (Mailchimp, "a1b2c3"),
           "klaviyo": (Klaviyo, "Y6nRLr")}


def connect(office, kind, **arguments):
    """A stand-in, a list of it, and a connection to it."""
    service, name = SERVICE[kind][0](), SERVICE[kind][1]
    made = office.boss.post("/connections", connector=kind, base_url=service.url, key=service.key,
                            **arguments)
    return service, name, made


@test
def their_own_clients_understand_the_stand_ins(_):
    for kind in ("mailchimp", "klaviyo"):
        service = SERVICE[kind][0]()
        proved(kind, service.url, service.key)


@test
def a_persona_keeps_lists_of_all_services_by_hand(office):
    for kind in SERVICE:
        service, name, made = connect(office, kind, handle=f"{kind}hand")
        handle = made["handle"]
        office.boss.put(f"/personas/{office.persona}/grants", grants=[
            {"tool": f"{handle}_{tool}"} for tool in
            ("list_audiences", "count_members", "add_members", "remove_members")])
        mcp = office.mcp()
        lists = mcp.does(f"{handle}_list_audiences")["lists"]
        expect(name in [one["id"] for one in lists] and len(lists) == 2, lists)
        service.refuses = lambda email: email.startswith("no")
        done = mcp.does(f"{handle}_add_members", list=name,
                        emails=["ann@example.com", "o'neil@example.com", "no@example.com"])
        equal((done["taken"], [one["email"] for one in done["refused"]]), (2, ["no@example.com"]), kind)
        expect(done["refused"][0]["reason"], kind)
        again = mcp.does(f"{handle}_add_members", list=name, emails=["Ann@example.com"])
        equal((again["taken"], again["refused"]), (1, []), f"{kind} again")
        equal(mcp.does(f"{handle}_count_members", list=name)["members"], 2, kind)
        mcp.does(f"{handle}_remove_members", list=name,
                 emails=["ann@example.com", "nobody@example.com"])
        equal(service.members(name), {"o'neil@example.com"}, kind)
        back = mcp.does(f"{handle}_add_members", list=name, emails=["ann@example.com"])
        equal((back["taken"], len(service.members(name))), (1, 2), f"{kind} back")
        # Both layers of errors.
        expect("letters" in (words := mcp.refused(f"{handle}_count_members", list="a/../b"))
               or "number" in words, words)
        mcp.refused(f"{handle}_count_members", list="404404")
        service.in_the_way = [(429, {"Retry-After": "1"})]
        equal(mcp.does(f"{handle}_count_members", list=name)["members"], 2, f"{kind} after 429")
        service.in_the_way = ["drop"]
        equal(mcp.does(f"{handle}_add_members", list=name, emails=["bob@example.com"])["taken"], 1,
              f"{kind} after a dropped line")
        equal(len(service.members(name)), 3, kind)
        service.key = "another-us1"
        expect("connect" in mcp.refused(f"{handle}_count_members", list=name), "refused key")


@test
def who_has_unsubscribed_there_is_not_subscribed_again(office):
    listmonk, name, made = connect(office, "listmonk")
    listmonk.subscriber("gone@example.com", l2="unsubscribed")
    listmonk.subscriber("blocked@example.com", "blocklisted")
    listmonk.subscriber("other@example.com", l1="confirmed")
    mailchimp, audience, other = connect(office, "mailchimp")
    mailchimp.statuses[audience] |= {"gone@example.com": "unsubscribed", "x@example.com": "cleaned"}
    office.boss.put(f"/personas/{office.persona}/grants", grants=[
        {"tool": f"{handle}_{tool}"} for tool in ("add_members", "remove_members")
        for handle in (made["handle"], other["handle"])])
    mcp = office.mcp()
    done = mcp.does(f"{made['handle']}_add_members", list=name, emails=[
        "gone@example.com", "blocked@example.com", "other@example.com"])
    equal((done["taken"], listmonk.members(2)), (1, {"other@example.com"}), "listmonk")
    done = mcp.does(f"{other['handle']}_add_members", list=audience,
                    emails=["gone@example.com", "x@example.com", "new@example.com"])
    equal((done["taken"], mailchimp.members(audience)), (1, {"new@example.com"}), "Mailchimp")
    mcp.does(f"{other['handle']}_remove_members", list=audience, emails=["gone@example.com"])
    equal(mailchimp.statuses[audience]["gone@example.com"], "unsubscribed", "what they said")
    mailchimp.in_the_way = [(403, {})]
    expect("slow down" in mcp.refused(f"{other['handle']}_add_members", list=audience,
                                      emails=["a@example.com"]), "a bare 403")


@test
def a_csv_file_has_a_manifest_that_fits_it(office):
    made = office.boss.post("/connections", connector="csv")
    office.boss.put(f"/personas/{office.persona}/grants",
                    grants=[{"tool": f"csv_{tool}"} for tool in ("add_members", "remove_members")])
    mcp = office.mcp()
    done = mcp.does("csv_add_members", list="regulars",
                    emails=["bob@example.com", "ann@example.com", "=cmd@example.com"])
    equal([one["email"] for one in done["refused"]], ["=cmd@example.com"], "refused")
    mcp.does("csv_remove_members", list="regulars", emails=["bob@example.com"])
    folder = office.piggy.data / made["whose"]
    content = (folder / "regulars.csv").read_bytes()
    manifest = json.loads((folder / "regulars.manifest.json").read_text())
    equal(manifest["sha256"], hashlib.sha256(content).hexdigest(), "the digest")
    rows = list(csv.DictReader(content.decode().splitlines()))
    equal(([row["email"] for row in rows], manifest["rows"]), (["ann@example.com"], 1), "the rows")
    expect("letter" in (words := mcp.refused("csv_add_members", list="../x", emails=["a@b.c"]))
           or "a to z" in words, words)
    office.boss.post(f"/connections/{made['uuid']}/check")
    equal(office.boss.get("/connections")[-1]["whose"], made["whose"], "the folder after a check")


# Pushes of segments.

GUARD_SECONDS = 90


def contacts(office, count):
    """As many new contacts: address -> uuid."""
    word, made = uuid.uuid4().hex[:6], {}
    for number in range(count):
        email = f"{word}-{number}@example.com"
        made[email] = office.shop.client.post("/contacts", {"email": email}).data["uuid"]
    return made


def add(office, segment, uuids, path=""):
    uuids = list(uuids)
    for begin in range(0, len(uuids), 100):
        office.boss.post(f"/segments/{segment}/members{path}",
                         contact_uuids=uuids[begin:begin + 100])


def segment_of(office, uuids):
    segment = office.boss.post("/segments", name=f"Segment {uuid.uuid4().hex[:6]}")["uuid"]
    add(office, segment, uuids)
    return segment


def push(office, segment, made, name, **others):
    return office.boss.post("/audience-pushes", segment_uuid=segment, connection=made["handle"],
                            list=name, **others)["uuid"]


def wait_for(office, number, *states):
    """The push, once it is in one of these states."""
    end = time.monotonic() + GUARD_SECONDS
    while time.monotonic() < end:
        got = office.boss.get(f"/audience-pushes/{number}")
        if got["push"]["state"] in states:
            return got
        expect(got["push"]["state"] not in ("failed", "cancelled", "completed", "held"), got)
        time.sleep(0.02)
    raise AssertionError(f"the push is still {got}")


def until(what, message):
    end = time.monotonic() + GUARD_SECONDS
    while not what():
        expect(time.monotonic() < end, message)
        time.sleep(0.02)


def digest(emails):
    return hashlib.sha256("".join(f"{email}\n" for email in sorted(emails)).encode()).hexdigest()


@test
def three_percent_are_refused_and_told_with_their_reasons(office):
    people = contacts(office, 200)
    bad = set(list(people)[::33])  # 7 of 200.
    segment = segment_of(office, people.values())
    for kind in SERVICE:
        service, name, made = connect(office, kind)
        service.refuses = lambda email: email in bad
        got = wait_for(office, push(office, segment, made, name), "completed")
        told = got["push"]
        equal(service.members(name), set(people) - bad, f"who is on the list of {kind}")
        equal((told["entered"], told["refused"], told["target_count"]), (193, 7, 193), kind)
        equal({one["email"] for one in got["refusals"]}, bad, "who was refused")
        expect(all(one["reason"] for one in got["refusals"]), got["refusals"])
        equal(told["sha256"], digest(set(people) - bad), "the digest")
        # Nothing is pushed twice, but whoever was refused is asked for again.
        service.refuses = lambda email: False
        told = wait_for(office, push(office, segment, made, name), "completed")["push"]
        equal((told["entering"], told["leaving"], told["members"]), (7, 0, 200), f"again at {kind}")


@test
def who_left_is_taken_off_and_a_large_change_waits_for_a_person(office):
    people = contacts(office, 20)
    emails, numbers = list(people), list(people.values())
    segment = segment_of(office, numbers)
    for kind in SERVICE:
        add(office, segment, numbers)
        service, name, made = connect(office, kind)
        wait_for(office, push(office, segment, made, name), "completed")
        add(office, segment, numbers[:4], "/remove")
        told = wait_for(office, push(office, segment, made, name), "completed")["push"]
        equal((told["left"], service.members(name)), (4, set(emails[4:])), kind)
        add(office, segment, numbers[4:12], "/remove")
        held = push(office, segment, made, name)
        expect("8 go" in wait_for(office, held, "held")["push"]["problem"], "why it is held")
        equal(service.members(name), set(emails[4:]), "what a push that is held has done")
        office.boss.ask("POST", "/audience-pushes", {
            "segment_uuid": segment, "connection": made["handle"], "list": name}).refused(409)
        office.boss.post(f"/audience-pushes/{held}/confirm")
        told = wait_for(office, held, "completed")["push"]
        equal((told["confirmed"], service.members(name)), (True, set(emails[12:])), kind)
        add(office, segment, numbers, "/remove")
        empty = push(office, segment, made, name)
        expect("empty" in wait_for(office, empty, "held")["push"]["problem"], "why it is held")
        equal(office.boss.post(f"/audience-pushes/{empty}/cancel")["state"], "cancelled", "it")
        wait_for(office, push(office, segment, made, name, confirmed=True), "completed")
        equal(service.members(name), set(), f"{kind} in the end")


@test
def faults_on_the_way_are_waited_for(office):
    people = contacts(office, 30)
    segment = segment_of(office, people.values())
    for kind in SERVICE:
        service, name, made = connect(office, kind)
        service.in_the_way = [(429, {"Retry-After": "1"}), (403, {}) if kind == "mailchimp" else
                              (503, {"Retry-After": "1"}), "drop"]
        got = wait_for(office, push(office, segment, made, name), "completed")["push"]
        equal((service.members(name), got["refused"]), (set(people), 0), kind)
        # What will not go away ends the push, and says why.
        wrong = push(office, segment, made, "40404")
        expect(wait_for(office, wrong, "failed")["push"]["problem"], "why it failed")
        service.key = "another-us1"
        refused = push(office, segment, made, "40405")
        expect("key" in wait_for(office, refused, "failed")["push"]["problem"], "why it failed")
        state = [one for one in office.boss.get("/connections") if one["uuid"] == made["uuid"]]
        equal(state[0]["state"], "reconnect", "the connection")


@test
def a_removed_consent_and_an_erased_contact_come_off_at_once(office):
    people = contacts(office, 12)
    emails, numbers = list(people), list(people.values())
    segment = segment_of(office, numbers)
    mails = office.boss.post("/subscription-types", name=f"Mail {uuid.uuid4().hex[:6]}",
                             strategy="OPT_OUT")
    for kind, (first, second, third) in zip(SERVICE, (numbers[:3], numbers[3:6], numbers[6:9])):
        service, name, made = connect(office, kind)
        number = push(office, segment, made, name, subscription_type_uuid=mails["uuid"])
        wait_for(office, number, "completed")
        gone = {emails[numbers.index(one)] for one in (first, second)}
        before = service.members(name)
        office.shop.client.put(f"/contact-subscriptions/{first}/unsubscribe",
                               {"subscription_type_uuid": mails["uuid"]}).data
        office.shop.client.post(f"/contacts/{second}/delete", {"type": "GDPR"}).data
        until(lambda: not service.members(name) & gone, f"{kind} still has {gone}")
        equal(service.members(name), before - gone, kind)
        # Nobody brings them back.
        told = wait_for(office, push(office, segment, made, name,
                                     subscription_type_uuid=mails["uuid"]), "completed")["push"]
        equal((told["entering"], service.members(name)), (0, before - gone), f"{kind} again")


@test
def a_contact_that_is_erased_while_it_is_pushed_comes_off(office):
    for kind in SERVICE:
        people = contacts(office, 5)
        victim, number = list(people.items())[2]
        segment = segment_of(office, people.values())
        service, name, made = connect(office, kind)
        erased = threading.Event()

        def erase(method, path, sent):
            """While the first chunk is under way."""
            if method == "POST" and not erased.is_set():
                erased.set()
                office.shop.another_client().post(f"/contacts/{number}/delete", {"type": "GDPR"}).data

        service.before = erase
        wait_for(office, push(office, segment, made, name), "completed")
        until(lambda: service.members(name) == set(people) - {victim},
              f"{kind} has {service.members(name)}")


@test
def other_accounts_see_and_change_nothing(office):
    people = contacts(office, 2)
    segment = segment_of(office, people.values())
    service, name, made = connect(office, "listmonk")
    number = push(office, segment, made, name)
    wait_for(office, number, "completed")
    other = Office(office.piggy, new_account(office.piggy))
    other.boss.ask("GET", f"/audience-pushes/{number}").refused(404)
    other.boss.ask("POST", f"/audience-pushes/{number}/cancel").refused(404)
    other.boss.ask("POST", f"/audience-pushes/{number}/confirm").refused(404)
    equal(other.boss.get("/audience-pushes"), [], "what another account lists")
    for connection in (made["uuid"], made["handle"]):
        own = other.boss.post("/segments", name=f"Own {uuid.uuid4().hex[:6]}")["uuid"]
        for segment_uuid in (segment, own):
            answer = other.boss.ask("POST", "/audience-pushes", {
                "segment_uuid": segment_uuid, "connection": connection, "list": name})
            expect(answer.status in (400, 404, 422), answer.body)
    equal(service.members(name), set(people), "who is on the list")


@test
def kill_9_in_every_chunk_and_the_list_is_as_it_should_be(office):
    people = contacts(office, 420)
    segment = segment_of(office, people.values())
    service, name, made = connect(office, "mailchimp")
    kills, killed, running = {}, threading.Event(), threading.Event()
    running.set()

    def strike(method, path, sent):
        """Kills at each batch twice: before it is done, and when it is done but not answered."""
        if method != "POST":
            return None
        running.wait(GUARD_SECONDS)
        chunk = sent["members"][0]["email_address"]
        kills[chunk] = kills.get(chunk, 0) + 1
        if kills[chunk] > 2:
            return None
        running.clear()
        office.piggy.kill()
        killed.set()
        return "lost" if kills[chunk] == 1 else None

    service.before = strike
    number = push(office, segment, made, name)
    for _ in range(10):
        until(killed.is_set, f"killed {kills}")
        killed.clear()
        office.piggy.start()
        running.set()
    office.boss = Person(office.piggy, office.boss.email)
    office.shop.client = Client(office.piggy.port, office.shop.client.token)
    told = wait_for(office, number, "completed")["push"]
    equal(service.members(name), set(people), "who is on the list")
    equal((told["entered"], told["refused"], told["target_count"]), (420, 0, 420), "the manifest")
    equal((len(kills), min(kills.values())), (5, 3), "chunks, and how often each was asked for")
    equal(told["sha256"], digest(people), "the digest")


@test
def a_push_is_told_by_an_event_and_by_what_follows_it(office):
    people = contacts(office, 3)
    segment = segment_of(office, people.values())
    made = office.boss.post("/connections", connector="csv")
    office.boss.put(f"/personas/{office.persona}/grants", grants=[
        {"tool": "piggy_push_segment"}, {"tool": "piggy_get_audience_push"}])
    mcp = office.mcp()
    begun = mcp.does("piggy_push_segment", segment_uuid=segment, connection=made["uuid"],
                     list="three")
    wait_for(office, begun["uuid"], "completed")
    told = mcp.does("piggy_get_audience_push", uuid=begun["uuid"])
    equal((told["status"], told["push"]["target_count"]), ("COMPLETED", 3), "what it is told")
    expect("no lists" in mcp.refused("piggy_push_segment", segment_uuid=segment, list="../x",
                                     connection=office.boss.post(
                                         "/connections", connector="email")["handle"]), "e-mail")


def main():
    try:
        with Piggy(arguments=["--allow-private-connections"]) as piggy:
            return run(Office(piggy))
    except Exception:
        traceback.print_exc(limit=-3, file=sys.stdout)
        return finish(0, 1)


if __name__ == "__main__":
    sys.exit(main())
