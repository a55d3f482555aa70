"""What the running program says that it takes, and calls made from that alone.

A call is built from GET /openapi.json: what is required and nothing else, with texts that are new
each time. What one operation refers to, another one makes: `World` knows which.
"""

import http.client
import itertools
import socket
import time
import urllib.parse
from dataclasses import dataclass

from harness import Client, expect, wait_until
from office import PASSWORD

CALL_SECONDS = 10  # More is a hang.


@dataclass(frozen=True)
class Slot:
    """A place for a text in the input of an operation."""
    where: str  # path, query or body
    path: tuple  # Names, and 0 for the first item of a list.
    kind: str  # text, anything, or a format: uuid, email …

    @property
    def name(self):
        """As an error names it."""
        return ".".join(map(str, self.path))


class Operation:
    def __init__(self, method, path, described):
        self.method, self.path = method.upper(), path
        self.name, self.scope = described["operationId"], described["x-scope"]
        self.parameters = described.get("parameters", [])
        content = described.get("requestBody", {}).get("content", {})
        self.body = content.get("application/json", {}).get("schema", {})
        self.slots = [Slot(p["in"], (p["name"],), kind) for p in self.parameters
                      for _, kind in text_places(p["schema"])]
        self.slots += [Slot("body", path, kind) for path, kind in text_places(self.body)]

    def __repr__(self):
        return self.name


def operations(piggy):
    document = Client(piggy.port).call("GET", "//openapi.json").json
    return {described["operationId"]: Operation(method, path, described)
            for path, methods in document["paths"].items()
            for method, described in methods.items()}


def text_places(schema, path=()):
    """(path, kind) of everything in it that may be a text."""
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if "enum" in schema:
        yield path, "choice"
    elif "string" in types:
        yield path, schema.get("format", "text")
    elif path and not types:
        yield path, "anything"
    for name, inner in schema.get("properties", {}).items():
        yield from text_places(inner, (*path, name))
    if "items" in schema:
        yield from text_places(schema["items"], (*path, 0))


class LocalConnection(http.client.HTTPConnection):
    """By the socket in the data directory: as the owner of the data."""

    def __init__(self, path):
        super().__init__("localhost", timeout=CALL_SECONDS)
        self.local_path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(CALL_SECONDS)
        self.sock.connect(self.local_path)


