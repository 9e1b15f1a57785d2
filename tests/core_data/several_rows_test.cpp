// SPDX-License-Identifier: GPL-3.0-or-later
// A record may give several rows: each is read, known, edited, found and exported by itself.
#include "core/data/export/export.h"
#include "core/data/journal/edited_dataset.h"
#include "core/data/journal/row_attachment.h"
#include "core/data/view/row_search.h"
#include "support/files.h"
#include "support/ranked_layout.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::problemOf;

namespace {

constexpr const char* kTea =
    R"({"prompt": "tea?", "answers": [{"text": "poor", "rank": 3}, {"text": "good", "rank": 1}, )"
    R"({"text": "fair", "rank": 2}]})";
constexpr const char* kRain =
    R"({"prompt": "rain?", "answers": [{"text": "yes", "rank": 1}, {"text": "no", "rank": 2}]})";

std::string textOf(const RowText& text)
{
    const auto* found = std::get_if<std::string>(&text);
    return found == nullptr ? "" : *found;
}

}  // namespace

class SeveralRowsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        auto project = Project::open(*m_folder / "project");
        QCOMPARE(problemOf(project), QString());
        m_project = *std::move(project);
        write(std::string(kTea) + "\n\nnot json\n" + kRain + "\n");
    }

    void cleanup() { m_project.reset(); }

    void everyRowOfARecordIsRead()
    {
        const EditedDataset opened = open();
        QCOMPARE(opened.data.layoutId, std::string("ranked"));
        QCOMPARE(opened.data.rows->size(), 3U);
        QCOMPARE(rejected(opened), (std::vector<std::string>{"poor", "fair", "no"}));
        QCOMPARE(opened.data.rows->sourceNumber(0), 1ULL);
        QCOMPARE(opened.data.rows->sourceNumber(1), 1ULL);
        QCOMPARE(opened.data.rows->sourceNumber(2), 4ULL);
        QCOMPARE(*opened.data.rows->rawRow(1), std::string(kTea));
        QCOMPARE(opened.data.findings.badRows, 1ULL);
        RawRows raw;
        QVERIFY(opened.data.rows->rawRows(0, 3, raw));
        for (std::uint32_t row = 0; row < 3; ++row) QCOMPARE(std::string(raw.row(row)), *opened.data.rows->rawRow(row));
    }

    void aRecordWithoutARowIsLeftOut()
    {
        write(std::string(R"({"prompt": "one", "answers": [{"text": "a", "rank": 1}]})") + "\n" + kRain + "\n");
        const EditedDataset opened = open();
        QCOMPARE(opened.data.rows->size(), 1U);
        QCOMPARE(opened.data.findings.first.at(0).reason, std::string("line 1: nothing in it makes a row"));
    }

    void partsAreThoseOfTheSource()
    {
        write(std::string(kTea) + "\n" + kTea + "\n");
        const auto identities = open().data.identities;
        const std::vector<std::uint32_t> wanted{3, 0, 1, 2};
        const std::vector<RowKey> keys = identities->keysOf(wanted);
        const auto isKey = [&](std::size_t i, std::uint32_t part, std::uint32_t occurrence) {
            return keys[i].part == part && keys[i].occurrence == occurrence && keys[i].record == identities->record(0);
        };
        QVERIFY(isKey(0, 2, 1));
        QVERIFY(isKey(1, 0, 0));
        QVERIFY(isKey(2, 2, 0));
        QVERIFY(isKey(3, 0, 1));
        const auto rows = attachKeys(keys, *identities).rows;
        for (std::size_t i = 0; i < wanted.size(); ++i) QCOMPARE(rows[i], std::optional(wanted[i]));
    }

    void aChangeStaysAtItsPart()
    {
        edit(1, "lukewarm");
        note(2, "look again");
        // The file grows before and between, and the rows move.
        write(std::string(kRain) + "\n" + R"({"prompt": "new?", "answers": [{"text": "x", "rank": 1}, )" +
              R"({"text": "y", "rank": 2}]})" + "\n" + kTea + "\n");
        const EditedDataset opened = open();
        QCOMPARE(rejected(opened), (std::vector<std::string>{"no", "y", "poor", "lukewarm"}));
        QCOMPARE(opened.edits.states.find(0)->note, std::string("look again"));
        QCOMPARE(opened.edits.states.size(), std::size_t{2});
        QCOMPARE(opened.edits.absentRows, std::uint64_t{0});
    }

    void aChangeGoesToNoOtherPart()
    {
        note(1, "of fair");
        // Without "fair" the record is another one, and none of its rows has that row's texts.
        write(R"({"prompt": "tea?", "answers": [{"text": "poor", "rank": 3}, {"text": "good", "rank": 1}]})");
        EditedDataset opened = open();
        QCOMPARE(opened.edits.states.size(), std::size_t{0});
        QCOMPARE(opened.edits.absentRows, std::uint64_t{1});
        // With another answer before it, it has another number; its texts say which it is.
        write(R"({"prompt": "tea?", "answers": [{"text": "odd", "rank": 4}, {"text": "poor", "rank": 3}, )"
              R"({"text": "good", "rank": 1}, {"text": "fair", "rank": 2}]})");
        opened = open();
        QCOMPARE(opened.edits.states.rows(), std::vector<std::uint32_t>{2});
        QCOMPARE(opened.edits.states.find(2)->note, std::string("of fair"));
    }

    void textsAreFoundInTheirRows()
    {
        const EditedDataset opened = open();
        const auto found = [&](const char* text) {
            std::vector<std::uint8_t> kept(opened.data.rows->size(), 1);
            if (!RowSearch::compile(text)->keepMatching(*opened.data.rows, kept)) kept.clear();
            return kept;
        };
        QCOMPARE(found("fair"), (std::vector<std::uint8_t>{0, 1, 0}));
        QCOMPARE(found("GOOD"), (std::vector<std::uint8_t>{1, 1, 0}));
        QCOMPARE(found("rank"), (std::vector<std::uint8_t>{0, 0, 0}));
    }

    void eachRowIsExportedByItself_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"out.jsonl", "out.csv", "out.parquet"}) QTest::newRow(name) << name;
    }
    void eachRowIsExportedByItself()
    {
        QFETCH(QString, name);
        edit(1, "lukewarm");
        const EditedDataset opened = open();
        const std::filesystem::path target = *m_folder / name.toStdString();
        const ExportOptions how{*exportKindOf(target), {}, true};
        const auto summary = exportRows(opened.data, opened.edits.states, target, how);
        QCOMPARE(problemOf(summary), QString());
        QCOMPARE(summary->rows, std::uint64_t{3});
        const auto again = Dataset::open(target, {*m_folder / "cache"});
        QCOMPARE(problemOf(again), QString());
        QCOMPARE(again->columns, (std::vector<std::string>{"prompt", "chosen", "rejected", "label", "strength",
                                                           "reasons", "tags", "note"}));
        const auto row = again->rows->row(1);
        QVERIFY(row);
        QCOMPARE(textOf(row->prompt), std::string("tea?"));
        QCOMPARE(textOf(row->chosen), std::string("good"));
        QCOMPARE(textOf(row->rejected), std::string("lukewarm"));
        QCOMPARE(textOf(again->rows->row(0)->rejected), std::string("poor"));
    }

