# SPDX-License-Identifier: GPL-3.0-or-later
"""Every C++ file is as clang-format writes it."""

import re
import shutil
import subprocess

# Another version formats a little differently, so this one is asked for by name.
FORMATTER = "clang-format-14"

_COMPLAINT = re.compile(r"^(?P<path>.+?):(?P<line>\d+):\d+: (?:error|warning): ", re.MULTILINE)


def format_(tree):
    if shutil.which(FORMATTER) is None:
        raise SystemExit(f"{FORMATTER} is missing; packaging/setup.sh installs it")
    files = [file.as_posix() for file in tree.cpp()]
    run = subprocess.run(
        [FORMATTER, "--dry-run", "-Werror", *files], cwd=tree.root, capture_output=True, text=True, check=False
    )
    seen = set()
    for match in _COMPLAINT.finditer(run.stderr):
        if match["path"] not in seen:
            seen.add(match["path"])
            yield match["path"], int(match["line"]), f"not formatted; run {FORMATTER} -i on it"
