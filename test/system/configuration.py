#!/usr/bin/python3
"""Settings by flag, environment and file; what is shown of them; the data directory's own keeping."""

import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import uuid

from harness import POSTGRES, PROGRAM, Client, Piggy, equal, expect, free_port, run_in_a_shop, test, \
    wait_until

SECRETS = {"model_api_key"}  # Not even shown.

WRONG = 2  # The exit status of a command that was used wrongly.

# Two values for each setting, none the default.
VALUES = {
    "data": ("/srv/one", "/srv/two"),
    "listen": ("127.0.0.1:8081", "[::1]:8082"),
    "database": ("postgresql://db.example.com/one", "postgresql://db.example.com/two"),
    "public_url": ("https://one.example.com", "https://two.example.com"),
    "mail_from": ("one@example.com", "two@example.com"),
    "smtp_url": ("smtp://one.example.com", "smtps://two.example.com:465"),
    "smtp_connections": ("2", "8"),
    "dkim_domain": ("one.example.com", "two.example.com"),
    "dkim_selector": ("one", "two"),
    "dkim_key_file": ("/srv/one.pem", "/srv/two.pem"),
    "outbox": ("/srv/outbox/one", "/srv/outbox/two"),
    "allowed_hosts": ("one.example.com", "one.example.com,two.example.com"),
    "trusted_proxies": ("10.0.0.1", "10.0.0.0/8,::1"),
    "form_rate_per_address": ("10", "20"),
    "form_rate_per_form": ("30", "40"),
    "threads": ("3", "4"),
    "connections_max": ("100", "200"),
    "receive_timeout_seconds": ("5", "6"),
    "idle_timeout_seconds": ("7", "8"),
    "stop_timeout_seconds": ("9", "10"),
    "model_url": ("http://127.0.0.1:11434/v1", "https://api.example.com"),
    "model_format": ("openai_responses", "anthropic"),
    "model_api_key": ("***", "***"),  # Whatever it is, nothing more is shown.
    "console_folder": ("/srv/console", "/srv/other"),
    "demo_services": ("http://127.0.0.1:8025", "http://127.0.0.1:9025"),
    "sandbox_clock": ("2026-03-28T08:00:00Z", "2026-10-24T08:00:00Z"),
    "log_level": ("debug", "error"),
}


def shown(*arguments, **environment):
    """The settings that `serve --print-config` shows, by name; a setting that is not set is not there."""
    done = subprocess.run([PROGRAM, "serve", "--print-config", *map(str, arguments)], text=True,
                          capture_output=True, timeout=30, env=os.environ | environment)
    equal(done.returncode, 0, f"the exit status ({done.stderr})")
    lines = [line.partition(" = ") for line in done.stdout.splitlines() if not line.startswith("#")]
    return {name: value.strip('"') for name, _, value in lines}


def refusal(*arguments, **environment):
    """What is said of settings that are no good."""
    done = subprocess.run([PROGRAM, "serve", *map(str, arguments)], text=True, capture_output=True,
                          timeout=30, env=os.environ | environment)
    equal(done.returncode, WRONG, f"the exit status ({done.stderr})")
    equal(done.stdout, "", "standard output")
    return done.stderr


def file_with(piggy, text):
    file = piggy.directory / f"{uuid.uuid4().hex}.toml"
    file.write_text(text)
    return file


@test
def without_settings_it_listens_on_loopback_alone(piggy, shop):
    settings = shown()
    equal(settings["listen"], "127.0.0.1:8080", "where it listens")
    expect("smtp_url" not in settings and "database" not in settings, "what is not set is shown as set")


@test
def a_flag_wins_over_the_environment_and_that_over_the_file(piggy, shop):
    file = file_with(piggy, 'threads = 3\nmail_from = "file@example.com"\nidle_timeout_seconds = 33\n')
    settings = shown("--config", file, "--threads", "5", PIGGY_THREADS="4", PIGGY_MAIL_FROM="env@example.com")
    equal(settings["threads"], "5", "the flag's")
    equal(settings["mail_from"], "env@example.com", "the environment's")
    equal(settings["idle_timeout_seconds"], "33", "the file's")
    equal(shown(PIGGY_CONFIG=str(file))["threads"], "3", "the file's, named in the environment")


