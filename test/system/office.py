"""People who sign in, and a persona of theirs."""

import uuid

from harness import Client, Shop, expect
from mcp_client import Mcp

PASSWORD = "a long enough password"
RECEPTION = "piggy_create_credit_reception"


def new_account(piggy):
    name = f"other-{uuid.uuid4().hex[:8]}"
    piggy.run("account", "create", "--data", piggy.data, "--name", name)
    return name


class Office:
    """A piggy with a boss who is signed in, and a persona."""

    def __init__(self, piggy, account="demo"):
        self.piggy = piggy
        self.account = account
        self.shop = Shop(piggy) if account == "demo" else None
        self.boss = self.hire("owner")
        self.email = self.boss.email
        self.persona_name = f"Nina {uuid.uuid4().hex[:6]}"
        self.persona = self.boss.post("/personas", name=self.persona_name)["uuid"]

    def hire(self, role):
        """Somebody new with this role, signed in."""
        email = f"{role}-{uuid.uuid4().hex[:8]}@shop.example"
        self.piggy.run("user", "create", "--data", self.piggy.data, "--account", self.account,
                       "--email", email, "--role", role, given=PASSWORD + "\n")
        return Person(self.piggy, email)

    def grant(self, tool, **others):
        return self.boss.put(f"/personas/{self.persona}/grants",
                             grants=[{"tool": tool} | others])

    def revoke(self, tool):
        return self.boss.post(f"/personas/{self.persona}/grants/revoke", tools=[tool])

    def new_token(self):
        return self.boss.post(f"/personas/{self.persona}/tokens")["token"]

    def mcp(self, **options):
        return Mcp(self.piggy, self.new_token(), **options)


class Person:
    """Somebody with a browser: a cookie, and the proof that goes with each change."""

    def __init__(self, piggy, email, password=PASSWORD):
        self.email = email
        self.client = Client(piggy.port)
        answer = self.client.post("//platform/session", {"email": email, "password": password})
        session = answer.data
        expect("session" not in session, "the session stands in the body")
        self.set_cookie = answer.headers["set-cookie"]
        self.cookie = self.set_cookie.split(";")[0]
        self.proof = session["proof"]

    def ask(self, method, path, body=None, proof=True):
        headers = {"Cookie": self.cookie} | ({"X-Piggy-Proof": self.proof} if proof else {})
        return self.client.call(method, "//platform" + path, body, headers=headers)

    def get(self, path):
        return self.ask("GET", path).data

    def post(self, path, **body):
        return self.ask("POST", path, body).data

    def put(self, path, **body):
        return self.ask("PUT", path, body).data
