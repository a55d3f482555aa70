"""One measurement: load from wrk, and what it cost the server."""

import os
import re
import statistics
import subprocess
from dataclasses import astuple, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TICKS = os.sysconf("SC_CLK_TCK")
UNITS = {"us": 1, "ms": 1e3, "s": 1e6, "m": 6e7}


@dataclass
class Sample:
    """Times in microseconds, memory in MiB; None where it was not measured."""
    per_second: float = None
    p50: float = None
    p99: float = None
    cpu: float = None
    memory: float = None

    @staticmethod
    def of_latencies(latencies, seconds):
        latencies = sorted(latencies)
        return Sample(len(latencies) / seconds, latencies[len(latencies) // 2],
                      latencies[len(latencies) * 99 // 100])


def median(samples):
    """Figure by figure."""
    return Sample(*(None if None in values else statistics.median(values)
                    for values in zip(*map(astuple, samples))))


def wrk(piggy, connections, seconds, script=None, arguments=(), path="/"):
    """Returns a Sample and how many requests were answered. Refused requests are no figure."""
    command = ["wrk", "--latency", "-t", str(min(2, connections)), "-c", str(connections), "-d", f"{seconds}s"]
    if script:
        command += ["-s", HERE / script]
    command += [f"http://127.0.0.1:{piggy.port}{path}"]
    if arguments:
        command += ["--", *map(str, arguments)]
    pid = piggy.process.pid
    before = cpu_seconds(pid)
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    spent = cpu_seconds(pid) - before
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)", said)
    if failed:
        raise RuntimeError(f"wrk met failures: {failed.group(0)}")
    answered = int(re.search(r"(\d+) requests in", said).group(1))
    return Sample(float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1)),
                  microseconds(said, "50%"), microseconds(said, "99%"),
                  spent / answered * 1e6, resident_mib(pid)), answered


def microseconds(said, percentile):
    value, unit = re.search(percentile + r"\s+([\d.]+)(us|ms|s|m)\b", said).groups()
    return float(value) * UNITS[unit]


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mib(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024