class World:
    """Makes what is referred to, and the least calls that are valid. Not for several threads."""

    def __init__(self, office, described, thread=0):
        self.office, self.operations = office, described
        self.numbers = itertools.count(1)
        self.thread = thread
        self.made = {}
        piggy = office.piggy
        self.client = Client(piggy.port, office.shop.token, timeout=CALL_SECONDS)
        self.person = Client(piggy.port, timeout=CALL_SECONDS)
        self.owner = Client(piggy.port)
        self.owner.connection = LocalConnection(piggy.data / "piggy.sock")

    def text(self):
        return f"t{self.thread}x{next(self.numbers)}"

    def send(self, operation, path=(), query=(), body=None):
        """The answer to a call at the operation's own route, by whoever may make it."""
        target = operation.path
        for name, value in dict(path).items():
            target = target.replace("{" + name + "}", urllib.parse.quote(str(value), safe=""))
        if query:
            target += "?" + urllib.parse.urlencode(dict(query))
        if operation.scope.startswith("access:"):
            return self.owner.call(operation.method, "/" + target, body)
        if target.startswith("/platform"):
            boss = self.office.boss
            headers = {"Cookie": boss.cookie, "X-Piggy-Proof": boss.proof}
            return self.person.call(operation.method, "/" + target, body, headers=headers)
        return self.client.call(operation.method, "/" + target, body)

    def make(self, name, **body):
        """The data of a call that must work."""
        operation = self.operations[name]
        call = self.least(operation, given=body)
        for key, value in body.items():
            where = next((w for w in ("path", "query") if key in call[w]), "body")
            if where == "body" and call["body"] is None:
                call["body"] = {}
            call[where][key] = value
        answer = self.send(operation, **call)
        expect(answer.status in (200, 201, 204), f"{name} {call}: {answer.status} {answer.body[:300]!r}")
        return answer.json.get("data") if answer.body else None

    def least(self, operation, slot=None, text=None, given=()):
        """The parts of a call with what is required, and the text at one place. Nothing is made for
        parameters that are given."""
        call = {"path": {}, "query": {}, "body": None}
        for parameter in operation.parameters:
            name, where = parameter["name"], parameter["in"]
            if slot and slot.where == where and slot.path == (name,):
                call[where][name] = text
            elif name in given:
                call[where][name] = None
            elif parameter.get("required"):
                call[where][name] = self.value(operation, name, parameter["schema"])
        if operation.body or operation.method not in ("GET", "DELETE"):
            call["body"] = self.value(operation, "", operation.body,
                                      slot.path if slot and slot.where == "body" else None, text)
        if slot and slot.path[0] == "options" and operation.name.endswith("_attribute"):
            call["body"] |= {name: "select" for name in ("type", "data_type")
                             if name in operation.body["properties"]}
        where = "query" if call["body"] is None else "body"
        for name, value in self.extra(operation, slot).items():
            call[where].setdefault(name, value)
        return call

    def value(self, operation, name, schema, path=None, text=None):
        if path == ():
            return text
        types = schema.get("type", "object" if not name else "any")
        types = [types] if isinstance(types, str) else types
        if "object" in types:
            made = {}
            for key, inner in schema.get("properties", {}).items():
                mine = path and path[0] == key
                if mine or key in schema.get("required", []) or key in ALWAYS:
                    made[key] = self.value(operation, key, inner, path[1:] if mine else None, text)
            return made
        if "array" in types:
            return [self.value(operation, name, schema["items"], path[1:] if path else None, text)]
        if "enum" in schema:
            return schema["enum"][0]
        fixture = self.fixture(operation, name)
        if fixture is not None:
            return fixture
        if "string" in types:
            return self.text_value(name, schema)
        if "integer" in types or "number" in types:
            return max(1, schema.get("minimum", 1))
        return True if "boolean" in types else self.text()

    def text_value(self, name, schema):
        form = schema.get("format")
        if form == "email":
            return f"{self.text()}@example.com"
        if form == "uri":
            return "https://example.com/a.png"
        if form in ("date-time", "date"):
            return "2027-01-01T10:00:00Z"[:None if form == "date-time" else 10]
        return self.text().ljust(schema.get("minLength", 1), "x")[:schema.get("maxLength", 1000)]

    def fixture(self, operation, name):
        """What a field refers to; nothing where any text will do."""
        if name in WORDS and (operation.name, name) not in MAKERS:
            return WORDS[name]
        noun = name
        if name in ("uuid", "id"):
            noun = operation.path.split("/{")[0].rsplit("/", 1)[1]
        maker = MAKERS.get((operation.name, name)) or MAKERS.get(noun)
        if not maker:
            return None
        if operation.name.startswith(USES_UP):
            return maker(self)
        if maker not in self.made:
            self.made[maker] = maker(self)
        return self.made[maker]

    def extra(self, operation, slot):
        """What is required beyond the schema: one of two, a default, another type."""
        more = EXTRAS.get(operation.name)
        more = more(self) if more else {}
        return {name: value for name, value in more.items() if not slot or slot.path[0] != name}


# Operations after which what they were given is gone, or no longer what it was.
USES_UP = ("delete", "merge", "claim", "remove", "reverse", "redeem", "unlink", "lock", "release",
           "verify_login", "sign_in_with", "revoke", "send_message", "cancel", "decide_flow",
           "install_flow", "confirm_audience", "collect", "ask_for_erasure", "withdraw_erasure",
           "file_erasure", "accept_erasure", "refuse_erasure",  # One of a contact waits at a time.
           "create_giftcard_transaction")  # A card is loaded once.
