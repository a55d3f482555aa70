#!/usr/bin/python3
"""Settings by flag, environment and file; what is shown of them; the data directory's own keeping."""

import os
import stat
import subprocess
import sys
import uuid

from harness import PROGRAM, Client, Piggy, equal, expect, free_port, run_in_a_shop, test

WRONG = 2  # The exit status of a command that was used wrongly.


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
def what_is_shown_can_be_read_back(piggy, shop):
    done = piggy.run("serve", "--print-config", "--data", "/srv/piggy", "--demo", "--log-level", "error")
    before = shown("--data", "/srv/piggy", "--demo", "--log-level", "error")
    equal(shown("--config", file_with(piggy, done.stdout)), before, "the settings")


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
def answers_are_logged_where_asked_and_without_what_was_asked(piggy, shop):
    secret = f"{uuid.uuid4().hex}@example.com"
    for level, logged in (("debug", True), ("info", False)):
        with Piggy(("--log-level", level)) as other:
            client = Client(other.port, other.new_token())
            client.get("/contacts/find-one-by", email=secret)
            said = other.log_tail()
            equal("GET /api/v3/oauth/clients/contacts/find-one-by 400 in " in said, logged, f"at {level}")
            expect(secret not in said and client.token not in said, "the log holds an address or a token")


if __name__ == "__main__":
    sys.exit(run_in_a_shop())
