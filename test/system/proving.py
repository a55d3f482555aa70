"""Proofs by what the field uses: see test/services/prove.mjs. The first run installs it from npm into
build/npm-services."""

import os
import subprocess

from harness import ROOT, expect

SERVICES = ROOT / "test/services"
TOOLS = ROOT / "build/npm-services"


def proved(*arguments, given=""):
    subprocess.run([ROOT / "tools/npm.sh", SERVICES, TOOLS], check=True, timeout=300)
    done = subprocess.run(["node", SERVICES / "prove.mjs", *arguments], input=given, text=True,
                          capture_output=True, timeout=60,
                          env=os.environ | {"PIGGY_MODULES": str(TOOLS / "node_modules")})
    expect(done.returncode == 0 and "proved" in done.stdout, done.stdout + done.stderr)