# A perk needs a default, an order of a guest is skipped, and a step of a sequence sends something.
ALWAYS = ("default", "customer", "template_uuid")
CONDITIONS = {"field": "balance", "is": "at_least", "value": 1}  # Few: hundreds of segments are made.
WORDS = {"account": "demo", "currency": "EUR", "time_zone": "Europe/Amsterdam", "data_type": "text",
         "tool": "piggy_list_perks", "plan": "starter", "connector": "email"}


def made(name, field="uuid", **body):
    return lambda world: world.make(name, **body)[field]


def a_redemption(world):
    return world.make("redeem_voucher_times")["voucher_redemptions"][0]["uuid"]


def a_taken_reward(world):
    """One that waits in the shop."""
    waits = world.make("create_reward", required_credits=0, pre_redeemable=True)["uuid"]
    return world.make("create_reward_reception", reward_uuid=waits)["uuid"]


def a_code(world):
    reward = digital(world)
    world.make("add_reward_codes", reward_uuid=reward, codes=[world.text()])
    return world.make("list_reward_codes", reward_uuid=reward)["codes"][0]["uuid"]


def a_collected_reward(world):
    taken = a_taken_reward(world)
    world.make("collect_reward", loyalty_transaction_uuid=taken)
    return taken


def a_list(world):
    """Files, which need nobody on the other side."""
    return world.make("create_connection", connector="csv")


def a_push(world):
    """One that is held: it would leave a list empty."""
    nobody = world.make("create_segment", conditions=None)["uuid"]
    push = world.make("push_segment", segment_uuid=nobody)["uuid"]
    wait_until(lambda: world.office.boss.get(f"/audience-pushes/{push}")["push"]["state"] == "held",
               "the guard of the push")
    return push


def who_asked(world):
    """A contact that waits to be erased."""
    waits = world.make("create_contact")["uuid"]
    world.make("file_erasure_request", contact_uuid=waits)
    return waits


def named(name, field, text="{}"):
    """What is found by a text that it is given, not by a uuid."""
    def make(world):
        chosen = text.format(world.text())
        world.make(name, **{field: chosen})
        return chosen
    return make


def at_the_shop(*more):
    return lambda world: {"shop_uuid": world.office.shop.shop} | {
        name: world.office.contact for name in more}


def a_flow(steps, trigger="manual"):
    def make(world):
        flow = world.make("create_flow", definition={"trigger": {trigger: {}}, "steps": steps})
        return flow if trigger == "webhook" else flow["flow"]["uuid"]
    return make


RESTS = [{"id": "rest", "wait": {"span": {"hours": 1}}}]
ASKS = [{"id": "may", "approve": {"question": "Shall it?"}}]


def a_run(steps, **held):
    def make(world):
        run = world.make("run_flow", flow_uuid=a_flow(steps)(world))["uuid"]
        if held.get("paused"):
            world.make("pause_flow_run", run_uuid=run)
        if steps == ASKS:
            wait_until(lambda: world.make("get_flow_run", run_uuid=run)["steps"], "the question")
        return run
    return make


def a_hook(world):
    return a_flow(RESTS, "webhook")(world)["hook_url"].rsplit("/", 1)[1]
def published_form(world, **fields):
    return world.make("create_form", status="PUBLISHED", type="PUBLIC", fields=[
        {"name": "email", "label": "E-mail", "type": "email"}, *fields.values()])["uuid"]
def submission(world, **more):
    return world.make("submit_form", uuid=published_form(world),
                      email=f"{world.text()}@example.com", **more)["uuid"]
def spam(world):
    return submission(world, _website="filled in")
