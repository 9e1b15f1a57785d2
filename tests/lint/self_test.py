#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plants one violation of each rule in a small project and asks that exactly it is reported."""

import sys
import tempfile
import unittest
from pathlib import Path

import cpp_samples
from checks_docs import docs, undocumented
from checks_format import format_
from checks_layering import layering
from checks_sizes import functions_of, sizes
from checks_texts import names, plurals, texts
from checks_types import type_definitions, types
from source_tree import SourceTree, code_only

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import skips  # noqa: E402

LICENCE = "// SPDX-License-Identifier: GPL-3.0-or-later\n"


class PlantedTree(unittest.TestCase):
    def findings(self, check, files):
        """What `check` says of a project with these files: {path: text} -> [(path, line)]."""
        with tempfile.TemporaryDirectory() as folder:
            for path, text in files.items():
                file = Path(folder, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            return sorted((str(file), line) for file, line, _ in check(SourceTree(folder)))


class Layering(PlantedTree):
    def expect(self, path, include, is_allowed, others=()):
        files = {other: "" for other in others} | {path: f"\n#include {include}\n"}
        self.assertEqual(self.findings(layering, files), [] if is_allowed else [(path, 2)], f"{path}: {include}")

    def test_core_has_no_qt(self):
        self.expect("core/base/a.cpp", "<QString>", False)
        self.expect("core/train/a.cpp", "<QtCore/QString>", False)
        self.expect("app/cli/a.cpp", "<QCoreApplication>", False)
        self.expect("core/base/a.cpp", "<queue>", True)
        self.expect("ui/models/a.h", "<QString>", True)
        self.expect("tests/core_base/a_test.cpp", "<QtTest>", True)

    def test_only_train_has_torch(self):
        for include in ("<torch/torch.h>", "<ATen/core/Tensor.h>", "<c10/util/Exception.h>"):
            self.expect("ui/pages/a.cpp", include, False)
            self.expect("core/runs/a.h", include, False)
            self.expect("app/cli/a.cpp", include, False)
            self.expect("tests/core_runs/a_test.cpp", include, False)
            self.expect("core/train/losses/a.cpp", include, True)
            self.expect("tests/core_train/a_test.cpp", include, True)

    def test_only_an_engine_runs_a_forward_pass(self):
        header = "core/train/engine/decoder_forward.h"
        self.expect("core/train/sample.cpp", f'"{header}"', False, [header])
        self.expect("core/train/engine/a.cpp", f'"{header}"', True, [header])
        self.expect("tests/core_train/a_test.cpp", f'"{header}"', True, [header])
        memory = "float* p = t.mutable_data_ptr<float>();\n"
        self.assertEqual(self.findings(layering, {"core/train/a.cpp": memory}), [("core/train/a.cpp", 1)])
        self.assertEqual(self.findings(layering, {"core/train/engine/a.cpp": memory}), [])

    def test_models_have_no_widgets(self):
        for include in ("<QWidget>", "<QtWidgets/QLabel>", "<QMainWindow>", "<QTableView>", "<QVBoxLayout>"):
            self.expect("ui/models/a.cpp", include, False)
            self.expect("ui/pages/a.cpp", include, True)
        for include in ("<QAbstractTableModel>", "<QTextLayout>", "<QStyleHints>", "<QUndoStack>"):
            self.expect("ui/models/a.cpp", include, True)

    def test_includes_follow_the_links(self):
        allowed = [("core/runs/a.h", "core/data/b.h"), ("core/train/a.h", "core/base/b.h"),
                   ("app/cli/a.h", "core/train/b.h"), ("app/main.cpp", "ui/pages/b.h"),
                   ("ui/pages/a.h", "core/runs/b.h"), ("tests/cli/a_test.cpp", "app/cli/b.h")]
        forbidden = [("core/base/a.h", "core/model/b.h"), ("core/model/a.h", "core/data/b.h"),
                     ("core/data/a.h", "core/model/b.h"), ("core/runs/a.h", "core/train/b.h"),
                     ("ui/pages/a.h", "core/train/b.h"), ("ui/models/a.h", "ui/pages/b.h"),
                     ("core/train/a.h", "app/cli/b.h"), ("app/cli/a.h", "ui/pages/b.h"),
                     ("tests/core_data/a_test.cpp", "core/runs/b.h")]
        for path, other in allowed:
            self.expect(path, f'"{other}"', True, [other])
        for path, other in forbidden:
            self.expect(path, f'"{other}"', False, [other])

    def test_a_detour_is_seen(self):
        self.expect("core/runs/a.h", '"../train/b.h"', False, ["core/train/b.h"])

    def test_libraries_have_one_owner(self):
        self.expect("core/base/a.cpp", "<sqlite3.h>", True)
        self.expect("core/runs/a.cpp", "<sqlite3.h>", False)
        self.expect("core/runs/a.cpp", '"core/data/ingest/duckdb_api.h"', False, ["core/data/ingest/duckdb_api.h"])
        self.expect("ui/pages/a.cpp", "<qcustomplot.h>", False)
        self.expect("ui/plots/qcp.h", "<qcustomplot.h>", True)

    def test_a_folder_without_target_is_seen(self):
        self.assertEqual(self.findings(layering, {"core/extra/a.h": ""}), [("core/extra/a.h", 1)])


class Sizes(PlantedTree):
    def test_long_file(self):
        self.assertEqual(self.findings(sizes, {"core/base/a.h": "\n" * 400}), [])
        self.assertEqual(self.findings(sizes, {"core/base/a.h": "\n" * 401}), [("core/base/a.h", 401)])
        self.assertEqual(self.findings(sizes, {"packaging/a.sh": "\n" * 401}), [("packaging/a.sh", 401)])

    def test_long_functions_of_every_form(self):
        for name, sample in cpp_samples.FUNCTIONS.items():
            fitting, long = sample.replace("@", "    f();\n" * 50), sample.replace("@", "    f();\n" * 60)
            self.assertEqual(self.findings(sizes, {"a.cpp": fitting}), [], name)
            self.assertNotEqual(self.findings(sizes, {"a.cpp": long}), [], name)

    def test_what_is_no_function(self):
        for name, sample in cpp_samples.NO_FUNCTIONS.items():
            self.assertEqual(self.findings(sizes, {"a.cpp": sample.replace("@", "    1,\n" * 80)}), [], name)

    def test_signature_counts(self):
        self.assertEqual(functions_of("\nint\nf(int a,\n  int b)\n{\n}\n"), [(2, 6)])
        self.assertEqual(functions_of("A::A(int b)\n  : m_b{b}\n  , m_c(1)\n{\n}\n"), [(1, 5)])

    def test_literals_do_not_confuse(self):
        self.assertEqual(functions_of('void f() {\n  g("}{", R"x(})" {)x", \'{\', 1\'0);  // }\n}\n'), [(1, 3)])


class Names(PlantedTree):
    def test_same_name_twice(self):
        files = {"core/base/a.h": "", "core/data/a.h": "", "core/CMakeLists.txt": "", "ui/CMakeLists.txt": ""}
        self.assertEqual(self.findings(names, files), [("core/data/a.h", 1)])

    def test_tables_have_names_of_their_own(self):
        call = "add_component_table(core_train losses LossInfo loss losses core/train/loss.h)"
        files = {"core/train/CMakeLists.txt": call, "core/train/losses/dpo.cpp": "", "core/base/dpo.cpp": ""}
        self.assertEqual(self.findings(names, files), [])


class Texts(PlantedTree):
    def test_licence_line(self):
        files = {"a.h": LICENCE, "b.h": "#pragma once\n", "c.sh": "#!/bin/sh\n#" + LICENCE[2:], "d.md": ""}
        self.assertEqual(self.findings(texts, files), [("b.h", 1)])

    def test_machine_paths(self):
        planted = "".join(f"// /{top}/x\n" for top in ("home", "work", "tmp", "root"))
        self.assertEqual(len(self.findings(texts, {"a.h": LICENCE + planted})), 4)
        harmless = "// core/work/x ${ROOT}/work/x ~/work/x <root>/share\n"
        self.assertEqual(self.findings(texts, {"a.h": LICENCE + harmless}), [])

    def test_nothing_is_left_open(self):
        planted = "// TO" + "DO later\n// FIX" + "ME\n"
        self.assertEqual(self.findings(texts, {"a.h": LICENCE + planted}), [("a.h", 2), ("a.h", 3)])


    def test_plurals_are_known(self):
        known = "<source>%n pair(s) &amp; more</source>"
        call = 'tr("%n pair(s) "\n   "& more", nullptr, count);\n'
        files = {"resources/translations/en.ts": known, "ui/a.cpp": "\n" + call, "core/a.cpp": "\n" + call.replace("more", "less")}
        self.assertEqual(self.findings(plurals, files), [])
        files["ui/a.cpp"] = "\n" + call.replace("more", "less") + "Q_DECLARE_TR_FUNCTIONS(A)\nQ_DECLARE_TR_FUNCTIONS(preflab::A)\n"
        self.assertEqual(self.findings(plurals, files), [("ui/a.cpp", 2), ("ui/a.cpp", 4)])


class Docs(PlantedTree):
    def test_only_headers_of_core(self):
        bare = "struct A {\n};\n"
        files = {"core/base/a.h": bare, "core/base/a.cpp": bare, "ui/pages/b.h": bare}
        self.assertEqual(self.findings(docs, files), [("core/base/a.h", 1)])

    def test_each_kind_is_seen(self):
        for bare in cpp_samples.UNDOCUMENTED:
            header = f"namespace preflab {{\n\n{bare}\n\n}}\n"
            self.assertEqual([line for line, _ in undocumented(header)], [3], bare)
            self.assertEqual(list(undocumented(header.replace(bare, "/// Said.\n" + bare))), [], bare)

    def test_what_needs_no_comment(self):
        for harmless in cpp_samples.NEED_NO_COMMENT:
            self.assertEqual(list(undocumented(f"namespace preflab {{\n{harmless}\n}}\n")), [], harmless)


class Types(PlantedTree):
    def test_each_form_is_seen(self):
        for sample in cpp_samples.TYPES:
            found = [name for _, name in type_definitions(sample)]
            self.assertEqual(found, ["preflab::A"], sample)

    def test_what_is_a_files_own(self):
        for sample in cpp_samples.NO_SHARED_TYPES:
            self.assertEqual(list(type_definitions(sample)), [], sample)

    def test_two_definitions(self):
        one = "namespace preflab {\nstruct A {};\n}\n"
        two = "\nnamespace preflab {\nclass A : public B {};\n}\n"
        apart = "namespace preflab::ui {\nstruct A {};\n}\nnamespace preflab {\nstruct B { struct A {}; };\nclass A;\n}\n"
        files = {"core/base/a.h": one, "ui/pages/b.cpp": two, "ui/pages/c.h": apart}
        self.assertEqual(self.findings(types, files), [("ui/pages/b.cpp", 3)])

    def test_tests_are_programs_of_their_own(self):
        one = "namespace preflab {\nstruct A {};\n}\n"
        files = {"tests/core_base/a_test.cpp": one, "tests/core_base/b_test.cpp": one}
        self.assertEqual(self.findings(types, files), [])
        files["core/base/a.h"] = one
        self.assertEqual(len(self.findings(types, files)), 2)


class Format(PlantedTree):
    def test_another_style_is_seen(self):
        files = {"core/base/a.cpp": "int a;\n", "core/base/b.cpp": "int a;\nint  b ;\nint  c ;\n"}
        self.assertEqual(self.findings(format_, files), [("core/base/b.cpp", 2)])


class Skips(unittest.TestCase):
    LOG = ("1/2 Testing: a_test\n1/2 Test: a_test\nSKIP   : ATest::initTestCase() It is not beside the project.\n"
           "   Loc: [a.cpp(1)]\n2/2 Test: b_test\nPASS   : BTest::works()\nSKIP   : BTest::looks(row 1) It rains.\n")

    def test_each_is_found(self):
        self.assertEqual(list(skips.skips_of(self.LOG)),
                         [("a_test", "initTestCase()", "It is not beside the project."),
                          ("b_test", "looks(row 1)", "It rains.")])

    def test_only_true_reasons_count(self):
        found = list(skips.skips_of(self.LOG))
        absent, present = skips.reasons(Path("does not exist")), skips.reasons(Path("."))
        self.assertEqual([may for _, may in skips.judged(found, absent)], [True, False])
        self.assertEqual([may for _, may in skips.judged(found, present)], [False, False])
        self.assertEqual([may for _, may in skips.judged(found, absent + [("It rains", True)])], [True, True])

    def test_folder_of_the_build(self):
        self.assertEqual(skips.shared_folder("A:PATH=/a\nPREFLAB_TEST_SHARED:PATH=/b c\n"), Path("/b c"))


class CodeOnly(unittest.TestCase):
    def test_positions_stay(self):
        text = 'a /* { */ b; // }\n#define X {\\\n  {\nc("\\"}", R"(}\n)", 1\'000);\n'
        code = code_only(text)
        self.assertEqual(len(code), len(text))
        self.assertEqual(code.count("\n"), text.count("\n"))
        self.assertNotIn("{", code)
        self.assertNotIn("}", code)
        self.assertIn("1'000", code)


if __name__ == "__main__":
    unittest.main()
