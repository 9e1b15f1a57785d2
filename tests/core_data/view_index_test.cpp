// SPDX-License-Identifier: GPL-3.0-or-later
// Filters, searches and orders of views, with edits and labels on top of the source.
#include "core/data/view/view_index.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QTest>

#include <map>

using namespace preflab;

namespace {

/// A source some of whose rows say something else.
class ChangedRows final : public RowSource {
public:
    explicit ChangedRows(std::shared_ptr<const RowSource> source) : m_source(std::move(source)) {}
    std::uint32_t size() const override { return m_source->size(); }
    std::uint64_t sourceNumber(std::uint32_t index) const override { return m_source->sourceNumber(index); }
    Result<std::string> rawRow(std::uint32_t index) const override { return m_source->rawRow(index); }
    Result<Row> row(std::uint32_t index) const override
    {
        const auto found = changed.find(index);
        if (found != changed.end()) return found->second;
        return m_source->row(index);
    }

    std::map<std::uint32_t, Row> changed;

private:
    std::shared_ptr<const RowSource> m_source;
};

using Rows = std::vector<std::uint32_t>;

std::string line(const std::string& prompt, const std::string& chosen, const std::string& rejected)
{
    return "{\"prompt\": \"" + prompt + "\", \"chosen\": \"" + chosen + "\", \"rejected\": \"" + rejected + "\"}\n";
}

RowState stateOf(bool isExcluded, std::vector<std::string> tags, std::optional<Vote> vote)
{
    RowState state;
    state.isExcluded = isExcluded;
    state.tags = std::move(tags);
    if (vote) state.vote = VoteRecord{*vote, false, false};
    return state;
}

constexpr const char* kSame = "A question that begins like others and";

}  // namespace

class ViewIndexTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;
    ViewInputs m_inputs;
    std::shared_ptr<ChangedRows> m_changed;

    Rows rowsOf(const ViewQuery& query)
    {
        const auto index = ViewIndex::build(m_inputs, query);
        return index ? index->rows() : Rows{999};
    }

    Rows sortedBy(ViewColumn column, ViewOrder order = ViewOrder::Ascending)
    {
        ViewQuery query;
        query.sort = column;
        query.order = order;
        return rowsOf(query);
    }

    void edit(std::uint32_t number, const Row& row)
    {
        m_changed->changed[number] = row;
        RowState state;
        state.edited = std::make_shared<const Row>(row);
        m_inputs.states.set(number, state);
        m_inputs.edited.set(number, EditedFigures{figuresOf(row), {}});
    }