def pending_submission(world):
    """One that waits for the answer to an e-mail."""
    news = world.make("create_subscription_type", strategy="DOUBLE_OPT_IN")["uuid"]
    form = published_form(world, news={"name": "news", "label": "News", "type": "consent",
                                       "text": "Yes", "subscription_type_uuid": news})
    return world.make("submit_form", uuid=form, news=True, email=f"{world.text()}@example.com")["uuid"]


contact = made("create_contact")
mail = named("create_contact", "email", "{}@example.com")
user = named("create_user", "email", "{}@example.com")
digital = made("create_reward", reward_type="DIGITAL")
identifier = named("create_contact_identifier", "contact_identifier_value")
# By field, by the last word of a path, or by operation and field.
MAKERS = {
    "contact_uuid": contact, "contact_uuids": contact, "source_contact_uuid": contact,
    "destination_contact_uuid": contact,
    "anonymous_contact_uuid": made("create_anonymous_contact"),
    "shop_uuid": lambda world: world.office.shop.shop,
    "persona_uuid": made("create_persona"),
    "connection_uuid": made("create_connection"),
    "conversation_uuid": made("start_conversation"),
    "subscription_type_uuid": made("create_subscription_type"),
    "erasure_request_uuid": made("file_erasure_request"),
    ("withdraw_erasure_request", "contact_uuid"): who_asked,
    "earning_rule_uuid": made("create_earning_rule"),
    "credit_reception_uuid": made("create_credit_reception"),
    "promotion_uuid": made("create_promotion"),
    "mail-templates": made("create_mail_template"), "template_uuid": made("create_mail_template"),
    "segment_uuid": made("create_segment"),
    "campaigns": made("schedule_campaign"), "campaign_uuid": made("schedule_campaign"),
    "perk_uuid": made("create_perk"),
    "reward_uuid": made("create_reward"),
    ("create_reward_reception", "reward_uuid"): made("create_reward", required_credits=0),
    ("add_reward_codes", "reward_uuid"): digital, ("list_reward_codes", "reward_uuid"): digital,
    ("remove_reward_codes", "reward_uuid"): digital,
    "code_uuid": a_code,
    "reward_reception_uuid": a_taken_reward, "loyalty_transaction_uuid": a_taken_reward,
    "redemption_uuid": a_collected_reward,
    "tier_uuid": made("create_tier"),
    "giftcard_program_uuid": made("create_giftcard_program"),
    "giftcards": made("create_giftcard"), "giftcard_uuid": made("create_giftcard"),
    "giftcard-transactions": made("create_giftcard_transaction"),
    ("find_giftcard", "hash"): made("create_giftcard", "hash"),
    ("list_giftcard_transactions", "giftcard_hash"): made("create_giftcard", "hash"),
    "bookings": made("create_booking"),
    "segments": made("create_segment"),
    ("add_segment_members", "uuid"): made("create_segment", conditions=None),
    ("remove_segment_members", "uuid"): made("create_segment", conditions=None),
    "products": made("create_product"),
    "product-categories": made("create_product_category"),
    "promotion-attributes": made("create_promotion_attribute", "id"),
    "template_uuid": made("create_mail_template"),
    "mail-templates": made("create_mail_template"),
    "sequence_uuid": made("create_sequence"),
    # Anybody may be enrolled in it.
    ("create_sequence", "subscription_type_uuid"):
        made("create_subscription_type", strategy="OPT_OUT"),
    "vouchers": made("create_voucher"),
    "voucher-batches": made("create_vouchers_batch"),
    "forms": lambda world: world.office.form,
    "form_uuid": published_form,
    "submission_uuid": spam,
    ("mark_submission_spam", "submission_uuid"): submission,
    ("resend_form_confirmation", "submission_uuid"): pending_submission,
    "voucher_redemption_uuid": a_redemption,
    "call_uuid": lambda world: world.office.call,
    "definition": lambda world: {"trigger": {"manual": {}}, "steps": RESTS},
    "flow_uuid": a_flow(RESTS),
    "run_uuid": a_run(RESTS, paused=True),
    "before": a_run(RESTS),
    ("decide_flow_step", "run_uuid"): a_run(ASKS),
    ("decide_flow_step", "step"): lambda world: "may",
    ("renew_flow_hook", "flow_uuid"): lambda world: a_flow(RESTS, "webhook")(world)["flow"]["uuid"],
    ("receive_flow_hook", "secret"): a_hook,
    "template_name": lambda world: "segment_refresh",
    "approval_uuid": lambda world: world.office.approval,
    "webhook-subscriptions":
        made("create_webhook_subscription", event_type="reward_updated", status="ACTIVE"),
    "subscription_uuid": made("create_webhook_subscription"),
    "delivery_uuid": made("send_test_webhook"),
    "token_uuid": made("create_account_token"),
    "audience-pushes": a_push, ("push_segment", "segment_uuid"): made("create_segment"),
    ("list_audience_pushes", "segment_uuid"): made("create_segment"),
    ("push_segment", "connection"): lambda world: a_list(world)["handle"],
    ("update_custom_attribute", "name"): made("create_custom_attribute", "name"),
    ("find_voucher_by_code", "code"): made("create_voucher", "code"),
    ("redeem_voucher", "code"): made("create_voucher", "code"),
    ("redeem_voucher_times", "code"): made("create_voucher", "code"),
    ("find_product", "external_identifier"): named("create_product", "external_identifier"),
    ("find_product_category", "external_identifier"):
        named("create_product_category", "external_identifier"),
    # Of those with a sign-in in the browser the one that need not be asked for it.
    ("start_connection", "connector"): lambda world: "slack",
    ("find_contact", "email"): mail,
    ("send_contact_verification_email", "email"): mail,
    ("set_user_role", "email"): user,
    ("remove_user", "email"): user,
}
MAKERS |= {(f"get_{what}", side): lambda world: "2026-01-01"
           for what in ("loyalty_figures", "repeat_cohorts", "tier_flow") for side in ("from", "to")}
