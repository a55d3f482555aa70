#!/usr/bin/python3
"""The three shipped flows with their real parts, in a piggy that runs: a form that is sent in becomes
a scored lead in the right sequence and gets its first letter, once; at the hour of the schedule the
team gets yesterday in one paragraph in Slack; a segment is refreshed and pushed.

Mail goes to a real mail server (aiosmtpd); Slack and the sender of the audience are stand-ins that
their makers' own clients have proved (test/services).
"""

import random
import sys
import threading
import time
import uuid

from flow_desk import TOKEN, Desk, Listmonk, Slack, address
from harness import Piggy, equal, expect, free_port, run, test, wait_until
from mail_sink import Sink

KILLS = 8


@test
def a_form_becomes_a_lead_and_the_lead_gets_its_first_letter(desk, postbox):
    flow = desk.install_lead_magnet()
    email = address()
    desk.send_in(email)
    run = desk.ended(flow)[0]
    equal((run["state"], run["problem"]), ("done", ""), "the run")
    steps = desk.steps(run)
    equal(steps["choose"]["output"]["reason"], "The score of 38 is at least 30.", "the reason")
    equal(steps["choose"]["output"]["by"], "rule", "who chose")
    wait_until(lambda: postbox.to(email), "the letter")
    equal([mail["Subject"] for mail in postbox.to(email)], ["The warm letter"], "the letters")
    calls = desk.boss.get(f"/audit/calls?persona_uuid={desk.office.persona}")
    tools = {call["operation"] for call in calls if call["door"] == "flow"}
    expect({"score_lead", "enroll_in_sequence"} <= tools, f"on record: {tools}")


@test
def a_threshold_and_a_sequence_are_changed_without_code(desk, postbox):
    flow = desk.install_lead_magnet()
    desk.boss.put(f"/flows/{flow}", parameters={"hot_from": 0, "hot_sequence": desk.sequences["nurture"]})
    email = address()
    desk.send_in(email)
    desk.ended(flow)
    wait_until(lambda: postbox.to(email), "the letter")
    equal([mail["Subject"] for mail in postbox.to(email)], ["The nurture letter"], "the letters")
    refused = desk.boss.ask("PUT", f"/flows/{flow}", {"parameters": {"warm_from": "many"}})
    equal(list(refused.refused(400)["errors"]), ["parameters.warm_from"], "what is wrong")


@test
def the_same_form_sent_in_a_hundred_times_is_one_lead_and_one_letter(desk, postbox):
    flow = desk.install_lead_magnet()
    email = address()
    barrier = threading.Barrier(10)

    def send():
        client = desk.office.shop.another_client()
        barrier.wait()
        for _ in range(10):
            desk.send_in(email, client)

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    runs = desk.ended(flow)
    equal(len(runs), 1, "how many runs there are")
    wait_until(lambda: postbox.to(email), "the letter")
    settled(desk, flow)
    equal(len(postbox.to(email)), 1, "how many letters came")


def settled(desk, flow):
    """Nothing is under way any more."""
    wait_until(lambda: all(run["ended_at"] for run in desk.runs(flow)), "the end of all runs")


@test
def killed_in_the_middle_each_lead_is_enrolled_once_and_no_letter_comes_twice(desk, postbox):
    flow = desk.install_lead_magnet()
    emails = []
    for _ in range(KILLS):
        for _ in range(4):
            emails.append(address())
            desk.send_in(emails[-1])
        time.sleep(random.uniform(0, 0.05))  # Where it is caught is left to chance.
        desk.piggy.kill()
        desk.piggy.start()
        desk.boss.client.close()
        desk.office.shop.client.close()
    desk.ended(flow, len(emails))
    settled(desk, flow)
    runs = desk.runs(flow)
    equal({run["state"] for run in runs}, {"done"}, "how the runs ended")
    equal(len(runs), len(emails), "how many runs there are")
    enrolled = [desk.steps(run)["enroll"]["output"]["enrollment"]["contact"]["email"] for run in runs]
    equal(sorted(enrolled), sorted(emails), "who is enrolled")
    counts = [len(postbox.to(email)) for email in emails]
    expect(max(counts) == 1, f"letters: {counts}")


@test
def the_team_gets_yesterday_in_one_paragraph(desk, _):
    slack = Slack(TOKEN)
    handle = desk.boss.post("/connections", connector="slack", base_url=slack.url, key=TOKEN)["handle"]
    desk.office.grant(f"{handle}_send_direct_message")
    flow = desk.install("daily_rollup", team=["boss@shop.example"], slack=handle,
                        zone="Pacific/Auckland")
    shown = desk.boss.get(f"/flows/{flow}")["flow"]
    equal(len(shown["next_runs"]), 5, "the next runs")
    desk.boss.post(f"/flows/{flow}/runs")
    run = desk.ended(flow)[0]
    equal((run["state"], run["problem"]), ("done", ""), "the run")
    steps = desk.steps(run)
    text = steps["words"]["output"]["text"]
    equal(slack.posted, [("D1", text)], "what Slack got")
    equal(text, steps["summary"]["output"]["paragraph"], "the paragraph")


@test
def a_segment_is_refreshed_and_the_sender_follows(desk, _):
    sender = Listmonk()
    handle = desk.boss.post("/connections", connector="listmonk", base_url=sender.url, key=sender.key)["handle"]
    contacts = [desk.office.shop.new_contact() for _ in range(3)]
    segment = desk.boss.post("/segments", name=f"New {uuid.uuid4().hex[:6]}", conditions={
        "field": "created_at", "is": "within_days", "value": 7})["uuid"]
    flow = desk.install("segment_refresh", segment_uuid=segment, connection=handle,
                        list="2")
    desk.boss.post(f"/flows/{flow}/runs")
    run = desk.ended(flow)[0]
    equal((run["state"], run["problem"]), ("done", ""), "the run")
    expect(len(contacts) <= len(sender.members(2)), "the sender's list")


def main():
    postbox = Sink(free_port())
    postbox.start()
    try:
        with Piggy(("--smtp-url", f"smtp://127.0.0.1:{postbox.port}",
                    "--allow-private-connections")) as piggy:
            return run(Desk(piggy), postbox)
    finally:
        postbox.stop()


if __name__ == "__main__":
    sys.exit(main())
