#!/usr/bin/python3
"""Every command works beside a running server, through its local socket, and without one."""

import http.client
import json
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
import uuid

from harness import Client, Piggy, Shop, equal, expect, run_in_a_shop, test

COMMANDS = ("serve", "call", "token", "account", "import", "export", "bounce", "verify", "backup", "migrate",
            "mcp", "openapi", "manual", "version", "help")
CLIENT_TOKEN_LENGTH = 53

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
ORDERS = HEADER + """\
536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,71053,"WHITE METAL LANTERN, LARGE",6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536366,22633,HAND WARMER UNION JACK,6,2010-12-01 08:28:00,1.85,,United Kingdom
C536379,85123A,WHITE HANGING HEART T-LIGHT HOLDER,-1,2010-12-01 09:41:00,2.55,17850.0,United Kingdom
"""
BROKEN_LINE = "536367,84879,BIRD,many,2010-12-01 08:34:00,1.69,13047.0,France\n"


def both_ways(check):
    """Makes two tests of one: with the server running, and with it stopped."""
    def beside_a_server(piggy, shop):
        check(piggy, shop)

    def without_a_server(piggy, shop):
        piggy.stop()
        try:
            check(piggy, shop)
        finally:
            piggy.start()
            shop.client.close()

    for function in (beside_a_server, without_a_server):
        function.__name__ = f"{check.__name__}, {function.__name__}"
        test(function)
    return check


def call(piggy, operation, check=True, **fields):
    """`piggy call`: an operation by its name, its input as JSON. The answer is JSON on stdout."""
    return piggy.run("call", operation, json.dumps(fields), "--data", piggy.data, "--account", "demo",
                     check=check)


def write_file(piggy, name, text):
    path = piggy.directory / name
    path.write_text(text)
    return path


# Without any data.

@test
def help_names_every_command(piggy, shop):
    said = piggy.run("help").stdout
    for command in COMMANDS:
        expect(command in said, f"help says nothing of {command}")
        expect(piggy.run(command, "--help").stdout, f"{command} --help says nothing")
    expect(piggy.run("version").stdout.strip(), "version says nothing")


@test
def help_of_a_command_is_its_own_help(piggy, shop):
    for command in COMMANDS:
        wanted = piggy.run(command, "--help").stdout
        equal(piggy.run("help", command).stdout, wanted, f"help {command}")
    done = piggy.run("help", "nonsense", check=False)
    expect(done.returncode != 0 and "nonsense" in done.stderr, f"it says {done.stderr!r}")


@test
def call_lists_the_operations_and_explains_each(piggy, shop):
    listed = re.findall(r"^  (\w+)  ", piggy.run("call").stdout, re.MULTILINE)
    expect(len(listed) > 50, f"listed are {listed}")
    for name in ("create_credit_reception", "list_forms", "piggy_list_perks"):
        expect(name.removeprefix("piggy_") in listed, f"{name} is not listed")
        about = piggy.run("call", name, "--help").stdout.splitlines()[0]
        expect(about.endswith("."), f"what {name} is for is told as {about!r}")
    said = piggy.run("call", "create_credit_reception", "--help").stdout
    for flag in ("--shop-uuid", "--contact-uuid", "--unit-value", "--dry-run", "--idempotency-key",
                 "--print"):
        expect(flag in said, f"{flag} is not explained")
    said = piggy.run("call", "list_forms", "--help").stdout
    expect("--dry-run" not in said, "a read can be tried dry")


@test
def mistakes_are_told_on_stderr_with_an_exit_status(piggy, shop):
    for arguments in (["nonsense"], ["serve", "--nonsense"], ["token", "create"],
                      ["token", "create", "--data", piggy.data, "--account", "demo", "--kind", "none"],
                      ["import", "orders", "/nonexistent.csv", "--account", "demo", "--data", piggy.data]):
        done = piggy.run(*arguments, check=False)
        expect(done.returncode != 0, f"{arguments} ended with 0")
        expect(done.stderr.strip(), f"{arguments} said nothing on stderr")
        equal(done.stdout, "", f"stdout of {arguments}")


@test
def openapi_is_json_with_the_fourteen_tools_routes(piggy, shop):
    document = json.loads(piggy.run("openapi").stdout)
    expect(document["openapi"].startswith("3.1"), document["openapi"])
    expect(any(path.endswith("/credit-receptions") for path in document["paths"]), "no receptions")


