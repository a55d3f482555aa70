"""What the system tests share: a piggy that runs, calls to it over HTTP, and counting.

Data is kept in SQLite, or in PostgreSQL when PIGGY_TEST_DATABASE holds the URL of a server; then
each piggy gets a schema of its own there.

A test is a function marked @test, named by a sentence; it fails by any exception. A script ends
with run(), which prints one line a test and at last `N passed, N failed`.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse
import uuid
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("PIGGY_PROGRAM", ROOT / "build/release/piggy")).resolve()
POSTGRES = os.environ.get("PIGGY_TEST_DATABASE")
API = "/api/v3/oauth/clients"
READY_SECONDS = 30
STOP_SECONDS = 30
WAIT_SECONDS = 30
SILENT_SECONDS = 60  # The server closes what is silent for 75.

_tests = []


def test(function):
    _tests.append(function)
    return function


def run(*arguments):
    """Runs the tests in the order of the file, each with these arguments."""
    passed = 0
    for function in _tests:
        sentence = function.__name__.replace("_", " ")
        started = time.monotonic()
        try:
            function(*arguments)
            passed += 1
            print(f"ok      {sentence} ({time.monotonic() - started:.1f} s)", flush=True)
        except Exception as error:  # Whatever went wrong, the next test is worth running.
            print(f"FAILED  {sentence}: {error!r}", flush=True)
            traceback.print_exc(limit=-3, file=sys.stdout)
    return finish(passed, len(_tests) - passed)


def run_in_a_shop(**options):
    """The same with a running piggy and its demo shop as arguments."""
    try:
        with Piggy(**options) as piggy:
            return run(piggy, Shop(piggy))
    except Exception:
        traceback.print_exc(limit=-3, file=sys.stdout)
        return finish(0, len(_tests))


def finish(passed, failed):
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def expect(condition, message):
    """An assertion that python -O does not take away."""
    if not condition:
        raise AssertionError(message)


def wait_until(condition, what, seconds=WAIT_SECONDS):
    """Until it holds; `what` names it should that take too long."""
    started = time.monotonic()
    while not condition():
        expect(time.monotonic() - started < seconds, f"{what} took more than {seconds} s")
        time.sleep(0.005)


def equal(got, wanted, what="the value"):
    expect(got == wanted, f"{what} is {got!r}, not {wanted!r}")


@dataclass
class Answer:
    status: int
    headers: dict  # Names in lower case.
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def data(self):
        """What a successful answer carries; anything else is a failure of the test."""
        expect(200 <= self.status < 300, f"answered {self.status}: {self.body[:300]!r}")
        return self.json["data"]

    def refused(self, status, number=None):
        """Checks that this is an error as the contract says it (reference 6.1); returns it."""
        equal(self.status, status, "the status")
        error = self.json
        for name, kind in {"message": str, "code": int, "status_code": int}.items():
            expect(isinstance(error.get(name), kind), f"the error has no {name}: {self.body[:300]!r}")
        equal(error["status_code"], status, "status_code")
        if number is not None:
            equal(error["code"], number, "the error's number")
        return error


class Client:
    """One keep-alive connection. Not for several threads at once."""

    def __init__(self, port, token=None, timeout=30):
        self.token = token
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.used = time.monotonic()

    def call(self, method, path, json_body=None, form=None, key=None, headers=None, body=None):
        """`path` below the API unless it begins with two slashes, as in //healthz."""
        sent = {"Accept": "application/json"}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if key:
            sent["Idempotency-Key"] = key
        if json_body is not None:
            sent["Content-Type"] = "application/json"
            body = json.dumps(json_body).encode()
        elif form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode(form).encode()
        target = path[1:] if path.startswith("//") else API + path
        if time.monotonic() - self.used > SILENT_SECONDS:
            self.connection.close()  # It opens again by itself.
        try:
            self.connection.request(method, target, body, sent | (headers or {}))
            response = self.connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, headers, response.read())
            self.used = time.monotonic()
            return answer
        except (OSError, http.client.HTTPException):
            self.connection.close()  # Half an answer must not be taken for the next one.
            raise

    def get(self, path, **parameters):
        query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
        return self.call("GET", path + query)

    def post(self, path, json_body=None, **others):
        return self.call("POST", path, json_body, **others)

    def put(self, path, json_body=None, **others):
        return self.call("PUT", path, json_body, **others)

    def close(self):
        self.connection.close()


