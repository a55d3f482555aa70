"""Many conversations at once, each followed by a page of its own."""

import selectors
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from harness import expect, raise_file_limit
from measure import Sample, resident_mib
from office import Office, Person
from table import Floor

CONVERSATIONS = 1_000
SPEAKERS = 4
ANSWER_SECONDS = 120


def on_streams(bench):
    raise_file_limit()
    with bench.piggy("streams", contacts=0) as piggy:
        bench.part("1,000 conversations streaming at once", measure_streams, bench, piggy)


def measure_streams(name, bench, piggy):
    """In each somebody says something, and each page sees the answer: turns a second, the time from
    the word to the answer, and the most memory that was resident in between."""
    office = Office(piggy)
    office.grant("piggy_get_contact_credit_balance")
    contact = office.shop.new_contact()
    pages = Pages(office, [office.boss.post("/conversations", persona_uuid=office.persona)["uuid"]
                           for _ in range(CONVERSATIONS)])
    latencies, seconds = [], 0
    for _ in range(bench.repeats):
        spent, taken = pages.all_speak(f"what is the balance of {contact}")
        latencies += taken
        seconds += spent
    sample = Sample.of_latencies(latencies, seconds)
    sample.memory = pages.memory
    pages.close()
    bench.table.add(name, sample, Floor(memory=200))


class Pages:
    """One open stream a conversation, read on one thread."""

    def __init__(self, office, conversations):
        self.office = office
        self.pid = office.piggy.process.pid
        self.memory = 0
        self.conversations = conversations
        self.answered = {}  # When the persona's word came, by conversation.
        self.changed = threading.Condition()
        self.selector = selectors.DefaultSelector()
        self.sockets = [self.open(uuid) for uuid in conversations]
        self.open_now = True
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def open(self, uuid):
        page = socket.create_connection(("127.0.0.1", self.office.piggy.port))
        page.sendall(f"GET /platform/conversations/{uuid}/events HTTP/1.1\r\nHost: localhost\r\n"
                     f"Cookie: {self.office.boss.cookie}\r\n\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += page.recv(4096)
        expect(head.startswith(b"HTTP/1.1 200"), head[:200])
        self.selector.register(page, selectors.EVENT_READ, uuid)
        return page

    def read(self):
        unread = dict.fromkeys(self.conversations, b"")
        while self.open_now:
            for key, _ in self.selector.select(0.1):
                unread[key.data] += key.fileobj.recv(65536)
                *whole, unread[key.data] = unread[key.data].split(b"\n\n")
                if any(b'"kind":"persona"' in event for event in whole):
                    with self.changed:
                        self.answered[key.data] = time.perf_counter()
                        self.changed.notify()
            self.memory = max(self.memory, resident_mib(self.pid))

    def all_speak(self, text):
        """The seconds until all are answered, and the microseconds that each waited."""
        said, self.answered = {}, {}
        people = [Person(self.office.piggy, self.office.email) for _ in range(SPEAKERS)]

        def speak(number):
            for uuid in self.conversations[number::SPEAKERS]:
                said[uuid] = time.perf_counter()
                people[number].post(f"/conversations/{uuid}/messages", text=text)

        started = time.perf_counter()
        with ThreadPoolExecutor(SPEAKERS) as pool:
            list(pool.map(speak, range(SPEAKERS)))
        with self.changed:
            done = self.changed.wait_for(lambda: len(self.answered) == len(said), ANSWER_SECONDS)
        expect(done, f"{len(said) - len(self.answered)} pages saw no answer")
        spent = time.perf_counter() - started
        return spent, [(self.answered[uuid] - when) * 1e6 for uuid, when in said.items()]

    def close(self):
        self.open_now = False
        self.thread.join()
        for page in self.sockets:
            page.close()