@test
def print_config_shows_settings_and_hides_secrets(piggy, shop):
    url = "postgresql://piggy:sesame@localhost/piggy"
    piggy.environment["PIGGY_DATABASE"] = url
    try:
        said = piggy.run("serve", "--print-config").stdout
    finally:
        del piggy.environment["PIGGY_DATABASE"]
    expect("listen" in said, said)
    expect("sesame" not in said, "it shows the password")


# With data, beside a server and without one.

@both_ways
def a_token_is_printed_alone(piggy, shop):
    said = piggy.run("token", "create", "--data", piggy.data, "--account", "demo", "--kind", "client").stdout
    equal(len(said.rstrip("\n")), CLIENT_TOKEN_LENGTH, "the token's length")
    expect(not said.rstrip("\n").split()[1:], f"more than the token: {said!r}")


@both_ways
def a_call_reads_and_writes(piggy, shop):
    contact = json.loads(call(piggy, "create_contact", email=f"{uuid.uuid4().hex}@example.com").stdout)
    contact = contact.get("data", contact)["uuid"]
    call(piggy, "piggy_create_credit_reception", shop_uuid=shop.shop, contact_uuid=contact, credits=12)
    said = call(piggy, "piggy_get_contact_credit_balance", contact_uuid=contact).stdout
    expect("12" in said, f"the balance is missing: {said}")


@both_ways
def a_wrong_call_names_the_field(piggy, shop):
    done = call(piggy, "piggy_get_contact_credit_balance", check=False, contact="x")
    expect(done.returncode != 0, "it ended with 0")
    expect("contact" in done.stderr, f"the field is not named: {done.stderr}")


def typed(piggy, operation, *words, check=True):
    """`piggy call` with flags, as a person types it."""
    return piggy.run("call", operation, *words, "--data", piggy.data, "--account", "demo",
                     check=check)


def number_of_shops(piggy):
    return len(json.loads(typed(piggy, "list_shops", "--print", "shops").stdout))


@both_ways
def flags_and_json_say_the_same(piggy, shop):
    email = f"{uuid.uuid4().hex}@example.com"
    contact = typed(piggy, "create_contact", "--email", email, "--print", "uuid").stdout.strip()
    equal(str(uuid.UUID(contact)), contact, "what is printed of the answer")
    for words in (["--shop-uuid", shop.shop, "--contact-uuid", contact, "--credits", "3"],
                  [f"--shop_uuid={shop.shop}", f"--contact_uuid={contact}", "--credits=3"],
                  [json.dumps({"shop_uuid": shop.shop, "contact_uuid": contact, "credits": 3})],
                  [json.dumps({"shop_uuid": shop.shop, "credits": 3}), "--contact-uuid", contact]):
        made = json.loads(typed(piggy, "create_credit_reception", *words).stdout)
        equal((made["credits"], made["contact"]["uuid"]), (3, contact), f"the reception of {words}")
    held = typed(piggy, "get_contact_credit_balance", "--contact-uuid", contact,
                 "--print", "balance")
    equal(held.stdout, "12\n", "the balance")


@both_ways
def a_dry_call_shows_the_effect_and_changes_nothing(piggy, shop):
    before = number_of_shops(piggy)
    for words in (["--name", "Stall", "--dry-run"], ["--dry-run", "--name", "Stall"],
                  ["--name", "Stall", "--dry-run=true"], ['{"name": "Stall", "dry_run": true}']):
        shown = json.loads(typed(piggy, "create_shop", *words).stdout)
        expect(shown["dry_run"] is True and shown["effect"], f"{words} tells no effect: {shown}")
    equal(number_of_shops(piggy), before, "the number of shops")
    typed(piggy, "create_shop", "--name", "Stall", "--dry-run=false")
    equal(number_of_shops(piggy), before + 1, "the number of shops")


@both_ways
def what_is_no_clear_yes_or_no_is_refused_as_a_dry_run(piggy, shop):
    before = number_of_shops(piggy)
    for words in (["--dry-run=maybe"], ["--dry-run=2"], ['{"dry_run": [true]}']):
        done = typed(piggy, "create_shop", "--name", "Stall", *words, check=False)
        equal((done.returncode, done.stdout), (2, ""), f"the exit status and output of {words}")
        expect("dry_run" in done.stderr, f"{words}: the flag is not named: {done.stderr!r}")
    equal(number_of_shops(piggy), before, "the number of shops")


