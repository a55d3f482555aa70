"""Mailchimp's stand-in: an account's audiences and their members, as far as the tests need them
(https://mailchimp.com/developer/marketing/api/lists/). A batch is answered with 200 whatever became of
its members; errors of a whole request are problem documents; throttling at high volume is a 403
without a body."""

import base64
import hashlib

from audience_service import AudienceAnswer, AudienceService

BATCH_MAX = 500


class Mailchimp(AudienceService):
    def __init__(self, key="0123456789abcdef0123456789abcdef-us1"):
        super().__init__(Answer)
        self.key, self.url = key, self.root + "/3.0"
        self.lists = {"a1b2c3": "Regulars", "d4e5f6": "Others"}
        self.statuses = {name: {} for name in self.lists}  # Address in lower case -> status.

    def members(self, name):
        return {email for email, status in self.statuses[name].items() if status == "subscribed"}


def problem(status, title, detail):
    return status, {"type": "https://mailchimp.com/developer/marketing/docs/errors/", "title": title,
                    "status": status, "detail": detail, "instance": "0"}


class Answer(AudienceAnswer):
    routes = [("GET", r"/3\.0/", "account"), ("GET", r"/3\.0/ping", "ping"),
              ("GET", r"/3\.0/lists", "all_lists"), ("POST", r"/3\.0/lists/(\w+)", "batch"),
              ("GET", r"/3\.0/lists/(\w+)/members", "all_members"),
              ("GET", r"/3\.0/lists/(\w+)/members/(.+)", "member"),
              ("DELETE", r"/3\.0/lists/(\w+)/members/(.+)", "archive")]

    def unauthorized(self):
        given = self.headers.get("Authorization", "")
        try:
            key = base64.b64decode(given.removeprefix("Basic ")).decode().partition(":")[2]
        except ValueError:
            key = ""
        if key != self.server.key:
            return problem(401, "API Key Invalid", "Your API key may be invalid, or you've attempted "
                                                   "to access the wrong datacenter.")
        return None

    def nothing_there(self):
        return problem(404, "Resource Not Found", "The requested resource could not be found.")

    def account(self):
        return 200, {"account_id": "8d3a3db4d97663a9074efcc16", "account_name": "Harbour"}

    def ping(self):
        return 200, {"health_status": "Everything's Chimpy!"}

    def all_lists(self):
        count = int(self.first("count", "10"))
        lists = [{"id": name, "name": title, "stats": {"member_count": len(self.server.members(name))}}
                 for name, title in self.server.lists.items()][:count]
        return 200, {"lists": lists, "total_items": len(self.server.lists)}

    def shown(self, name, email):
        return {"id": hashlib.md5(email.encode()).hexdigest(), "email_address": email,
                "status": self.server.statuses[name][email], "list_id": name}

    def all_members(self, name):
        if name not in self.server.lists:
            return self.nothing_there()
        status, count = self.first("status"), int(self.first("count", "10"))
        found = [email for email, is_ in self.server.statuses[name].items()
                 if is_ == status or (status is None and is_ != "archived")]
        return 200, {"members": [self.shown(name, email) for email in found[:count]],
                     "list_id": name, "total_items": len(found)}

    def find(self, name, who):
        for email in self.server.statuses.get(name, ()):
            if who.lower() in (email, hashlib.md5(email.encode()).hexdigest()):
                return email
        return None

    def member(self, name, who):
        email = self.find(name, who)
        return (200, self.shown(name, email)) if email else self.nothing_there()

    def archive(self, name, who):
        email = self.find(name, who)
        if not email:
            return self.nothing_there()
        if self.server.statuses[name][email] == "archived":
            return problem(405, "Method Not Allowed",
                           "This list member cannot be removed.  Please contact support.")
        self.server.statuses[name][email] = "archived"
        return 204, None

    def batch(self, name):
        service, sent = self.server, self.sent
        if name not in service.lists:
            return self.nothing_there()
        if len(sent["members"]) > BATCH_MAX:
            return problem(400, "Invalid Resource", "You may only batch up to 500 members at a time.")
        made, changed, errors = [], [], []

        def refuse(email, error, code):
            errors.append({"email_address": email, "error": error, "error_code": code, "field": "",
                           "field_message": ""})

        for member in sent["members"]:
            email, statuses = member["email_address"].lower(), service.statuses[name]
            if "@" not in email or service.refuses(email):
                refuse(email, f"{email} looks fake or invalid, please enter a real email address.",
                       "ERROR_GENERIC")
            elif email in statuses and not sent.get("update_existing"):
                refuse(email, f"{email} is already a list member. Use PUT to insert or update list "
                              "members.", "ERROR_CONTACT_EXISTS")
            else:
                (changed if email in statuses else made).append(email)
                statuses[email] = member["status"]
        return 200, {"new_members": [self.shown(name, email) for email in made],
                     "updated_members": [self.shown(name, email) for email in changed],
                     "errors": errors, "total_created": len(made), "total_updated": len(changed),
                     "error_count": len(errors)}
