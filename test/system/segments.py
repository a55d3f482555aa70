#!/usr/bin/python3
"""Segments on the program itself: made, filled and followed by its own threads, through the doors a
person and a persona use, and after it was killed in the middle."""

import subprocess
import time

from harness import PROGRAM, equal, expect, run_in_a_shop, test

WRITER = PROGRAM.parent / "test/bench/piggy_segment_rows"
SOON = 10  # Seconds, on a machine that does other things as well.
CITY = {"field": "attribute.lastname", "is": "equals", "value": "Utrecht"}


def operate(shop, name, /, **arguments):
    answer = shop.client.call("POST", f"//platform/operations/{name}", arguments)
    expect(answer.status in (200, 201), f"{name}: {answer.status} {answer.body[:400]!r}")
    return answer.data


def refused(shop, name, /, **arguments):
    answer = shop.client.call("POST", f"//platform/operations/{name}", arguments)
    expect(answer.status >= 400, f"{name} was not refused")
    return answer


def until(look, wanted, what):
    started = time.monotonic()
    while (found := look()) != wanted:
        expect(time.monotonic() - started < SOON, f"{what}: {found!r} instead of {wanted!r}")
        time.sleep(0.005)
    return time.monotonic() - started


def move(shop, contact, city):
    operate(shop, "update_contact", contact_uuid=contact, attributes={"lastname": city})


def members(shop, segment, **when):
    page = operate(shop, "list_segment_members", uuid=segment, limit=500, **when)
    equal(page["page"]["total"], len(page["members"]), "the total")
    return {member["contact"]["uuid"] for member in page["members"]}


def make(shop, name, conditions):
    segment = operate(shop, "create_segment", name=name, conditions=conditions)["uuid"]
    until(lambda: operate(shop, "get_segment", uuid=segment)["refreshed_at"] is not None, True,
          "the segment is filled")
    return segment


@test
def a_segment_is_filled_and_follows_what_happens(piggy, shop):
    ann, ben = shop.new_contact(), shop.new_contact()
    move(shop, ann, "Utrecht")
    seen = operate(shop, "preview_segment", conditions=CITY)
    equal(seen["count"], 1, "the count of the preview")
    segment = make(shop, "Utrecht", CITY)
    equal(members(shop, segment), {ann}, "who is in it from the beginning")
    move(shop, ben, "utrecht")
    move(shop, ann, "Delft")
    until(lambda: members(shop, segment), {ben}, "who is in it after they moved")
    told = operate(shop, "explain_membership", uuid=segment, contact_uuid=ann)
    equal((told["is_member"], told["meets_conditions"], told["conditions"][0]["holds"]),
          (False, False, False), "the explanation")


@test
def a_snapshot_can_be_come_back_to(piggy, shop):
    ann, ben = shop.new_contact(), shop.new_contact()
    move(shop, ann, "Gent")
    segment = make(shop, "Gent", {**CITY, "value": "Gent"})
    snapshot = operate(shop, "refresh_segment", uuid=segment)["snapshot_uuid"]
    move(shop, ann, "Delft")
    move(shop, ben, "Gent")
    until(lambda: members(shop, segment), {ben}, "who is in it now")
    equal(members(shop, segment, snapshot_uuid=snapshot), {ann}, "who was in it at the snapshot")


@test
def a_program_that_was_killed_goes_on_with_what_happened_before(piggy, shop):
    ann = shop.new_contact()
    segment = make(shop, "Breda", {**CITY, "value": "Breda"})
    for city in ("Breda", "Delft", "Breda"):
        move(shop, ann, city)
        piggy.kill()
        piggy.start()
        shop.client.close()
        until(lambda: members(shop, segment), {ann} if city == "Breda" else set(), city)
    equal(operate(shop, "get_segment", uuid=segment)["size"], 1, "its size")
    done = operate(shop, "refresh_segment", uuid=segment)
    equal((done["entered"], done["left"], done["size"]), (0, 0, 1), "a look at all contacts")


@test
def all_that_is_wrong_is_named(piggy, shop):
    answer = refused(shop, "create_segment", name="Wrong", conditions={
        "all": [{"field": "balance", "is": "contains", "value": "x"}, {"field": "shoe_size"}]})
    equal(answer.status, 400, "the status")
    for place in ("/conditions/all/0/is", "/conditions/all/1/field"):
        expect(place in answer.body.decode() or place.replace("/", ".")[1:] in answer.body.decode(),
               f"{place} is not named: {answer.body[:500]!r}")


@test
def members_by_hand_come_and_go(piggy, shop):
    ann, ben = shop.new_contact(), shop.new_contact()
    segment = operate(shop, "create_segment", name="By hand")["uuid"]
    operate(shop, "add_segment_members", uuid=segment, contact_uuids=[ann, ben])
    operate(shop, "remove_segment_members", uuid=segment, contact_uuids=[ann])
    equal(members(shop, segment), {ben}, "who is in it")
    outer = make(shop, "Not by hand", {"all": [
        {"field": "segment", "is": "equals", "value": segment}]})
    equal(members(shop, outer), {ben}, "who is in the one that asks for it")
    operate(shop, "add_segment_members", uuid=segment, contact_uuids=[ann])
    until(lambda: members(shop, outer), {ann, ben}, "who is in it after the other changed")
    refused(shop, "delete_segment", uuid=segment)
    operate(shop, "delete_segment", uuid=outer)
    operate(shop, "delete_segment", uuid=segment)
    refused(shop, "get_segment", uuid=segment)


@test
def what_benchmarks_write_into_the_tables_are_contacts(piggy, shop):
    """Past the engine, so that whoever changes the tables must change the writer as well."""
    piggy.stop()
    subprocess.run([WRITER, piggy.data / "piggy.db", "demo", "50"], check=True, capture_output=True)
    piggy.start()
    shop.client.close()
    segment = make(shop, "Written", {"field": "email", "is": "contains", "value": "@example.org"})
    until(lambda: operate(shop, "get_segment", uuid=segment)["size"], 50, "its size")


if __name__ == "__main__":
    raise SystemExit(run_in_a_shop())
