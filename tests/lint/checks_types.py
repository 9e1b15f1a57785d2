# SPDX-License-Identifier: GPL-3.0-or-later
"""One definition for each type's qualified name. Two of them compile and link, each in its own file, and then one's
constructor fills the other's memory."""

import re
from collections import defaultdict

from source_tree import code_only, line_of

_NAMESPACE = re.compile(r"(?:inline\s+)?namespace\b\s*([\w:\s]*)\Z")
_LINKAGE = re.compile(r'extern\s+"[^"]*"\s*\Z')
_TYPE = re.compile(
    r"(?:\A|\s)(?:class|struct|union|enum(?:\s+(?:class|struct))?)\s+(?:[A-Z_]+\s+)?(?P<name>(?!final\b)\w[\w:]*)"
    r"(?P<specialised>\$?)\s*(?:final\s*)?(?::(?!:)[^()=]*)?\Z"
)
_LABEL = re.compile(r"\A(?:\s*(?:public|protected|private)(?:\s+(?:Q_SLOTS|slots))?\s*:(?!:))+")


def _plain(head):
    """`head` without template headers, attributes and alignment; other template arguments become one `$`."""
    head = _LABEL.sub("", head)
    head = re.sub(r"\[\[[^\]]*\]\]|alignas\s*\([^)]*\)", " ", head)
    while True:
        shorter = re.sub(r"\btemplate\s*<[^<>]*>", " ", head)
        shorter = shorter if shorter != head else re.sub(r"\s*<[^<>]*>", "$", head)
        if shorter == head:
            return head.strip()
        head = shorter


def _scope(head):
    """What an opening brace behind `head` opens: ("namespace" or "type", name), ("through", "") or None for code."""
    head = _plain(head)
    namespace = _NAMESPACE.search(head)
    if namespace:
        return ("namespace", namespace.group(1).strip()) if namespace.group(1).strip() else None
    if _LINKAGE.search(head):
        return "through", ""
    match = _TYPE.search(head)
    return ("type", match.group("name")) if match and not match.group("specialised") else None


def type_definitions(text):
    """(line, qualified name) of each class, struct, union and enum that other files could mean by that name.

    Types of functions and of unnamed namespaces are their file's own and left out.
    """
    code, scopes, start = code_only(text), [], 0
    for position, character in enumerate(code):
        if character == "{":
            scope = _scope(code[start:position])
            if scope and scope[0] == "type" and None not in scopes:
                yield line_of(code, position), "::".join([name for name in scopes if name] + [scope[1]])
            scopes.append(scope[1] if scope else None)
        elif character == "}" and scopes:
            scopes.pop()
        if character in "{};":
            start = position + 1


def types(tree):
    places = defaultdict(list)
    for file in tree.cpp():
        for line, name in type_definitions(tree.text(file)):
            places[name].append((file, line))
    for name, found in places.items():
        # A test's own types meet the project's, but not those of other tests: each test is a program.
        shared = [place for place in found if place[0].parts[0] != "tests" or place[0].suffix == ".h"]
        own = [place for place in found if place not in shared]
        for file, line in (shared[1:] + own if shared else []):
            yield file, line, f"the type {name} is also defined in {shared[0][0]}:{shared[0][1]}"
