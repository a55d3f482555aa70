#!/usr/bin/python3
"""The three shipped flows on a real store: the orders of the Online Retail file, mails that really
leave to a mail server, and recipients who are a seeded model (test/real_store/campaign_model.py),
whose own count every figure is held against.

The daily roll-up tells of yesterday, and the test does not wait for tomorrow: the account lives in one
zone and the flow in another that is exactly a day ahead, where today is yesterday.
"""

import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

from harness import ROOT, Client, Piggy, equal, expect, finish, free_port, run, test, wait_until
from mail_sink import Sink
from office import Office

for folder in ("services", "real_store"):
    sys.path.insert(0, str(ROOT / "test" / folder))

from campaign_model import BROWSER, CampaignModel, links_of  # noqa: E402
from listmonk import Listmonk  # noqa: E402
from slack import Slack  # noqa: E402

FILE = Path(os.environ.get("PIGGY_DATA_FILE", ROOT.parent / "shared/data/online-retail.csv.xz"))
LINES = int(os.environ.get("PIGGY_STORE_LINES", 60_000))  # Of the file: about a thousand customers.
SEED = 20101201
AT_ONCE = 4
PATIENCE_SECONDS = 180  # Of a test that waits for others; on an idle machine nothing takes ten.
TOKEN = "xoxb-1-planted"
LIST = 2


def zones():
    """The account's and the flow's, a day apart, with no midnight near."""
    hour = datetime.now(timezone.utc).hour
    ahead = 14 if hour not in (9, 10) else 12
    return f"Etc/GMT+{24 - ahead}", f"Etc/GMT-{ahead}"


class Doors:
    """What recipients and their mail servers reach: public pages, and reports."""

    def __init__(self, piggy, token):
        self.stranger, self.reporter = Client(piggy.port), Client(piggy.port, token)

    def get(self, path, agent):
        answer = self.stranger.call("GET", "/" + path, headers={"User-Agent": agent})
        expect(answer.status < 400, f"GET {path}: {answer.status}")

    def post(self, path):
        answer = self.stranger.call("POST", "/" + path, form={"List-Unsubscribe": "One-Click"})
        equal(answer.status, 200, f"POST {path}")

    def report(self, operation, **said):
        self.reporter.call("POST", f"//platform/operations/{operation}", said).data


class Store:
    """The account with the store's orders, and who works there."""

    def __init__(self, piggy, sink, part):
        self.piggy, self.sink = piggy, sink
        zone, self.day_ahead = zones()
        piggy.run("account", "create", "--name", "store", "--company", "The Gift Shop", "--time-zone", zone,
                  "--data", piggy.data)
        piggy.run("import", "orders", part, "--account", "store", "--data", piggy.data)
        checked = subprocess.run([sys.executable, ROOT / "test/real_store/check.py", part],
                                 capture_output=True, text=True, check=True)
        self.books = json.loads(checked.stdout)
        self.token = piggy.new_token("client", "store")
        self.office = Office(piggy, "store")
        self.boss = self.office.boss
        self.model = CampaignModel(SEED)
        self.purpose = self.boss.post("/subscription-types", name="Letters", description="Letters",
                                      strategy="OPT_IN")["uuid"]
        self.customers = self.all_customers()
        self.subscribed = [address for address in self.customers if self.model.consents(address)]
        self.at_once(self.subscribe, self.subscribed)
        self.slack, self.sender = Slack(TOKEN), Listmonk()

    def all_customers(self):
        client, found, page = Client(self.piggy.port, self.token), {}, 1
        while more := client.get("/contacts", page=page, limit=100).data:
            found |= {contact["email"]: contact["uuid"] for contact in more}
            page += 1
        return found

    def subscribe(self, client, address):
        client.put(f"/contact-subscriptions/{self.customers[address]}/subscribe",
                   {"subscription_type_uuid": self.purpose}).data

    def at_once(self, work, addresses):
        """Each address once, by some clients side by side."""
        mine = threading.local()

        def one(address):
            if not hasattr(mine, "client"):
                mine.client = Client(self.piggy.port, self.token)
            work(mine.client, address)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(one, addresses))

    def template(self, name):
        return self.boss.post(
            "/mail-templates", name=name, subject=name, subscription_type_uuid=self.purpose,
            html='<p>Hello</p><p><a href="https://shop.example/spring">Look</a></p>')["uuid"]

    def segment(self, name, conditions):
        """Once it is filled: who is selected before that is nobody."""
        uuid = self.boss.post("/segments", name=name, conditions=conditions)["uuid"]
        wait_until(lambda: self.boss.get(f"/segments/{uuid}")["refreshed_at"], f"the segment {name}",
                   PATIENCE_SECONDS)
        return uuid

    def letters(self):
        """What arrived of this store's, by address; the demo's own letters go to the same server."""
        return [(recipients[0], message) for recipients, message in list(self.sink.messages)
                if "The Gift Shop" in message["From"]]

    def connect(self, connector, service, key):
        return self.boss.post("/connections", connector=connector, base_url=service.url, key=key)["handle"]

    def install(self, template, **parameters):
        return self.boss.post(f"/flow-templates/{template}/install", persona_uuid=self.office.persona,
                              parameters=parameters, grant=True)["flow"]["uuid"]

    def ended(self, flow, count=1):
        """The runs of a flow, the newest first, once so many are over; each must be done."""
        def runs():
            return self.boss.get(f"/flow-runs?flow_uuid={flow}&limit=100")
        wait_until(lambda: sum(1 for one in runs() if one["ended_at"]) >= count, f"{count} runs",
                   PATIENCE_SECONDS)
        shown = runs()
        equal({(one["state"], one["problem"]) for one in shown}, {("done", "")}, "how the runs ended")
        return [self.boss.get(f"/flow-runs/{one['uuid']}") for one in shown]

    def run_flow(self, flow, count=1):
        self.boss.post(f"/flows/{flow}/runs")
        return self.ended(flow, count)[0]


