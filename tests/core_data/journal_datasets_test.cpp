// SPDX-License-Identifier: GPL-3.0-or-later
// Which files are one dataset: a moved one, a copy that the user says is the same, and those that are not.
#include "core/data/export/export.h"
#include "support/journal_bench.h"

using namespace preflab;
using namespace preflab::test;

class JournalDatasetsTest : public JournalBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    // A copy under another name with one column more has other records throughout; its texts tell where they are from.
    void aCopyWithANewColumnMayTakeTheChanges()
    {
        write("pairs.jsonl", lines({"a", "b", "c", "d"}));
        note("pairs.jsonl", 1, "b");
        note("pairs.jsonl", 2, "c");
        write("wider.jsonl", line("a", ",\"by\":1") + line("b", ",\"by\":1") + line("c", ",\"by\":1"));
        const EditedDataset wider = open("wider.jsonl");
        QVERIFY(notesOf(wider).empty() && wider.edits.similar);
        QVERIFY(wider.edits.similar->changedRows == 2 && wider.edits.similar->presentRows == 2);
        QVERIFY(Journal::open(m_project, wider.data, wider.edits.similar->dataset));
        QCOMPARE(notesOf(open("wider.jsonl")), (std::map<std::uint32_t, std::string>{{1, "b"}, {2, "c"}}));
        // Of a file with few of the changed rows nothing is said.
        write("other.jsonl", lines({"x", "y", "d"}));
        QVERIFY(!open("other.jsonl").edits.similar);
    }

    void theSameDataInAnotherKindOfFileKeepItsEdits()
    {
        write("pairs.jsonl", line("a", ",\"score\":1") + line("b", ",\"score\":2.5") + line("c", ",\"score\":0"));
        note("pairs.jsonl", 1, "b");
        const Dataset data = open("pairs.jsonl").data;
        const auto target = *m_folder / "pairs.parquet";
        QCOMPARE(problemOf(exportRows(data, {}, target, {ExportKind::Parquet, {}, false, false})), QString());
        // Another path and another content: it may be the same dataset, and only the user knows.
        const EditedDataset other = open("pairs.parquet");
        QVERIFY(notesOf(other).empty());
        QVERIFY(other.edits.similar.has_value());
        QCOMPARE(other.edits.similar->path, *m_folder / "pairs.jsonl");
        QVERIFY(other.edits.similar->changedRows == 1 && other.edits.similar->presentRows == 1);
        QCOMPARE(other.notes().size(), std::size_t{1});
        const std::int64_t chosen = other.edits.similar->dataset;
        QCOMPARE(Journal::read(*m_project, other.data, {}, chosen)->states.rows(), std::vector<std::uint32_t>{1});
        // Once it is said, it is known.
        QVERIFY(Journal::open(m_project, other.data, chosen));
        QCOMPARE(notesOf(open("pairs.parquet")), (std::map<std::uint32_t, std::string>{{1, "b"}}));
        QCOMPARE(notesOf(open("pairs.jsonl")), (std::map<std::uint32_t, std::string>{{1, "b"}}));
    }

    void filesWithEqualRowsAreTwoDatasets()
    {
        write("one.jsonl", lines({"a", "b"}));
        write("two.jsonl", lines({"b", "a", "c"}));
        note("one.jsonl", 0, "in one");
        QVERIFY(notesOf(open("two.jsonl")).empty());
        note("two.jsonl", 1, "in two");
        QCOMPARE(notesOf(open("one.jsonl")), (std::map<std::uint32_t, std::string>{{0, "in one"}}));
        QCOMPARE(notesOf(open("two.jsonl")), (std::map<std::uint32_t, std::string>{{1, "in two"}}));
        QVERIFY(!open("two.jsonl").edits.similar.has_value());
    }

    void aMovedFileIsFoundByItsContent()
    {
        write("one.jsonl", lines({"a", "b"}));
        note("one.jsonl", 1, "b");
        std::filesystem::rename(*m_folder / "one.jsonl", *m_folder / "two.jsonl");
        QCOMPARE(notesOf(open("two.jsonl")), (std::map<std::uint32_t, std::string>{{1, "b"}}));
        note("two.jsonl", 0, "a");
        write("two.jsonl", lines({"x", "a", "b"}));
        QCOMPARE(notesOf(open("two.jsonl")), (std::map<std::uint32_t, std::string>{{1, "a"}, {2, "b"}}));
    }
};

QTEST_GUILESS_MAIN(JournalDatasetsTest)
#include "journal_datasets_test.moc"
