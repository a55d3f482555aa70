#!/usr/bin/python3
"""Forms as strangers meet them: the page without any script, the snippet's route, mails that ask
whether it was really them, what is taken for spam, and what is left when somebody is forgotten."""

import email
import email.policy
import html.parser
import re
import sys
import threading
import time
import urllib.parse
import uuid

from harness import Client, Piggy, equal, expect, run, test, wait_until
from office import Office, new_account

ARRIVAL_SECONDS = 20
FILL_SECONDS = 2.1  # Faster than that is no person.
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>\' & {{7*7}}'


class Page(html.parser.HTMLParser):
    """The fields of a page's form as a browser would send them, and what is told of each."""

    def __init__(self, answer):
        super().__init__()
        self.status, self.headers, self.text = answer.status, answer.headers, answer.body.decode()
        self.tags, self.values, self.action, self.labels, self.problems = [], {}, None, set(), {}
        self.inside = None
        self.feed(self.text)

    def handle_starttag(self, tag, attributes):
        with_names = dict(attributes)
        self.tags.append(tag)
        self.inside = (tag, with_names)
        if tag == "form":
            self.action = with_names["action"]
        if tag == "label" and "for" in with_names:
            self.labels.add(with_names["for"])
        ticked = with_names.get("type") != "checkbox" or "checked" in with_names
        if tag in ("input", "textarea", "select") and ticked:
            self.values[with_names["name"]] = with_names.get("value", "")

    def handle_data(self, data):
        tag, attributes = self.inside or ("", {})
        if tag == "textarea":
            self.values[attributes["name"]] = data.removeprefix("\n")
        if tag == "p" and "data-problem" in attributes and data.strip():
            self.problems[attributes["data-problem"]] = data

    def handle_endtag(self, tag):
        self.inside = None


class Visitor:
    def __init__(self, piggy, language=None):
        self.piggy = piggy
        self.client = Client(piggy.port)
        self.headers = {"Accept-Language": language} if language else {}

    def open(self, path):
        return Page(self.client.call("GET", "/" + path, headers=self.headers))

    def send(self, page, wait=FILL_SECONDS, **answers):
        """As a browser does: the page's own fields with what was filled in, after some time."""
        time.sleep(wait)
        answer = self.client.post("/" + page.action, form=page.values | answers, headers=self.headers)
        while answer.status == 303:
            answer = self.client.call("GET", "/" + answer.headers["location"], headers=self.headers)
        return Page(answer)

    def submit(self, form, **answers):
        return self.client.post(f"//api/v1/forms/{form}/public/submit", answers, headers=self.headers)


def address():
    return f"{uuid.uuid4().hex}@example.com"


def make_form(boss, *more, **others):
    fields = [{"name": "email", "label": "E-mail", "type": "email", "required": True},
              {"name": "note", "label": "Note", "type": "long_text"}, *more]
    return boss.post("/forms", **({"name": "Tell us", "status": "PUBLISHED", "fields": fields} | others))["uuid"]


def submissions(boss, form, state=None):
    return boss.get(f"/forms/{form}/submissions" + (f"?state={state}" if state else ""))


def mails_to(piggy, to):
    found = []
    for file in sorted((piggy.data / "outbox").glob("*.eml")):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        if message["To"] and to in message["To"]:
            found.append(message.get_body(("plain",)).get_content())
    return found


def mail_to(piggy, to):
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while not (found := mails_to(piggy, to)):
        expect(time.monotonic() < deadline, f"no mail to {to} in {ARRIVAL_SECONDS} s")
        time.sleep(0.05)
    return found[0]


def consent_form(office):
    boss = office.boss
    news = boss.post("/subscription-types", name="News", strategy="DOUBLE_OPT_IN")["uuid"]
    return make_form(boss, {"name": "news", "label": "News", "type": "consent",
                            "text": "Send me news & offers.", "subscription_type_uuid": news})


def export(office):
    """All that is kept of the account, the record of calls with it."""
    return office.piggy.run("export", "--data", office.piggy.data, "--account", "demo").stdout


def find(office, to):
    return office.shop.client.get("/contacts/find-one-by", email=to)


