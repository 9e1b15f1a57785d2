// SPDX-License-Identifier: GPL-3.0-or-later
// From an order to tokenised rows: held-out rows, matched rows, notes, cache keys and what is refused.
#include "core/runs/prepare.h"
#include "support/files.h"
#include "support/results.h"
#include "support/tiny_model.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace preflab;
using namespace preflab::test;

namespace {

ComponentDescription method(const std::string& id)
{
    ComponentDescription description;
    description.id = id;
    description.title = id;
    description.recipe = id;
    return description;
}

Json pairRow(const std::string& prompt, const std::string& chosen, const std::string& rejected)
{
    return {{"prompt", prompt}, {"chosen", chosen}, {"rejected", rejected}};
}

std::string lines(const std::vector<Json>& rows)
{
    std::string text;
    for (const Json& row : rows) text += row.dump() + "\n";
    return text;
}

/// 20 pairs; rows 3 and 8 have a prompt of 30 characters, each a byte token.
std::vector<Json> twentyPairs()
{
    std::vector<Json> rows;
    for (int i = 0; i < 20; ++i)
        rows.push_back(pairRow(i == 3 || i == 8 ? std::string(30, 'x') : "hello " + std::to_string(i), "he", "world"));
    return rows;
}

RowState stateWith(bool RowState::*change)
{
    RowState state;
    state.*change = true;
    return state;
}

std::set<std::uint32_t> rowsOf(const PairSource& source)
{
    std::set<std::uint32_t> rows;
    for (std::uint32_t i = 0; i < source.size(); ++i) rows.insert(source.pair(i)->row);
    return rows;
}

}  // namespace

class PrepareTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { writeTinyModel(m_folder / "model"); }

    void init()
    {
        m_edits = {};
        m_editedHash.clear();
    }

    void everyRowWithoutHeldOut()
    {
        const auto run = prepare("dpo", twentyPairs(), {});
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->train->size(), 20U);
        QVERIFY(!run->eval && !run->heldOut);
        QCOMPARE(run->droppedTrain, std::uint64_t{0});
        QCOMPARE(QString::fromStdString(run->notes.front()), QString("Trains on 20 pairs of data.jsonl."));
        QCOMPARE(run->counts.at("pairs").get<int>(), 20);
        QVERIFY(run->counts.at("held_out") == 0 && run->counts.at("steps") == 9);  // 20 pairs by 8, three times
        const PairLength length = run->train->length(0);
        QCOMPARE(length.chosen, static_cast<std::uint32_t>(run->train->pair(0)->chosen.ids.size()));
        QCOMPARE(std::get<std::int64_t>(run->params.at("max_length")), std::int64_t{1024});
    }

    // A run lasts for days; whatever becomes of the data file meanwhile does not end it.
    void dataIsNotReadAfterThePreparation()
    {
        const auto run = prepare("orpo", twentyPairs(), {{"eval_fraction", 0.25}});
        QCOMPARE(problemOf(run), QString());
        writeFile(m_folder / "data.jsonl", "changed");
        for (const auto& source : {run->train, run->eval, run->heldOut}) {
            for (std::uint32_t i = 0; i < source->size(); ++i) QCOMPARE(problemOf(source->pair(i)), QString());
        }
    }

    void droppedRowsAreCountedAndNamed()
    {
        const auto run = prepare("dpo", twentyPairs(), {{"max_length", std::int64_t{20}}});
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->train->size(), 18U);
        QCOMPARE(run->droppedTrain, std::uint64_t{2});
        QCOMPARE(QString::fromStdString(run->notes.front()),
                 QString("Trains on 18 of 20 pairs of data.jsonl; left out: 2 because the prompt fills the maximum "
                         "length."));
        QVERIFY(!rowsOf(*run->train).contains(3) && !rowsOf(*run->train).contains(8));
    }

    void heldOutRowsAreTheSameForEveryMethod()
    {
        const ParamValues params{{"eval_fraction", 0.25}, {"max_length", std::int64_t{20}}};
        const auto dpo = prepare("dpo", twentyPairs(), params);
        const auto orpo = prepare("orpo", twentyPairs(), params);
        const auto sft = prepare("sft", twentyPairs(), params);
        QVERIFY(dpo && orpo && sft);
        QVERIFY(dpo->heldOut == dpo->eval);
        QVERIFY(orpo->heldOut && orpo->heldOut != orpo->eval);
        QCOMPARE(rowsOf(*dpo->heldOut), rowsOf(*orpo->heldOut));
        QCOMPARE(rowsOf(*dpo->heldOut), rowsOf(*sft->heldOut));
        for (std::uint32_t i = 0; i < dpo->heldOut->size(); ++i)
            QVERIFY(*dpo->heldOut->pair(i) == *orpo->heldOut->pair(i));
        // The 2 long rows fell into one part or the other; together nothing is lost or used twice.
        std::set<std::uint32_t> all = rowsOf(*dpo->train);
        all.merge(rowsOf(*dpo->heldOut));
        QCOMPARE(all.size(), std::size_t{18});
        QCOMPARE(dpo->train->size() + dpo->heldOut->size(), 18U);
        QVERIFY(dpo->heldOut->size() >= 3 && dpo->heldOut->size() <= 5);
        QVERIFY(QString::fromStdString(dpo->notes.back()).contains("held out from data.jsonl by the seed"));
    }

    void anotherSeedHoldsOutOtherRows()
    {
        const auto a = prepare("dpo", twentyPairs(), {{"eval_fraction", 0.25}});
        const auto b = prepare("dpo", twentyPairs(), {{"eval_fraction", 0.25}, {"seed", std::int64_t{7}}});
        const auto again = prepare("dpo", twentyPairs(), {{"eval_fraction", 0.25}});
        QVERIFY(rowsOf(*a->eval) != rowsOf(*b->eval));
        QCOMPARE(rowsOf(*a->eval), rowsOf(*again->eval));
        QCOMPARE(a->eval->size(), 5U);
    }

    void matchedPairsUseRowsThatBothCanUse()
    {
        // The space before "w" melts into it. DPO's answers begin there on both sides; ORPO's rejected side keeps the
        // space in its prompt, which is one token longer and just fills the limit.
        std::vector<Json> rows = twentyPairs();
        rows[5] = pairRow(std::string(15, 'x') + " ", "w", "d");
        const std::size_t boundary = prepare("dpo", rows, {})->train->pair(5)->rejected.promptLength();
        const ParamValues params{{"max_length", static_cast<std::int64_t>(boundary + 1)}};
        QCOMPARE(prepare("dpo", rows, params)->train->size(), 18U);
        QCOMPARE(prepare("orpo", rows, params)->train->size(), 17U);

        const auto dpo = prepare("dpo", rows, params, {"dpo", "orpo"});
        const auto orpo = prepare("orpo", rows, params, {"dpo", "orpo"});
        QCOMPARE(problemOf(dpo), QString());
        QCOMPARE(rowsOf(*dpo->train), rowsOf(*orpo->train));
        QCOMPARE(dpo->train->size(), 17U);
        QCOMPARE(dpo->droppedTrain, std::uint64_t{3});
        QVERIFY(QString::fromStdString(dpo->notes.front())
                    .endsWith("1 because the other method of the comparison cannot use it."));
        QCOMPARE(codeOf(prepare("dpo", rows, {}, {"kto"})), QString("unknown-method"));
    }

    void evalDataOfItsOwn()
    {
        const auto held =
            writeFile(m_folder / "held.jsonl", lines({pairRow("hello", "he", "we"), pairRow("he", "d", "r")}));
        const auto run = prepare("orpo", twentyPairs(), {{"eval_fraction", 0.25}}, {}, held);
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->train->size(), 20U);
        QCOMPARE(run->heldOut->size(), 2U);
        QVERIFY(QString::fromStdString(run->notes.back()).contains("2 pairs of held.jsonl"));
    }

    void textRowsHaveNoPreferenceMeasures()
    {
        std::vector<Json> rows(8, Json{{"text", "hello world"}});
        const auto run = prepare("sft", rows, {{"eval_fraction", 0.25}});
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->eval->size(), 2U);
        QVERIFY(!run->heldOut);
        QCOMPARE(run->train->pair(0)->chosen.promptLength(), std::size_t{0});
        const auto held = writeFile(m_folder / "held.jsonl", lines({pairRow("hello", "he", "we")}));
        QVERIFY(prepare("sft", rows, {}, {}, held)->heldOut);
    }

    void keysNameWhatDecidesTheTokens()
    {
        const auto key = [this](const char* id, const ParamValues& params) {
            return prepare(id, twentyPairs(), params)->dataKey;
        };
        const std::string base = key("dpo", {});
        QCOMPARE(base, key("dpo", {{"learning_rate", 0.1}, {"seed", std::int64_t{1}}}));
        QVERIFY(base != key("orpo", {}));
        QVERIFY(base != key("dpo", {{"max_length", std::int64_t{20}}}));
        QVERIFY(base != key("dpo", {{"eval_fraction", 0.2}}));
        QVERIFY(base != key("dpo", {{"split", "trl"}}));
        auto other = twentyPairs();
        other[0]["chosen"] = "we";
        QVERIFY(base != prepare("dpo", other, {})->dataKey);
    }

    void editsAreTrainedOn()
    {
        const auto before = prepare("dpo", twentyPairs(), {});
        QVERIFY(before);
        RowState edit;
        edit.edited = std::make_shared<const Row>(
            Row{RowKind::Preference, std::string("hello 4"), std::string("hehehe"), std::string("world")});
        m_edits.states.set(4, edit);
        m_edits.states.set(5, stateWith(&RowState::isExcluded));
        m_edits.position = 19;
        m_edits.dataPosition = 17;
        const auto after = prepare("dpo", twentyPairs(), {});
        QCOMPARE(problemOf(after), QString());
        QCOMPARE(after->train->size(), 19U);
        QVERIFY(!rowsOf(*after->train).contains(5));
        QVERIFY(after->train->length(4).chosen > before->train->length(4).chosen);
        QVERIFY(after->dataKey != before->dataKey);
        QCOMPARE(after->journalPosition, 17);
        QCOMPARE(before->journalPosition, 0);
        const std::string note = "data.jsonl: 1 pair edited, 1 left out by you (journal 17).";
        QVERIFY(std::find(after->notes.begin(), after->notes.end(), note) != after->notes.end());
    }

    void labelsAloneChangeNothing()
    {
        const auto before = prepare("dpo", twentyPairs(), {{"eval_fraction", 0.2}});
        RowState labelled;
        labelled.vote = VoteRecord{Vote::RejectedBetter, true, false};
        labelled.note = "n";
        m_edits.states.set(4, labelled);
        m_edits.position = 3;
        const auto after = prepare("dpo", twentyPairs(), {{"eval_fraction", 0.2}});
        QCOMPARE(problemOf(after), QString());
        QCOMPARE(after->dataKey, before->dataKey);
        QCOMPARE(after->journalPosition, 0);
        QVERIFY(after->notes.front().starts_with("1 vote on a pair of data.jsonl is not applied (rejected is better"));
    }

    void heldOutRowsAreDrawnFromThoseThatAreUsed()
    {
        for (std::uint32_t row = 0; row < 20; row += 2) m_edits.states.set(row, stateWith(&RowState::isExcluded));
        const auto run = prepare("dpo", twentyPairs(), {{"eval_fraction", 0.4}});
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->heldOut->size(), 4U);
        QCOMPARE(run->train->size(), 6U);
        for (const auto& rows : {rowsOf(*run->heldOut), rowsOf(*run->train)})
            for (const std::uint32_t row : rows) QCOMPARE(row % 2, 1U);
        for (std::uint32_t row = 1; row < 20; row += 2) m_edits.states.set(row, stateWith(&RowState::isExcluded));
        QCOMPARE(codeOf(prepare("dpo", twentyPairs(), {})), QString("no-usable-rows"));
    }

    void evalDataHasEditsOfItsOwn()
    {
        const auto held =
            writeFile(m_folder / "held.jsonl", lines({pairRow("a", "he", "we"), pairRow("hello 4", "we", "he")}));
        const auto opened = Dataset::open(held, {m_folder / "cache"});
        QVERIFY(opened);
        m_edits.states.set(0, stateWith(&RowState::isExcluded));
        m_edits.states.set(1, stateWith(&RowState::isSwapped));
        m_edits.dataPosition = 2;
        m_editedHash = opened->contentHash;
        const auto run = prepare("dpo", twentyPairs(), {}, {}, held);
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->train->size(), 20U);
        QCOMPARE(rowsOf(*run->heldOut), (std::set<std::uint32_t>{1}));
        QCOMPARE(run->journalPosition, 0);
        QCOMPARE(run->heldOutPosition, 2);
        QCOMPARE(run->heldOutHash, opened->contentHash);
        QCOMPARE(run->counts.at(kHeldOutTrainedOn).get<int>(), 1);  // as it is now
    }

    void heldOutPairsOfTheDataAreNamedAsIt()
    {
        m_edits.states.set(0, stateWith(&RowState::isExcluded));
        m_edits.dataPosition = 2;
        const auto run = prepare("dpo", twentyPairs(), {{"eval_fraction", 0.4}});
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->heldOutHash, run->data.contentHash);
        QCOMPARE(run->heldOutPosition, run->journalPosition);
        QVERIFY(prepare("dpo", twentyPairs(), {})->heldOutHash.empty());
    }

    // A run trains on the rows that the user saw when ordering it.
    void dataThatChangedSinceItWasOpenedIsRefused()
    {
        RunSpec order = spec("dpo", {}, {}, {});
        order.dataHash = prepare("dpo", twentyPairs(), {})->data.contentHash;
        QCOMPARE(problemOf(prepareRun(order, method("dpo"), folders(), data(), {}, {})), QString());
        writeFile(m_folder / "data.jsonl", lines({pairRow("hello", "he", "we")}));
        const auto changed = prepareRun(order, method("dpo"), folders(), data(), {}, {});
        QCOMPARE(codeOf(changed), QString("source-changed"));
        QCOMPARE(argumentOf(changed, "path"), QString::fromStdString(order.data.string()));
    }

    void editsThatDoNotCountAreMentioned()
    {
        const auto before = prepare("dpo", twentyPairs(), {});
        m_edits.absentRows = 12;
        m_edits.waitingRecords = 3;
        m_edits.similar = SimilarDataset{1, "old.jsonl", "my project", 4, 3};
        const auto run = prepare("dpo", twentyPairs(), {});
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->notes.size(), before->notes.size() + 3);
        const QString notes = QString::fromStdString(run->notes[0] + run->notes[1] + run->notes[2]);
        QVERIFY2(notes.contains("12 rows that are no longer in data.jsonl"), qPrintable(notes));
        QVERIFY2(notes.contains("3 of an older version"), qPrintable(notes));
        QVERIFY2(notes.contains("4 rows of old.jsonl; data.jsonl has 3 of these"), qPrintable(notes));
    }

    void swappedPairsAreTrainedOn()
    {
        const auto before = prepare("dpo", twentyPairs(), {});
        m_edits.states.set(4, stateWith(&RowState::isSwapped));
        m_edits.dataPosition = 17;
        const auto after = prepare("dpo", twentyPairs(), {});
        QCOMPARE(problemOf(after), QString());
        QCOMPARE(after->journalPosition, 17);
        QCOMPARE(after->train->length(4).chosen, before->train->length(4).rejected);
        QVERIFY(after->dataKey != before->dataKey);
    }

    void unusableDataIsRefused()
    {
        const auto short1 = prepare("dpo", std::vector<Json>(3, pairRow(std::string(30, 'x'), "he", "we")),
                                    {{"max_length", std::int64_t{12}}});
        QCOMPARE(codeOf(short1), QString("no-answer-left"));
        QCOMPARE(argumentOf(short1, "max_length"), QString("12"));
        QCOMPARE(argumentOf(short1, "rows"), QString("3"));
        QVERIFY(argumentOf(short1, "shortest").toInt() >= 30);
        const auto enough = argumentOf(short1, "shortest").toInt() + 1;
        QVERIFY(prepare("dpo", std::vector<Json>(3, pairRow(std::string(30, 'x'), "he", "we")),
                        {{"max_length", std::int64_t{enough}}}));

        const auto noPairs = prepare("dpo", std::vector<Json>(3, Json{{"text", "hello"}}), {});
        QCOMPARE(codeOf(noPairs), QString("wrong-columns"));
        QCOMPARE(argumentOf(noPairs, "found"), QString("text"));
        QCOMPARE(codeOf(prepare("dpo", twentyPairs(), {{"learning_rate", 0.0}})), QString("parameter-out-of-range"));

        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(codeOf(prepareRun(spec("dpo", {}, {}, {}), method("dpo"), folders(), data(), {}, stop.get_token())),
                 QString("cancelled"));
    }

    void tokenisingManyRowsKeepsTheirOrder()
    {
        std::vector<Json> rows;
        for (int i = 0; i < 3000; ++i)
            rows.push_back(pairRow("hello", std::string(static_cast<std::size_t>(1 + i % 50), 'h'), "w"));
        const auto run = prepare("dpo", rows, {});
        QCOMPARE(run->train->size(), 3000U);
        for (std::uint32_t i : {0U, 17U, 255U, 256U, 2999U})
            QCOMPARE(run->train->length(i).chosen - run->train->length(0).chosen, i % 50);
    }

