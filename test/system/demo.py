#!/usr/bin/python3
"""What ./dev run starts: the demo shop beside its services. Each of the three flows runs once by
itself, what came of it can be seen, and a second start doubles nothing."""

import json
import re
import subprocess
import sys
import urllib.parse

from harness import PROGRAM, ROOT, Client, Piggy, equal, expect, free_port, run, test, wait_until

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


class Demo(Piggy):
    """With the services beside it, as ./dev run has them."""

    def __init__(self):
        super().__init__()
        self.page_port = free_port()

    def command(self, *arguments):
        command = super().command(*arguments)
        if arguments[0] != "serve":
            return command
        return ["/usr/bin/python3", ROOT / "test/services/demo_services.py", "--port", str(self.page_port),
                "--keep", self.data / "demo-received.json", "--", *command]

    def remove(self):
        if self.process:
            self.stop()  # A kill would leave the server alone.
        super().remove()

    def page(self, path="/"):
        return Client(self.page_port).call("GET", "/" + path)

    def received(self):
        return self.page("/received.json").json

    def call(self, name, *options):
        return json.loads(self.run("call", name, "--account", "demo", "--data", self.data, *options).stdout)

    def counts(self):
        """How many there are of what the demo is made of."""
        answers = {kind: self.call(f"list_{kind}") for kind in
                   ("flows", "sequences", "forms", "connections", "segments", "mail_templates",
                    "campaigns", "personas")}
        return {kind: [len(list_) for list_ in answer.values() if isinstance(list_, list)]
                for kind, answer in answers.items()}

    def flow_runs(self):
        return self.call("list_flow_runs")["runs"]

    def help(self):
        return (self.directory / "serve.log").read_text()


@test
def each_flow_runs_once_and_what_came_of_it_is_seen(demo):
    wait_until(lambda: [one["state"] for one in demo.flow_runs()] == ["done"] * 3, "the three runs")
    equal({one["flow"] for one in demo.flow_runs()},
          {"Lead-magnet sequence", "Daily campaign roll-up", "Segment refresh"}, "what ran")
    wait_until(lambda: demo.received()["mails"], "the letter")
    received = demo.received()
    equal([mail["to"] for mail in received["mails"]], [["nora@example.com"]], "who got a letter")
    expect("Dear Nora," in received["mails"][0]["text"], received["mails"][0]["text"])
    equal(len(received["slack"]), 1, "Slack's messages")
    [members] = received["lists"].values()
    expect("nora@example.com" in members and len(members) > 5, f"the sender's list: {members}")


@test
def the_roll_up_tells_of_the_day_that_the_shop_had(demo):
    [told] = demo.received()["slack"]
    summary = demo.call("get_daily_summary")
    equal(told, summary["paragraph"], "the paragraph")
    mail, loyalty = summary["day"]["mail"], summary["day"]["loyalty"]
    equal((mail["recipients"], loyalty["sign_ups"]), (12, 13), "mails and sign-ups of yesterday")
    expect(0 < mail["clicks_unique"] < mail["opens_unique"] < mail["delivered"], f"what came of them: {mail}")
    expect(loyalty["points_issued"] > 0, "points of yesterday")
    equal(summary["day_before"]["mail"]["recipients"], 0, "the day before")


@test
def the_page_of_the_services_shows_it(demo):
    page = demo.page().body.decode()
    for wanted in ("nora@example.com", "Your guide, and which honey suits you",
                   "On " + demo.call("get_daily_summary")["day"]["date"], "New and active"):
        expect(wanted in page, f"{wanted!r} is not on the page")
    equal(Client(demo.page_port).call("POST", "//").status, 405, "a POST to the page")
    equal(Client(demo.page_port).call("GET", "//", headers={"Host": "evil.example"}).status, 421,
          "the page under another's name")


