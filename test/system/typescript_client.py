#!/usr/bin/python3
"""The TypeScript client, by the compiler at its strictest and in a run against the program. The first
run installs the compiler from npm into build/npm-typescript."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import ROOT, expect, run_in_a_shop, test

SOURCE = ROOT / "test/typescript"
TOOLS = ROOT / "build/npm-typescript"
STRICT = ["--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes",
          "--noImplicitReturns", "--noUnusedLocals", "--target", "es2022", "--module", "nodenext",
          "--lib", "es2023,dom"]


@test
def the_client_compiles_and_does_what_its_types_say(piggy, _):
    subprocess.run([ROOT / "tools/npm.sh", SOURCE, TOOLS], check=True, timeout=300)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "package.json").write_text('{"type": "module"}')
        (folder / "client.ts").write_text(piggy.run("typescript").stdout)
        # Of Node itself only what the program says is known.
        (folder / "node.d.ts").write_text("declare const process: { argv: string[] };\n")
        shutil.copy(SOURCE / "prove.ts", folder)
        compiled = subprocess.run(
            ["node", TOOLS / "node_modules/typescript/bin/tsc", *STRICT, "client.ts", "prove.ts",
             "node.d.ts"], cwd=folder, capture_output=True, text=True, timeout=120)
        expect(compiled.returncode == 0, compiled.stdout[:2000])
        ran = subprocess.run(["node", "prove.js", f"http://127.0.0.1:{piggy.port}", piggy.new_token()],
                             cwd=folder, capture_output=True, text=True, timeout=60)
        expect(ran.stdout == "proved\n", ran.stdout + ran.stderr)


if __name__ == "__main__":
    sys.exit(run_in_a_shop())