@test
def a_page_is_filled_in_without_any_script(office):
    form, visitor, ann = make_form(office.boss), Visitor(office.piggy), address()
    listed = next(one for one in office.shop.client.get("/forms").data if one["uuid"] == form)
    page = visitor.open(urllib.parse.urlsplit(listed["url"]).path)
    equal(page.status, 200, "the status")
    policy = page.headers["content-security-policy"]
    expect("default-src 'none'" in policy and "script-src" not in policy, policy)
    expect("form-action 'self'" in policy and "unsafe" not in policy, policy)
    expect("script" not in page.tags, "the page has a script")
    for name in ("email", "note"):
        expect(f"field-{name}" in page.labels, f"{name} has no label")
    done = visitor.send(page, email=ann, note="Hello")
    equal(done.status, 200, "the status of the last page")
    expect("Thank you" in done.text, done.text)
    equal(submissions(office.boss, form)[0]["answers"], {"email": ann, "note": "Hello"}, "the answers")
    equal(find(office, ann).data["email"], ann, "the contact")


@test
def all_that_is_wrong_stands_beside_its_field_and_answers_are_kept(office):
    form, visitor = make_form(office.boss, {"name": "age", "label": "Age", "type": "number"}), Visitor(office.piggy)
    page = visitor.send(visitor.open(f"/forms/{form}"), wait=0, email="nobody", age="old", note="Keep <me>")
    equal(page.status, 422, "the status")
    equal(set(page.problems), {"email", "age"}, "the fields with problems")
    equal(page.values["note"], "Keep <me>", "what was answered")
    equal(page.values["email"], "nobody", "what was answered")
    expect('role="alert"' in page.text and 'aria-invalid="true"' in page.text, "nothing is announced")
    equal(submissions(office.boss, form), [], "the submissions")
    equal(visitor.send(page, email=address(), age="5").status, 200, "sent once more")
    equal(len(submissions(office.boss, form)), 1, "the submissions")


@test
def a_link_with_a_code_brings_a_friend_also_after_something_was_wrong(office):
    form, visitor, client = make_form(office.boss), Visitor(office.piggy), office.shop.client
    ann = client.post("/contacts", {"email": address()}).data["uuid"]
    code = client.get(f"/contacts/{ann}").data["current_values"]["referral_code"]
    page = visitor.send(visitor.open(f"/forms/{form}?referral_code={code}"), wait=0, email="nobody")
    equal((page.status, page.values["_referral_code"]), (422, code), "what the page keeps")
    friend = address()
    equal(visitor.send(page, email=friend).status, 200, "the status of the last page")
    brought = lambda: client.get("/referrals", referring_contact_uuid=ann).data
    wait_until(brought, "the referral")
    equal([(one["status"], one["referred_contact"]["email"]) for one in brought()], [("pending", friend)], "the referral")
    for query in (urllib.parse.quote(HOSTILE), "X" * 65, "&referral_code[]=1", "%ff%00"):
        page = visitor.open(f"/forms/{form}?referral_code={query}")
        equal(page.status, 200, query)
        expect("script" not in page.tags and "img" not in page.tags, f"{query} became markup")
        expect(len(page.values.get("_referral_code", "")) <= 64, f"{query} was kept")


@test
def every_text_of_a_form_is_shown_as_text(office):
    form = office.boss.post("/forms", name=HOSTILE, status="PUBLISHED", fields=[
        {"name": "email", "label": HOSTILE, "type": "email", "help": HOSTILE},
        {"name": "note", "label": HOSTILE},
        {"name": "one", "label": HOSTILE, "type": "select", "options": [{"value": HOSTILE, "label": HOSTILE}]},
        {"name": "some", "label": HOSTILE, "type": "multi_select",
         "options": [{"value": HOSTILE, "label": HOSTILE}]}],
        page={"introduction": HOSTILE, "button": HOSTILE[:60], "thanks": HOSTILE})["uuid"]
    visitor = Visitor(office.piggy)
    pages = [visitor.open(f"/forms/{form}")]
    pages.append(visitor.send(pages[0], wait=0, email=HOSTILE, note=HOSTILE, one=HOSTILE, **{"some[]": HOSTILE}))
    equal(pages[1].status, 422, "the status")
    pages.append(visitor.send(pages[1], email=address(), note=HOSTILE, one=HOSTILE))
    equal(pages[2].status, 200, "the status")
    for page in pages:
        expect(not {"script", "img"} & set(page.tags), f"a text became HTML: {page.tags}")
    snippet = office.boss.get(f"/forms/{form}/snippet")["html"]
    equal(re.findall(r"<script\b", snippet), ["<script"], "the scripts of the snippet")
    expect("<img" not in snippet, snippet)
    equal(submissions(office.boss, form)[0]["answers"]["note"], HOSTILE, "the answer")


