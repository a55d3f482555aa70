#!/usr/bin/python3
"""A campaign from end to end, with a real SMTP server (Debian's aiosmtpd)."""

import re
import sys
import time
import urllib.parse
import uuid

from harness import Client, equal, expect, free_port, run_in_a_shop, test
from mail_sink import Sink

PATIENCE_SECONDS = 30
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}
HOSTILE = "<script>alert(1)</script>\"'&{{ contact.email }}\r\nBcc: evil@example.com"

sink = Sink(free_port())


class Campaigns:
    """What a campaign needs, made anew."""

    def __init__(self, shop):
        self.client = shop.client
        self.purpose = self.client.post("//platform/subscription-types",
                                        {"name": f"News {uuid.uuid4().hex}"}).data["uuid"]
        self.template = self.new_template('<p>Hi {{ contact.firstname | default: "there" }}</p>'
                                          '<p><a href="https://shop.example/a?b=1&amp;c=2">Look</a></p>')
        self.segment = self.client.post("//platform/segments",
                                        {"name": f"S {uuid.uuid4().hex}"}).data["uuid"]

    def new_template(self, html, subject="Hello"):
        return self.client.post("//platform/mail-templates", {
            "name": f"T {uuid.uuid4().hex}", "subject": subject, "html": html,
            "subscription_type_uuid": self.purpose}).data["uuid"]

    def new_member(self, subscribed=True, **attributes):
        address = f"{uuid.uuid4().hex}@example.com"
        contact = self.client.post("/contacts", {"email": address}).data["uuid"]
        if attributes:
            self.client.put(f"/contacts/{contact}", {"attributes": attributes}).data
        if subscribed:
            self.client.put(f"/contact-subscriptions/{contact}/subscribe",
                            {"subscription_type_uuid": self.purpose}).data
        self.client.post(f"//platform/segments/{self.segment}/members",
                         {"contact_uuids": [contact]}).data
        return address, contact

    def body(self):
        return {"name": "Spring", "segment_uuid": self.segment, "subscription_type_uuid": self.purpose,
                "variants": [{"name": "A", "template_uuid": self.template, "weight": 1}]}

    def send(self):
        campaign = self.client.post("//platform/campaigns", self.body()).data["uuid"]
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            shown = self.client.get(f"//platform/campaigns/{campaign}").data
            expect(shown["adds_up"], f"somebody is lost: {shown}")
            if shown["state"] == "selected" and shown["queued"] + shown["sending"] == 0:
                return shown
            expect(time.monotonic() < deadline, f"the campaign does not end: {shown}")
            time.sleep(0.1)

    def metrics(self, campaign):
        return self.client.get("//platform/mail-metrics", campaign_uuid=campaign["uuid"]).data["mail"]

    def follow_up(self, contact):
        template = self.new_template("<p>Again</p>")
        return self.client.post("//platform/follow-ups",
                                {"contact_uuid": contact, "template_uuid": template}).data


def html_of(message):
    return message.get_body(("html",)).get_content()


def links_of(message):
    """The path of the click, the picture and the page that unsubscribes."""
    page = html_of(message).replace("&amp;", "&")
    found = [re.search(pattern, page).group(0) for pattern in
             (r"/m/c/[\w-]+\?u=[^\"]+", r"/m/o/[\w-]+", r"/m/u/[\w-]+")]
    return ["/" + path for path in found]


