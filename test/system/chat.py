#!/usr/bin/python3
"""A conversation with a persona on the program itself: followed on a stream, over a lost connection
and over kill -9, without a language model; and with models whose servers fail."""

import json
import sys
import threading
import time

from harness import Client, Piggy, Shop, equal, expect, free_port, run, test
from office import Office
from scripted_model import Server

TURN_SECONDS = 20
KEYS = {name: f"sk-{name}-4711" for name in ("closed", "first", "second", "obedient")}


class Follower:
    """Reads the events of a conversation as they come."""

    def __init__(self, boss, conversation, last=None):
        self.messages, self.secrets = [], []
        self.last = last
        self.client = Client(boss.client.connection.port, timeout=60)
        headers = {"Cookie": boss.cookie} | ({"Last-Event-ID": str(last)} if last else {})
        self.client.connection.request(
            "GET", f"/platform/conversations/{conversation}/events", headers=headers)
        self.response = self.client.connection.getresponse()
        self.changed = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        data, kind = [], ""
        try:
            for line in self.response:
                line = line.decode().rstrip("\n")
                if line.startswith("event:"):
                    kind = line[6:].strip()
                elif line.startswith("data:"):
                    data.append(line[5:].lstrip())
                elif not line and data:
                    with self.changed:
                        self.take(kind, json.loads("\n".join(data)))
                        self.changed.notify_all()
                    data, kind = [], ""
        except (OSError, ValueError, AttributeError):
            pass  # The other side is gone, or this test is.

    def take(self, kind, data):
        if kind == "message":
            self.messages.append(data)
            self.last = data["id"]
        elif kind == "secret":
            self.secrets.append(data)

    def wait_for(self, kind, count=1):
        """The first so many messages of a kind, once they are there."""
        deadline = time.monotonic() + TURN_SECONDS
        with self.changed:
            while True:
                found = [message for message in self.messages if message["kind"] == kind]
                if len(found) >= count:
                    return found
                expect(self.changed.wait(deadline - time.monotonic()),
                       f"no {kind} came: {self.messages}")


def wait_until_idle(office, talk, seconds=TURN_SECONDS):
    deadline = time.monotonic() + seconds
    while True:
        shown = office.boss.get(f"/conversations/{talk}")
        if shown["state"] == "idle":
            return shown["messages"]
        expect(time.monotonic() < deadline, f"the turn does not end: {shown}")
        time.sleep(0.02)


def conversation(office):
    return office.boss.post("/conversations", persona_uuid=office.persona)["uuid"]


class Thinking:
    """A persona that thinks with a model, of which there are several servers."""

    def __init__(self, office):
        self.office = office
        self.first, self.second, self.obedient = office.models

    def __enter__(self):
        self.set_model("m")
        return self

    def __exit__(self, *_):
        self.set_model("")

    def set_model(self, model):
        self.office.boss.ask("PUT", f"/personas/{self.office.persona}", {"model": model}).data

    def hear(self, talk, text):
        """All that is said and done about a message, from its own on."""
        seen = len(self.office.boss.get(f"/conversations/{talk}")["messages"])
        say(self.office, talk, text)
        return wait_until_idle(self.office, talk)[seen:]


def say(office, uuid, text):
    return office.boss.post(f"/conversations/{uuid}/messages", text=text)


@test
def a_conversation_is_called_as_it_began(office):
    talk = conversation(office)
    say(office, talk, "é" * 40 + "\nand more")
    equal(office.boss.get(f"/conversations/{talk}")["title"], "é" * 28 + "…", "60 bytes at most")
    wait_until_idle(office, talk)


@test
def a_page_sees_each_step_as_it_comes(office):
    office.grant("piggy_create_credit_reception")
    contact = office.shop.client.get("/contacts/find-one-by", email="ann@example.com").data["uuid"]
    before = office.shop.balance(contact)
    talk = conversation(office)
    follower = Follower(office.boss, talk)
    equal(follower.response.status, 200, "the status of the stream")
    say(office, talk, "give 20 points to ann@example.com at the web shop")
    answer = follower.wait_for("persona")[0]
    expect(answer["text"].startswith("Done: 20 points."), answer)
    equal([message["kind"] for message in follower.messages],
          ["person", "call", "result", "persona"], "the steps")
    equal(office.shop.balance(contact), before + 20, "the balance")
    equal(office.boss.get(f"/conversations/{talk}")["title"],
          "give 20 points to ann@example.com at the web shop", "what the conversation is called")
    # A page that was reloaded goes on where it was.
    again = Follower(office.boss, talk, follower.messages[1]["id"])
    again.wait_for("persona")
    equal([message["kind"] for message in again.messages], ["result", "persona"], "what was missed")


@test
def a_strangers_conversation_has_no_stream(office):
    talk = conversation(office)
    client = Client(office.piggy.port)
    client.call("GET", f"//platform/conversations/{talk}/events").refused(401)
    stranger = Office(office.piggy).boss
    refused = stranger.ask("GET", f"/conversations/{talk}/events")
    refused.refused(404)


