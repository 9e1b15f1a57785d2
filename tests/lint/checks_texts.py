# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about names and words: no name twice, a licence line, no paths of one machine, nothing left open."""

import html
import re
from collections import defaultdict
from pathlib import PurePosixPath

from source_tree import CPP, SCRIPTS, line_of

LICENCE_LINE = "SPDX-License-Identifier: GPL-3.0-or-later"

_TABLE = re.compile(r"^\s*add_component_table\(\s*\S+\s+(\S+)", re.MULTILINE)
# /home/of-a-test is the home that tests make up.
_MACHINE_PATH = re.compile(r"(?<![\w.$}~/-])/(?:work|tmp|root|home(?!/of-a-test)|Users|opt|mnt)/\w")
_LEFT_OPEN = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b")
_TR_CLASS = re.compile(r"Q_DECLARE_TR_FUNCTIONS\((?!preflab::)(\w+)\)")
_PLURAL = re.compile(r'\btr\(((?:\s*"(?:[^"\\]|\\.)*")+)\s*,\s*nullptr\s*,')
_PROSE = {".md", ".txt", ".json", ".in"}


def _component_folders(tree):
    """Folders whose files are rows of a table: there a name is an identifier, and each table has its own."""
    for file in tree.files:
        if file.name == "CMakeLists.txt":
            for match in _TABLE.finditer(tree.text(file)):
                yield file.parent / match.group(1)


def names(tree):
    """The same file name in two folders: an include, a log line or a search hit is then ambiguous."""
    tables = set(_component_folders(tree))
    places = defaultdict(list)
    for file in tree.files:
        if file.suffix in CPP | SCRIPTS | {".ui", ".qrc"} and file.parent not in tables:
            places[file.name].append(file)
    for name, files in places.items():
        for file in files[1:]:
            yield file, 1, f"the name {name} is taken by {files[0]}"


def texts(tree):
    for file in tree.sources():
        text = tree.text(file)
        if LICENCE_LINE not in "\n".join(text.splitlines()[:2]):
            yield file, 1, f"the first or second line must hold: {LICENCE_LINE}"
    wanted = set(tree.sources())
    for file in tree.files:
        if file in wanted or (file.suffix in _PROSE and not _is_data(file)):
            text = tree.text(file)
            for match in _MACHINE_PATH.finditer(text):
                yield file, line_of(text, match.start()), "a path of one machine"
            for match in _LEFT_OPEN.finditer(text):
                yield file, line_of(text, match.start()), f"finish it or file an issue: {match.group()}"


def plurals(tree):
    """A sentence with a number that no translation knows is shown with its "(s)"."""
    catalogues = [file for file in tree.files if file.suffix == ".ts"]
    known = html.unescape("".join(tree.text(file) for file in catalogues))
    for file in tree.sources():
        if PurePosixPath(file).parts[0] != "ui":
            continue
        text = tree.text(file)
        for match in _TR_CLASS.finditer(text):
            yield file, line_of(text, match.start()), f"translations are found by preflab::{match.group(1)}"
        for match in _PLURAL.finditer(text):
            sentence = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match.group(1)))
            if f"<source>{sentence}</source>" not in known:
                yield file, line_of(text, match.start()), f"run packaging/english_plurals.py: {sentence}"


def _is_data(file):
    parts = PurePosixPath(file).parts
    return parts[0] == "resources" or "fixtures" in parts