@test
def a_campaign_is_sent_opened_clicked_and_unsubscribed_from(piggy, shop):
    campaigns = Campaigns(shop)
    address, contact = campaigns.new_member(firstname="Ann")
    campaigns.new_member(subscribed=False)
    planned = campaigns.client.post("//platform/campaigns/plan", campaigns.body()).data
    equal((planned["selected"], planned["to_send"]), (2, 1), "the plan")
    campaign = campaigns.send()
    equal((campaign["sent"], campaign["suppressed"]), (1, 1), "what became of it")
    message = sink.wait_for(address)
    expect("Hi Ann" in html_of(message), "the name is merged")
    expect("Hi Ann" in message.get_body(("plain",)).get_content(), "a text is made from the html")
    equal(message["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click", "the header")
    click, picture, unsubscribe = links_of(message)
    expect(urllib.parse.urlparse(message["List-Unsubscribe"].strip("<>")).path == unsubscribe[1:],
           "the header and the page lead to the same")
    stranger = Client(piggy.port)
    equal(stranger.call("GET", picture, headers=BROWSER).headers["content-type"], "image/gif")
    stranger.call("GET", picture, headers={"User-Agent": "Mozilla/5.0"})
    clicked = stranger.call("GET", click, headers=BROWSER)
    equal(clicked.headers["location"], "https://shop.example/a?b=1&c=2", "where the link leads")
    equal(stranger.call("GET", click.replace("shop.example", "evil.example")).status, 404,
          "a changed link")
    equal(stranger.call("GET", unsubscribe).status, 200, "the page")
    equal(campaigns.metrics(campaign)["unsubscribes"], 0, "a GET does not unsubscribe")
    done = stranger.call("POST", unsubscribe, form={"List-Unsubscribe": "One-Click"})
    equal(done.status, 200, "one click")
    equal(stranger.call("POST", unsubscribe).status, 200, "a second click")
    found = campaigns.metrics(campaign)
    equal([found[name] for name in ("opens", "machine_opens", "clicks", "unsubscribes", "delivered")],
          [1, 1, 1, 1, 1], "the numbers")
    equal(campaigns.follow_up(contact)["reason"], "not_subscribed", "nothing more is sent")


@test
def a_mail_and_the_page_that_unsubscribes_speak_the_language_of_its_contact(piggy, shop):
    campaigns = Campaigns(shop)
    dutch, _ = campaigns.new_member(locale="nl")
    other, _ = campaigns.new_member()
    campaigns.send()
    stranger = Client(piggy.port)
    for address, language, word, asked, done in (
            (dutch, "en", "Afmelden", "Afmelden?", "Je bent afgemeld"),
            (other, "nl-NL, en;q=0.1", "Unsubscribe", "Afmelden?", "Je bent afgemeld"),
            (other, "fr", "Unsubscribe", "Unsubscribe?", "You are unsubscribed")):
        message, asks = sink.wait_for(address), {"Accept-Language": language}
        expect(f">{word}</a>" in html_of(message), html_of(message))
        expect(f"{word}: http" in message.get_body(("plain",)).get_content(), "the text of the mail")
        *_, unsubscribe = links_of(message)
        for method, said in (("GET", asked), ("POST", done)):
            page = stranger.call(method, unsubscribe, headers=asks)
            equal((page.status, page.headers["vary"]), (200, "Accept-Language"), "the page")
            lang = "nl" if done.startswith("Je") else "en"
            expect(f'<html lang="{lang}">' in page.body.decode() and said in page.body.decode(), page.body)
    broken = stranger.call("GET", "//m/u/x", headers={"Accept-Language": "nl"})
    equal(broken.status, 404, "a broken link")
    expect("Deze link werkt niet" in broken.body.decode(), broken.body)


@test
def after_a_hard_bounce_nothing_more_is_sent(piggy, shop):
    campaigns = Campaigns(shop)
    gone, gone_contact = campaigns.new_member()
    later, later_contact = campaigns.new_member()
    sink.refused.add(gone)
    campaign = campaigns.send()
    equal((campaign["sent"], campaign["failed"]), (1, 1), "one failure touches no other")
    equal(campaign["failed_by_reason"], [{"reason": "hard_bounce", "count": 1}], "why")
    bounced = campaigns.client.post("//platform/mail-bounces", {
        "message_id": sink.wait_for(later)["Message-ID"], "kind": "hard",
        "diagnostic": HOSTILE}).data
    expect(bounced["suppressed"], "the address is suppressed")
    for contact in (gone_contact, later_contact):
        equal(campaigns.follow_up(contact)["reason"], "hard_bounce", "nothing more is sent")
    second = campaigns.send()
    equal((second["sent"], second["suppressed"]), (0, 2), "the next campaign")
    equal(len(sink.to(later)), 1, "mails that arrived")


@test
def hostile_text_stays_text(piggy, shop):
    campaigns = Campaigns(shop)
    campaigns.client.put("//platform/mail-sender",
                         {"name": HOSTILE, "postal_address": HOSTILE}).data
    campaigns.template = campaigns.new_template(
        '<p title="{{ contact.firstname }}">{{ contact.firstname }}</p>'
        '<a href="https://shop.example/?n={{ contact.firstname }}">x</a>',
        subject="For {{ contact.firstname }}")
    address, _ = campaigns.new_member(firstname=HOSTILE.replace("\r\n", " "))
    campaigns.send()
    message = sink.wait_for(address)
    expect("<script>" not in html_of(message), "no script")
    expect(message["Bcc"] is None, "no header of theirs")
    expect("{{ contact.email }}" in html_of(message), "a tag in a value is no tag")
    path = links_of(message)[0]
    target = Client(piggy.port).call("GET", path, headers=BROWSER).headers["location"]
    expect(target.startswith("https://shop.example/?n=%3Cscript%3E"), f"where it leads: {target}")
    campaigns.client.put("//platform/mail-sender", {"name": "Shop", "postal_address": "1 Street"}).data
    refused = campaigns.client.post("//platform/mail-templates", {
        "name": uuid.uuid4().hex, "subject": "{{ nonsense }}", "html": "{{ open"})
    equal(refused.status, 400, "unknown tags")


@test
def forged_links_do_nothing(piggy, shop):
    stranger = Client(piggy.port)
    for path in ("//m/", "//m/u/", "//m/x/abc", "//m/u/" + "A" * 54, "//m/c/" + "A" * 54 + "?u=https://evil.example",
                 "//m/c/%00?u=%ff", "//m/u/" + "A" * 5000):
        equal(stranger.call("GET", path).status, 404, path[:60])
    equal(stranger.call("POST", "//m/u/" + "A" * 54).status, 404, "a forged unsubscription")
    equal(stranger.call("GET", "//m/o/" + "A" * 54).status, 200, "a picture for everybody")
    equal(stranger.call("DELETE", "//m/u/" + "A" * 54).status, 405, "another method")


@test
def another_account_sees_nothing_of_it(piggy, shop):
    campaigns = Campaigns(shop)
    address, contact = campaigns.new_member()
    campaign = campaigns.send()
    name = f"other-{uuid.uuid4().hex[:8]}"
    piggy.run("account", "create", "--data", piggy.data, "--name", name)
    other = piggy.new_token(account=name)
    stranger = Client(piggy.port, other)
    equal(stranger.get(f"//platform/campaigns/{campaign['uuid']}").status, 404, "the campaign")
    equal(stranger.get(f"//platform/mail-templates/{campaigns.template}").status, 404, "the template")
    equal(stranger.post("//platform/mail-bounces",
                        {"message_id": sink.wait_for(address)["Message-ID"], "kind": "hard"}).status,
          404, "a bounce of it")
    equal(stranger.post("//platform/follow-ups", {"contact_uuid": contact,
                                                  "template_uuid": campaigns.template}).status,
          404, "its contact")


def main():
    sink.start()
    try:
        settings = {"PIGGY_SMTP_URL": f"smtp://127.0.0.1:{sink.port}",
                    "PIGGY_MAIL_FROM": "shop@example.com"}
        return run_in_a_shop(environment=settings)
    finally:
        sink.stop()


if __name__ == "__main__":
    sys.exit(main())
