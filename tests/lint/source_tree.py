# SPDX-License-Identifier: GPL-3.0-or-later
"""The project's own text files, and C++ text made easy to look at."""

import re
from pathlib import Path

CPP = {".h", ".cpp"}
SCRIPTS = {".py", ".sh", ".cmake"}
# What lies beside these at the top is not the project's: builds, environments, editors' files.
TOP_FOLDERS = {".ci", "app", "core", "packaging", "resources", "tests", "ui"}

_TOKEN = re.compile(
    r"""
    (?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
  | (?P<raw>(?:u8|[uUL])?R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)")
  | (?P<string>"(?:\\.|[^"\\\n])*")
  | (?P<number>\b\d(?:'?[\w.])*)          # 1'000: its quote starts no character
  | (?P<character>'(?:\\.|[^'\\\n])+')
    """,
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def code_only(text):
    """`text` with comments, contents of literals and preprocessor lines blanked; positions stay."""

    def replace(match):
        whole = match.group()
        if match.group("number") is not None:
            return whole
        if match.group("comment") is not None:
            return _blank(whole)
        return '"' + _blank(whole[1:-1]) + '"'

    return _DIRECTIVE.sub(lambda m: _blank(m.group()), _TOKEN.sub(replace, text))


def line_of(text, position):
    return text.count("\n", 0, position) + 1


class SourceTree:
    """All files of the project in `root`."""

    def __init__(self, root):
        self.root = Path(root)
        self.files = sorted(self._walk(self.root))

    def _walk(self, folder):
        for entry in folder.iterdir():
            if entry.is_symlink():
                continue
            if entry.is_dir():
                if folder != self.root or entry.name in TOP_FOLDERS:
                    yield from self._walk(entry)
            else:
                yield entry.relative_to(self.root)

    def cpp(self):
        return [f for f in self.files if f.suffix in CPP]

    def sources(self):
        """What a person writes as code: C++, scripts, CMake."""
        return [
            f for f in self.files
            if f.suffix in CPP | SCRIPTS or f.name == "CMakeLists.txt" or f.as_posix() == ".ci/run"
        ]

    def text(self, file):
        return (self.root / file).read_text(encoding="utf-8", errors="replace")
