#!/usr/bin/python3
"""What may go wrong with an approval, on the program itself: two who decide at once, one that was
changed in the database, one that has ended, one that is used again, one of another persona. Each is
refused, stands on record, and changes nothing."""

import sqlite3
import sys
import threading
import uuid

from harness import POSTGRES, Client, Piggy, equal, expect, run, test
from mcp_client import Mcp
from office import PASSWORD, RECEPTION, Office, Person

ROUNDS = 10


class Question:
    """A persona's call that waits for a person."""

    def __init__(self, office, credits=7):
        self.office, self.contact = office, office.shop.new_contact()
        office.grant(RECEPTION, ask="always")
        self.token = office.new_token()
        self.mcp = Mcp(office.piggy, self.token, tasks=True)
        self.arguments = office.shop.reception(self.contact, credits)
        self.task = self.mcp.call(RECEPTION, **self.arguments)["taskId"]

    def decide(self, person, verdict="approve"):
        return person.ask("POST", f"/approvals/{self.task}/decision", {"verdict": verdict})

    @property
    def state(self):
        return self.office.boss.get(f"/approvals/{self.task}")["state"]

    @property
    def balance(self):
        return self.office.shop.balance(self.contact)

    def decisions_on_record(self):
        calls = self.office.boss.get("/audit/calls?operation=decide_approval&limit=100")
        told = [self.office.boss.get(f"/audit/calls/{call['uuid']}") for call in calls]
        return [call["outcome"] for call in told if self.task in str(call["arguments"])]


def change(office, sql, *parameters):
    """Behind the program's back, as somebody with the database file could."""
    office.piggy.stop()
    with sqlite3.connect(office.piggy.data / "piggy.db") as database:
        changed = database.execute(sql, parameters).rowcount
    database.close()
    equal(changed, 1, "the rows that were changed")
    office.piggy.start()
    for client in (office.boss.client, office.shop.client):
        client.close()


@test
def of_two_who_decide_at_once_one_does(office):
    email = f"second-{uuid.uuid4().hex[:8]}@shop.example"
    office.piggy.run("user", "create", "--data", office.piggy.data, "--account", "demo", "--email",
                     email, given=PASSWORD + "\n")
    people = [office.boss, Person(office.piggy, email)]
    for number in range(ROUNDS):
        question, verdicts = Question(office), ("approve", ("approve", "deny")[number % 2])
        barrier, answers = threading.Barrier(2), [None, None]

        def decide(index):
            barrier.wait()
            answers[index] = question.decide(people[index], verdicts[index])

        threads = [threading.Thread(target=decide, args=(index,)) for index in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        equal(sorted(answer.status for answer in answers), [200, 409], "the answers")
        won = verdicts[[answer.status for answer in answers].index(200)]
        equal(question.balance, 7 if won == "approve" else 0, f"the balance after {won}")
        equal(sorted(question.decisions_on_record()), ["done", "refused"], "the decisions on record")


@test
def what_was_decided_is_not_decided_again(office):
    for verdict, credits in (("approve", 7), ("deny", 0)):
        question = Question(office)
        equal(question.decide(office.boss, verdict).status, 200, "the status")
        for again in ("approve", "deny"):
            question.decide(office.boss, again).refused(409)
        equal(question.balance, credits, "the balance")
        equal(sorted(question.decisions_on_record()), ["done", "refused", "refused"], "on record")


@test
def an_approval_is_used_once(office):
    """The same call again learns the answer; after that it is a new question."""
    question = Question(office)
    question.decide(office.boss)
    plain = Mcp(office.piggy, question.token)
    equal(plain.does(RECEPTION, **question.arguments)["credits"], 7, "the answer that is collected")
    expect("approve" in plain.refused(RECEPTION, **question.arguments), "it acted twice by one yes")
    equal(question.balance, 7, "the balance")


@test
def an_approval_is_for_one_persona_and_one_input(office):
    question = Question(office)
    other = office.boss.post("/personas", name=f"Otto {uuid.uuid4().hex[:6]}")["uuid"]
    office.boss.put(f"/personas/{other}/grants", grants=[{"tool": RECEPTION, "ask": "always"}])
    mcp = Mcp(office.piggy, office.boss.post(f"/personas/{other}/tokens")["token"])
    question.decide(office.boss)
    equal(question.balance, 7, "the balance")
    expect("approve" in mcp.refused(RECEPTION, **question.arguments), "another persona used it")
    more = question.arguments | {"credits": 700}
    same = Mcp(office.piggy, question.token)
    expect("approve" in same.refused(RECEPTION, **more), "more was done than was approved")
    equal(question.balance, 7, "the balance afterwards")


@test
def neither_the_persona_nor_a_program_decides(office):
    question = Question(office)
    path, body = f"//platform/approvals/{question.task}/decision", {"verdict": "approve"}
    for token in (office.new_token(), office.shop.token, office.piggy.new_token("mcp")):
        answer = Client(office.piggy.port, token).post(path, body)
        expect(answer.status in (401, 403), f"{answer.status}: {answer.body!r}")
    named = Client(office.piggy.port, office.shop.token).post(
        "//platform/operations/decide_approval", {"approval_uuid": question.task} | body)
    expect(named.status in (401, 403), f"{named.status}: {named.body!r}")
    equal(Client(office.piggy.port).post(path, body).status, 401, "without a token")
    without_proof = office.boss.ask("POST", f"/approvals/{question.task}/decision", body, proof=False)
    equal(without_proof.status, 403, "a page of another site")
    equal((question.state, question.balance), ("pending", 0), "what became of it")


if not POSTGRES:
    @test
    def an_approval_that_was_changed_in_the_database_is_not_carried_out(office):
        """The person saw 7 points; the row now says 700, or names another persona or tool."""
        for column, value in (("arguments", None), ("tool", "merge_contacts"), ("persona_id", 1)):
            question = Question(office)
            shown = office.boss.get(f"/approvals/{question.task}")
            equal(shown["arguments"]["credits"], 7, "what the person sees")
            if column == "arguments":
                change(office, "UPDATE approval SET arguments = replace(arguments, '\"credits\":7', "
                               "'\"credits\":700') WHERE uuid = ?", uuid.UUID(question.task).bytes)
            else:
                change(office, f"UPDATE approval SET {column} = ? WHERE uuid = ?", value,
                       uuid.UUID(question.task).bytes)
            answer = question.decide(office.boss)
            expect("altered" in answer.refused(409)["message"], f"{column}: {answer.body!r}")
            equal(question.balance, 0, f"the balance after another {column}")
            equal(question.decisions_on_record(), ["refused"], "the decisions on record")

    @test
    def an_approval_that_has_ended_is_not_carried_out(office):
        question = Question(office)
        change(office, "UPDATE approval SET expires_at = created_at + 1 WHERE uuid = ?",
               uuid.UUID(question.task).bytes)
        question.decide(office.boss).refused(409)
        equal(question.balance, 0, "the balance")
        equal(question.decisions_on_record(), ["refused"], "the decisions on record")
        expect(question.task not in [a["uuid"] for a in office.boss.get("/approvals?state=pending")],
               "it still waits")


@test
def the_record_and_the_books_are_whole_afterwards(office):
    office.piggy.verify()


def main():
    with Piggy() as piggy:
        return run(Office(piggy))


if __name__ == "__main__":
    sys.exit(main())