@test
def every_setting_is_a_flag_a_variable_and_a_line_of_a_file(piggy, shop):
    said = piggy.run("serve", "--print-config").stdout
    names = re.findall(r"^(?:# )?(\w+) = ", said, re.MULTILINE)
    others = {"demo", "audit_reads", "allow_private_connections", "model"}
    equal(set(names), VALUES.keys() | others, "the settings")
    meanings = re.findall(r"^# (?!\w+ = ).+\.$", said, re.MULTILINE)
    equal(len(meanings), len(names), "how many settings have a meaning")
    for name, (one, two) in VALUES.items():
        if name in SECRETS:
            continue
        flag, variable = "--" + name.replace("_", "-"), {f"PIGGY_{name.upper()}": one}
        file = file_with(piggy, f"{name} = {one if one.isdigit() else repr(one)}\n")
        equal(shown(flag, one)[name], one, f"{name} by flag")
        equal(shown(**variable)[name], one, f"{name} by variable")
        equal(shown("--config", file)[name], one, f"{name} by file")
        equal(shown(flag, two, "--config", file, **variable)[name], two, f"{name} by all of them")
        variable = {f"PIGGY_{name.upper()}": two}
        equal(shown("--config", file, **variable)[name], two, f"{name} by variable and file")
    for name in ("demo", "audit_reads", "allow_private_connections"):
        flag, variable = "--" + name.replace("_", "-"), f"PIGGY_{name.upper()}"
        file = file_with(piggy, f"{name} = true\n")
        for settings in (shown(flag), shown(**{variable: "true"}), shown("--config", file)):
            equal(settings[name], "true", name)
        equal(shown("--config", file, **{variable: "false"})[name], "false", f"{name} by both")


@test
def what_is_shown_can_be_read_back(piggy, shop):
    done = piggy.run("serve", "--print-config", "--data", "/srv/piggy", "--demo", "--log-level", "error")
    before = shown("--data", "/srv/piggy", "--demo", "--log-level", "error")
    equal(shown("--config", file_with(piggy, done.stdout)), before, "the settings")


MODELS = """
model_url = "http://ann:hunter2@127.0.0.1:1"
model_api_key = "sk-hunter2"
[[model]]
name = "near"
url = "http://bob:hunter2@127.0.0.1:11434/v1"
models = ["qwen3", "llama \\"3\\""]
timeout_seconds = 20
[[model]]
name = "far"
url = "https://api.anthropic.com"
format = "anthropic"
api_key = "sk-ant-hunter2"
"""


@test
def several_servers_of_models_are_tables_in_the_file_and_json_elsewhere(piggy, shop):
    said = piggy.run("serve", "--print-config", "--config", file_with(piggy, MODELS)).stdout
    expect("hunter2" not in said, f"a secret is shown: {said}")
    again = piggy.run("serve", "--print-config", "--config", file_with(piggy, said)).stdout
    equal(again, said, "what is shown of what was shown")
    for line in ('[[model]]', 'name = "near"', 'url = "http://bob:***@127.0.0.1:11434/v1"',
                 'models = ["qwen3","llama \\"3\\""]', 'timeout_seconds = 20', 'format = "anthropic"',
                 'api_key = "***"', 'model_url = "http://ann:***@127.0.0.1:1"', 'model_api_key = "***"'):
        expect(line in said.splitlines(), f"{line} is not shown: {said}")
    json = '[{"name": "json", "url": "http://127.0.0.1:2"}]'
    for done in (piggy.run("serve", "--print-config", "--model", json),
                 subprocess.run([PROGRAM, "serve", "--print-config"], text=True, capture_output=True,
                                env=os.environ | {"PIGGY_MODEL": json}, timeout=30)):
        expect('[[model]]\nname = "json"\nurl = "http://127.0.0.1:2"\n' in done.stdout, done)
    equal(shown("--config", file_with(piggy, MODELS), PIGGY_MODEL="")["model"], "[]", "set to nothing")


