"""What this machine can do without piggy: the limits beside which its figures stand."""

import glob
import os
import subprocess
import tempfile
import time
from pathlib import Path

from measure import Sample

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PGBENCH = "/usr/lib/postgresql/15/bin/pgbench"
PSQL = "/usr/lib/postgresql/15/bin/psql"


def durable_overwrites(directory, seconds):
    """512 bytes written over a preallocated file and synced, one after the other."""
    latencies = []
    with tempfile.NamedTemporaryFile(dir=directory) as file:
        descriptor = file.fileno()
        os.posix_fallocate(descriptor, 0, 64 << 20)
        for offset in range(0, 64 << 20, 1 << 20):  # Allocated is not yet written.
            os.pwrite(descriptor, b"\1" * (1 << 20), offset)
        os.fsync(descriptor)
        block, offset = b"\2" * 512, 0
        started = now = time.perf_counter()
        while now - started < seconds:
            os.pwrite(descriptor, block, offset)
            os.fdatasync(descriptor)
            offset = (offset + 512) % (64 << 20)
            later = time.perf_counter()
            latencies.append((later - now) * 1e6)
            now = later
    return Sample.of_latencies(latencies, now - started)


class Postgres:
    """A private server below `directory`, durable, for as long as the `with` lasts."""

    def __init__(self, directory):
        # The server's user must be able to walk to its data, which below a private folder it cannot.
        self.directory = tempfile.mkdtemp(prefix="piggy-postgres-", dir=directory)

    def __enter__(self):
        self.url = command([ROOT / "tools/postgres.sh", "start", self.directory]).strip()
        return self

    def __exit__(self, *_):
        command([ROOT / "tools/postgres.sh", "stop", self.directory])

    def database(self, name):
        """A new, empty database; returns its URL."""
        command([PSQL, "-q", self.url, "-c", f"CREATE DATABASE {name}"])
        return self.url.replace("/piggy?", f"/{name}?")


def postgres_alone(postgres, clients, seconds, repeats):
    """The credit transaction as one statement, by pgbench; the same tables for every repeat."""
    url = postgres.database(f"alone_{clients}")
    command([PSQL, "-q", "-v", "ON_ERROR_STOP=1", url, "-f", HERE / "credit.schema.sql"])
    return [run_pgbench(url, clients, seconds) for _ in range(repeats)]


def run_pgbench(url, clients, seconds):
    with tempfile.TemporaryDirectory() as logs:
        command(
            [PGBENCH, "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-D", f"now={time.time_ns() // 1000}",
             "-T", str(round(seconds)), "-f", HERE / "credit.pgbench.sql", "-l", f"--log-prefix={logs}/log", url])
        latencies = [float(line.split()[2]) for name in glob.glob(f"{logs}/log*") for line in open(name)]
    return Sample.of_latencies(latencies, seconds)


def command(arguments):
    """Its stdout; a failure is raised with what it said."""
    done = subprocess.run(arguments, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{Path(arguments[0]).name} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def processor():
    """One line about the machine, for the head of the table."""
    name = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                 if line.startswith("model name")), "unknown processor")
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return f"{os.cpu_count()} × {name}, {gigabytes:.0f} GiB"
