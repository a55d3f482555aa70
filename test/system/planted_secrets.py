#!/usr/bin/python3
"""Secrets, planted wherever a person or a program can put one, used in right and in wrong ways, and
then looked for wherever they must not be.

Promised:
  - No password, token, code or key stands in the data, a backup, an export, the record of calls, the
    log, a metric, a page or another's answer; the data hold hashes and sealed bytes alone.
  - A core dump holds no master key and nothing that the vault keeps, ever. It holds no password and no
    token once the requests that brought them are answered and their connections are closed.
  - What somebody writes where no secret belongs (a token as a tool's argument) is on record as it was
    written, for those who may read payloads: nothing tells it from any other text.
  - What an operator configures (the passwords of the mail server and the database, the key of the
    model) is used all the time, so that a core dump may hold it.
"""

import base64
import json
import os
import re
import sys
import time
import urllib.parse
import uuid

from harness import POSTGRES, Client, Piggy, equal, expect, run, test
from mcp_client import Mcp
from oauth_client import OauthClient
from office import RECEPTION, Office, Person

SETTINGS = {"model_api_key": "sk-model-4d1f0c7be2a94c55", "smtp_password": "smtp-9b0e52d7c1"}


def made_up(what):
    return f"{what}-{uuid.uuid4().hex}"


