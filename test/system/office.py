"""People who sign in, and a persona of theirs."""

import uuid

from harness import Client, Shop, expect
from mcp_client import Mcp

PASSWORD = "a long enough password"
RECEPTION = "piggy_create_credit_reception"


class Office:
    """A piggy with a boss who is signed in, and a persona."""

    def __init__(self, piggy):
        self.piggy = piggy
        self.shop = Shop(piggy)
        self.email = f"boss-{uuid.uuid4().hex[:8]}@shop.example"
        piggy.run("user", "create", "--data", piggy.data, "--account", "demo", "--email", self.email,
                  given=PASSWORD + "\n")
        self.boss = Person(piggy, self.email)
        self.persona_name = f"Nina {uuid.uuid4().hex[:6]}"
        self.persona = self.boss.post("/personas", name=self.persona_name)["uuid"]

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
