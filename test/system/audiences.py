#!/usr/bin/python3
"""Audiences: lists of listmonk, Mailchimp, Klaviyo and CSV files, kept equal to segments, against
stand-ins that are proved by the services' own clients where they have one."""

import csv
import hashlib
import json
import sys
import traceback

from harness import Piggy, equal, expect, finish, run, test
from office import Office
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


def main():
    try:
        with Piggy(arguments=["--allow-private-connections"]) as piggy:
            return run(Office(piggy))
    except Exception:
        traceback.print_exc(limit=-3, file=sys.stdout)
        return finish(0, 1)


if __name__ == "__main__":
    sys.exit(main())
