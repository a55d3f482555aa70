"""listmonk's stand-in: its subscribers and lists, as far as the tests need them
(https://listmonk.app/docs/apis/subscribers/, https://listmonk.app/docs/apis/lists/)."""

import base64
import re

from audience_service import AudienceAnswer, AudienceService

NOW = "2026-01-01T10:00:00.000000+01:00"


class Listmonk(AudienceService):
    def __init__(self, user="piggy", token="secret-token"):
        super().__init__(Answer)
        self.key, self.url = f"{user}:{token}", self.root
        self.lists = {1: "Default list", 2: "Regulars"}
        self.subscribers = {}  # id -> {"email", "status", "lists": {id: subscription status}}

    def members(self, number):
        return {one["email"] for one in self.subscribers.values()
                if one["lists"].get(int(number)) == "confirmed"}

    def subscriber(self, email, status="enabled", **lists):
        number = len(self.subscribers) + 1
        self.subscribers[number] = {"email": email, "name": email, "status": status, "attribs": {},
                                    "lists": {int(name[1:]): word for name, word in lists.items()}}
        return number


class Answer(AudienceAnswer):
    routes = [("GET", r"/api/lists", "all_lists"), ("GET", r"/api/lists/(\d+)", "one_list"),
              ("GET", r"/api/subscribers", "query_subscribers"),
              ("POST", r"/api/subscribers", "create"),
              ("PUT", r"/api/subscribers/lists", "change_lists")]

    def unauthorized(self):
        expected = "Basic " + base64.b64encode(self.server.key.encode()).decode()
        if self.headers.get("Authorization") != expected:
            return 401, {"message": "invalid session"}
        return None

    def nothing_there(self):
        return 404, {"message": "Not Found"}

    def shown_list(self, number):
        count = sum(number in one["lists"] for one in self.server.subscribers.values())
        return {"id": number, "created_at": NOW, "updated_at": NOW, "uuid": f"list-{number}",
                "name": self.server.lists[number], "type": "private", "optin": "single", "tags": [],
                "subscriber_count": count}

    def shown(self, number):
        one = self.server.subscribers[number]
        lists = [{"subscription_status": status} | {name: self.shown_list(list_)[name] for name in
                                                    ("id", "uuid", "name", "type", "tags")}
                 for list_, status in one["lists"].items()]
        return {"id": number, "created_at": NOW, "updated_at": NOW, "uuid": f"subscriber-{number}",
                "email": one["email"], "name": one["name"], "attribs": one["attribs"],
                "status": one["status"], "lists": lists}

    def page_of(self, rows, show):
        page, size = int(self.first("page", "1")), int(self.first("per_page", "20"))
        part = rows[(page - 1) * size:page * size]
        return 200, {"data": {"results": [show(row) for row in part], "total": len(rows),
                              "per_page": size, "page": page}}

    def all_lists(self):
        return self.page_of(sorted(self.server.lists), self.shown_list)

    def one_list(self, number):
        if int(number) not in self.server.lists:
            return 400, {"message": "List not found"}
        return 200, {"data": self.shown_list(int(number))}

    def query_subscribers(self):
        rows = sorted(self.server.subscribers)
        if self.first("list_id"):
            number, status = int(self.first("list_id")), self.first("subscription_status")
            rows = [row for row in rows if number in self.server.subscribers[row]["lists"]
                    and status in (None, self.server.subscribers[row]["lists"][number])]
        if self.first("query"):
            # The one expression that is asked here. A quote within a literal is doubled in SQL.
            found = re.fullmatch(r"subscribers\.email IN \((.*)\)", self.first("query"))
            if not found or not re.fullmatch(r"('([^']|'')*',?)+", found[1]):
                return 400, {"message": "error querying subscribers: syntax error"}
            wanted = {text.replace("''", "'") for text in re.findall(r"'((?:[^']|'')*)'", found[1])}
            rows = [row for row in rows if self.server.subscribers[row]["email"] in wanted]
        return self.page_of(rows, self.shown)

    def create(self):
        sent, service = self.sent, self.server
        if "@" not in sent["email"] or service.refuses(sent["email"]):
            return 400, {"message": "Invalid email."}
        if any(one["email"] == sent["email"] for one in service.subscribers.values()):
            return 409, {"message": "E-mail already exists."}
        status = "confirmed" if sent.get("preconfirm_subscriptions") else "unconfirmed"
        number = service.subscriber(sent["email"], sent["status"])
        service.subscribers[number]["lists"] = {list_: status for list_ in sent["lists"]}
        return 200, {"data": self.shown(number)}

    def change_lists(self):
        sent = self.sent
        for number in sent["ids"]:
            lists = self.server.subscribers[number]["lists"]
            for list_ in sent["target_list_ids"]:
                if sent["action"] == "add":
                    lists[list_] = sent["status"]
                elif sent["action"] == "remove":
                    lists.pop(list_, None)
                elif list_ in lists:
                    lists[list_] = "unsubscribed"
        return 200, {"data": True}
