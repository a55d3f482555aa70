"""Recipients who are made up, for mails that are real: a model that decides from a seed what becomes of
each mail, and does it through the doors that everybody has. Whoever shows figures that come of it says
that they do.

What one recipient does depends on the seed and the address alone, not on the order in which mails
arrive, so that a run can be repeated and a count be held against what the engine says.

The rates are plausible ones for a shop's letter to people who asked for it. Machines (Apple's mail
privacy fetches the pictures of about half of all mail, filters follow links) are apart, complaints
are more than the 0.1 % that mail providers want, so that a store of some hundred contacts has one.
"""

import random
import re
import threading
import urllib.parse
from collections import Counter
from dataclasses import dataclass

CONSENTS = 0.70  # Of all contacts.
REFUSED = 0.015  # Of mails: no such mailbox, said at once.
BOUNCED_HARD = 0.01  # The same, said later.
BOUNCED_SOFT = 0.015
COMPLAINED = 0.004
MACHINE_OPENED = 0.45
MACHINE_FOLLOWED = 0.10
OPENED = 0.35  # By people; of these:
OPENED_AGAIN = 0.30
CLICKED = 0.20
UNSUBSCRIBED = 0.03

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
MAIL_PRIVACY = "Mozilla/5.0"
FILTER = "Barracuda Sentinel (EE)"


@dataclass(frozen=True)
class Fate:
    """What becomes of one mail."""
    refused: bool = False
    bounced: str = ""  # hard or soft
    complained: bool = False
    machine_opens: int = 0
    machine_clicks: int = 0
    opens: int = 0
    clicks: int = 0
    unsubscribed: bool = False


class CampaignModel:
    def __init__(self, seed):
        self.seed = seed
        self.lock = threading.Lock()
        self.taken = Counter()  # Counts of what was acted out, by the words of `Fate`.
        self.openers, self.clickers, self.gone = set(), set(), set()  # Addresses.
        self.unreachable = set()

    def chance(self, *what):
        return random.Random(f"{self.seed}:{':'.join(what)}")

    def consents(self, address):
        return self.chance("consent", address).random() < CONSENTS

    def fate(self, address):
        chance = self.chance("mail", address)

        def happens(rate):
            return chance.random() < rate

        if happens(REFUSED):
            return Fate(refused=True)
        if happens(BOUNCED_HARD):
            return Fate(bounced="hard")
        if happens(BOUNCED_SOFT):
            return Fate(bounced="soft")
        machine_opens, machine_clicks = int(happens(MACHINE_OPENED)), int(happens(MACHINE_FOLLOWED))
        if not happens(OPENED):
            return Fate(machine_opens=machine_opens, machine_clicks=machine_clicks,
                        complained=happens(COMPLAINED))
        return Fate(machine_opens=machine_opens, machine_clicks=machine_clicks,
                    opens=1 + happens(OPENED_AGAIN) + happens(OPENED_AGAIN),
                    clicks=happens(CLICKED) * (1 + happens(OPENED_AGAIN)),
                    unsubscribed=happens(UNSUBSCRIBED), complained=happens(COMPLAINED))

    def act(self, address, message, doors):
        """Does with a mail what its recipient does. `message`: None for one that was refused. `doors`
        has get(path, agent), post(path) and report(operation, **input). Any thread."""
        fate = self.fate(address)
        self.count(address, fate)
        if fate.refused:
            return
        click, picture, page = links_of(message)
        for _ in range(fate.machine_opens):
            doors.get(picture, MAIL_PRIVACY)
        for _ in range(fate.machine_clicks):  # Filters follow all links; a GET unsubscribes nobody.
            doors.get(click, FILTER)
            doors.get(page, FILTER)
        for _ in range(fate.opens):
            doors.get(picture, BROWSER)
        for _ in range(fate.clicks):
            doors.get(click, BROWSER)
        if fate.unsubscribed:
            doors.post(page)
        if fate.bounced:
            doors.report("record_bounce", message_id=message["Message-ID"], kind=fate.bounced)
        if fate.complained:
            doors.report("record_complaint", message_id=message["Message-ID"])

    def count(self, address, fate):
        with self.lock:
            self.taken["mails"] += 1
            self.taken.update(refused=fate.refused, opened=fate.opens > 0, clicked=fate.clicks > 0,
                              opens=fate.opens, clicks=fate.clicks, machine_opens=fate.machine_opens,
                              machine_clicks=fate.machine_clicks, complained=fate.complained,
                              unsubscribed=fate.unsubscribed, bounced=bool(fate.bounced))
            if fate.opens:
                self.openers.add(address)
            if fate.clicks:
                self.clickers.add(address)
            if fate.unsubscribed or fate.complained:
                self.gone.add(address)
            if fate.refused or fate.bounced == "hard":
                self.unreachable.add(address)

    def numbers(self, without_consent):
        """What the engine must say of the mails that were acted on, by its names
        (src/campaign/README.md)."""
        done = self.taken
        delivered = done["mails"] - done["refused"] - done["bounced"]
        return {
            "recipients": done["mails"],
            "delivered": delivered,
            "delivery_rate": delivered / done["mails"],
            "opens": done["opens"],
            "opens_unique": done["opened"],
            "open_rate": done["opened"] / delivered,
            "machine_opens": done["machine_opens"],
            "clicks": done["clicks"],
            "clicks_unique": done["clicked"],
            "click_rate": done["clicked"] / delivered,
            "click_to_open_rate": done["clicked"] / done["opened"],
            "machine_clicks": done["machine_clicks"],
            "bounced": done["refused"] + done["bounced"],
            "failed": done["refused"],
            "bounced_or_failed": done["refused"] + done["bounced"],
            "unknown": 0,
            "spam_complaints": done["complained"],
            "unsubscribes": done["unsubscribed"],
            "suppressed": without_consent,
            "suppressed_by_reason": [{"reason": "not_subscribed", "count": without_consent}],
            "failed_by_reason": [{"reason": "hard_bounce", "count": done["refused"]}],
        }


def links_of(message):
    """The paths of its first link, of its picture and of the page that unsubscribes."""
    page = message.get_body(("html",)).get_content().replace("&amp;", "&")
    found = (re.search(pattern, page)[0] for pattern in
             (r"/m/c/[\w-]+\?u=[^\"]+", r"/m/o/[\w-]+"))
    unsubscribe = urllib.parse.urlsplit(message["List-Unsubscribe"].strip("<>")).path
    return *found, unsubscribe
