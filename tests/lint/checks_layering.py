# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may include whom. The compiler holds little of this: torch lies on a system include path, and
every module sees the project's root."""

import posixpath
import re
from pathlib import PurePosixPath

from source_tree import line_of

# What a target may include of the project: what its link line names, and what that names in turn.
LINKS = {
    "core_base": (),
    "core_model": ("core_base",),
    "core_project": ("core_base",),
    "core_data": ("core_project",),
    "core_text": ("core_data", "core_model"),
    "core_runs": ("core_text",),
    "core_report": ("core_runs",),
    "core_plan": ("core_runs",),
    "core_train": ("core_plan",),
    "ui_models": ("core_report",),
    "ui": ("ui_models",),
    "preflab-cli": ("core_train", "core_report"),
    "preflab": ("ui", "core_train"),
}
MAY_USE_TORCH = {"core_train"}
MAY_USE_QT = {"ui_models", "ui", "preflab"}

# A third-party library belongs to one module; the others speak that module's language.
OWNED_HEADERS = {
    "sqlite3.h": "core_base",
    "xxhash.h": "core_base",
    "zlib.h": "core_data",
    "duckdb.h": "core_data",
    "core/data/ingest/duckdb_api.h": "core_data",
    "sentencepiece_processor.h": "core_text",
    "pcre2.h": "core_base",
}
QCUSTOMPLOT_WRAPPER = "ui/plots/qcp.h"
# Padding, forward passes and the memory of tensors are known in here only.
ENGINE = "core/train/engine/"

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.MULTILINE)
_QT = re.compile(r"^(?:Q[A-Z]\w*|Qt[A-Z]\w*/.*|q[a-z]+\.h)$")
_TORCH = re.compile(r"^(?:torch|ATen|c10|caffe2)/")
_FORWARD_PASS = re.compile(ENGINE + r"(?:attention|batch|decoder_forward|layers|log_probs|rotary)\.h$")
_TENSOR_MEMORY = re.compile(r"\b(?:const_|mutable_)?data_ptr\b")
_WIDGETS = re.compile(
    r"^(?:QtWidgets\b.*|QApplication|Q(?:Main|Mdi|Tab|Tool|Status|Menu|Scroll)\w*(?:Window|Bar|Area)"
    r"|Q\w*(?:Widget|Dialog|Button|Box|View|Label|Menu|Delegate|Splitter|Frame|Slider|Style|Completer)"
    r"|Q(?:Line|Text|PlainText|KeySequence)Edit|Q(?:H|V)?BoxLayout|Q(?:Grid|Form|Stacked)?Layout)$"
)


def _closure(target):
    reached = {target}
    for linked in LINKS[target]:
        reached |= _closure(linked)
    return reached


def target_of(path):
    """The target that a source file belongs to, or None."""
    parts = PurePosixPath(path).parts
    if parts[0] == "core" and len(parts) > 2:
        return f"core_{parts[1]}"
    if parts[0] == "ui" and len(parts) > 1:
        return "ui_models" if parts[1] == "models" else "ui"
    if parts[0] == "app":
        return "preflab-cli" if "cli" in parts[1:-1] else "preflab"
    return None


def _rules_for(path):
    """(may include, may use torch, may use Qt) of a file, or None where no rule applies."""
    target = target_of(path)
    if target in LINKS:
        return _closure(target), target in MAY_USE_TORCH, target in MAY_USE_QT
    parts = PurePosixPath(path).parts
    if parts[0] == "tests" and len(parts) > 2:
        # A test stands where its target stands; Qt Test is everywhere.
        target = "preflab-cli" if parts[1] == "cli" else parts[1]
        if target in LINKS:
            return _closure(target), target in MAY_USE_TORCH, True
    return None


def _included_path(tree, file, name):
    """The project file that `name` means: below the root, or beside the including file."""
    if (tree.root / name).is_file():
        return name
    beside = posixpath.normpath(posixpath.join(file.parent.as_posix(), name))
    return beside if (tree.root / beside).is_file() else None


def _complaint(tree, file, name):
    allowed, may_torch, may_qt = _rules_for(file.as_posix())
    target = target_of(file.as_posix())
    included = _included_path(tree, file, name)
    owner = OWNED_HEADERS.get(included or name)
    if target is not None and owner is not None and owner != target:
        return f"{name} belongs to {owner}, not to {target}"
    if included is not None:
        is_inside = target is None or file.as_posix().startswith(ENGINE)
        if _FORWARD_PASS.match(included) and not is_inside:
            return f"only an engine runs a forward pass: {name}"
        other = target_of(included)
        if other is not None and other not in allowed:
            return f"{target or 'this test'} must not include {name}: that is {other}"
        return None
    if _TORCH.match(name) and not may_torch:
        return f"only core_train knows torch: {name}"
    if name == "qcustomplot.h" and file.as_posix() != QCUSTOMPLOT_WRAPPER:
        return f"include {QCUSTOMPLOT_WRAPPER} instead of {name}"
    if _QT.match(name) and not may_qt:
        return f"{target or 'this folder'} has no Qt: {name}"
    if target == "ui_models" and _WIDGETS.match(name):
        return f"ui_models has no widgets: {name}"
    return None


def layering(tree):
    for file in tree.cpp():
        if _rules_for(file.as_posix()) is None:
            if file.parts[0] in ("core", "ui", "app"):
                yield file, 1, "this folder belongs to no target (see LINKS in checks_layering.py)"
            continue
        text = tree.text(file)
        for match in _INCLUDE.finditer(text):
            complaint = _complaint(tree, file, match.group(1))
            if complaint:
                yield file, line_of(text, match.start()), complaint
        if target_of(file.as_posix()) is not None and not file.as_posix().startswith(ENGINE):
            for match in _TENSOR_MEMORY.finditer(text):
                yield file, line_of(text, match.start()), "only an engine touches a tensor's memory"