@test
def a_form_that_somebody_sends_in_becomes_a_letter_and_what_is_hostile_in_it_is_text(demo):
    [form] = re.findall(r"http://\S+/forms/(\S+)", demo.help())
    equal(Client(demo.port).call("GET", f"//forms/{form}", headers=BROWSER).status, 200, "the form's page")
    Client(demo.port).call("POST", f"//api/v1/forms/{form}/public/submit",
                           {"email": "otto@example.com", "firstname": HOSTILE, "letters": True}).data
    wait_until(lambda: len(demo.received()["mails"]) == 2, "the second letter")
    expect(HOSTILE in demo.received()["mails"][1]["text"], "the name is not in the mail")
    answer = demo.page("/mails/2")
    page = answer.body.decode()
    expect("<script" not in page and "<img" not in page, "the mail's HTML is part of the page")
    expect('sandbox="allow-popups allow-popups-to-escape-sandbox"' in page, "the frame")
    expect("default-src 'none'" in answer.headers["content-security-policy"], "the policy")
    for path in ("/mails/0", "/mails/3", "/mails/x", "/mails/²", "/../x"):
        equal(demo.page(urllib.parse.quote(path)).status, 404, path)


@test
def a_second_start_doubles_nothing(demo):
    received, runs = demo.received(), demo.flow_runs()
    before = demo.counts()
    equal(demo.stop(), 0, "the exit status")
    demo.start()
    equal(demo.received(), received, "what was received")
    equal(demo.flow_runs(), runs, "the runs")
    equal(demo.counts(), before, "how many there are")


@test
def the_commands_of_the_manuals_pages_work_as_they_stand(demo):
    """Where the three flows are taken away first, since each is called as its template."""
    for flow in demo.call("list_flows")["flows"]:
        demo.call("delete_flow", "--flow-uuid", flow["uuid"])
    names = {one["name"]: one["uuid"] for one in demo.call("list_sequences")["sequences"]}
    known = {"PERSONA": demo.call("list_personas")["personas"][0]["uuid"],
             "FORM": re.findall(r"http://\S+/forms/(\S+)", demo.help())[0],
             "CONTACT": demo.call("find_contact", "--email", "ann@example.com")["uuid"],
             "SEGMENT": next(one["uuid"] for one in demo.call("list_segments")["segments"]
                             if one["name"] == "New and active"),
             "PIGGY_DATA": str(demo.data), "PATH": f"{PROGRAM.parent}:/usr/bin:/bin",
             **{name.upper(): names[name] for name in ("nurture", "warm", "hot")}}
    for page in ("lead-magnet", "daily-rollup", "segment-refresh"):
        text = Client(demo.port).call("GET", f"//manual/{page}").body.decode()
        blocks = re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)
        typed = "".join(block for block in blocks if block.lstrip().startswith(("piggy ", "FLOW=")))
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", re.sub("^    ", "", typed, flags=re.MULTILINE)],
                              env=known, capture_output=True, text=True, timeout=60)
        equal(done.returncode, 0, f"the exit status of what {page} says ({done.stderr})")
    equal({(one["template_name"], one["version"]) for one in demo.call("list_flows")["flows"]},
          {("lead_magnet", 3), ("daily_rollup", 3), ("segment_refresh", 2)}, "the flows and their versions")


@test
def alone_the_demo_starts_well_with_what_needs_nobody_else(_):
    with Piggy() as piggy:
        called = piggy.run("call", "list_flows", "--account", "demo", "--data", piggy.data)
        equal([flow["template_name"] for flow in json.loads(called.stdout)["flows"]], ["lead_magnet"],
              "the flows")
        wait_until(lambda: list((piggy.data / "outbox").glob("*.eml")), "the letter")
        expect("./dev run" in (piggy.directory / "serve.log").read_text(), "where the others are is said")


@test
def services_that_do_not_answer_are_no_reason_not_to_start(_):
    with Piggy(("--demo-services", f"http://127.0.0.1:{free_port()}",
                "--allow-private-connections")) as piggy:
        log = (piggy.directory / "serve.log").read_text()
        for title in ("Daily campaign roll-up", "Segment refresh"):
            expect(f"the demo is without {title}: " in log, f"nothing is said of {title}")


def main():
    with Demo() as demo:
        return run(demo)


if __name__ == "__main__":
    sys.exit(main())
