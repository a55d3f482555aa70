"""A marketer with what the three shipped flows need, and the stand-ins of where they lead."""

import sys
import uuid
from pathlib import Path

from harness import wait_until
from office import Office

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "services"))

from listmonk import Listmonk  # noqa: E402, F401
from slack import Slack  # noqa: E402, F401

TOKEN = "xoxb-1-planted"
TOOLS = ("score_lead", "enroll_in_sequence", "get_daily_summary", "refresh_segment", "push_segment")


class Desk:
    """A marketer who is signed in, a persona with what the templates need, and what they send."""

    def __init__(self, piggy):
        self.piggy = piggy
        self.office = Office(piggy)
        self.boss = self.office.boss
        self.boss.put(f"/personas/{self.office.persona}/grants",
                      grants=[{"tool": f"piggy_{tool}"} for tool in TOOLS])
        self.purpose = self.boss.post("/subscription-types", name="Letters", description="Letters",
                                      strategy="OPT_IN")["uuid"]
        self.sequences = {name: self.sequence(name) for name in ("nurture", "warm", "hot")}

    def sequence(self, name):
        template = self.boss.post("/mail-templates", name=f"{name} {uuid.uuid4().hex[:6]}",
                                  subject=f"The {name} letter", html="<p>Hello</p>",
                                  subscription_type_uuid=self.purpose)["uuid"]
        return self.boss.post("/sequences", name=f"{name} {uuid.uuid4().hex[:6]}",
                              subscription_type_uuid=self.purpose,
                              steps=[{"template_uuid": template, "wait_seconds": 0}])["uuid"]

    def install(self, template, **parameters):
        made = self.boss.post(f"/flow-templates/{template}/install",
                              persona_uuid=self.office.persona, parameters=parameters,
                              name=f"{template} {uuid.uuid4().hex[:6]}")
        return made["flow"]["uuid"]

    def install_lead_magnet(self, **others):
        """With a form of its own."""
        self.form = self.boss.post("/forms", name=f"Guide {uuid.uuid4().hex[:6]}", type="PUBLIC",
                                   status="PUBLISHED", fields=[
            {"name": "email", "label": "E-mail", "type": "email", "required": True},
            {"name": "letters", "label": "Letters", "type": "consent", "required": True,
             "text": "Send me letters.", "subscription_type_uuid": self.purpose}])["uuid"]
        names = {f"{name}_sequence": one for name, one in self.sequences.items()}
        return self.install("lead_magnet", form_uuid=self.form, **names, **others)

    def send_in(self, email, client=None):
        client = client or self.office.shop.another_client()
        return client.call("POST", f"//api/v1/forms/{self.form}/public/submit",
                           {"email": email, "letters": True})

    def runs(self, flow):
        return self.boss.get(f"/flow-runs?flow_uuid={flow}&limit=100")

    def ended(self, flow, count=1):
        """The runs of a flow, once so many are over."""
        wait_until(lambda: sum(1 for one in self.runs(flow) if one["ended_at"]) >= count,
                   f"{count} runs of the flow")
        return self.runs(flow)

    def steps(self, run):
        return {step["step"]: step for step in self.boss.get(f"/flow-runs/{run['uuid']}")["steps"]}


def address():
    return f"{uuid.uuid4().hex[:10]}@example.com"
