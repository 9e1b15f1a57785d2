# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of at most 400 lines, functions of at most 60, constructors and lambdas included."""

import re

from source_tree import CPP, code_only, line_of

LONGEST_FILE = 400
LONGEST_FUNCTION = 60

_CONTROL = {"if", "for", "while", "switch", "catch", "constexpr", "alignas"}
# Their parentheses may follow a parameter list.
_OPERANDS = {"noexcept", "decltype", "requires"}
# What may stand between a parameter list and the body.
_AFTER_PARAMETERS = re.compile(
    r"(?:\s*(?:const|volatile|mutable|constexpr|override|final|try|&&?|noexcept))*"
    r"(?:\s*(?:->|requires\b)[^{};]*)?\s*\Z"
)
_LAST_WORD = re.compile(r"(\w+)\s*\Z")


class _Scanner:
    """Finds function bodies by looking at what stands before each opening brace."""

    def __init__(self, code):
        self.code = code
        self.open_of = {}         # position of a closing bracket -> position of its opening one
        self.kind_of = {}         # position of an opening brace -> "function", "value" or "block"
        self.functions = []       # (first position, last position)

    def scan(self):
        stack = []
        for position, character in enumerate(self.code):
            if character in "([{":
                if character == "{":
                    self.kind_of[position] = self._kind(position)
                stack.append((character, position))
            elif character in ")]}" and stack:
                _, opened = stack.pop()
                self.open_of[position] = opened
                if character == "}" and self.kind_of.get(opened) == "function":
                    self.functions.append((self._start(opened), position))
        return self.functions

    def _previous(self, position):
        """The last position before `position` that is not white space, or -1."""
        position -= 1
        while position >= 0 and self.code[position].isspace():
            position -= 1
        return position

    def _kind(self, brace):
        before = self._previous(brace)
        if before < 0:
            return "block"
        if self._closes_lambda_introducer(before) or self._parameters(brace) is not None:
            return "function"
        if self.code[before] == "}" and self.kind_of.get(self.open_of.get(before)) == "value" \
                and self._has_initialisers(brace):
            return "function"
        return "value" if re.match(r"[\w>\],=({]", self.code[before]) and not self._opens_scope(brace) else "block"

    def _parameters(self, brace):
        """Position of the parameter list's "(" when a body may start at `brace`."""
        end, skipped = brace, ""      # what stands between the next ")" and the brace
        while True:
            closing = self.code.rfind(")", 0, end)
            if closing not in self.open_of:
                return None
            opened = self.open_of[closing]
            between = self.code[closing + 1:end] + skipped
            word = _LAST_WORD.search(self.code[max(0, opened - 80):opened])
            word = word.group(1) if word else ""
            if re.search(r"[{};]", between):
                return None
            if word in _OPERANDS:
                end, skipped = opened, between
                continue
            return opened if _AFTER_PARAMETERS.match(between) and word not in _CONTROL else None

    def _closes_lambda_introducer(self, position):
        if self.code[position] != "]" or position not in self.open_of:
            return False
        before = self._previous(self.open_of[position])
        return before < 0 or not re.match(r"[\w\])]", self.code[before])

    def _opens_scope(self, brace):
        head = self.code[self._statement_start(brace):brace]
        return re.search(r"\b(?:namespace|class|struct|union|enum|else|do|try|extern)\b", head) is not None

    def _has_initialisers(self, brace):
        return re.search(r"\)[^;?]*?(?<!:):(?!:)", self.code[self._statement_start(brace):brace]) is not None

    def _statement_start(self, position):
        """Where the statement begins in which `position` stands."""
        current = position - 1
        while current >= 0:
            character = self.code[current]
            if character in ")]" and current in self.open_of:
                current = self.open_of[current]
            elif character == "}":
                opened = self.open_of.get(current)
                if self.kind_of.get(opened) != "value":
                    break
                current = opened
            elif character in "{;([":
                break
            current -= 1
        return current + 1

    def _start(self, brace):
        start = self._statement_start(brace)
        head = self.code[start:brace]
        head = re.sub(r"\A(?:\s*(?:public|protected|private)(?:\s+(?:Q_SLOTS|slots))?\s*:(?!:))+",
                      lambda m: " " * len(m.group()), head)
        text = re.search(r"\S", head)
        return start + text.start() if text else brace


def functions_of(text):
    """(first line, last line) of each function of a C++ text, 1-based, signature included."""
    code = code_only(text)
    return [(line_of(code, a), line_of(code, b)) for a, b in _Scanner(code).scan()]


def sizes(tree):
    for file in tree.sources():
        text = tree.text(file)
        lines = len(text.splitlines())
        if lines > LONGEST_FILE:
            yield file, lines, f"{lines} lines, more than {LONGEST_FILE}"
        if file.suffix in CPP:
            for first, last in functions_of(text):
                if last - first + 1 > LONGEST_FUNCTION:
                    yield file, first, f"function of {last - first + 1} lines, more than {LONGEST_FUNCTION}"
