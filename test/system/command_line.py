#!/usr/bin/python3
"""Every command works beside a running server, through its local socket, and without one."""

import http.client
import json
import os
import signal
import stat
import sys
import threading
import time
import uuid

from harness import Client, Piggy, Shop, equal, expect, run_in_a_shop, test

COMMANDS = ("serve", "call", "token", "import", "export", "verify", "backup", "migrate", "mcp",
            "openapi", "version", "help")
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
