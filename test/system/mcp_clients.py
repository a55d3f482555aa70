#!/usr/bin/python3
"""The program's own /mcp, as the client libraries and the command line that others use see it.

The libraries are both majors of the official TypeScript SDK, the command line is the MCP
inspector's; tools/npm.sh installs them, pinned, into build/. A program of test/clients does with a
library what an agent would, and prints what it saw; what that must be stands here.
"""

import json
import sys
import uuid

from harness import equal, expect, run_in_a_shop, test
from mcp_programs import INSPECTOR, install, node

MODERN = "2026-07-28"
LEGACY = "2025-11-25"
FOURTEEN = {f"piggy_{name}" for name in (
    "claim_anonymous_contact", "create_contact_attribute", "create_credit_reception",
    "create_vouchers_batch", "find_or_create_products", "find_voucher_by_code",
    "get_contact_auth_token", "get_contact_credit_balance", "list_forms", "list_perks",
    "merge_contacts", "send_contact_verification_email", "update_bookings",
    "update_contact_identifiers")}


def a_day(piggy, shop, *program):
    """What the program saw, and the contact of its day."""
    contact = shop.new_contact()
    given = {"url": f"http://127.0.0.1:{piggy.port}/mcp", "token": piggy.new_token("mcp"),
             "contact": contact, "shop": shop.shop, "promotion": shop.promotion,
             "key": uuid.uuid4().hex}
    lines = node(*program, given=json.dumps(given)).splitlines()
    equal(len(lines), 1, "the lines it prints")
    return json.loads(lines[0]), contact


def check_tools(tools):
    found = {tool["name"]: tool for tool in tools}
    expect(FOURTEEN <= set(found), f"missing: {FOURTEEN - set(found)}")
    for name in FOURTEEN:
        for side in ("inputSchema", "outputSchema"):
            schema = found[name].get(side)
            expect(schema and schema["type"] == "object" and "properties" in schema,
                   f"{side} of {name} is {schema}")
        expect(found[name]["description"], f"{name} does not say what it does")
    hints = found["piggy_get_contact_credit_balance"]["annotations"]
    equal(hints["readOnlyHint"], True, "whether asking for a balance only reads")


def check_day(shop, seen, contact):
    equal(seen["server"]["name"], "piggy", "the server")
    expect("idempotencyKey" in seen["instructions"], f"the instructions are {seen['instructions']!r}")
    check_tools(seen["tools"])
    for step in ("before", "tried", "afterTried", "first", "second", "after", "vouchers"):
        expect(not seen[step]["isError"], f"{step}: {seen[step]}")
        equal(json.loads(seen[step]["text"]), seen[step]["structured"], f"the text of {step}")
    for step, credits in {"before": 0, "afterTried": 0, "after": 5}.items():
        equal(seen[step]["structured"], {"balance": credits}, step)
    effect = seen["tried"]["structured"]["effect"][0]
    equal((effect["before"], effect["after"]), (0, 5), "the effect of the dry run")
    equal(seen["first"]["structured"]["credits"], 5, "the credits given")
    equal(seen["second"]["structured"], seen["first"]["structured"], "the repeated answer")
    equal(shop.balance(contact), 5, "the balance for the shop's own software")
    expect(seen["refused"]["isError"], f"not refused: {seen['refused']}")
    for field in ("promotion_uuid", "quantity", "contact_uuid", "colour"):
        expect(field in seen["refused"]["text"], f"{field} is not named: {seen['refused']['text']}")
    equal(seen["vouchers"]["structured"]["status"], "PENDING", "the state of the batch")


@test
def the_first_major_of_the_sdk_has_a_session_and_a_day(piggy, shop):
    seen, contact = a_day(piggy, shop, "sdk1.mjs")
    equal(seen["version"], LEGACY, "the revision")
    expect(seen["session"], "there is no session")
    expect("tasks" not in seen["capabilities"], "tasks of the old kind are promised")
    check_day(shop, seen, contact)


@test
def the_second_major_finds_the_newest_revision_by_itself(piggy, shop):
    seen, contact = a_day(piggy, shop, "sdk2.mjs", "auto")
    equal((seen["version"], seen["era"]), (MODERN, "modern"), "the revision")
    check_day(shop, seen, contact)


@test
def the_second_major_insists_on_the_newest_revision_and_follows_a_task(piggy, shop):
    seen, contact = a_day(piggy, shop, "sdk2.mjs", MODERN)
    equal(seen["version"], MODERN, "the revision")
    check_day(shop, seen, contact)
    expect("io.modelcontextprotocol/tasks" in seen["capabilities"]["extensions"], "no tasks")
    task = seen["task"]
    equal(task["type"], "task", "the kind of the answer")
    equal(task["states"], ["working", "completed"], "the states of the task")
    batch = task["result"]["structuredContent"]
    equal((batch["uuid"], batch["status"]), (task["taskId"], "COMPLETED"), "what the task came to")


@test
def the_second_major_speaks_the_old_revisions_too(piggy, shop):
    seen, contact = a_day(piggy, shop, "sdk2.mjs", "legacy")
    equal((seen["version"], seen["era"]), (LEGACY, "legacy"), "the revision")
    check_day(shop, seen, contact)


def inspect(piggy, token, era, *arguments):
    """The result the inspector's command line prints."""
    said = node(INSPECTOR, "--cli", f"http://127.0.0.1:{piggy.port}/mcp", "--transport", "http",
                "--header", f"Authorization: Bearer {token}", "--protocol-era", era,
                "--format", "json", "-q", *arguments)
    return json.loads(said)


@test
def the_inspector_lists_and_calls_in_both_eras(piggy, shop):
    token, contact = piggy.new_token("mcp"), shop.new_contact()
    given = 0
    for era in ("modern", "legacy", "auto"):
        check_tools(inspect(piggy, token, era, "--method", "tools/list", "--strict")["result"]["tools"])
        call = ("--method", "tools/call", "--tool-name")
        wanted = json.dumps(shop.reception(contact, 7))
        inspect(piggy, token, era, *call, "piggy_create_credit_reception", "--tool-args-json", wanted)
        given += 7
        said = inspect(piggy, token, era, *call, "piggy_get_contact_credit_balance",
                       "--tool-arg", f"contact_uuid={contact}")
        equal(said["result"]["structuredContent"], {"balance": given}, f"the balance, {era}")
    equal(shop.balance(contact), given, "the balance for the shop's own software")


if __name__ == "__main__":
    install()
    sys.exit(run_in_a_shop())