@both_ways
def a_call_with_a_key_acts_once(piggy, shop):
    before, key = number_of_shops(piggy), str(uuid.uuid4())
    flag, as_json = ["--idempotency-key", key], [json.dumps({"idempotency_key": key})]
    made = {typed(piggy, "create_shop", "--name", "Stall", *words).stdout
            for words in (flag, flag, as_json)}
    equal(len(made), 1, "the number of different answers")
    equal(number_of_shops(piggy), before + 1, "the number of shops")
    done = typed(piggy, "create_shop", "--name", "Kiosk", *flag, check=False)
    expect(done.returncode != 0 and "key" in done.stderr, f"other input is taken: {done.stderr!r}")
    equal(number_of_shops(piggy), before + 1, "the number of shops")


# Whoever sends a key relies on it: left aside, a repeated call would act twice.
@both_ways
def a_key_that_is_none_is_refused(piggy, shop):
    before = number_of_shops(piggy)
    flag = "--idempotency-key"
    for words in (['{"idempotency_key": 1042}'], [flag, "a", flag, "b"], [flag, "[1]"], [flag],
                  [flag, "--dry-run"]):
        done = typed(piggy, "create_shop", "--name", "Stall", *words, check=False)
        equal((done.returncode, done.stdout), (2, ""), f"the exit status and output of {words}")
        expect("idempotency_key" in done.stderr, f"{words}: the flag is not named: {done.stderr!r}")
    equal(number_of_shops(piggy), before, "the number of shops")


@both_ways
def a_call_that_cannot_be_made_says_what_is_wrong(piggy, shop):
    for words, word, status in ((["sing_song"], "sing_song", 1), (["create_shop"], "name", 2),
                                (["create_shop", "--name", "A", "--colour", "red"], "colour", 2),
                                (["create_shop", "Stall"], "Stall", 2),
                                (["create_shop", '{"name"'], "JSON", 2)):
        done = typed(piggy, *words, check=False)
        said = (done.returncode, done.stdout)
        equal(said, (status, ""), f"the exit status and output of {words}")
        expect(word in done.stderr, f"{words}: {word} is not named: {done.stderr!r}")
    for words, word in (([], "account"), (["--account", "nobody"], "nobody")):
        done = piggy.run("call", "create_shop", "--name", "A", *words, "--data", piggy.data,
                         check=False)
        expect(done.returncode != 0 and word in done.stderr, f"{words}: it says {done.stderr!r}")


def exported(piggy, *arguments):
    said = piggy.run("export", "--account", "demo", *arguments).stdout
    return [json.loads(line) for line in said.splitlines()]


@both_ways
def an_export_is_json_lines_without_secrets(piggy, shop):
    contact = call(piggy, "create_contact", email=f"{uuid.uuid4().hex}@example.com")
    contact = json.loads(contact.stdout)["uuid"]
    call(piggy, "create_credit_reception", shop_uuid=shop.shop, contact_uuid=contact, credits=17)
    rows = exported(piggy, "--data", piggy.data)
    found = [line["row"]["id"] for line in rows if line["row"].get("uuid") == contact]
    equal(len(found), 1, "how often the contact is there")
    balances = {line["row"]["id"]: line["row"]["balance"] for line in rows
                if line["table"] == "ledger_account"}
    equal(balances[found[0]], 17, "its balance")
    secrets = {("account", "secret"), ("token", "hash"), ("verification", "code_hash"),
               ("job", "payload"), ("idempotency", "answer")}
    shown = {(line["table"], name) for line in rows for name in line["row"]}
    equal(shown & secrets, set(), "the secrets shown")
    expect(("token", "kind") in shown, "no tokens are there at all")
    expect(shop.token not in json.dumps(rows), "a token is shown")


@both_ways
def an_export_that_cannot_be_made_says_so(piggy, shop):
    nowhere = piggy.directory / "nowhere"
    for words, word in ((["--data", piggy.data, "--account", "nobody"], "nobody"),
                        (["--data", piggy.data], "--account"),
                        (["--data", nowhere, "--account", "demo"], f"no data directory {nowhere}")):
        if word != "nobody" and piggy.schema:
            continue  # There the data is elsewhere.
        done = piggy.run("export", *words, check=False)
        expect(done.returncode != 0 and not done.stdout, f"{words} is exported")
        expect(word in done.stderr, f"{words}: it says {done.stderr!r}")
    expect(not nowhere.exists(), "a directory was made")
    with open("/dev/full", "w") as full:
        command = piggy.command("export", "--data", piggy.data, "--account", "demo")
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    expect(done.returncode != 0 and "No space left" in done.stderr, f"it says {done.stderr!r}")