@test
def what_only_programs_do_is_spam_and_they_are_not_told(office):
    form, visitor = make_form(office.boss), Visitor(office.piggy)
    trapped, hasty, good = address(), address(), address()
    equal(visitor.send(visitor.open(f"/forms/{form}"), email=trapped, _website="x").status, 200, "the status")
    equal(visitor.send(visitor.open(f"/forms/{form}"), wait=0, email=hasty).status, 200, "the status")
    visitor.submit(form, email=address(), _stamp="1.00000000000000000000000000000000").data
    equal(len(submissions(office.boss, form, "spam")), 3, "the spam")
    equal(submissions(office.boss, form, "completed"), [], "the others")
    for bad in (trapped, hasty):
        find(office, bad).refused(400)
    # Whoever brings no stamp, as the snippet does without its script, is shown the page once.
    page = visitor.send(Page(visitor.client.call("GET", f"//forms/{form}")), wait=0, email=good, _stamp="")
    equal(page.values["email"], good, "what was answered")
    expect("Nothing was sent yet" in page.text, page.text)
    visitor.send(page)
    equal(len(submissions(office.boss, form, "completed")), 1, "the others")
    spam = submissions(office.boss, form, "spam")[-1]
    office.boss.post(f"/form-submissions/{spam['uuid']}/not-spam")
    equal(find(office, trapped).data["email"], trapped, "the contact")


