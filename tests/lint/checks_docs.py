# SPDX-License-Identifier: GPL-3.0-or-later
"""Every public declaration of core has a comment: classes, enums, aliases, free functions, constants of its headers."""

import re

from source_tree import code_only, line_of

_SKIPPED = re.compile(
    r"(?:(?:class|struct|union|enum(?:\s+class)?)\s+\w+(?:\s*:\s*[\w:]+)?\s*;"   # forward declaration
    r"|static_assert\b|namespace\s+\w+\s*=|using\s+namespace\b|extern\s+\"|using\s+[\w:]*::\w+\s*;|friend\b|;)"
)
_TYPE = re.compile(r"\s*(?:template\s*<[^{}()]*>\s*)?(?:class|struct|union|enum)\b")
_SCOPE = re.compile(r"\s*(?:inline\s+)?namespace\b[^;{}()=]*\Z|\s*extern\s+\"[^\"]*\"\s*\Z")


def _declarations(code):
    """(start, end) of each declaration at namespace scope, and of each namespace's first line."""
    start, depth = 0, 0
    for position, character in enumerate(code):
        if character in "([{":
            if character == "{" and depth == 0 and _SCOPE.match(code[start:position]):
                yield start, position + 1
                start = position + 1
            else:
                depth += 1
        elif character in ")]}":
            if character == "}" and depth == 0:
                start = position + 1
                continue
            depth -= 1
            # A function's body ends its declaration; a class or a value still has its semicolon.
            if character == "}" and depth == 0 and _is_function(code[start:position]):
                yield start, position + 1
                start = position + 1
        elif character == ";" and depth == 0:
            yield start, position + 1
            start = position + 1


def _is_function(declaration):
    head = declaration[:declaration.index("{")]
    head = re.sub(r"\A\s*template\s*<[^{}()]*>", "", head)
    return "(" in head and not re.match(r"\s*(?:class|struct|union|enum)\b", head) \
        and not re.search(r"(?<![=!<>])=(?!=)", head)


def _has_comment(lines, first):
    """Whether line `first` (1-based) has a comment of its own, above it or behind it."""
    if re.search(r"//[/!]<", lines[first - 1]):
        return True
    above = lines[first - 2].strip() if first >= 2 else ""
    return above.startswith(("//", "*", "/*")) or above.endswith("*/")


def undocumented(text):
    """Lines of a header's declarations without a comment."""
    code, lines = code_only(text), text.splitlines()
    documented_until = 0          # last line of a declaration that is covered
    for start, end in _declarations(code):
        declaration = code[start:end]
        offset = re.search(r"\S", declaration)
        if offset is None or _SKIPPED.match(declaration.strip()):
            continue
        first, last = line_of(code, start + offset.start()), line_of(code, end - 1)
        if _SCOPE.match(declaration[:-1]):
            # The comment on an inner namespace speaks for what follows it at once.
            documented_until = last if _has_comment(lines, first) else documented_until
            continue
        # One-liners and functions one below the other, without an empty line, share the comment above.
        is_grouped = first == documented_until + 1 and (first == last or not _TYPE.match(declaration))
        if is_grouped or _has_comment(lines, first) or first == documented_until:
            documented_until = last
        else:
            yield first, " ".join(declaration.split())[:60]


def docs(tree):
    for file in tree.cpp():
        if file.parts[0] == "core" and file.suffix == ".h":
            for line, declaration in undocumented(tree.text(file)):
                yield file, line, f"no comment says what this is: {declaration}"
