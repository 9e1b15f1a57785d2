#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one house rule over the project: lint.py CHECK ROOT. Prints file:line: what, exit 1 on any."""

import sys
from pathlib import Path

from checks_docs import docs
from checks_format import format_
from checks_layering import layering
from checks_sizes import sizes
from checks_texts import names, plurals, texts
from checks_types import types
from source_tree import SourceTree

CHECKS = {check.__name__: check for check in (layering, sizes, names, docs, texts, plurals, types)} | {"format": format_}


def main(arguments):
    if len(arguments) != 2 or arguments[0] not in CHECKS:
        print(f"usage: lint.py {'|'.join(CHECKS)} ROOT", file=sys.stderr)
        return 2
    findings = sorted(CHECKS[arguments[0]](SourceTree(Path(arguments[1]))))
    for path, line, message in findings:
        print(f"{path}:{line}: {message}")
    print(f"{arguments[0]}: {len(findings)} finding(s)")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
