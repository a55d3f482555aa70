"""Klaviyo's stand-in: lists, profiles and bulk import jobs, as far as the tests need them
(https://developers.klaviyo.com/en/reference/api_overview). JSON:API; every request names a revision; an
import job is done a look or two after it was made."""

import json
import re

from audience_service import AudienceAnswer, AudienceService

JOB_MAX = 10_000
RELATIONSHIPS_MAX = 1_000


class Klaviyo(AudienceService):
    def __init__(self, key="pk_0123456789abcdef"):
        super().__init__(Answer)
        self.key, self.url = key, self.root
        self.lists = {"Y6nRLr": "Regulars", "X2bQPk": "Others"}
        self.on_list = {name: set() for name in self.lists}  # Ids of profiles.
        self.profiles, self.jobs = {}, {}  # Address -> id.

    def members(self, name):
        return {email for email, id_ in self.profiles.items() if id_ in self.on_list[name]}


def error(status, code, detail, pointer="/data"):
    return status, {"errors": [{"id": "1", "status": status, "code": code, "title": code,
                                "detail": detail, "source": {"pointer": pointer}}]}


class Answer(AudienceAnswer):
    content_type = "application/vnd.api+json"
    routes = [("GET", r"/api/accounts/?", "accounts"), ("GET", r"/api/lists/?", "all_lists"),
              ("GET", r"/api/lists/(\w+)/?", "one_list"),
              ("GET", r"/api/profiles/?", "find_profiles"),
              ("POST", r"/api/profile-bulk-import-jobs/?", "make_job"),
              ("GET", r"/api/profile-bulk-import-jobs/(\w+)/?", "job"),
              ("GET", r"/api/profile-bulk-import-jobs/(\w+)/import-errors/?", "job_errors"),
              ("DELETE", r"/api/lists/(\w+)/relationships/profiles/?", "remove")]

    def unauthorized(self):
        if self.headers.get("Authorization") != f"Klaviyo-API-Key {self.server.key}":
            return error(401, "not_authenticated", "Missing or invalid private key.")
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", self.headers.get("revision", "")):
            return error(400, "invalid", "A revision header is required.")
        return None

    def nothing_there(self):
        return error(404, "not_found", "A resource with this id does not exist.")

    def link(self, path):
        return f"{self.server.url}/api/{path}"

    def accounts(self):
        return 200, {"data": [{"type": "account", "id": "AbC123", "attributes": {
            "contact_information": {"organization_name": "Harbour"}}}]}

    def shown_list(self, name):
        return {"type": "list", "id": name, "attributes": {"name": self.server.lists[name]},
                "links": {"self": self.link(f"lists/{name}/")}}

    def pages_of(self, rows, size):
        """A page of rows, and the links of it; the cursor is where the next one begins."""
        begin = int(self.first("page[cursor]", "0"))
        end = begin + size
        path = self.path.split("?")[0]
        next_ = (f"{self.server.url}{path}?page%5Bcursor%5D={end}" if end < len(rows) else None)
        return rows[begin:end], {"self": self.server.url + self.path, "next": next_, "prev": None}

    def all_lists(self):
        part, links = self.pages_of(sorted(self.server.lists), 1)
        return 200, {"data": [self.shown_list(name) for name in part], "links": links}

    def one_list(self, name):
        if name not in self.server.lists:
            return self.nothing_there()
        shown = self.shown_list(name)
        if "profile_count" in self.first("additional-fields[list]", ""):
            shown["attributes"]["profile_count"] = len(self.server.on_list[name])
        return 200, {"data": shown}

    def find_profiles(self):
        found = re.fullmatch(r"any\(email,(\[.*\])\)", self.first("filter", ""))
        size = int(self.first("page[size]", "20"))
        if not found or size > 100:
            return error(400, "invalid", "Invalid filter provided", "/filter")
        wanted = json.loads(found[1])
        rows = [(email, id_) for email, id_ in self.server.profiles.items() if email in wanted]
        part, links = self.pages_of(rows, size)
        return 200, {"data": [{"type": "profile", "id": id_, "attributes": {"email": email}}
                              for email, id_ in part], "links": links}

    def make_job(self):
        service, data = self.server, self.sent["data"]
        profiles = data["attributes"]["profiles"]["data"]
        lists = [one["id"] for one in data.get("relationships", {}).get("lists", {}).get("data", [])]
        if data["type"] != "profile-bulk-import-job" or not profiles or len(profiles) > JOB_MAX:
            return error(400, "invalid", "Invalid input.", "/data/attributes/profiles")
        if any(name not in service.lists for name in lists):
            return error(404, "not_found", "A list with this id does not exist.")
        errors = []
        for place, profile in enumerate(profiles):
            email = profile["attributes"]["email"].lower()
            if "@" not in email or service.refuses(email):
                errors.append({"type": "import-error", "id": f"e{place}", "attributes": {
                    "code": "invalid", "title": "Invalid input.", "detail": "Invalid email address",
                    "source": {"pointer": f"/data/attributes/profiles/data/{place}/attributes/email"},
                    "original_payload": profile["attributes"]}})
                continue
            id_ = service.profiles.setdefault(email, f"P{len(service.profiles) + 1}")
            for name in lists:
                service.on_list[name].add(id_)
        number = f"J{len(service.jobs) + 1}"
        service.jobs[number] = {"looks": 0, "total": len(profiles), "errors": errors}
        return 202, {"data": self.shown_job(number)}

    def shown_job(self, number):
        job = self.server.jobs[number]
        status = ("queued", "processing", "complete")[min(job["looks"], 2)]
        done = job["total"] - len(job["errors"]) if status == "complete" else 0
        return {"type": "profile-bulk-import-job", "id": number, "attributes": {
            "status": status, "created_at": "2026-01-01T10:00:00+00:00", "total_count": job["total"],
            "completed_count": done,
            "failed_count": len(job["errors"]) if status == "complete" else 0},
            "links": {"self": self.link(f"profile-bulk-import-jobs/{number}/")}}

    def job(self, number):
        if number not in self.server.jobs:
            return self.nothing_there()
        self.server.jobs[number]["looks"] += 1
        return 200, {"data": self.shown_job(number)}

    def job_errors(self, number):
        if number not in self.server.jobs:
            return self.nothing_there()
        part, links = self.pages_of(self.server.jobs[number]["errors"],
                                    int(self.first("page[size]", "20")))
        return 200, {"data": part, "links": links}

    def remove(self, name):
        data = self.sent["data"]
        if name not in self.server.lists:
            return self.nothing_there()
        if len(data) > RELATIONSHIPS_MAX:
            return error(400, "invalid", "At most 1000 profiles.")
        self.server.on_list[name] -= {one["id"] for one in data}
        return 204, None