@test
def what_is_wrong_with_a_server_of_models_is_named_without_its_key(piggy, shop):
    for wrong, named in (('[[model]]\nname = "a"\napi_key = "hunter2"\n', "model/0/url"),
                         ('[[model]]\nname = "a"\nurl = "http://b"\nkey = "hunter2"\n', "model/0/key"),
                         ('[[model]]\nname = "a"\nurl = "http://b"\nformat = "hunter2"\n', "model/0/format"),
                         ('[[model]]\nname = "a"\nurl = "http://b"\ntimeout_seconds = 0\n', "model/0/timeout"),
                         ('[model]\nname = "hunter2"\n', "model:"),
                         ('model = "hunter2"\n', "model:"),
                         ('[[model]]\nname = "a"\nurl = "http://b"\n' * 2, "are called a")):
        said = refusal("--config", file_with(piggy, wrong))
        expect(named in said, f"{named} is not named: {said}")
        expect("hunter2" not in said, f"a secret is shown: {said}")
    expect("model:" in refusal("--model", '[{"api_key":"hunter2"'), "a broken list is taken")


@test
def passwords_are_not_shown(piggy, shop):
    settings = {
        "PIGGY_SMTP_URL": "smtp://ann:hunter2@mail.example.com:587",
        "PIGGY_DATABASE": "postgresql://ann:hunter2@db.example.com/piggy?sslmode=require&password=hunter2&port=5",
    }
    said = piggy.run("serve", "--print-config", *[]).stdout
    expect("***" not in said, "something is hidden that is not there")
    done = subprocess.run([PROGRAM, "serve", "--print-config"], text=True, capture_output=True,
                          env=os.environ | settings, timeout=30)
    expect("hunter2" not in done.stdout + done.stderr, f"a password is shown: {done.stdout}")
    expect("smtp://ann:***@mail.example.com:587" in done.stdout, "the rest is not shown")
    expect("sslmode=require&password=***&port=5" in done.stdout, "the rest is not shown")


@test
def no_part_of_an_odd_password_is_shown(piggy, shop):
    # curl and libpq take all of these.
    database = "postgresql://db.example.com/piggy"
    for name, url in (("SMTP_URL", "smtp://ann:open@sesame@mail.example.com"),
                      ("SMTP_URL", "smtp://ann:open:sesame@mail.example.com"),
                      ("SMTP_URL", "smtps://ann%40example.com:sesame@mail.example.com:465"),
                      ("DATABASE", "postgresql://ann:open%40sesame@db.example.com/piggy"),
                      ("DATABASE", f'{database}?user=ann&password=open"sesame'),
                      ("DATABASE", "postgresql:///piggy?host=/run&user=ann&sslpassword=sesame"),
                      ("DATABASE", "postgres://ann:sesame@one.example.com:5432,two.example.com/a")):
        said = subprocess.run([PROGRAM, "serve", "--print-config"], text=True, capture_output=True,
                              env=os.environ | {f"PIGGY_{name}": url}, timeout=30)
        equal(said.returncode, 0, f"the exit status ({said.stderr})")
        expect("sesame" not in said.stdout + said.stderr, f"of {url} the password is shown")
        expect("***" in said.stdout and "example.com" in said.stdout or "host=/run" in said.stdout,
               f"of {url} nothing is shown")


@test
def a_file_that_is_no_toml_is_named_with_its_line(piggy, shop):
    for text in ("threads = \n", "log_level = debug\n", "nonsense\n", 'listen = "127.0.0.1:8080\n'):
        file = file_with(piggy, "demo = false\n" + text)
        said = refusal("--config", file)
        expect(str(file) in said, f"the file is not named: {said}")
        expect(re.search(r"line 2\b", said), f"the line is not named: {said}")
    said = refusal("--config", file_with(piggy, "threads = [3]\n[listen]\nport = 80\n"))
    for name in ("threads:", "listen:"):
        expect(f"  {name}" in said, f"{name} is not named: {said}")