@test
def a_turn_goes_on_after_kill_9_and_acts_once(office):
    office.grant("piggy_create_credit_reception")
    contact = office.shop.client.get("/contacts/find-one-by", email="bram@example.com").data["uuid"]
    before = office.shop.balance(contact)
    turns = 12
    talks = [conversation(office) for _ in range(turns)]
    for number, talk in enumerate(talks):
        say(office, talk, "give 1 point to bram@example.com at Harbour Street")
        if number % 4 == 3:
            office.piggy.kill()
            office.piggy.start()
            office.boss.client.close()
            office.shop.client.close()
    for talk in talks:
        wait_until_idle(office, talk, 90)  # A turn under way when it was killed keeps its lease.
    equal(office.shop.balance(contact) - before, turns, "what was given")
    office.piggy.verify()


@test
def the_next_server_answers_where_the_first_fails(office):
    with Thinking(office) as persona:
        faults = {"it fails": [{"status": 500}], "its key is refused": [{"status": 401}],
                  "it says nothing": [{"silent_after": 0}],
                  "it is cut off before it says anything": [{"cut_after": 3}]}
        for fault, turns in faults.items():
            persona.first.play(*turns)
            persona.second.play({"text": ["I am the second."]})
            _, answer = persona.hear(conversation(office), "hello")
            equal(answer["text"], "I am the second.", fault)
            equal(answer["content"]["server"], "second", fault)
        # Nobody listens at the first that lists this model, and the second does not list it.
        persona.set_model("closed")
        persona.first.play({"text": ["I am the first."]})
        _, answer = persona.hear(conversation(office), "hello")
        equal((answer["text"], answer["content"]["server"]), ("I am the first.", "first"), "refused")
        equal(persona.first.requests()[0]["body"]["model"], "closed", "the model that was asked for")
        # The first in the order needs no mention.
        persona.set_model("m")
        persona.first.play({"text": ["Fine."]})
        _, answer = persona.hear(conversation(office), "hello")
        expect("server" not in answer["content"], answer)


@test
def what_is_cut_off_in_the_middle_stays_said_and_the_next_server_answers(office):
    with Thinking(office) as persona:
        persona.first.play({"text": ["Let ", "me ", "see."], "error_after": 3})
        persona.second.play({"text": ["All is well."]})
        talk = conversation(office)
        _, cut, answer = persona.hear(talk, "how are things?")
        expect(cut["text"].startswith("Let me"), cut)
        equal(cut["content"]["cut_off"], "first", "who was cut off")
        equal((answer["text"], answer["content"]["server"]), ("All is well.", "second"), "the answer")
        told = json.dumps(persona.second.requests()[0]["body"])
        expect("Let me" not in told, "the second was told half a sentence of the first")


@test
def with_all_servers_down_a_plain_sentence_is_said_and_the_conversation_goes_on(office):
    with Thinking(office) as persona:
        persona.first.play(*[{"status": 500}] * 3)
        persona.second.play(*[{"status": 503, "message": "Maintenance"}] * 3)
        talk = conversation(office)
        _, answer = persona.hear(talk, "hello")
        equal(answer["text"], "The model's server failed (503): Maintenance.", "what is said")
        persona.first.play({"text": ["Here again."]})
        equal(persona.hear(talk, "hello?")[1]["text"], "Here again.", "what is said then")


@test
def calls_of_a_model_leave_nothing_doubled_after_kill_9(office):
    contact = office.shop.new_contact()
    tools = ("piggy_list_perks", "piggy_list_forms", "piggy_get_contact_credit_balance",
             "piggy_create_credit_reception")
    office.boss.put(f"/personas/{office.persona}/grants", grants=[{"tool": tool} for tool in tools])
    arguments = ({}, {}, {"contact_uuid": contact}, office.shop.reception(contact, 1))
    orders = [f"CALL {tool} {json.dumps(given)}" for tool, given in zip(tools, arguments)]
    with Thinking(office) as persona:
        persona.set_model("obedient")
        talks = [conversation(office) for _ in range(12)]
        for number, talk in enumerate(talks):
            say(office, talk, " and ".join(orders))
            if number % 3 == 2:
                time.sleep(0.01 * number)  # Each time a little further into the turn.
                office.piggy.kill()
                office.piggy.start()
                office.boss.client.close()
                office.shop.client.close()
        for talk in talks:
            steps = wait_until_idle(office, talk, 90)
            for kind in ("call", "result"):
                done = [step["text"] for step in steps if step["kind"] == kind]
                equal(done, [tool.removeprefix("piggy_") for tool in tools], f"each {kind}")
    equal(office.shop.balance(contact), len(talks), "what was given")
    office.piggy.verify()


