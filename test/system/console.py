#!/usr/bin/python3
"""The console in a real browser (Debian's Chromium), on the real program: the tests of console/test,
run by Playwright. Pictures of all pages are put into build/screenshots.

    test/system/console.py [FILE…]      only the tests of these files, such as contact
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from harness import PROGRAM, ROOT, Piggy, finish

CONSOLE = ROOT / "console"
SCREENSHOTS = ROOT / "build/screenshots"


def main(wanted):
    subprocess.run([ROOT / "tools/npm.sh", CONSOLE, ROOT / "build/npm-console"], check=True, timeout=300)
    modules = CONSOLE / "node_modules"
    if not modules.exists():
        modules.symlink_to("../build/npm-console/node_modules")
    # Several of these may run at once.
    name = "-".join(["console-results", *wanted])
    report = ROOT / f"build/{name}.json"
    report.unlink(missing_ok=True)
    # One that is built beside the program, instead of the one in it; also for the programs that tests start.
    folder = {"PIGGY_CONSOLE": str(Path(os.environ["PIGGY_CONSOLE"]).resolve())} if "PIGGY_CONSOLE" in os.environ else {}
    arguments = ["--allow-private-connections"]  # Receivers of webhooks are on this machine.
    arguments += ["--console-folder", folder["PIGGY_CONSOLE"]] if folder else []
    with Piggy(arguments) as piggy:
        environment = os.environ | folder | {
            "PIGGY_PROGRAM": str(PROGRAM), "PIGGY_URL": f"http://127.0.0.1:{piggy.port}", "PIGGY_DATA": str(piggy.data),
            "PIGGY_SCREENSHOTS": str(SCREENSHOTS), "PLAYWRIGHT_JSON_OUTPUT_NAME": str(report)}
        ran = subprocess.run([modules / ".bin/playwright", "test", "--reporter=list,json", f"--output={ROOT}/build/{name}",
                              *[f"/{one}.spec.ts" for one in wanted]],
                             cwd=CONSOLE, env=environment, timeout=1800)
    if not report.exists():
        return finish(0, 1)
    stats = json.loads(report.read_text())["stats"]
    failed = stats["unexpected"] + stats["flaky"]
    return finish(stats["expected"], failed or (1 if ran.returncode else 0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