@test
def all_that_is_wrong_is_named_at_once(piggy, shop):
    file = file_with(piggy, 'thread = 3\nport = "80"\n')
    said = refusal("--config", file, "--threads", "0", "--log-level", "loud", PIGGY_CONNECTIONS_MAX="many")
    for name in ("thread:", "port:", "threads:", "log_level:", "connections_max:"):
        expect(f"  {name}" in said, f"{name} is not named: {said}")
    expect("cannot be read" in refusal("--config", "/nowhere/piggy.toml"), "a missing file is not named")
    expect("HOST:PORT" in refusal("--data", piggy.directory / "x", "--listen", "8080"), "listen is not explained")
    unknown = subprocess.run([PROGRAM, "serve", "--colour", "red"], capture_output=True, text=True, timeout=30)
    equal(unknown.returncode, WRONG, "the exit status of an unknown flag")
    expect("--colour" in unknown.stderr, f"the flag is not named: {unknown.stderr}")


@test
def one_process_owns_a_data_directory(piggy, shop):
    second = subprocess.run([PROGRAM, "serve", "--data", piggy.data, "--listen", f"127.0.0.1:{free_port()}"],
                            capture_output=True, text=True, timeout=30)
    equal(second.returncode, 1, "the exit status")
    expect(str(piggy.data) in second.stderr, f"the directory is not named: {second.stderr}")
    equal(shop.client.get("/shops").status, 200, "the status of the first")


@test
def the_data_is_its_owners_alone(piggy, shop):
    equal(stat.S_IMODE(piggy.data.stat().st_mode), 0o700, "the directory's mode")
    for file in piggy.data.iterdir():
        expect(stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, f"{file.name} can be reached by others")


@test
def a_variable_that_is_no_setting_is_warned_of(piggy, shop):
    with Piggy(environment={"PIGGY_EMAIL_FROM": "x@example.com"}) as other:
        expect("PIGGY_EMAIL_FROM is no setting" in other.log_tail(), f"the log says {other.log_tail()}")


@test
def what_is_not_worth_a_line_is_not_logged(piggy, shop):
    for level, logged in (("warning", True), ("error", False)):
        with Piggy(("--log-level", level), {"PIGGY_NONSENSE": "1"}) as other:
            warned = "PIGGY_NONSENSE" in other.log_tail()
            equal(warned, logged, f"whether a warning is logged at {level}")


@test
def answers_are_logged_where_asked_and_without_what_was_asked(piggy, shop):
    secret = f"{uuid.uuid4().hex}@example.com"
    for level, logged in (("debug", True), ("info", False)):
        with Piggy(("--log-level", level)) as other:
            client = Client(other.port, other.new_token())
            client.get("/contacts/find-one-by", email=secret)
            said = other.log_tail()
            equal("GET /api/v3/oauth/clients/contacts/find-one-by 400 in " in said, logged, f"at {level}")
            expect(secret not in said and client.token not in said, "the log holds an address or a token")


def requests_received(client):
    text = client.call("GET", "//metrics").body.decode()
    return int(re.search(r"^piggy_http_requests_total (\d+)", text, re.MULTILINE)[1])


if not POSTGRES:  # A file can be held from outside, so that a write is slow for as long as wanted.
    @test
    def a_slow_request_is_answered_before_the_server_ends(piggy, shop):
        contact, answers = shop.new_contact(), []
        writer, watcher = shop.another_client(), Client(piggy.port)
        writer.get("/shops").data  # Connected before the server stops listening.
        before = requests_received(watcher)
        file = sqlite3.connect(piggy.data / "piggy.db", isolation_level=None)
        file.execute("BEGIN IMMEDIATE")
        try:
            slow = threading.Thread(target=lambda: answers.append(
                writer.post("/credit-receptions", shop.reception(contact, 5))))
            slow.start()
            polls = 0
            while requests_received(watcher) - before == (polls := polls + 1):
                expect(polls < 10_000, "the write does not arrive")
            piggy.process.send_signal(signal.SIGTERM)
            # Below the time for which the store waits for its own file.
            wait_until(lambda: "piggy stops" in piggy.log_tail(), "the signal", seconds=4)
            equal((piggy.process.poll(), answers), (None, []), "who ended before the write")
        finally:
            file.execute("ROLLBACK")
            file.close()
        slow.join()
        equal(piggy.process.wait(10), 0, "the exit status")
        equal([answer.status for answer in answers], [200], "the answers")
        piggy.start()
        shop.client.close()
        equal(shop.balance(contact), 5, "the balance")


if __name__ == "__main__":
    sys.exit(run_in_a_shop())
