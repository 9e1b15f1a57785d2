// SPDX-License-Identifier: GPL-3.0-or-later
// Changes follow their rows when the file around them changes, and never go to other rows.
#include "core/data/journal/row_attachment.h"
#include "support/journal_bench.h"

using namespace preflab;
using namespace preflab::test;

class JournalRowsTest : public JournalBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void notesFollowTheirRows_data()
    {
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<int>("gone");
        const auto file = [](const char* name, const std::vector<std::string>& names, int gone) {
            QTest::newRow(name) << QByteArray::fromStdString(lines(names)) << gone;
        };
        file("as it was", {"a", "b", "c", "d"}, 0);
        file("longer at the top", {"x", "y", "a", "b", "c", "d"}, 0);
        file("longer in the middle", {"a", "x", "b", "y", "c", "d"}, 0);
        file("longer at the end", {"a", "b", "c", "d", "x", "y"}, 0);
        file("another order", {"d", "b", "c", "a"}, 0);
        file("an unchanged row is gone", {"b", "c", "d"}, 0);
        file("a changed row is gone", {"a", "c", "d"}, 1);
        file("all are gone", {"x", "y"}, 2);
        QTest::newRow("a line that was no row is one now")
            << QByteArray::fromStdString(line("new") + lines({"a", "b"}) + "\n" + lines({"c", "d"})) << 0;
        QTest::newRow("spelled otherwise")
            << QByteArray(R"({"rejected": "b no", "chosen": "\u0062 yes", "prompt": "b?", "more": null})"
                          "\r\n"
                          R"({"rejected": "d no", "chosen": "d yes", "prompt": "d?"})"
                          "\r\n")
            << 0;
    }

    void notesFollowTheirRows()
    {
        QFETCH(QByteArray, after);
        QFETCH(int, gone);
        write("pairs.jsonl", lines({"a", "b", "c", "d"}));
        note("pairs.jsonl", 1, "b");
        note("pairs.jsonl", 3, "d");
        write("pairs.jsonl", after.toStdString());
        const EditedDataset opened = open("pairs.jsonl");
        QCOMPARE(opened.edits.absentRows, std::uint64_t(gone));
        QCOMPARE(opened.edits.states.size(), std::size_t(2 - gone));
        checkNotes(opened);
        QCOMPARE(opened.notes().empty(), gone == 0);
        // What is gone comes back.
        write("pairs.jsonl", lines({"d", "c", "b", "a"}));
        QCOMPARE(notesOf(open("pairs.jsonl")), (std::map<std::uint32_t, std::string>{{0, "d"}, {2, "b"}}));
    }

    // Rows that are equal in everything cannot be told apart, and need not be.
    void equalRowsAreCounted()
    {
        write("pairs.jsonl", lines({"a", "b", "a", "a"}));
        note("pairs.jsonl", 2, "second a");
        note("pairs.jsonl", 3, "third a");
        write("pairs.jsonl", lines({"b", "a", "a", "a"}));
        QCOMPARE(notesOf(open("pairs.jsonl")), (std::map<std::uint32_t, std::string>{{2, "second a"}, {3, "third a"}}));
        write("pairs.jsonl", lines({"a", "b", "a"}));
        QCOMPARE(notesOf(open("pairs.jsonl")), (std::map<std::uint32_t, std::string>{{2, "second a"}}));
        // Which of them is left nobody can tell, and the one without a note may be: no note goes to it.
        write("pairs.jsonl", lines({"b", "a"}));
        const EditedDataset one = open("pairs.jsonl");
        QVERIFY(notesOf(one).empty());
        QCOMPARE(one.edits.absentRows, std::uint64_t{2});
        // A change made now is of the row's own, whatever comes back.
        note("pairs.jsonl", 1, "the only a");
        write("pairs.jsonl", lines({"a", "a", "a", "a", "b"}));
        QCOMPARE(notesOf(open("pairs.jsonl")),
                 (std::map<std::uint32_t, std::string>{{0, "the only a"}, {1, "second a"}, {2, "third a"}}));
    }

    // Two records of the same texts are two rows: where one is gone, the other has nothing of it.
    void aRecordIsNotTakenForItsTwin()
    {
        const std::string first = line("f", ",\"id\":1"), second = line("f", ",\"id\":2");
        write("pairs.jsonl", first + second + line("g"));
        note("pairs.jsonl", 1, "of id 2");
        write("pairs.jsonl", first + line("g"));
        const EditedDataset less = open("pairs.jsonl");
        QVERIFY(notesOf(less).empty());
        QCOMPARE(less.edits.absentRows, std::uint64_t{1});
        write("pairs.jsonl", line("g") + second + first);
        QCOMPARE(notesOf(open("pairs.jsonl")), (std::map<std::uint32_t, std::string>{{1, "of id 2"}}));
    }

    void aNewColumnLosesNothing()
    {
        write("pairs.jsonl", lines({"a", "b", "a"}));
        note("pairs.jsonl", 0, "first a");
        note("pairs.jsonl", 1, "b");
        write("pairs.jsonl", line("x", ",\"by\":1") + line("b", ",\"by\":2") + line("a", ",\"by\":3"));
        QCOMPARE(notesOf(open("pairs.jsonl")), (std::map<std::uint32_t, std::string>{{1, "b"}, {2, "first a"}}));
        // Changes made now belong to the same rows.
        note("pairs.jsonl", 1, "still b");
        write("pairs.jsonl", lines({"b"}));
        QCOMPARE(notesOf(open("pairs.jsonl")), (std::map<std::uint32_t, std::string>{{0, "still b"}}));
    }

    // What was said of a row's texts is not said of those that other columns give it.
    void changesStayWithTheirColumns()
    {
        const std::string both = ",\"good\":\"g\",\"bad\":\"b\"";
        const ColumnMapping others{.chosen = "good", .rejected = "bad"};
        write("pairs.jsonl", line("a", both) + line("b", both));
        note("pairs.jsonl", 0, "by its own columns");
        const EditedDataset opened = open("pairs.jsonl", others);
        QVERIFY(notesOf(opened).empty());
        QCOMPARE(opened.edits.absentRows, std::uint64_t{0});
        QCOMPARE(opened.edits.otherColumnsRows, std::uint64_t{1});
        QCOMPARE(opened.notes().size(), std::size_t{1});
        QVERIFY2(opened.notes().front().find("1 row of pairs.jsonl that were made while other columns") !=
                     std::string::npos,
                 opened.notes().front().c_str());
        // Each reading has its own changes, and takes back its own.
        note("pairs.jsonl", 0, "by others", others);
        note("pairs.jsonl", 1, "by others", others);
        QCOMPARE(notesOf(open("pairs.jsonl", others)),
                 (std::map<std::uint32_t, std::string>{{0, "by others"}, {1, "by others"}}));
        QCOMPARE(notesOf(open("pairs.jsonl")), (std::map<std::uint32_t, std::string>{{0, "by its own columns"}}));
        QCOMPARE(open("pairs.jsonl").edits.otherColumnsRows, std::uint64_t{2});
    }

    // Two rows have the texts: nobody knows which of them is meant.
    void ambiguousTextsAreNotFollowed()
    {
        write("pairs.jsonl", lines({"a", "b"}));
        note("pairs.jsonl", 0, "a");
        write("pairs.jsonl", line("a", ",\"by\":1") + line("a", ",\"by\":2"));
        const EditedDataset opened = open("pairs.jsonl");
        QVERIFY(notesOf(opened).empty());
        QCOMPARE(opened.edits.absentRows, std::uint64_t{1});
        write("pairs.jsonl", line("a", ",\"by\":1") + line("b", ",\"by\":2"));
        QCOMPARE(notesOf(open("pairs.jsonl")), (std::map<std::uint32_t, std::string>{{0, "a"}}));
    }

    // What undo acts on is what can be seen.
    void undoPassesOverRowsThatAreGone()
    {
        write("pairs.jsonl", lines({"a", "b", "c"}));
        note("pairs.jsonl", 0, "a");
        note("pairs.jsonl", 1, "b");
        {
            const auto journal = Journal::open(m_project, open("pairs.jsonl").data);
            QVERIFY((*journal)->apply(JournalAction::Note, {1, 2}, noteOf("both")));
            QVERIFY((*journal)->apply(JournalAction::Note, {1}, noteOf("b again")));
        }
        write("pairs.jsonl", lines({"a", "c"}));
        QCOMPARE(notesOf(open("pairs.jsonl")), (std::map<std::uint32_t, std::string>{{0, "a"}, {1, "both"}}));
        undo();
        QCOMPARE(notesOf(open("pairs.jsonl")), (std::map<std::uint32_t, std::string>{{0, "a"}}));
        undo();
        QVERIFY(notesOf(open("pairs.jsonl")).empty());
        undo();  // there is nothing left to be seen
        write("pairs.jsonl", lines({"b", "a", "c"}));
        QCOMPARE(notesOf(open("pairs.jsonl")), (std::map<std::uint32_t, std::string>{{0, "b again"}}));
        QCOMPARE(open("pairs.jsonl").edits.absentRows, std::uint64_t{0});
    }

    // What the user mended or left out is no doubt any more, and an edit may raise one.
    void findingsAreOfTheRowsAsTheyAreNow()
    {
        const auto line = [](const char* chosen, const char* rejected) {
            return std::string(R"({"prompt": "q", "chosen": ")") + chosen + R"(", "rejected": ")" + rejected + "\"}\n";
        };
        write("doubts.jsonl", line("", "b") + line("a", "") + line("a", "a") + line("a", "b"));
        QCOMPARE(open("doubts.jsonl").findings.emptySides, std::uint64_t{2});
        {
            const auto journal = Journal::open(m_project, open("doubts.jsonl").data);
            const auto edit = [](const char* chosen, const char* rejected) {
                Row row;
                row.prompt = std::string("q");
                row.chosen = std::string(chosen);
                row.rejected = std::string(rejected);
                return [now = std::make_shared<const Row>(row)](std::uint32_t, RowState& state) { state.edited = now; };
            };
            QVERIFY((*journal)->apply(JournalAction::Edit, {0}, edit("mended", "b")));
            QVERIFY((*journal)->apply(JournalAction::Edit, {3}, edit("a", "a")));
            QVERIFY((*journal)->apply(JournalAction::Exclude, {2},
                                      [](std::uint32_t, RowState& state) { state.isExcluded = true; }));
        }
        const EditedDataset opened = open("doubts.jsonl");
        QCOMPARE(opened.data.findings.identicalSides, std::uint64_t{1});
        QCOMPARE(opened.findings.emptySides, std::uint64_t{1});
        QCOMPARE(opened.findings.identicalSides, std::uint64_t{1});
        QCOMPARE(opened.findings.first.front().reason, std::string("line 2: \"rejected\" is empty"));
        QCOMPARE(opened.findings.first.back().reason,
                 std::string("line 4, as edited: \"chosen\" and \"rejected\" are the same"));
    }

    void aRunsEditsAreThoseOfItsPosition()
    {
        write("pairs.jsonl", lines({"a", "b"}));
        note("pairs.jsonl", 0, "a");
        const std::int64_t position = *Journal::lastPosition(*m_project);
        note("pairs.jsonl", 1, "b");
        write("pairs.jsonl", lines({"x", "b", "a"}));
        const auto then =
            openEditedDataset(*m_folder / "pairs.jsonl", options(), editsIn(*m_project, position), {}, {});
        QCOMPARE(notesOf(*then), (std::map<std::uint32_t, std::string>{{2, "a"}}));
    }

    // A swap is a flag: 60,000 pairs of 4 KiB keep no text, in memory or on disk.
    void swappingManyPairsKeepsNoTexts()
    {
        constexpr std::uint32_t kRows = 60'000;
        RowIdentities identities;
        for (std::uint32_t row = 0; row < kRows; ++row) identities.add({row, 7}, row + 1ULL);
        Dataset data;
        data.path = *m_folder / "many.jsonl";
        data.contentHash = "many";
        data.identities = std::make_shared<const RowIdentities>(std::move(identities));
        const auto journal = Journal::open(m_project, data);
        std::vector<std::uint32_t> rows(kRows);
        for (std::uint32_t row = 0; row < kRows; ++row) rows[row] = row;
        for (int time = 0; time < 2; ++time) {
            QVERIFY((*journal)->apply(JournalAction::Swap, rows,
                                      [](std::uint32_t, RowState& state) { state.isSwapped = !state.isSwapped; }));
        }
        undo(**journal);
        const JournalView view = (*journal)->view();
        QCOMPARE(view.states.size(), std::size_t(kRows));
        for (const std::uint32_t row : rows)
            QVERIFY(view.states.find(row)->isSwapped && !view.states.find(row)->edited);
        // The records share the states that are shown.
        const auto records = (*journal)->latest(3);
        QVERIFY(records[0].changes[5].after == records[2].changes[5].after);
        QVERIFY(records[1].changes[5].before == records[2].changes[5].after);
        std::int64_t bytes = 0;
        QVERIFY(m_project->database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
            Statement sum =
                connection.prepare("SELECT sum(length(changes)) FROM (SELECT changes FROM journal UNION ALL "
                                   "SELECT changes FROM journal_parts)");
            if (sum.step()) bytes = sum.integer(0);
            return {};
        }));
        QVERIFY2(bytes < std::int64_t{3} * kRows * 120, std::to_string(bytes).c_str());
    }

    // An edit of texts is stored once, however often its row is changed beside it.
    void textsAreStoredOnce()
    {
        const std::string text(std::size_t{1} << 20, 'x');
        write("pairs.jsonl", lines({"a", "b"}));
        const auto journal = Journal::open(m_project, open("pairs.jsonl").data);
        QVERIFY((*journal)->apply(JournalAction::Edit, {0}, [&](std::uint32_t, RowState& state) {
            state.edited =
                std::make_shared<const Row>(Row{RowKind::Preference, std::string("a?"), text, std::string("a no")});
        }));
        for (const char* said : {"one", "two", "three"})
            QVERIFY((*journal)->apply(JournalAction::Note, {0}, noteOf(said)));
        undo(**journal);
        for (const JournalRecord& record : (*journal)->latest(4))
            QVERIFY(record.changes[0].after->edited == (*journal)->view().states.find(0)->edited);
        std::int64_t bytes = 0;
        QVERIFY(m_project->database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
            Statement sum = connection.prepare("SELECT sum(length(changes)) FROM journal");
            if (sum.step()) bytes = sum.integer(0);
            return {};
        }));
        QVERIFY(bytes < static_cast<std::int64_t>(text.size()) + 4096);
    }
};

QTEST_GUILESS_MAIN(JournalRowsTest)
#include "journal_rows_test.moc"
