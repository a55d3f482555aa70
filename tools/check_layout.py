#!/usr/bin/python3
"""Checks that the code lies where it should (see src/order.txt) and stays readable in size.

Fails: a module that order.txt does not name, a file (tests aside) that includes a module below its
own, Asio or Beast outside src/http, a file over 600 lines, a page (Markdown) that leads to a file or
picture that is not there, a picture of the manual that no page shows. Warns: a file over 400 lines, a
function over 70.
"""

import re
import sys
from pathlib import Path

FILE_LINES_WISHED = 400
FILE_LINES_MAX = 600
FUNCTION_LINES_WISHED = 70

# What `find` may meet below these folders and is not ours to shorten.
SKIPPED = {"node_modules", "golden", "dist", "build", "piggy.ts"}


def main():
    root = Path(__file__).resolve().parent.parent
    order = (root / "src/order.txt").read_text().split()
    engine = sorted(path for path in (root / "src").glob("*/*") if path.suffix in {".cpp", ".h"})

    failures = {
        "modules": unlisted_modules(engine, order),
        "include order": wrong_includes(engine, order),
        "network library": network_includes(engine),
        "file length": [],
        "links": dead_links(root),
    }
    warnings = []
    for path in engine + other_sources(root):
        lines = path.read_text().splitlines()
        name = path.relative_to(root)
        if len(lines) > FILE_LINES_MAX:
            failures["file length"].append(f"{name}: {len(lines)} lines, {FILE_LINES_MAX} at most")
        elif len(lines) > FILE_LINES_WISHED:
            warnings.append(f"{name}: {len(lines)} lines")
        if path in engine:
            warnings += [f"{name}:{start}: a function of {length} lines"
                         for start, length in long_functions(lines)]

    report("Longer than we like (a question, not a failure):", warnings)
    for rule, found in failures.items():
        report(f"{rule}:", found)
    failed = sum(1 for found in failures.values() if found)
    print(f"{len(failures) - failed} passed, {failed} failed")
    return 1 if failed else 0


def other_sources(root):
    suffixes = {".py", ".sh", ".ts", ".tsx", ".lua"}
    folders = [root / "test", root / "tools", root / "console/src"]
    found = [path for folder in folders for path in folder.glob("**/*") if path.suffix in suffixes]
    return [root / "dev"] + sorted(p for p in found if not SKIPPED & set(p.parts))


def dead_links(root):
    """What pages lead to within the project and is not there, and pictures that are there for nobody."""
    folders = [root, *(root / name for name in ("manual", "console", "bench", "deploy")), *(root / "src").glob("*")]
    pages = sorted(page for folder in folders for page in folder.glob("*.md"))
    led_to = {page: re.findall(r"\]\(([^)\s#:]+)(?:#[^)]*)?\)", page.read_text()) for page in pages}
    dead = [f"{page.relative_to(root)} leads to {link}" for page, links in led_to.items() for link in links
            if not (page.parent / link).exists()]
    shown = {(page.parent / link).resolve() for page, links in led_to.items() for link in links}
    return dead + [f"no page shows {picture.relative_to(root)}"
                   for picture in sorted((root / "manual/pictures").iterdir()) if picture.resolve() not in shown]


def unlisted_modules(engine, order):
    return sorted({f"src/{path.parent.name} is missing in src/order.txt" for path in engine
                   if path.parent.name not in order})


def wrong_includes(engine, order):
    """Lower in the list may use higher, never the other way round."""
    wrong = []
    for path, number, included in includes(engine, r'"([^"/]+)/[^"]+"'):
        own = path.parent.name
        if own not in order or included == own or is_test(path):
            continue
        if included not in order:
            wrong.append(f"{where(path, number)}: there is no module {included}")
        elif order.index(included) > order.index(own):
            wrong.append(f"{where(path, number)}: {own} stands above {included} in src/order.txt")
    return wrong


def is_test(path):
    """Tests, and what they share, may use everything."""
    return path.stem.endswith("_test") or path.stem.startswith("test_")


def network_includes(engine):
    return [f"{where(path, number)}: Asio and Beast belong into src/http"
            for path, number, _ in includes(engine, r"<(?:boost/)?(asio|beast)[./]")
            if path.parent.name != "http"]


def includes(files, pattern):
    form = re.compile(r"\s*#\s*include\s*" + pattern)
    for path in files:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if match := form.match(line):
                yield path, number, match.group(1)


def long_functions(lines):
    """Goes by indentation, which the formatter guarantees: a block at the margin, or one level in
    (a member of a class), that is neither a namespace nor a type."""
    for margin in ("", "  "):
        start = None
        for number, line in enumerate(lines, 1):
            at_margin = line.startswith(margin) and line[len(margin):len(margin) + 1].strip()
            if not at_margin or re.match(r"\s*(#|//|public:|private:|protected:)", line):
                continue
            if line.startswith(margin + "}"):
                if start and number - start + 1 > FUNCTION_LINES_WISHED:
                    yield start, number - start + 1
                start = None
            elif re.match(r"\s*(namespace|class|struct|enum|union|template|using)\b", line):
                start = None
            elif start is None or not line.startswith(margin + ")"):
                start = number


def where(path, number):
    return f"src/{path.parent.name}/{path.name}:{number}"


def report(title, lines):
    if lines:
        print(title)
        for line in lines:
            print(f"  {line}")


if __name__ == "__main__":
    sys.exit(main())
