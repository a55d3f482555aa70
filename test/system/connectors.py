#!/usr/bin/python3
"""Slack, e-mail and webhooks as connections of a persona, against stand-ins that are proved by the
field's own clients. The first run installs those from npm into build/npm-services."""

import base64
import email
import email.policy
import http.server
import json
import secrets
import sys
import threading
import time
import traceback
import urllib.parse

from harness import Piggy, equal, expect, finish, run, test
from office import Office
from proving import SERVICES, proved

sys.path.insert(0, str(SERVICES))
from slack import Slack  # noqa: E402

TOKEN = "xoxb-" + secrets.token_hex(12)


class Receiver(http.server.ThreadingHTTPServer):
    """Where webhooks arrive."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), ReceiversAnswer)
        self.heard, self.statuses = [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_port}/hook"


class ReceiversAnswer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.heard.append({"headers": headers, "body": body})
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def connect(office, **arguments):
    return office.boss.post("/connections", **arguments)


@test
def slacks_own_client_understands_the_stand_in(_):
    proved("slack", *[(slack := Slack(TOKEN)).url, TOKEN])
    equal(slack.posted, [("D1", "hello from its client"), ("D1", "x"), ("D1", "marked")],
          "what was posted")


@test
def a_persona_writes_to_a_person_and_a_channel_in_slack(office):
    slack = Slack(TOKEN)
    made = connect(office, connector="slack", base_url=slack.url, key=TOKEN)
    equal((made["whose"], made["handle"], made["state"]), ("Harbour", "slack", "connected"), "it")
    office.boss.put(f"/personas/{office.persona}/grants",
                    grants=[{"tool": "slack_find_user"}, {"tool": "slack_send_message"},
                            {"tool": "slack_send_direct_message"}])
    mcp = office.mcp()
    user = mcp.does("slack_find_user", email="boss@shop.example")
    equal(user["time_zone"], "Europe/Amsterdam", "the zone")
    mcp.does("slack_send_direct_message", email="boss@shop.example", text="Good morning & <b>hi</b>")
    mcp.does("slack_send_message", channel="#general", text="Ünïcode 🎉 + plus & and = signs")
    equal(slack.posted, [("D1", "Good morning & <b>hi</b>"),
                         ("#general", "Ünïcode 🎉 + plus & and = signs")], "what was posted")
    # Both layers of its errors, and what cannot be known.
    expect("no such channel" in mcp.refused("slack_send_message", channel="C404", text="x"), "404")
    expect("Nobody" in mcp.refused("slack_find_user", email="x@shop.example"), "no user")
    slack.in_the_way = [(429, {"Retry-After": "1"})]
    mcp.does("slack_send_message", channel="C1", text="after a while")
    slack.in_the_way = [(429, {"Retry-After": "60"})]
    expect("60 seconds" in mcp.refused("slack_send_message", channel="C1", text="never"), "429")
    slack.in_the_way = ["drop"]
    before = len(slack.posted)
    expect("may have done" in mcp.refused("slack_send_message", channel="C1", text="once"), "drop")
    equal(len(slack.posted), before + 1, "how often it was sent")
    # Where the bot may read, it finds out.
    slack.in_the_way = [None, None, "drop"]
    mcp.does("slack_send_direct_message", email="boss@shop.example", text="found")
    equal([text for _, text in slack.posted].count("found"), 1, "how often it was sent")
    before = len(slack.posted) - 1
    # A dry run cannot be had, and is not done in earnest instead.
    expect("dry run" in mcp.refused("slack_send_message", channel="C1", text="x", dry_run=True), "dry")
    equal(len(slack.posted), before + 1, "what a dry run sent")
    revoked = office.boss.ask("DELETE", f"/connections/{made['uuid']}").data
    expect(slack.revoked and revoked["problem"] == "", f"Slack was not told: {revoked}")


@test
def a_message_can_have_blocks_and_waits_for_its_turn_in_a_channel(office):
    slack = Slack(TOKEN)
    connect(office, connector="slack", base_url=slack.url, key=TOKEN, handle="paced")
    office.boss.put(f"/personas/{office.persona}/grants", grants=[
        {"tool": "paced_send_message"}, {"tool": "paced_send_direct_message"}])
    mcp = office.mcp()
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Points* & more"}},
              {"type": "divider"}]
    mcp.does("paced_send_message", channel="C1", text="1", blocks=blocks)
    mcp.does("paced_send_direct_message", email="boss@shop.example", text="2", blocks=blocks)
    mcp.does("paced_send_message", channel="C1", text="3")
    equal(slack.blocks, [blocks, blocks, None], "the blocks")
    one, two, three = slack.posted_at
    expect(three - one >= 0.99 and two - one < 0.9, f"they came at {slack.posted_at}")
    expect("type" in mcp.refused("paced_send_message", channel="C1", text="x", blocks=[{}]), "typeless")
    expect("understand" in mcp.refused("paced_send_message", channel="C1", text="x",
                                       blocks=[{"type": "strange"}]), "what Slack does not know")


@test
def a_token_that_slack_refuses_is_told_once_and_replaced(office):
    slack = Slack(TOKEN)
    made = connect(office, connector="slack", base_url=slack.url, key=TOKEN, handle="team")
    office.grant("team_send_message")
    mcp = office.mcp()
    slack.token = "xoxb-another"
    expect("connect" in mcp.refused("team_send_message", channel="C1", text="x"), "refused key")
    heard = len(slack.heard)
    expect("made again" in mcp.refused("team_send_message", channel="C1", text="x"), "again")
    equal(len(slack.heard), heard, "what Slack was asked after that")
    office.boss.put(f"/connections/{made['uuid']}/key", key="xoxb-another")
    mcp.does("team_send_message", channel="C1", text="x")


@test
def an_app_that_somebody_made_in_slack_signs_in_there(office):
    slack = Slack("nobody's")
    slack.code = "first"
    proved("slack-sign-in", slack.url, json.dumps(slack.app | {"code": slack.code}))
    start = {"connector": "slack", "base_url": slack.url, "handle": "app"}
    refused = office.boss.ask("POST", "/connections/start", start)
    refused.refused(400)
    expect("make an app there" in refused.body.decode(), refused.body)
    url = urllib.parse.urlsplit(office.boss.post("/connections/start", **start, **slack.app)["url"])
    asked = dict(urllib.parse.parse_qsl(url.query))
    equal(url.path, "/oauth/v2/authorize", "the page at Slack")
    equal(asked["client_id"], slack.app["client_id"], "the app")
    expect("chat:write" in asked["scope"] and slack.app["client_secret"] not in url.query, asked)
    slack.code = "given to the person"
    page = office.boss.client.call("GET", "//connections/callback?" + urllib.parse.urlencode(
        {"code": slack.code, "state": asked["state"]}), headers={"Cookie": office.boss.cookie})
    expect(page.status == 200 and b"Harbour" in page.body, page.body[-300:])
    made = office.boss.get("/connections")[-1]
    office.grant("app_send_message")
    mcp = office.mcp()
    mcp.does("app_send_message", channel="C1", text="one")
    before = slack.token
    office.boss.post(f"/connections/{made['uuid']}/rotate")
    expect(slack.token != before, "nothing was renewed")
    mcp.does("app_send_message", channel="C1", text="two")
    equal([text for _, text in slack.posted], ["one", "two"], "what was posted")
    office.boss.ask("DELETE", f"/connections/{made['uuid']}").data
    expect(slack.revoked, "Slack was not told")


@test
def a_webhook_is_signed_as_standard_webhooks_says(office):
    receiver = Receiver()
    key = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    connect(office, connector="webhook", base_url=receiver.url, key=key)
    equal(json.loads(receiver.heard[0]["body"])["type"], "connection.check", "the first event")
    office.grant("webhook_send_event")
    mcp = office.mcp()
    receiver.statuses = [503]
    done = mcp.does("webhook_send_event", type="contact.won_back", data={"n": 1, "s": "ü"})
    equal(done["status"], 204, "the status")
    _, refused, delivered = receiver.heard
    for name in ("webhook-id", "webhook-signature"):
        expect(refused["headers"]["webhook-id"] == delivered["headers"]["webhook-id"], name)
    equal(done["id"], delivered["headers"]["webhook-id"], "the id")
    proved("webhook", key, given=json.dumps(delivered))
    wrong = office.boss.ask("POST", "/connections", {"connector": "webhook", "key": "whsec_abc",
                                                     "base_url": receiver.url})
    wrong.refused(400)


@test
def an_email_is_sent_and_counts_against_the_contacts_a_call(office):
    connect(office, connector="email")
    office.boss.put(f"/personas/{office.persona}/grants", grants=[
        {"tool": "email_send_message", "limits": {"contacts_per_call": 1}}])
    office.mcp().does("email_send_message", to="ann@example.com", subject="Your 50 points",
                      text="They are yours.\nEnjoy.")
    folder = office.piggy.data / "outbox"
    letters = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
               for file in folder.glob("*.eml")]
    letter = [one for one in letters if one["Subject"] == "Your 50 points"][0]
    equal(letter["To"], "ann@example.com", "to whom")
    expect("Enjoy." in letter.get_content(), letter.get_content())
    hostile = office.mcp().refused("email_send_message", to="ann@example.com",
                                   subject="x\r\nBcc: eve@example.com", text="x")
    expect("subject" in hostile or "line" in hostile, hostile)


@test
def nothing_on_a_private_network_is_reached_unless_the_settings_allow_it(office):
    with Piggy() as shut:
        other = Office(shut)
        slack = Slack(TOKEN)
        answer = other.boss.ask("POST", "/connections", {"connector": "slack", "key": TOKEN,
                                                         "base_url": slack.url})
        expect(answer.status >= 400 and b"may not be connected to" in answer.body, answer.body)
        equal(slack.heard, [], "what was asked")


def main():
    try:
        with Piggy(arguments=["--allow-private-connections"]) as piggy:
            return run(Office(piggy))
    except Exception:
        traceback.print_exc(limit=-3, file=sys.stdout)
        return finish(0, 1)


if __name__ == "__main__":
    sys.exit(main())