MAKERS |= {(f"{verb}_contact_{noun}", "contact_identifier_value"): identifier
           for verb, noun in (("find", "identifier"), ("update", "identifiers"), ("delete", "identifier"),
                              ("link", "identifier"), ("unlink", "identifier"))}
EXTRAS = {
    # Told of nothing: of hundreds each contact that is made would be told to all.
    "create_webhook_subscription": lambda world: {"status": "INACTIVE"},
    "install_flow_template": lambda world: {
        "name": world.text(), "grant": True, "parameters": {
            "segment_uuid": made("create_segment")(world), "connection": a_list(world)["handle"],
            "list": "regulars"}},
    "create_credit_reception": lambda world: {"credits": 1, "contact_uuid": world.office.contact},
    "create_user": lambda world: {"password": PASSWORD},
    "start_connection": lambda world: {"client_id": "1.2"},
    "explain_earning": lambda world: at_the_shop()(world) | {"unit_value": 1},
    "validate_voucher": at_the_shop("contact_uuid"),
    "redeem_voucher": at_the_shop("contact_uuid"),
    "redeem_voucher_times": at_the_shop("contact_uuid"),
    "create_booking": at_the_shop(),
    "create_reward_reception": at_the_shop(),
    "create_giftcard": lambda world: {"type": 1},
    "create_giftcard_transaction": at_the_shop(),
    "send_follow_up": lambda world: {
        "subscription_type_uuid": made("create_subscription_type")(world)},
    "get_campaign_metrics": lambda world: {"from": "2026-01-01", "to": "2026-01-02"},
    "create_segment": lambda world: {"conditions": CONDITIONS},
    "preview_segment": lambda world: {"conditions": CONDITIONS},
    "submit_form": lambda world: {"email": f"{world.text()}@example.com"},
    # Groups alone, with no rules that stand in others.
    "update_lead_model": lambda world: {"engagement_rules": []},
    "update_contact": lambda world: {"attributes": {"firstname": world.text()}},
}