def database(piggy):
    return piggy.schema.url if piggy.schema else f"sqlite:{piggy.data}/piggy.db"


# What the server wrote meanwhile would stay behind.
@test
def a_migration_beside_a_server_is_refused_and_leaves_nothing(piggy, shop):
    target = piggy.directory / "beside.db"
    done = piggy.run("migrate", "--from", database(piggy), "--to", f"sqlite:{target}", check=False)
    equal((done.returncode, done.stdout), (1, ""), "the exit status and standard output")
    expect("Another piggy process" in done.stderr, f"it says {done.stderr!r}")
    expect(not target.exists(), "half a copy was made")
    equal(shop.client.get("/shops").status, 200, "the server's answer")


@test
def a_migration_copies_everything_and_proves_it(piggy, shop):
    target = piggy.directory / "target.db"
    migrate = ("migrate", "--from", database(piggy), "--to", f"sqlite:{target}")
    piggy.stop()
    try:
        before = exported(piggy, "--data", piggy.data)
        said = piggy.run(*migrate).stdout
        expect("Copied and proved" in said and "sums equal" in said, f"it proves nothing: {said}")
        equal(exported(piggy, "--database", f"sqlite:{target}"), before, "what is in the copy")
        again = piggy.run(*migrate, check=False)
        expect(again.returncode != 0 and "empty" in again.stderr, f"it says {again.stderr!r}")
        equal(exported(piggy, "--database", f"sqlite:{target}"), before, "what is in the copy")
        equal(exported(piggy, "--data", piggy.data), before, "what is in the source")
    finally:
        piggy.start()
        shop.client.close()


@test
def a_migration_of_one_account_leaves_the_others(piggy, shop):
    target = piggy.directory / "one.db"
    piggy.run("account", "create", "--name", "neighbour", "--data", piggy.data)
    piggy.stop()
    try:
        for name, there in (("nobody", False), ("demo", True)):
            done = piggy.run("migrate", "--from", database(piggy), "--to", f"sqlite:{target}",
                             "--account", name, check=False)
            equal(done.returncode == 0, there, f"whether {name} is migrated ({done.stderr!r})")
            expect(there or name in done.stderr, f"{name} is not named: {done.stderr!r}")
        copied = exported(piggy, "--database", f"sqlite:{target}")
        equal(copied, exported(piggy, "--data", piggy.data), "what is in the copy")
        other = piggy.run("export", "--account", "neighbour", "--database", f"sqlite:{target}",
                          check=False)
        expect(other.returncode != 0 and "neighbour" in other.stderr, "another account came along")
    finally:
        piggy.start()
        shop.client.close()


@test
def a_migration_from_nothing_makes_nothing(piggy, shop):
    target = piggy.directory / "nothing.db"
    for source in (f"sqlite:{piggy.directory}/none.db", "mysql://localhost/piggy"):
        done = piggy.run("migrate", "--from", source, "--to", f"sqlite:{target}", check=False)
        expect(done.returncode != 0, f"{source} is migrated")
        expect(source.removeprefix("sqlite:") in done.stderr, f"it says {done.stderr!r}")
    expect(not target.exists(), "a copy was made")
    expect(not (piggy.directory / "none.db").exists(), "a source was made")


@both_ways
def verify_finds_nothing(piggy, shop):
    piggy.verify()


@both_ways
def a_backup_is_a_whole_piggy(piggy, shop):
    target = piggy.directory / f"backup-{uuid.uuid4().hex}"
    piggy.run("backup", target, "--data", piggy.data)
    copy = Piggy(directory=piggy.directory / uuid.uuid4().hex)
    copy.data.mkdir(parents=True)
    target.rename(copy.data / "piggy.db")
    with copy:
        copy.verify()
        equal(Shop(copy).shop, shop.shop, "the shop in the copy")


@both_ways
def orders_are_imported_once(piggy, shop):
    orders = write_file(piggy, "orders.csv", ORDERS)
    arguments = ("import", "orders", orders, "--account", "demo", "--data", piggy.data)
    dry, first, again = (piggy.run(*arguments, *more).stdout for more in (["--dry-run"], [], []))
    for said in (dry, first, again):
        expect("4" in said, f"the number of lines is missing: {said}")
    found = call(piggy, "find_contact", email="17850@example.com").stdout
    expect("17850@example.com" in found, found)
    piggy.verify()