def steps_of(run):
    return {step["step"]: step["output"] for step in run["steps"]}


@test
def a_letter_goes_to_everybody_and_the_model_acts_on_it(store):
    model = store.model
    store.sink.refused |= {address for address in store.subscribed if model.fate(address).refused}
    everybody = store.segment("Everybody", {"field": "email", "is": "is_set"})
    campaign = store.boss.post(
        "/campaigns", name="Spring", segment_uuid=everybody, subscription_type_uuid=store.purpose,
        variants=[{"name": "A", "template_uuid": store.template("Spring"), "weight": 1}])["uuid"]

    def over():
        shown = store.boss.get(f"/campaigns/{campaign}")
        expect(shown["adds_up"], f"somebody is lost: {shown}")
        return shown["state"] == "selected" and shown["queued"] + shown["sending"] == 0
    wait_until(over, "the campaign", PATIENCE_SECONDS)
    letters = store.letters()
    store.arrived = dict(letters)
    equal(len(store.arrived), len(letters), "how many got it once")
    wrong = (store.arrived.keys() | store.sink.refused) ^ set(store.subscribed)
    equal(sorted(wrong)[:5], [], f"who was written to, or not, wrongly ({len(wrong)})")
    doors = threading.local()

    def act(_, address):
        if not hasattr(doors, "mine"):
            doors.mine = Doors(store.piggy, store.token)
        model.act(address, store.arrived.get(address), doors.mine)
    store.at_once(act, store.subscribed)


@test
def every_figure_of_the_roll_up_is_the_one_that_was_counted(store):
    handle = store.connect("slack", store.slack, TOKEN)
    flow = store.install("daily_rollup", team=["boss@shop.example"], slack=handle, zone=store.day_ahead)
    run = store.run_flow(flow)
    steps = steps_of(run)
    day, books = steps["summary"]["day"], store.books
    equal(day["mail"], store.model.numbers(len(store.customers) - len(store.subscribed)), "the mails")
    equal(day["loyalty"], {
        "points_issued": books["credits_issued"], "points_redeemed": 0, "points_expired": 0,
        "points_reversed": books["credits_reversed"], "liability": books["credits_held"],
        "liability_change": books["credits_held"], "redemption_rate": 0, "vouchers_issued": 0,
        "vouchers_redeemed": 0, "sign_ups": books["contacts"], "tier_moves": 0}, "the loyalty programme")
    equal([text for _, text in store.slack.posted], [steps["words"]["text"]], "what Slack got")
    figures = {int(figure.replace(",", "")) for figure in
               re.findall(r"(?<![\d.-])\d[\d,]*(?![\d.%-])", steps["words"]["text"])}
    wanted = {day["mail"][name] for name in ("recipients", "delivered", "opens_unique", "clicks_unique")}
    wanted |= {books[name] for name in ("credits_issued", "credits_held", "contacts")}
    expect(wanted <= figures, f"{sorted(wanted - figures)} are not in: {steps['words']['text']}")