private Q_SLOTS:
    void init()
    {
        // Lengths of the answers: 0: 1, 5; 1: 9, 3; 2: 4, 4 (identical); 3: 0, 2; 4: 3, 4
        const std::string lines = line("banana", "a", "b b b") + line("Apple", "nnnnnnnnn", "xyz") +
                                  line("cherry", "same", "same") + line("äpfel", "", "no") +
                                  line("apple", "two", "tree");
        auto dataset = test::openIn(m_folder.path(), test::writeFile(m_folder / "rows.jsonl", lines));
        QCOMPARE(test::problemOf(dataset), QString());
        m_inputs = {};
        m_inputs.source = dataset->rows;
        m_changed = std::make_shared<ChangedRows>(dataset->rows);
        m_inputs.rows = m_changed;
        m_inputs.columns = std::make_shared<const FiguresByRow>(*measureRows(*dataset->rows));
    }

    void withoutConditionsAllRows()
    {
        QCOMPARE(rowsOf({}), (Rows{0, 1, 2, 3, 4}));
        QVERIFY(!ViewQuery{}.isFiltered());
        QCOMPARE(sortedBy(ViewColumn::Number, ViewOrder::Descending), (Rows{4, 3, 2, 1, 0}));
    }

    void sortsByEachColumnAndStaysStable()
    {
        QCOMPARE(sortedBy(ViewColumn::Prompt), (Rows{1, 4, 0, 2, 3}));
        QCOMPARE(sortedBy(ViewColumn::Prompt, ViewOrder::Descending), (Rows{3, 2, 0, 1, 4}));
        QCOMPARE(sortedBy(ViewColumn::ChosenLength), (Rows{3, 0, 4, 2, 1}));
        QCOMPARE(sortedBy(ViewColumn::RejectedLength, ViewOrder::Descending), (Rows{0, 2, 4, 1, 3}));
        QCOMPARE(sortedBy(ViewColumn::LengthGap, ViewOrder::Descending), (Rows{1, 0, 3, 4, 2}));
        QCOMPARE(sortedBy(ViewColumn::PromptLength), (Rows{1, 3, 4, 0, 2}));
        QCOMPARE(sortedBy(ViewColumn::Similarity, ViewOrder::Descending), (Rows{2, 0, 1, 3, 4}));
        QCOMPARE(sortedBy(ViewColumn::Flags, ViewOrder::Descending), (Rows{2, 3, 0, 1, 4}));
        QCOMPARE(sortedBy(ViewColumn::Turns), (Rows{0, 1, 2, 3, 4}));
    }

    void textsThatBeginAlikeAreSortedByWhatFollows()
    {
        std::string lines;
        for (const std::string end : {"zebra", "ant", "Zoo", "bee", "ant"})
            lines += line(kSame + (' ' + end), "a", "b");
        const auto dataset = test::openIn(m_folder.path(), test::writeFile(m_folder / "alike.jsonl", lines));
        m_inputs.source = m_inputs.rows = dataset->rows;
        m_inputs.columns = std::make_shared<const FiguresByRow>(*measureRows(*dataset->rows));
        QCOMPARE(sortedBy(ViewColumn::Prompt), (Rows{1, 4, 3, 0, 2}));
        QCOMPARE(sortedBy(ViewColumn::Prompt, ViewOrder::Descending), (Rows{2, 0, 3, 1, 4}));
    }

    void filtersByFigures()
    {
        ViewQuery query;
        query.flags =
            static_cast<std::uint8_t>(RowFlag::IdenticalSides) | static_cast<std::uint8_t>(RowFlag::EmptySide);
        QCOMPARE(rowsOf(query), (Rows{2, 3}));
        query = {};
        query.lengthGap.least = 2;
        QCOMPARE(rowsOf(query), (Rows{0, 1, 3}));
        query.lengthGap.most = 4;
        QCOMPARE(rowsOf(query), (Rows{0, 3}));
        query = {};
        query.length = {9, 11};
        QCOMPARE(rowsOf(query), (Rows{0, 2, 4}));
        query = {};
        query.rows = std::make_shared<const Rows>(Rows{1, 4, 17});
        query.sort = ViewColumn::ChosenLength;
        QCOMPARE(rowsOf(query), (Rows{4, 1}));
    }

    void tokensTakeThePlaceOfCharacters()
    {
        m_inputs.tokens = std::make_shared<const LengthsByRow>(
            LengthsByRow{{1, 50, 10, 0}, {1, 20, 20, 0}, {1, 30, 10, 0}, {}, {1, 5, 1, 0}});
        QCOMPARE(sortedBy(ViewColumn::ChosenLength), (Rows{3, 4, 1, 2, 0}));
        ViewQuery query;
        query.lengthGap.least = 0;
        QCOMPARE(rowsOf(query), (Rows{0, 1, 2, 4}));
    }

    void filtersByWhatWasDone()
    {
        m_inputs.states.set(1, stateOf(true, {"garden", "long"}, {}));
        m_inputs.states.set(2, stateOf(false, {}, Vote::ChosenBetter));
        m_inputs.states.set(4, stateOf(false, {"garden"}, Vote::Tie));
        ViewQuery query;
        query.exclusion = ExclusionFilter::OnlyUsed;
        QCOMPARE(rowsOf(query), (Rows{0, 2, 3, 4}));
        query.exclusion = ExclusionFilter::OnlyExcluded;
        QCOMPARE(rowsOf(query), (Rows{1}));
        query = {};
        query.label = LabelFilter::Unlabelled;
        QCOMPARE(rowsOf(query), (Rows{0, 1, 3}));
        query.label = LabelFilter::Labelled;
        QCOMPARE(rowsOf(query), (Rows{2, 4}));
        query.vote = Vote::Tie;
        QCOMPARE(rowsOf(query), (Rows{4}));
        query = {};
        query.tag = "garden";
        QCOMPARE(rowsOf(query), (Rows{1, 4}));
        query.search = "tree";
        QCOMPARE(rowsOf(query), (Rows{4}));
        query = {};
        query.isEditedOnly = true;
        QCOMPARE(rowsOf(query), Rows{});
        QCOMPARE(sortedBy(ViewColumn::Label, ViewOrder::Descending), (Rows{4, 2, 0, 1, 3}));
    }

    void searchesTheTextsAsTheyAreNow()
    {
        ViewQuery query;
        query.search = "APPLE";
        QCOMPARE(rowsOf(query), (Rows{1, 4}));
        edit(4, {RowKind::Preference, "pear", "two", "tree"});
        edit(0, {RowKind::Preference, "banana", "an apple a day keeps", "b"});
        QCOMPARE(rowsOf(query), (Rows{0, 1}));
        QCOMPARE(sortedBy(ViewColumn::ChosenLength), (Rows{3, 4, 2, 1, 0}));
        QCOMPARE(sortedBy(ViewColumn::Prompt), (Rows{1, 0, 2, 4, 3}));
        query.search = "/^x.z$/";
        QCOMPARE(rowsOf(query), (Rows{1}));
    }

    void columnsMayComeLater()
    {
        m_inputs.columns = nullptr;
        QCOMPARE(sortedBy(ViewColumn::ChosenLength), (Rows{0, 1, 2, 3, 4}));
        ViewQuery query;
        query.flags = 255;
        query.search = "banana";
        QCOMPARE(rowsOf(query), (Rows{0}));
    }

    void positionsAndFailures()
    {
        ViewQuery query;
        query.sort = ViewColumn::Prompt;
        const auto index = ViewIndex::build(m_inputs, query);
        QCOMPARE(index->positionOf(4).value(), 1U);
        QCOMPARE(index->row(1), 4U);
        QVERIFY(!index->positionOf(9));
        QCOMPARE(index->query(), query);
        query.search = "/(/";
        QCOMPARE(test::codeOf(ViewIndex::build(m_inputs, query)), QStringLiteral("pattern-invalid"));
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(test::codeOf(ViewIndex::build(m_inputs, {}, stop.get_token())), QStringLiteral("cancelled"));
    }
};

QTEST_GUILESS_MAIN(ViewIndexTest)
#include "view_index_test.moc"