@both_ways
def a_wrong_line_is_named(piggy, shop):
    broken = write_file(piggy, "broken.csv", ORDERS + BROKEN_LINE)
    done = piggy.run("import", "orders", broken, "--account", "demo", "--data", piggy.data, "--dry-run", check=False)
    said = done.stdout + done.stderr
    expect("6" in said and "Quantity" in said, f"line 6 and its column are not named: {said}")
    other = write_file(piggy, "other.csv", "name;age\nann;7\n")
    done = piggy.run("import", "orders", other, "--account", "demo", "--data", piggy.data, check=False)
    expect(done.returncode != 0 and "InvoiceNo" in done.stderr, f"the columns are not named: {done.stderr}")


@both_ways
def mcp_speaks_on_stdin_and_stdout(piggy, shop):
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize",
         "params": {"protocolVersion": "2025-11-25", "capabilities": {},
                    "clientInfo": {"name": "test", "version": "1"}}},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
        {"jsonrpc": "2.0", "id": 3, "method": "tools/call",
         "params": {"name": "piggy_list_perks", "arguments": {}}},
    ]
    said = piggy.run("mcp", "--data", piggy.data, "--account", "demo",
                     given="".join(json.dumps(message) + "\n" for message in messages)).stdout
    answers = {answer.get("id"): answer for answer in map(json.loads, said.splitlines())}
    names = {tool["name"] for tool in answers[2]["result"]["tools"]}
    expect("piggy_get_contact_credit_balance" in names, f"the tools are {sorted(names)}")
    expect(not answers[3]["result"].get("isError"), answers[3])


# The server's own manners.

@test
def a_second_server_on_the_same_data_is_refused(piggy, shop):
    done = piggy.run("serve", "--data", piggy.data, "--listen", "127.0.0.1:0", check=False, timeout=20)
    expect(done.returncode != 0 and done.stderr.strip(), "it was not refused, or without a reason")
    equal(shop.client.get("/shops").status, 200, "the first one's answer")


@test
def the_local_socket_is_for_its_owner_alone(piggy, shop):
    sockets = [path for path in piggy.data.rglob("*") if path.is_socket()]
    equal(len(sockets), 1, "the number of sockets in the data directory")
    equal(stat.S_IMODE(sockets[0].stat().st_mode), 0o600, "its mode")
    equal(stat.S_IMODE(piggy.data.stat().st_mode) & 0o077, 0, "the data directory's mode for others")


@test
def the_lock_dies_with_its_process(piggy, shop):
    piggy.kill()
    piggy.verify()
    piggy.start()
    shop.client.close()


@test
def metrics_are_counted(piggy, shop):
    Client(piggy.port).call("GET", "//healthz")
    answer = Client(piggy.port).call("GET", "//metrics")
    expect(answer.headers["content-type"].startswith("text/plain"), answer.headers)
    expect(b"# TYPE" in answer.body, answer.body[:200])


@test
def termination_cuts_no_request_and_loses_nothing(piggy, shop):
    contact = shop.new_contact()
    acknowledged = []

    def write():
        client = shop.another_client()
        while True:
            try:
                answer = client.post("/credit-receptions", shop.reception(contact, 1))
            except (ConnectionError, http.client.BadStatusLine):
                return  # Closed between two requests. Had it acted, the balance would say so.
            acknowledged.append(answer.status)
            if answer.headers.get("connection", "").lower() == "close":
                return

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    time.sleep(0.5)
    equal(piggy.stop(), 0, "the exit status")
    for writer in writers:
        writer.join()
    equal(set(acknowledged), {200}, "the statuses")
    piggy.start()
    shop.client.close()
    equal(shop.balance(contact), len(acknowledged), "the balance")


@test
def a_signal_while_nothing_happens_ends_it_at_once(piggy, shop):
    held = shop.another_client()
    equal(held.get("/shops").status, 200, "the status")  # An idle keep-alive connection stays open.
    for sign in (signal.SIGTERM, signal.SIGINT):
        started = time.monotonic()
        os.kill(piggy.process.pid, sign)
        equal(piggy.process.wait(10), 0, "the exit status")
        expect(time.monotonic() - started < 3, "it waited for an idle connection")
        piggy.start()


if __name__ == "__main__":
    sys.exit(run_in_a_shop())