@test
def a_secret_is_shown_once_to_whoever_follows_and_stands_nowhere(office):
    tool = "piggy_get_contact_auth_token"
    office.grant(tool)
    contact = office.shop.new_contact()
    with Thinking(office) as persona:
        call = {"name": tool, "arguments": {"contact_uuid": contact}}
        persona.first.play({"tool_calls": [call]}, {"text": ["Here you are."]},
                           {"tool_calls": [call]}, {"text": ["Nobody has seen it."]})
        talk, other = conversation(office), conversation(office)
        follower, elsewhere = Follower(office.boss, talk), Follower(office.boss, other)
        steps = persona.hear(talk, "a token, please")
        follower.wait_for("persona", 2)
        equal(len(follower.secrets), 1, "the secrets that were shown")
        secret = follower.secrets[0]
        equal((secret["tool"], secret["field"]), ("get_contact_auth_token", "auth_token"), "which it is")
        token = secret["value"]
        result = next(step for step in steps if step["kind"] == "result")
        expect("was shown once" in result["content"]["note"], result)
        # Who comes later is not shown it, and who follows another conversation was not.
        late = Follower(office.boss, talk)
        late.wait_for("persona", 2)
        equal((late.secrets, elsewhere.secrets), ([], []), "what others were shown")
        told = json.dumps(persona.first.requests())
        expect("was shown once" in told, "the model does not know that it was shown")
        # It is a token that works, once.
        used = office.shop.client.post("//platform/contacts/sign-in", {"token": token})
        equal(used.status, 200, "the answer to the token")

        # Nobody follows: it is lost, and that is said.
        unseen = conversation(office)
        steps = persona.hear(unseen, "another one")
        result = next(step for step in steps if step["kind"] == "result")
        expect("was shown to nobody" in result["content"]["note"], result)

        told += json.dumps(persona.first.requests())
        kept = json.dumps([office.boss.get(f"/conversations/{uuid}") for uuid in (talk, unseen)])
        kept += json.dumps(office.boss.get("/audit/calls"))
        expect(token not in told, "the model was told the secret")
        expect(token not in kept, "the secret stands in a conversation or on record")
    expect(office.piggy.stop() == 0, "it does not stop")
    for file in office.piggy.directory.rglob("*"):
        if file.is_file():
            expect(token.encode() not in file.read_bytes(), f"the secret stands in {file.name}")
    office.piggy.start()
    office.boss.client.close()
    office.shop.client.close()


@test
def without_a_model_the_person_is_told_what_became_of_a_secret(office):
    office.grant("piggy_get_contact_auth_token")
    contact = office.shop.new_contact()
    talk = conversation(office)
    say(office, talk, f"/get_contact_auth_token contact_uuid={contact}")
    answer = wait_until_idle(office, talk)[-1]
    expect("was shown to nobody" in answer["text"], answer)
    follower = Follower(office.boss, talk)
    follower.wait_for("persona")
    say(office, talk, f"/get_contact_auth_token contact_uuid={contact}")
    answer = follower.wait_for("persona", 2)[-1]
    expect("was shown once" in answer["text"], answer)
    equal(len(follower.secrets), 1, "the secrets that were shown")


@test
def a_plain_request_is_made_at_another_piggy_where_that_alone_is_granted(office):
    with Piggy() as other:
        there = Shop(other)
        office = Office(office.piggy)  # Its persona is granted nothing yet.
        office.boss.post("/connections", connector="piggy", handle="outlet", key=other.new_token(),
                         base_url=f"http://127.0.0.1:{other.port}")
        office.grant("outlet_get_contact_credit_balance")
        contact = there.new_contact()
        there.client.post("/credit-receptions", there.reception(contact, 7)).data
        talk = conversation(office)
        # An address here says nothing about who that is there.
        say(office, talk, "how many points has ann@example.com?")
        answer = wait_until_idle(office, talk)[-1]
        expect("tell me its uuid" in answer["text"], answer)
        say(office, talk, contact)
        steps = wait_until_idle(office, talk)
        expect(steps[-1]["text"].startswith("The balance is 7 points."), steps)
        equal(steps[-2]["text"], "outlet_get_contact_credit_balance", "the tool")


@test
def the_log_tells_of_each_fallback_and_of_no_key(office):
    log = (office.piggy.directory / "serve.log").read_text()
    for server in ("closed", "first"):
        expect(f"the model's server {server} has failed" in log, f"{server} is not in the log")
    for key in (*KEYS.values(), "Maintenance"):
        expect(key not in log, f"the log holds {key}")


def settings(models):
    """The servers of models as an operator would set them."""
    urls = {"closed": f"http://127.0.0.1:{free_port()}"}
    urls |= {name: server.url for name, server in zip(("first", "second", "obedient"), models)}
    lists = {"closed": '["closed", "other"]', "first": '["m", "closed"]', "second": '["m"]',
             "obedient": '["obedient"]'}
    text = ""
    for name, url in urls.items():
        text += (f'[[model]]\nname = "{name}"\nurl = "{url}"\napi_key = "{KEYS[name]}"\n'
                 f"timeout_seconds = 1\n")
        text += f"models = {lists[name]}\n"
    return text


def main():
    with Server() as first, Server() as second, Server("--obedient") as obedient:
        piggy = Piggy()
        file = piggy.directory / "piggy.toml"
        file.write_text(settings((first, second, obedient)))
        piggy.arguments += ["--config", str(file), "--allow-private-connections"]
        with piggy:
            office = Office(piggy)
            office.models = first, second, obedient
            return run(office)


if __name__ == "__main__":
    sys.exit(main())
