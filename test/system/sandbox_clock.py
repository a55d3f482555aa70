#!/usr/bin/python3
"""A sandbox's clock, and with it the days on which the clocks change: a marketer sees a flow at nine
within a second; and in twelve zones, over both changes of a year, with two servers that want the same
data at each outage, and an outage over each zone's second change, each 9:00 runs once.

What is expected is reckoned from Python's zoneinfo, not from the program.
"""

import shutil
import subprocess
import sys
import time
import uuid
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from harness import POSTGRES, Client, Piggy, equal, expect, free_port, run, test, wait_until
from office import Office

ZONES = ("Europe/Amsterdam", "Europe/London", "Africa/Cairo", "Asia/Jerusalem", "America/New_York",
         "America/Los_Angeles", "America/St_Johns", "America/Havana", "America/Santiago",
         "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland")
YEAR = 2026
BEGIN = datetime(YEAR, 1, 1, 0, 20, tzinfo=timezone.utc)
REACH = timedelta(hours=6)  # Later than that a missed time is left out.
HOP = timedelta(hours=5)  # Hops end at twenty past: never close to a time at which something is due.
OUTAGE = timedelta(hours=3, minutes=20)
SOON = 1.0


def told(moment):
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def nine(zone, day):
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)


def days():
    return [date(YEAR, 1, 2) + timedelta(days=number) for number in range(362)]


def changes(zone):
    """The days on which its clocks change: the first 9:00 with another offset than the day before."""
    offset = {day: datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo(zone)).utcoffset()
              for day in days()}
    found = [day for before, day in zip(days(), days()[1:]) if offset[before] != offset[day]]
    equal(len(found), 2, f"how often the clocks of {zone} change in {YEAR}")
    return found


def moments():
    """When somebody looks, and of these those before which nobody was there since the last one."""
    looks, outages = set(), []
    for zone in ZONES:
        first, second = changes(zone)
        looks.add(nine(zone, first) + timedelta(seconds=5))  # On time, at that.
        outages.append((nine(zone, second) - timedelta(minutes=10), nine(zone, second) + OUTAGE))
        for day in (first, second):
            begin = datetime(day.year, day.month, day.day, 0, 20, tzinfo=timezone.utc) - timedelta(days=1)
            looks |= {begin + number * HOP for number in range(15)}
    looks = {look for look in looks if not any(begin < look < end for begin, end in outages)}
    # What is left of an outage that another one reaches into.
    ends = {end for _, end in outages if not any(begin < end < other for begin, other in outages)}
    return sorted(looks | ends), ends


def expected(looks):
    """(zone, date): whether the run is late; and after which look it is there."""
    runs = {}
    for zone in ZONES:
        for day in days():
            due = nine(zone, day)
            look = next((one for one in looks if one >= due), None)
            if look and look - due <= REACH:
                runs[zone, day.isoformat()] = (look - due > timedelta(minutes=1), look)
    return runs


class Servers:
    """Two that want the same data: on PostgreSQL each with a directory of its own."""

    def __init__(self, piggy):
        self.piggy = piggy
        self.other = piggy.data
        self.ports = piggy.port, free_port()
        self.processes = [piggy.process]
        self.port = piggy.port
        if POSTGRES:
            self.other = piggy.directory / "other"
            shutil.copytree(piggy.data, self.other, ignore=lambda *_: ["lock", "piggy.sock"])

    def kill(self):
        for process in self.processes:
            process.kill()
            process.wait()
        if self.piggy.schema:
            self.piggy.schema.end_lease()

    def start(self, moment):
        """Both at once; the one that has the data serves, the other is ended."""
        self.processes = [subprocess.Popen(
            self.piggy.command("serve", "--data", data, "--listen", f"127.0.0.1:{port}",
                               "--sandbox-clock", told(moment)),
            stdin=subprocess.DEVNULL, stdout=self.piggy.log, stderr=self.piggy.log,
            cwd=self.piggy.directory) for data, port in zip((self.piggy.data, self.other), self.ports)]
        wait_until(self.someone_serves, "a server that has the data")
        equal([self.serves(port) for port in self.ports].count(True), 1, "how many serve")

    def someone_serves(self):
        self.port = next((port for port in self.ports if self.serves(port)), None)
        return self.port is not None

    @staticmethod
    def serves(port):
        try:
            return Client(port, timeout=5).call("GET", "//readyz").status == 200
        except OSError:
            return False