def forms_of(secret):
    """The bytes that give it away: as it is, and as programs write it down."""
    raw = secret if isinstance(secret, bytes) else secret.encode()
    found = {raw, raw.hex().encode(), raw.hex().upper().encode(), urllib.parse.quote(raw, safe="").encode(),
             json.dumps(raw.decode("latin-1"))[1:-1].encode()}
    for shift in range(3):  # What comes before it moves it by so many bytes.
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            inner = encode(b"\0" * shift + raw)
            found.add(inner[4 if shift else 0:(len(raw) + shift) // 3 * 4])
    return {form for form in found if len(form) >= 12}


class Planted:
    """Names of secrets, and what to look for."""

    def __init__(self):
        self.secrets = {}

    def add(self, name, secret):
        self.secrets[name] = secret
        return secret

    def found_in(self, held, but=()):
        return sorted(name for name, secret in self.secrets.items() if name not in but
                      and any(form in held for form in forms_of(secret)))


class Scene:
    def __init__(self, piggy):
        self.piggy, self.planted, self.answers = piggy, Planted(), []
        self.office = Office(piggy)
        self.plant_people()
        self.plant_tokens()
        self.plant_contact()
        for name, value in SETTINGS.items():
            self.planted.add(name, value)
        self.use_wrongly()

    def post(self, path, json_body=None, method="POST", **others):
        """On a connection of its own, which is closed."""
        client = Client(self.piggy.port)
        answer = client.call(method, path, json_body, **others)
        client.close()
        return answer

    def plant_people(self):
        password, changed = made_up("Password"), made_up("Changed")
        self.email = f"{uuid.uuid4().hex[:8]}@shop.example"
        self.piggy.run("user", "create", "--data", self.piggy.data, "--account", "demo", "--email",
                       self.email, given=password + "\n")
        person = Person(self.piggy, self.email, self.planted.add("password", password))
        self.planted.add("session", person.cookie.split("=")[1])
        self.planted.add("proof", person.proof)
        wrong = self.planted.add("new password beside a wrong one", made_up("Refused"))
        person.ask("PUT", "/session/password", {
            "password": self.planted.add("wrong old password", made_up("Wrong")), "new_password": wrong})
        person.put("/session/password", password=password,
                   new_password=self.planted.add("changed password", changed))
        person.client.close()
        signed_in = self.post("//sign-in", form={"email": self.email, "password": changed})
        equal(signed_in.status, 303, "the sign-in form")
        self.planted.add("session by form", signed_in.headers["set-cookie"].split("=")[1].split(";")[0])
        user = {"account": "demo", "email": "x@shop.example", "name": "X", "role": "nobody",
                "password": self.planted.add("password of nobody", made_up("Nobody"))}
        done = self.piggy.run("call", "create_user", json.dumps(user), "--data", self.piggy.data, check=False)
        expect(done.returncode != 0 and user["password"] not in done.stderr, done.stderr)

    def plant_tokens(self):
        piggy, office = self.piggy, self.office
        shop = ("--shop-uuid", office.shop.shop)
        for kind, more in {"client": (), "mcp": (), "register": shop}.items():
            token = self.planted.add(f"{kind} token", piggy.new_token(kind, "demo", *more))
            self.planted.add(f"{kind} token's secret part", token.split("|")[1])
        office.grant(RECEPTION)
        self.persona_token = self.planted.add("persona token", office.new_token())
        oauth = OauthClient(piggy, office.boss, office.persona_name)
        self.planted.add("OAuth code", oauth.code)
        self.planted.add("OAuth verifier", oauth.verifier)
        first, again = oauth.tokens, oauth.ask(grant_type="refresh_token",
                                               refresh_token=oauth.tokens["refresh_token"]).json
        for name, tokens in {"first": first, "second": again}.items():
            self.planted.add(f"{name} access token", tokens["access_token"])
            self.planted.add(f"{name} refresh token", tokens["refresh_token"])
        equal(len(Mcp(piggy, again["access_token"]).tools()), 1, "the tools by OAuth")
        oauth.ask(grant_type="refresh_token", refresh_token=first["refresh_token"])
        oauth.client.close()

    def plant_contact(self):
        shop = self.office.shop
        contact = shop.new_contact()
        token = shop.client.get(f"/contact-verification/auth-token/{contact}").data
        self.auth_token = self.planted.add("auth token", token if isinstance(token, str)
                                           else token["auth_token"])
        self.post("//platform/contacts/sign-in", {"token": self.auth_token}, headers={
            "Authorization": f"Bearer {shop.token}"})

    def use_wrongly(self):
        """Every secret at every wrong place. What the answers say is looked at, too."""
        token = self.office.shop.token
        bearer = {"Authorization": f"Bearer {token}"}
        for name, secret in list(self.planted.secrets.items()):
            quoted = urllib.parse.quote(secret)
            tries = {
                "a login form": lambda: self.post("//sign-in", form={
                    "email": self.email, "password": secret}),
                "a login": lambda: self.post("//platform/session", {
                    "email": self.email, "password": secret, "account": 7}),
                "a header": lambda: self.post("/contacts", method="GET", headers={
                    "Authorization": f"Bearer {secret}"}),
                "another header": lambda: self.post("/contacts", method="GET", headers={
                    "Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}),
                "a cookie": lambda: self.post("//platform/session", method="GET", headers={
                    "Cookie": f"piggy_session={secret}"}),
                "a query": lambda: self.post(f"/contacts?access_token={quoted}&token={quoted}",
                                             method="GET"),
                "broken JSON": lambda: self.post("//platform/session", headers={
                    "Content-Type": "application/json"},
                    body=f'{{"email": "a@b.nl", "password": "{secret}"'.encode()),
                "a token request": lambda: self.post("//oauth/token", form={
                    "grant_type": "refresh_token", "refresh_token": secret, "client_id": secret}),
                "a contact's sign-in": lambda: self.post("//platform/contacts/sign-in", {
                    "token": secret}, headers=bearer),
                "a key": lambda: self.post("/contacts", {"email": "no address"}, key=secret,
                                           headers=bearer),
                "MCP": lambda: self.post("//mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/list",
                                                   "params": {}}, headers={
                    "Authorization": f"Bearer {secret}", "MCP-Protocol-Version": "2026-07-28",
                    "Accept": "application/json, text/event-stream"}),
            }
            for where, attempt in tries.items():
                answer = attempt()
                expect(answer.status < 500, f"{name} in {where}: {answer.status} {answer.body!r}")
                self.answers.append((f"{name} in {where}", answer))

    def settle(self):
        """Other requests take the place of those that brought the secrets."""
        self.office.boss.client.close()
        self.office.shop.client.close()
        for _ in range(4):
            clients = [Client(self.piggy.port, None) for _ in range(8)]
            for client in clients:
                for _ in range(8):
                    client.post("//platform/session", {"email": "x" * 200, "password": "y" * 200, "z": 1})
            for client in clients:
                client.close()
        time.sleep(0.2)


def core_of(process):
    """What a core dump of it holds: memory that is private to it and not kept out of dumps."""
    regions, region = [], None
    with open(f"/proc/{process}/smaps") as smaps:
        for line in smaps:
            head = re.match(r"([0-9a-f]+)-([0-9a-f]+) (....) ", line)
            if head:
                region = (int(head[1], 16), int(head[2], 16), head[3])
            elif line.startswith("VmFlags:") and "dd" not in line.split() and region[2][:2] == "rw":
                regions.append(region)
    with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
        for start, end, _ in regions:
            memory.seek(start)
            try:
                yield start, memory.read(end - start)
            except OSError:
                pass  # A guard page, or the kernel's own.


@test
def no_file_holds_a_secret(scene):
    allowed = re.compile(r"master\.key|demo-tokens|outbox|serve\.log")
    for path in scene.piggy.directory.rglob("*"):
        if path.is_file() and not allowed.search(str(path)):
            equal(scene.planted.found_in(path.read_bytes()), [], f"what stands in {path.name}")


@test
def the_log_holds_no_secret_even_at_its_most_talkative(scene):
    held = (scene.piggy.directory / "serve.log").read_bytes()
    expect(held.count(b"debug") > 200, "the log is not at debug")
    equal(scene.planted.found_in(held), [], "what stands in the log")


@test
def a_backup_and_an_export_hold_no_secret(scene):
    piggy = scene.piggy
    if not POSTGRES:
        piggy.run("backup", "--data", piggy.data, str(piggy.directory / "copy.db"))
        equal(scene.planted.found_in((piggy.directory / "copy.db").read_bytes()), [], "in the backup")
    exported = piggy.run("export", "--data", piggy.data, "--account", "demo").stdout.encode()
    expect(len(exported) > 10_000, "the export is empty")
    equal(scene.planted.found_in(exported), [], "what stands in the export")


@test
def the_record_of_calls_holds_no_secret(scene):
    boss = scene.office.boss
    calls = boss.get("/audit/calls?limit=1000")
    expect(len(calls) > 5, "nothing is on record")
    told = json.dumps([boss.get(f"/audit/calls/{call['uuid']}") for call in calls[:300]])
    equal(scene.planted.found_in((json.dumps(calls) + told).encode()), [], "what stands on record")


@test
def no_answer_repeats_a_secret(scene):
    """What was sent as a secret is not said again, not even to who sent it."""
    for what, answer in scene.answers:
        held = answer.body + json.dumps(answer.headers).encode()
        equal(scene.planted.found_in(held), [], f"what is said of {what}")


@test
def metrics_pages_and_settings_hold_no_secret(scene):
    client = Client(scene.piggy.port)
    for path in ("//metrics", "//healthz", "//readyz", "//sign-in", "//openapi.json", "//nothing"):
        equal(scene.planted.found_in(client.call("GET", path).body), [], path)
    shown = scene.piggy.run("serve", "--print-config", *scene.piggy.arguments).stdout.encode()
    equal(scene.planted.found_in(shown), [], "what --print-config shows")


@test
def a_core_dump_holds_no_master_key(scene):
    """Neither the one in the file nor the one that it was before."""
    piggy = scene.piggy
    piggy.run("vault", "rotate-master", "--data", piggy.data, check=False)
    time.sleep(0.5)
    keys = [path.read_bytes().strip() for path in piggy.data.glob("master.key*")]
    expect(keys, "there is no master key")
    for _, held in core_of(piggy.process.pid):
        for key in keys:
            raw = base64.b64decode(key) if len(key) > 32 else key
            equal(len(raw), 32, "the bytes of a key")
            for form in (raw, base64.b64encode(raw), raw.hex().encode()):
                expect(form not in held, "a master key is in memory that a core dump holds")


@test
def a_core_dump_holds_no_master_key_that_came_by_the_environment(scene):
    key, old = os.urandom(32), os.urandom(32)
    given = {"PIGGY_MASTER_KEY": base64.b64encode(key).decode(),
             "PIGGY_MASTER_KEY_OLD": base64.b64encode(old).decode()}
    with Piggy(environment=given) as piggy:
        expect(not (piggy.data / "master.key").exists(), "the key of the environment is not in use")
        process = piggy.process.pid
        held = b"".join(held for _, held in core_of(process))
        with open(f"/proc/{process}/environ", "rb") as environment:
            held += environment.read()
        for secret in (key, old):
            for form in (secret, base64.b64encode(secret)):
                expect(form not in held, "a master key is in memory that a core dump holds")


@test
def a_core_dump_holds_no_password_and_no_token_of_requests_long_answered(scene):
    scene.settle()
    held = [held for _, held in core_of(scene.piggy.process.pid)]
    expect(sum(map(len, held)) > 1 << 20, "no memory was read")
    expect(any(scene.office.email.encode() in part for part in held), "it is not the memory of this program")
    found = set().union(*(scene.planted.found_in(part, but=SETTINGS) for part in held))
    equal(found, set(), "what a core dump holds")


def main():
    settings = {"PIGGY_MODEL_API_KEY": SETTINGS["model_api_key"],
                "PIGGY_SMTP_URL": f"smtp://ann:{SETTINGS['smtp_password']}@127.0.0.1:9"}
    with Piggy(["--log-level", "debug"], environment=settings) as piggy:
        return run(Scene(piggy))


if __name__ == "__main__":
    sys.exit(main())