class Schema:
    """A place of its own in the PostgreSQL server."""

    def __init__(self):
        self.name = f"piggy_test_{uuid.uuid4().hex[:16]}"
        self.url = (f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}application_name={self.name}"
                    f"&options=-csearch_path%3D{self.name}")
        self.run(f"CREATE SCHEMA {self.name}")

    def run(self, sql):
        subprocess.run(["psql", "--no-psqlrc", "--quiet", f"--command={sql}", self.url],
                       check=True, capture_output=True, timeout=60)

    def end_lease(self):
        self.run("UPDATE writer_lease SET renewed_at = 0")

    def drop(self):
        self.run(f"DROP SCHEMA {self.name} CASCADE")


class Piggy:
    """A piggy with data of its own, which is gone at the end."""

    def __init__(self, arguments=(), environment=None, directory=None, demo=True):
        expect(PROGRAM.exists(), f"{PROGRAM} is not built; ./dev build makes it")
        self.directory = Path(directory or tempfile.mkdtemp(prefix="piggy-", dir="/var/tmp"))
        self.directory.mkdir(exist_ok=True)
        self.schema = Schema() if POSTGRES else None
        self.arguments = list(arguments) + (["--demo"] if demo else [])
        self.environment = os.environ | (environment or {})
        self.port = free_port()
        self.process = None
        self.log = open(self.directory / "serve.log", "ab")

    def __enter__(self):
        try:
            return self.start()
        except Exception:
            self.remove()
            raise

    def __exit__(self, *_):
        self.remove()

    def start(self, wait=True):
        self.process = subprocess.Popen(
            self.command("serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}",
                         *self.arguments),
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=self.environment,
            cwd=self.directory)
        if wait:
            self.wait_until_ready()
        return self

    def command(self, *arguments):
        """A command line. One that names the data is told of their schema as well."""
        database = ["--database", self.schema.url] if self.schema and "--data" in arguments else []
        return [PROGRAM, *map(str, arguments), *database]

    @property
    def data(self):
        return self.directory / "data"

    def wait_until_ready(self):
        started = time.monotonic()
        while time.monotonic() - started < READY_SECONDS:
            expect(self.process.poll() is None,
                   f"piggy ended with {self.process.returncode}: {self.log_tail()}")
            try:
                if Client(self.port, timeout=5).call("GET", "//readyz").status == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.005)
        raise AssertionError(f"piggy was not ready in {READY_SECONDS} s: {self.log_tail()}")

    def stop(self):
        """Asks it to end; returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(STOP_SECONDS)
        self.process = None
        return status

    def kill(self):
        """On PostgreSQL this ends its lease as well: the next process may then begin while a commit
        of this one is still under way, and a test need not wait for ten seconds."""
        expect(self.process.poll() is None, f"piggy ended before it was killed: {self.log_tail()}")
        self.process.kill()
        self.process.wait()
        self.process = None
        if self.schema:
            self.schema.end_lease()

    def remove(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.log.close()
        if self.schema:
            self.schema.drop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def log_tail(self):
        return (self.directory / "serve.log").read_text(errors="replace")[-4000:]

    def run(self, *arguments, given="", check=True, timeout=120):
        """Another command of the program; returns the finished process, with texts."""
        done = subprocess.run(self.command(*arguments), input=given, capture_output=True, text=True,
                              timeout=timeout, env=self.environment)
        if check:
            expect(done.returncode == 0,
                   f"piggy {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stderr}")
        return done

    def new_token(self, kind="client", account="demo", *options):
        return self.run("token", "create", "--data", self.data, "--account", account,
                        "--kind", kind, *options).stdout.strip()

    def client(self, token=None):
        return Client(self.port, token or self.new_token())

    def verify(self):
        return self.run("verify", "--data", self.data, timeout=600)


class Shop:
    """The demo account, as its own software sees it."""

    def __init__(self, piggy):
        self.piggy = piggy
        self.token = piggy.new_token()
        self.client = Client(piggy.port, self.token)
        self.shop = self.client.get("/shops").data[0]["uuid"]
        self.promotion = self.client.get("/promotions").data[0]["uuid"]

    def another_client(self):
        return Client(self.piggy.port, self.token)

    def new_contact(self):
        return self.client.post("/contacts", {"email": f"{uuid.uuid4().hex}@example.com"}).data["uuid"]

    def balance(self, contact):
        return self.client.get(f"/contacts/{contact}/credit-balance").data["balance"]

    def reception(self, contact, credits):
        return {"shop_uuid": self.shop, "contact_uuid": contact, "credits": credits}

    def new_voucher(self, **others):
        return self.client.post("/vouchers", {"promotion_uuid": self.promotion} | others).data


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def raise_file_limit():
    """As many open files, hence connections, as this user may have."""
    import resource
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def on_terminate(*_):
    """As an exception, so that what `with` opened is closed when the test is ended from outside."""
    sys.exit(143)


signal.signal(signal.SIGTERM, on_terminate)