private:
    void write(const std::string& text) const { test::writeFile(*m_folder / "ranked.jsonl", text); }

    EditedDataset open() const
    {
        auto opened = openEditedDataset(*m_folder / "ranked.jsonl", {*m_folder / "cache", {}, test::rankedLayouts()},
                                        editsIn(*m_project), {}, {});
        if (!opened) qWarning("%s", qPrintable(problemOf(opened)));
        return opened.value_or(EditedDataset());
    }

    void change(JournalAction action, std::uint32_t row, const Journal::Modify& modify) const
    {
        const auto journal = Journal::open(m_project, open().data);
        QCOMPARE(problemOf(journal), QString());
        QVERIFY((*journal)->apply(action, {row}, modify));
    }

    void note(std::uint32_t row, const std::string& text) const
    {
        change(JournalAction::Note, row, [&](std::uint32_t, RowState& state) { state.note = text; });
    }

    void edit(std::uint32_t row, const std::string& text) const
    {
        const Row source = *open().data.rows->row(row);
        change(JournalAction::Edit, row, [&](std::uint32_t, RowState& state) {
            Row now = source;
            now.rejected = text;
            state.edited = std::make_shared<const Row>(std::move(now));
        });
    }

    static std::vector<std::string> rejected(const EditedDataset& opened)
    {
        std::vector<std::string> texts;
        for (std::uint32_t row = 0; row < opened.rows->size(); ++row)
            texts.push_back(textOf(opened.rows->row(row)->rejected));
        return texts;
    }

    std::optional<test::ScratchFolder> m_folder;
    std::shared_ptr<Project> m_project;
};

QTEST_GUILESS_MAIN(SeveralRowsTest)
#include "several_rows_test.moc"