private:
    RunFolders folders() { return {m_folder / "run", m_folder / "cache"}; }

    /// With `m_edits` for the dataset of `m_editedHash`, or for any.
    RunData data()
    {
        return {[this](const Dataset& data) -> Result<JournalView> {
            return m_editedHash.empty() || m_editedHash == data.contentHash ? m_edits : JournalView();
        }};
    }

    RunSpec spec(const std::string& id, const ParamValues& params, const std::vector<std::string>& usableBy,
                 const std::filesystem::path& held)
    {
        RunSpec result;
        result.method = id;
        result.model = m_folder / "model";
        result.data = m_folder / "data.jsonl";
        if (!held.empty()) result.evalData = held;
        result.params = params;
        result.usableBy = usableBy;
        return result;
    }

    Result<PreparedRun> prepare(const std::string& id, const std::vector<Json>& rows, const ParamValues& params,
                                const std::vector<std::string>& usableBy = {}, const std::filesystem::path& held = {})
    {
        writeFile(m_folder / "data.jsonl", lines(rows));
        return prepareRun(spec(id, params, usableBy, held), method(id), folders(), data(), {}, {});
    }

    ScratchFolder m_folder;
    JournalView m_edits;
    std::string m_editedHash;
};

QTEST_GUILESS_MAIN(PrepareTest)
#include "prepare_test.moc"