@test
def a_hundred_deliveries_at_once_are_one_lead(office):
    form, ann = make_form(office.boss), address()
    answers, lock = [], threading.Lock()

    def deliver(key):
        client = Client(office.piggy.port)
        for _ in range(10):
            answer = client.post(f"//api/v1/forms/{form}/public/submit",
                                 {"email": ann, "note": "once"} | ({"_key": key} if key else {}))
            with lock:
                answers.append(answer)

    key = uuid.uuid4().hex
    threads = [threading.Thread(target=deliver, args=(key if i % 2 else None,)) for i in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(len(answers), 100, "the answers")
    equal(len({answer.data["uuid"] for answer in answers}), 1, "different submissions")
    equal(len(submissions(office.boss, form)), 1, "the submissions")
    exported = export(office)
    equal(exported.count(f'"{ann}"') > 0, True, "whether the contact is exported")
    told = [line for line in exported.splitlines() if "form_submission_completed" in line and ann in line]
    equal(len(told), 1, "the events")


@test
def a_double_opt_in_is_confirmed_by_the_mails_link_once(office):
    form, visitor, ann = consent_form(office), Visitor(office.piggy), address()
    done = visitor.send(visitor.open(f"/forms/{form}"), email=ann, news="true")
    expect("e-mail" in done.text, done.text)
    contact = find(office, ann).data["uuid"]

    def subscribed():
        said = office.shop.client.get(f"/contact-subscriptions/{contact}").data
        return next(one["status"] for one in said if one["status"] != "UNSUBSCRIBED")

    equal(subscribed(), "PENDING_CONFIRMATION", "the status")
    text = mail_to(office.piggy, ann)
    expect("Send me news & offers." in text, text)
    link = re.search(r"/forms/confirm/\S+", text).group()
    for _ in range(3):  # Programs that look at mails follow links.
        page = visitor.open(link)
        equal(page.status, 200, "the status of the link")
    equal(subscribed(), "PENDING_CONFIRMATION", "the status after the link was looked at")
    equal(visitor.open(link[:-1] + ("0" if link[-1] != "0" else "1")).status, 404, "of a forged link")
    equal(visitor.send(page, wait=0).status, 200, "the status of the button")
    equal(subscribed(), "SUBSCRIBED", "the status")
    equal(visitor.send(page, wait=0).status, 409, "the button once more")
    equal(visitor.open(link).status, 409, "the link once more")
    proof, = office.boss.get(f"/contacts/{contact}/consent-proofs")
    equal((proof["state"], proof["text"], proof["form_version"]), ("confirmed", "Send me news & offers.", 1),
          "the proof")
    equal((proof["given_address"], proof["confirmed_address"]), ("127.0.0.1", "127.0.0.1"), "the addresses")
    expect(proof["given_at"] <= proof["confirmed_at"], proof)


@test
def a_visitor_whose_browser_asks_for_dutch_is_answered_in_dutch(office):
    form, ann = consent_form(office), address()
    visitor, english = Visitor(office.piggy, "nl-BE,nl;q=0.9,en;q=0.4"), Visitor(office.piggy, "de, nl;q=0, *;q=0.1")

    def says(page, status, *texts, language="nl"):
        equal(page.status, status, "the status")
        expect(f'<html lang="{language}">' in page.text, page.text)
        equal(page.headers["vary"], "Accept-Language", "what it varies by")
        for text in texts:
            expect(text in page.text, f"{text} is not in {page.text}")

    page = visitor.open(f"/forms/{form}")
    says(page, 200, "(niet verplicht)", ">Verstuur</button>", "Laat dit leeg")
    says(english.open(f"/forms/{form}"), 200, "(optional)", ">Send</button>", language="en")
    wrong = visitor.send(page, wait=0, email=HOSTILE)
    says(wrong, 422, "Er is nog niets verstuurd. Kijk dit nog even na:")
    equal(wrong.problems, {"email": "Dit moet een geldig e-mailadres zijn."}, "the problems")
    expect("script" not in wrong.tags and "img" not in wrong.tags, f"an answer became HTML: {wrong.tags}")
    says(visitor.send(page, wait=0, email=ann, _stamp=""), 200, "Er is nog niets verstuurd. Kijk het nog een keer na.")
    refused = visitor.submit(form, email="nobody").refused(400)
    equal(refused["errors"], {"email": ["Het veld email moet een geldig e-mailadres zijn."]}, "what the snippet is told")
    says(visitor.send(page, email=ann, news="true"), 200, "Bedankt. We hebben het ontvangen.", "Kijk in je e-mail")
    says(visitor.open(f"/forms/{uuid.uuid4()}"), 404, "Deze pagina bestaat niet")

    text = mail_to(office.piggy, ann)
    expect("Was jij dat? Bevestig het hier, binnen zeven dagen:" in text, text)
    link = re.search(r"/forms/confirm/\S+", text).group()
    says(english.open(link), 200, "Did you agree to this?", language="en")
    # What the contact chose comes before what its browser asks for, but only for who has the secret.
    contact = find(office, ann).data["uuid"]
    office.shop.client.put(f"/contacts/{contact}", {"attributes": {"locale": "nl"}}).data
    page = english.open(link)
    says(page, 200, "Ging je hiermee akkoord?", "Ja, ik ga akkoord")
    says(english.open(link[:-1] + ("0" if link[-1] != "0" else "1")), 404, "This link does not work", language="en")
    says(english.send(page, wait=0), 200, "Je hebt het bevestigd.")
    says(english.open(link), 409, "Dit lukt niet", "Dit is al bevestigd.")
    says(english.open(f"/forms/{form}"), 200, ">Send</button>", language="en")


@test
def an_erased_contact_leaves_no_answers(office):
    form, visitor, ann = consent_form(office), Visitor(office.piggy), address()
    secret = "secret " + uuid.uuid4().hex
    visitor.submit(form, email=ann, note=secret, news=True).data
    contact = find(office, ann).data["uuid"]
    link = re.search(r"/forms/confirm/\S+", mail_to(office.piggy, ann)).group()
    office.shop.client.post(f"/contacts/{contact}/delete", {"type": "GDPR"}).data
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while submissions(office.boss, form)[0]["answers"]:
        expect(time.monotonic() < deadline, "the answers stay")
        time.sleep(0.05)
    equal(visitor.open(link).status, 409, "the status of the link")
    expect(secret not in export(office), "the answer stays somewhere")


@test
def other_tenants_see_and_change_nothing(office):
    form, visitor = make_form(office.boss), Visitor(office.piggy)
    kept = visitor.submit(form, email=address()).data["uuid"]
    stranger = Office(office.piggy, new_account(office.piggy)).boss
    for method, path, body in (("GET", f"/forms/{form}", None), ("GET", f"/forms/{form}/submissions", None),
                               ("GET", f"/forms/{form}/snippet", None), ("PUT", f"/forms/{form}", {"name": "x"}),
                               ("DELETE", f"/forms/{form}", None),
                               ("POST", f"/form-submissions/{kept}/spam", {}),
                               ("POST", f"/form-submissions/{kept}/confirmation-mail", {})):
        stranger.ask(method, path, body).refused(404)
    equal(office.boss.get(f"/forms/{form}")["name"], "Tell us", "the form's name")


@test
def a_form_that_is_not_open_has_no_page_script_or_route(office):
    visitor = Visitor(office.piggy)
    for options in ({"status": "DRAFT"}, {"type": "PRIVATE"}):
        form = make_form(office.boss, **options)
        for path in ("", "/sent", "/stamp", "/form.js"):
            equal(visitor.client.call("GET", f"//forms/{form}{path}").status, 404, f"{options} {path}")
        equal(visitor.client.call("OPTIONS", f"//api/v1/forms/{form}/public/submit").status, 404, "OPTIONS")
        expect(visitor.submit(form, email=address()).status in (400, 404), "it was sent")
    for path in ("//forms/", "//forms/x", f"//forms/{uuid.uuid4()}", "//forms/confirm/", "//forms/confirm/x"):
        equal(visitor.client.call("GET", path).status, 404, path)
    equal(visitor.client.call("PUT", f"//forms/{uuid.uuid4()}").status, 405, "PUT")


@test
def the_snippet_sends_from_any_site(office):
    form, client = make_form(office.boss), Client(office.piggy.port)
    snippet = office.boss.get(f"/forms/{form}/snippet")
    expect(f'data-piggy-form="{form}"' in snippet["html"], snippet)
    path = urllib.parse.urlsplit(snippet["script_url"]).path
    script = client.call("GET", "/" + path)
    expect(script.headers["content-type"].startswith("text/javascript"), script.headers)
    elsewhere = {"Origin": "https://shop.example"}
    stamp = client.call("GET", f"//forms/{form}/stamp", headers=elsewhere)
    equal(stamp.headers["access-control-allow-origin"], "*", "who may read the stamp")
    route = urllib.parse.urlsplit(snippet["submit_url"]).path
    asked = client.call("OPTIONS", "/" + route, headers=elsewhere | {"Access-Control-Request-Method": "POST"})
    equal((asked.status, asked.headers["access-control-allow-origin"]), (204, "*"), "what browsers ask first")
    time.sleep(FILL_SECONDS)
    for answers, status in (({"email": "nobody"}, 400), ({"email": address()}, 200)):
        answer = client.post("/" + route, form=answers | {"_stamp": stamp.json["stamp"], "_key": uuid.uuid4().hex},
                             headers=elsewhere)
        equal(answer.status, status, "the status")
        equal(answer.headers["access-control-allow-origin"], "*", "who may read the answer")
    equal(len(submissions(office.boss, form, "completed")), 1, "the submissions")


@test
def whose_word_is_taken_on_where_it_comes_from(office):
    form, visitor, ann = consent_form(office), Visitor(office.piggy), address()
    visitor.client.post(f"//api/v1/forms/{form}/public/submit", {"email": ann, "news": True},
                        headers={"X-Forwarded-For": "203.0.113.9", "User-Agent": "caf\u00e9 <b>"}).data
    proof, = office.boss.get(f"/contacts/{find(office, ann).data['uuid']}/consent-proofs")
    equal(proof["given_address"], "127.0.0.1", "the address by default")
    with Piggy(["--trusted-proxies", "127.0.0.1", "--form-rate-per-address", "3"]) as piggy:
        other = Office(piggy)
        form, client = consent_form(other), Client(piggy.port)

        def send(source):
            return client.post(f"//api/v1/forms/{form}/public/submit", {"email": (to := address()), "news": True},
                               headers={"X-Forwarded-For": f"6.6.6.6, {source}"}), to

        answer, to = send("203.0.113.9")
        proof, = other.boss.get(f"/contacts/{find(other, to).data['uuid']}/consent-proofs")
        equal(proof["given_address"], "203.0.113.9", "the address behind the proxy")
        statuses = [send("203.0.113.9")[0] for _ in range(6)]
        equal([one.status for one in statuses], [200] * 5 + [429], "the statuses from one address")
        expect(int(statuses[-1].headers["retry-after"]) >= 1, statuses[-1].headers)
        equal(send("203.0.113.10")[0].status, 200, "the status from another address")


def main():
    with Piggy(["--form-rate-per-address", "600"]) as piggy:
        return run(Office(piggy))


if __name__ == "__main__":
    sys.exit(main())