@test
def the_sender_gets_who_clicked_and_then_the_difference_alone(store):
    model, sender = store.model, store.sender
    segment = store.segment("Clicked", {"field": "activity", "kind": "mail_clicked", "days": 7})
    flow = store.install("segment_refresh", segment_uuid=segment, list=str(LIST),
                         connection=store.connect("listmonk", sender, sender.key))
    push = store.run_flow(flow)["output"]
    wanted = model.clickers - model.gone - model.unreachable
    equal(sender.members(LIST), wanted, "who is on the list")
    equal((push["entered"], push["left"], push["target_count"]), (len(wanted), 0, len(wanted)),
          "what the push says")
    # Some more click who had opened it, and one who was there takes consent back.
    late = sorted(model.openers - model.clickers - model.gone - model.unreachable)[:len(wanted) // 10]
    lost = min(wanted)
    expect(len(late) > 2, f"only {len(late)} come later")
    doors = Doors(store.piggy, store.token)
    for address in late:
        doors.get(links_of(store.arrived[address])[0], BROWSER)
    doors.post(links_of(store.arrived[lost])[2])
    wait_until(lambda: lost not in sender.members(LIST), "a consent that is taken back",
               PATIENCE_SECONDS)
    heard = len(sender.heard)
    push = store.run_flow(flow, 2)["output"]
    equal(sender.members(LIST), wanted - {lost} | set(late), "who is on the list then")
    equal((push["entered"], push["left"]), (len(late), 0), "the difference")
    asked = [path for method, path in sender.heard[heard:] if method != "GET"]
    expect(len(asked) <= len(late) + 2, f"more than the difference was sent: {asked}")


@test
def leads_come_into_the_sequence_that_their_score_says(store):
    model = store.model
    names = ("nurture", "warm", "hot")
    sequences = {name: store.boss.post(
        "/sequences", name=name, subscription_type_uuid=store.purpose, stop_on_purchase=False,
        steps=[{"template_uuid": store.template(f"The {name} letter"), "wait_seconds": 0}])["uuid"]
        for name in names}
    form = store.boss.post("/forms", name="Guide", type="PUBLIC", status="PUBLISHED", fields=[
        {"name": "email", "label": "E-mail", "type": "email", "required": True},
        {"name": "letters", "label": "Letters", "type": "consent", "required": True,
         "text": "Send me letters.", "subscription_type_uuid": store.purpose}])["uuid"]
    flow = store.install("lead_magnet", form_uuid=form,
                         **{f"{name}_sequence": uuid for name, uuid in sequences.items()})
    # Customers who clicked, customers who never had a letter, strangers, and a desk.
    silent = sorted(set(store.customers) - set(store.subscribed))
    leads = (sorted(model.clickers - model.gone - model.unreachable)[:5] + silent[:5] +
             [f"stranger{number}@mail.example" for number in range(5)] + ["info@mail.example"])
    before = len(store.letters())
    for email in leads:
        Client(store.piggy.port).call("POST", f"//api/v1/forms/{form}/public/submit",
                                      {"email": email, "letters": True}).data
    chosen = {}
    for one in store.ended(flow, len(leads)):
        steps = steps_of(one)
        score = steps["score"]["score"]
        right = "hot" if score >= 60 else "warm" if score >= 30 else "nurture"
        equal(steps["choose"]["choice"], sequences[right], f"the sequence for a score of {score}")
        chosen[steps["enroll"]["enrollment"]["contact"]["email"]] = right
    equal(sorted(chosen), sorted(leads), "who is enrolled")
    expect(set(chosen.values()) == set(names), f"the leads are all alike: {chosen}")
    wait_until(lambda: len(store.letters()) == before + len(leads), "the letters",
               PATIENCE_SECONDS)
    got = {address: message["Subject"] for address, message in store.letters()[before:]}
    equal(got, {email: f"The {name} letter" for email, name in chosen.items()}, "who got which letter")


@test
def the_books_fit_after_all_of_it(store):
    said = store.piggy.verify().stdout
    expect("all fits" in said, said)


def main():
    if not FILE.exists():
        # It is no part of the project, and a fresh clone must pass without it; ./dev says so.
        print(f"skipped: there is no {FILE}; PIGGY_DATA_FILE can name it")
        return finish(0, 0)
    sink = Sink(free_port())
    sink.start()
    directory = Path(tempfile.mkdtemp(prefix="piggy-store-", dir="/var/tmp"))
    try:
        part = directory / "part.csv"
        with lzma.open(FILE, "rt", encoding="utf-8") as whole, open(part, "w", encoding="utf-8") as file:
            file.writelines(line for _, line in zip(range(LINES + 1), whole))
        with Piggy(("--smtp-url", f"smtp://127.0.0.1:{sink.port}",
                    "--allow-private-connections")) as piggy:
            return run(Store(piggy, sink, part))
    finally:
        sink.stop()
        shutil.rmtree(directory)


if __name__ == "__main__":
    sys.exit(main())