class Calendar:
    """A flow for each zone, that begins at nine there."""

    def __init__(self, piggy, zones):
        self.piggy, self.office = piggy, Office(piggy)
        self.flows = {zone: self.office.boss.post(
            "/flows", name=f"Nine in {zone} {uuid.uuid4().hex[:6]}", enabled=True,
            persona_uuid=self.office.persona, definition={
                # One that comes while another still runs waits for it, rather than being left out.
                "trigger": {"schedule": {"zone": zone, "times": ["09:00"], "overlap": "queue"}},
                "steps": [{"id": "note", "set": {"time": "${{ tick.time }}"}}]})["flow"]["uuid"]
            for zone in zones}
        self.token = piggy.new_token("client", "demo", "--scope", "flows:read", "--scope", "access:write")
        self.client = piggy.client(self.token)

    def advance(self, moment):
        now = self.client.post("//platform/clock", {"to": told(moment)}).data["now"]
        expect(now[:16] == moment.strftime("%Y-%m-%dT%H:%M"), f"it is {now}, not {moment}")

    def runs(self, zone):
        found = self.client.get("//platform/flow-runs", flow_uuid=self.flows[zone], limit=100).data
        expect(len(found) < 100, "more runs than one page holds")
        return found


@test
def a_marketer_sees_a_flow_at_nine_on_the_day_the_clocks_change_within_a_second():
    zone, day = "Europe/Amsterdam", date(YEAR, 3, 29)
    with Piggy(("--sandbox-clock", told(nine(zone, day) - timedelta(hours=12)))) as piggy:
        calendar = Calendar(piggy, [zone])
        equal(calendar.runs(zone), [], "the runs before")
        started = time.monotonic()
        calendar.advance(nine(zone, day))
        wait_until(lambda: [one["state"] for one in calendar.runs(zone)] == ["done"], "the run")
        took = time.monotonic() - started
        expect(took < SOON, f"it took {took:.1f} s")
        run_of_it = calendar.client.get(f"//platform/flow-runs/{calendar.runs(zone)[0]['uuid']}").data
        tick = run_of_it["trigger"]["tick"]
        equal((tick["date"], tick["time"], tick["at"]),
              ("2026-03-29", "09:00", "2026-03-29T07:00:00+00:00"), "the tick")


@test
def a_server_with_the_real_time_is_not_moved():
    with Piggy() as piggy:
        client = piggy.client(piggy.new_token("client", "demo", "--scope", "access:write"))
        refused = client.post("//platform/clock", {"to": "2030-01-01T00:00:00Z"})
        expect("--sandbox-clock" in refused.refused(409)["message"], "what is said")
        reader = piggy.client(piggy.new_token("client", "demo", "--scope", "flows:write"))
        reader.post("//platform/clock", {"to": "2030-01-01T00:00:00Z"}).refused(403)


@test
def in_twelve_zones_over_both_changes_each_nine_o_clock_runs_once():
    looks, ends = moments()
    wanted = expected(looks)
    with Piggy(("--sandbox-clock", told(BEGIN))) as piggy:
        calendar, servers = Calendar(piggy, ZONES), None
        servers = Servers(piggy)
        try:
            for look in looks:
                if look in ends:
                    servers.kill()
                    servers.start(look)
                    calendar.client = Client(servers.port, calendar.token)
                else:
                    calendar.advance(look)
                due = {zone: sum(one[0] == zone and there <= look for one, (_, there) in wanted.items())
                       for zone in ZONES if any(one[0] == zone and there == look
                                                for one, (_, there) in wanted.items())}
                wait_until(lambda: all(len(calendar.runs(zone)) >= count for zone, count in due.items()),
                           f"the runs of {look}: {due}")
            compare(calendar, wanted)
        finally:
            servers.kill()
            piggy.process = None
    print(f"        {len(wanted)} runs at {len(looks)} looks, {len(ends)} outages; "
          f"{sum(late for late, _ in wanted.values())} late", flush=True)


def compare(calendar, wanted):
    for zone in ZONES:
        wait_until(lambda: all(one["ended_at"] for one in calendar.runs(zone)), f"the runs of {zone}")
        ran = {}
        for one in calendar.runs(zone):
            whole = calendar.client.get(f"//platform/flow-runs/{one['uuid']}").data
            tick = whole["trigger"]["tick"]
            expect(tick["date"] not in ran, f"{zone} ran twice on {tick['date']}")
            ran[tick["date"]] = (one["state"], tick["time"], tick["zone"], one["late"],
                                 datetime.fromisoformat(tick["at"]))
        equal(ran, {day: ("done", "09:00", zone, late, nine(zone, date.fromisoformat(day)))
                    for (of, day), (late, _) in wanted.items() if of == zone}, f"what ran in {zone}")


if __name__ == "__main__":
    sys.exit(run())
