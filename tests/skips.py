#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints what the last ctest run of a build folder skipped, and why: skips.py BUILD_FOLDER

Exit 1 if a test skipped although what it wants is there, or for a reason that reasons() does not know. A test that skips
proves nothing, so a new reason has to be written down here.
"""

import os
import re
import sys
from collections import namedtuple
from pathlib import Path

Skip = namedtuple("Skip", "program function reason")

_PROGRAM = re.compile(r"^\d+/\d+ Test: (\S+)")
_SKIP = re.compile(r"^SKIP\s+: \w+::(.*?\)) (.*)")


def skips_of(log):
    """The skips in a ctest log (Testing/Temporary/LastTest.log), in its order."""
    program = ""
    for line in log.splitlines():
        if match := _PROGRAM.match(line):
            program = match.group(1)
        elif match := _SKIP.match(line):
            yield Skip(program, match.group(1), match.group(2).strip())


def shared_folder(cache):
    """Where this build looks for the reference data, by its CMakeCache.txt."""
    match = re.search(r"^PREFLAB_TEST_SHARED:\w+=(.*)$", cache, re.MULTILINE)
    return Path(match.group(1)) if match else Path()


def reasons(shared):
    """(words of the reason, whether that reason can be true here)."""
    is_root = os.geteuid() == 0
    return [
        ("beside the project", not shared.is_dir()),
        ("PREFLAB_SHOTS", "PREFLAB_SHOTS" not in os.environ),
        ("The administrator may", is_root),
        ("the right to become another user", not is_root),
        ("the right to mount", True),          # containers differ in what root may do
        ("may have fits here", True),          # needs a machine with little memory
        ("Sanitizers need", True),
        ("The run was over before", True),     # a fast machine
        ("The demo's model has not been made", True),
    ]


def judged(skips, known):
    """(skip, whether it may be) for each."""
    for skip in skips:
        allowed = [is_true for words, is_true in known if words in skip.reason]
        yield skip, bool(allowed) and all(allowed)


def main(arguments):
    if len(arguments) != 1:
        print("usage: skips.py BUILD_FOLDER", file=sys.stderr)
        return 2
    build = Path(arguments[0])
    log = build / "Testing/Temporary/LastTest.log"
    cache = build / "CMakeCache.txt"
    if not log.is_file() or not cache.is_file():
        print(f"{build} holds no test run.", file=sys.stderr)
        return 2
    shared = shared_folder(cache.read_text(encoding="utf-8"))
    found = list(judged(skips_of(log.read_text(encoding="utf-8", errors="replace")), reasons(shared)))
    for skip, may_be in found:
        print(f"{'skipped' if may_be else 'MUST NOT SKIP'}: {skip.program}, {skip.function}: {skip.reason}")
    without_data = sum("beside the project" in skip.reason for skip, _ in found)
    wrong = sum(not may_be for _, may_be in found)
    print(f"{len(found)} skipped, {without_data} of them for want of the reference data, {wrong} without a right to")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
