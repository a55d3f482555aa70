"""A program that gets tokens by OAuth, as a browser and an MCP client do it together."""

import base64
import hashlib
import html
import re
import urllib.parse
import uuid

from harness import Client, equal, expect

BACK = "http://127.0.0.1:9/callback"


def form_fields(page):
    """The hidden inputs of a page."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def path_of(url):
    """As the client of the harness wants paths outside the API."""
    parts = urllib.parse.urlsplit(url)
    return "/" + parts.path + ("?" + parts.query if parts.query else "")


def json_at(client, url):
    answer = client.call("GET", path_of(url))
    equal(answer.status, 200, url)
    return answer.json


def unescaped(fields):
    return {name: html.unescape(value) for name, value in fields.items()}


def decide(client, person, query, persona_name, decision="allow"):
    """What a signed-in person does on the page of consent; where they are sent to then."""
    cookie = {"Cookie": person.cookie}
    page = client.call("GET", "//oauth/authorize?" + query, headers=cookie).body.decode()
    choices = re.findall(r'name="subject" value="(\d+)"[^>]*><span><bdi>([^<]*)</bdi>', page)
    number = next((value for value, name in choices if name == persona_name), None)
    expect(number, f"no {persona_name} to choose: {page}")
    form = unescaped(form_fields(page)) | {"subject": number, "decision": decision}
    decided = client.call("POST", "//oauth/authorize", form=form, headers=cookie)
    expect(decided.status in (302, 303), decided.body)
    return decided.headers["location"]


class OauthClient:
    """Registered, with what it was given: `code` (used), `tokens`. A signed-in person says yes."""

    def __init__(self, piggy, boss, persona_name, resource="/mcp"):
        self.client = Client(piggy.port)
        made = self.client.post("//oauth/register", {
            "client_name": "A program", "redirect_uris": [BACK], "token_endpoint_auth_method": "none"})
        self.identity = made.json["client_id"]
        self.verifier = uuid.uuid4().hex + uuid.uuid4().hex
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest())
        asked = urllib.parse.urlencode({
            "response_type": "code", "client_id": self.identity, "redirect_uri": BACK,
            "code_challenge": challenge.rstrip(b"=").decode(), "code_challenge_method": "S256",
            "state": "xyz", "resource": f"http://127.0.0.1:{piggy.port}{resource}"})
        back = decide(self.client, boss, asked, persona_name)
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(back).query)
        self.code = query["code"][0]
        self.tokens = self.ask(grant_type="authorization_code", code=self.code, redirect_uri=BACK,
                               code_verifier=self.verifier).json

    def ask(self, **form):
        return self.client.call("POST", "//oauth/token", form={"client_id": self.identity} | form)
