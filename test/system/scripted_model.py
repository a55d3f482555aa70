"""The scripted model server (test/model/scripted_server.py) as a child process."""

import json
import subprocess
import sys
import urllib.request

from harness import ROOT


class Server:
    def __init__(self, *arguments):
        self.process = subprocess.Popen([sys.executable, ROOT / "test/model/scripted_server.py", *arguments],
                                        stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def play(self, *turns):
        """Another script, from its beginning; what was asked before is forgotten."""
        self.post("/_script", {"turns": turns})

    def requests(self):
        with urllib.request.urlopen(self.url + "/_requests", timeout=30) as answer:
            return json.loads(answer.read())

    def post(self, path, body):
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())
