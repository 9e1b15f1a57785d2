// SPDX-License-Identifier: GPL-3.0-or-later
// Edits, labels, undo and redo; over restarts, in bulk, and with records that nobody can read.
#include "core/base/database.h"
#include "core/data/journal/edited_rows.h"
#include "core/data/journal/journal.h"
#include "core/data/journal/side_changes.h"
#include "core/data/journal/vote_rules.h"
#include "support/files.h"
#include "support/made_up_dataset.h"
#include "support/results.h"

#include <QtTest>

#include <atomic>
#include <future>

using namespace preflab;
using test::problemOf;

namespace {

constexpr const char* kSource = "0123456789abcdef";
constexpr std::uint32_t kRows = 100'000;

/// Made once: many tests open it often.
const Dataset& dataset()
{
    static const Dataset data = test::madeUpDataset(kSource, kRows);
    return data;
}

void exclude(std::uint32_t, RowState& state)
{
    state.isExcluded = true;
}

Journal::Modify chosenText(const std::string& text)
{
    return [text](std::uint32_t, RowState& state) {
        Row row = state.edited ? *state.edited : Row();
        row.chosen = text;
        state.edited = std::make_shared<const Row>(row);
    };
}

}  // namespace

class JournalTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        reopen();
    }

    void cleanup()
    {
        m_journal.reset();
        m_project.reset();
    }

    void rowsAreWhatTheRecordsSay()
    {
        QVERIFY(m_journal->apply(JournalAction::Edit, {3}, chosenText("better")));
        QVERIFY(m_journal->apply(JournalAction::Exclude, {1, 2, 5}, exclude));
        QVERIFY(m_journal->apply(JournalAction::Tag, {3},
                                 [](std::uint32_t, RowState& state) { state.tags = {"greeting"}; }));
        QVERIFY(m_journal->apply(JournalAction::Vote, {3}, [](std::uint32_t, RowState& state) {
            state.vote = VoteRecord{Vote::RejectedBetter, true, true};
        }));
        reopen();
        const JournalView view = m_journal->view();
        QCOMPARE(view.states.size(), std::size_t(4));
        const RowState* row = view.states.find(3);
        QVERIFY(row != nullptr && row->edited);
        QCOMPARE(std::get<std::string>(row->edited->chosen), std::string("better"));
        QCOMPARE(row->tags, std::vector<std::string>{"greeting"});
        QVERIFY(row->vote == (VoteRecord{Vote::RejectedBetter, true, true}));
        QVERIFY(view.states.find(5)->isExcluded);
        QCOMPARE(view.position, std::int64_t(4));
        QCOMPARE(usedRows(6, view.states), (std::vector<std::uint32_t>{0, 3, 4}));
    }

    void undoAndRedoSurviveARestart()
    {
        for (const char* text : {"one", "two", "three"})
            QVERIFY(m_journal->apply(JournalAction::Edit, {0}, chosenText(text)));
        QCOMPARE(undoOnce(), std::string("two"));
        reopen();
        QCOMPARE(undoOnce(), std::string("one"));
        QCOMPARE(undoOnce(), std::string());
        QVERIFY(!m_journal->undoable());
        reopen();
        QCOMPARE(redoOnce(), std::string("one"));
        QCOMPARE(redoOnce(), std::string("two"));
        // Something new takes the place of what was undone.
        QVERIFY(m_journal->apply(JournalAction::Edit, {0}, chosenText("other")));
        QVERIFY(!m_journal->redoable());
        QCOMPARE(undoOnce(), std::string("two"));
    }

    void aBulkChangeIsUndoneAtOnce()
    {
        std::vector<std::uint32_t> rows(1000);
        for (std::uint32_t i = 0; i < 1000; ++i) rows[i] = 7 * i;
        QVERIFY(m_journal->apply(JournalAction::Exclude, rows, exclude));
        QCOMPARE(m_journal->view().states.size(), std::size_t(1000));
        undoOnce();
        QCOMPARE(m_journal->view().states.size(), std::size_t(0));
        QCOMPARE(m_journal->latest(10).size(), std::size_t(2));
    }

    void nothingIsWrittenWhereNothingChanges()
    {
        const auto record = m_journal->apply(JournalAction::Restore, {4},
                                             [](std::uint32_t, RowState& state) { state.isExcluded = false; });
        QVERIFY(record && record->changes.empty());
        QCOMPARE(m_journal->view().position, std::int64_t(0));
    }

    void changesShowOnlyOnceTheyAreDurable()
    {
        std::atomic<bool> wasSeenEarly = false;
        std::atomic<int> answers = 0;
        for (std::uint32_t row = 0; row < 200; ++row) {
            m_journal->post(JournalAction::Exclude, {row}, exclude, [&, row](const Result<JournalRecord>& record) {
                if (!record || m_journal->view().position < record->position || record->changes.front().row != row)
                    wasSeenEarly = true;
                ++answers;
            });
        }
        QTRY_COMPARE(answers.load(), 200);
        QVERIFY(!wasSeenEarly);
        reopen();
        QCOMPARE(m_journal->view().states.size(), std::size_t(200));
    }

    void datasetsDoNotMeet()
    {
        QVERIFY(m_journal->apply(JournalAction::Exclude, {1}, exclude));
        const auto other = Journal::open(m_project, test::madeUpDataset("another", 10));
        QVERIFY(other);
        QCOMPARE((*other)->view().states.size(), std::size_t(0));
        const auto view = Journal::read(*m_project, dataset());
        QVERIFY(view && view->states.size() == 1);
    }

    void editedRowsStandInForTheSource()
    {
        const auto file = test::writeFile(*m_folder / "pairs.jsonl",
                                          "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\",\"extra\": 1}\n"
                                          "{\"prompt\":\"q\",\"chosen\":\"c\",\"rejected\":\"d\"}\n");
        const auto data = Dataset::open(file, {*m_folder / "cache"});
        QCOMPARE(problemOf(data), QString());
        QVERIFY(
            m_journal->apply(JournalAction::Swap, {1}, [](std::uint32_t, RowState& state) { exchangeSides(state); }));
        const auto rows = makeEditedRows(data->rows, m_journal->view().states);
        QCOMPARE(*rows->rawRow(0), *data->rows->rawRow(0));
        QCOMPARE(std::get<std::string>(rows->row(1)->chosen), std::string("d"));
        QCOMPARE(*rows->rawRow(1), std::string("{\"prompt\":\"q\",\"chosen\":\"d\",\"rejected\":\"c\"}"));
    }

    void recordsThatCannotBeReadAreNamed_data()
    {
        const auto changes = [](const char* name, const QByteArray& list) {
            QTest::newRow(name) << QByteArray("UPDATE journal SET changes = '" + list + "'");
        };
        const QByteArray row = "\"row\":\"00000000000000010000000000000002\",\"texts\":\"0000000000000002\"";
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("cut") << QByteArray("UPDATE journal SET changes = substr(changes, 1, 20)");
        changes("no list", "{}");
        changes("no object", "[3]");
        changes("no row", "[{\"set\":{}}]");
        changes("no hash", "[{\"row\":\"12\",\"texts\":\"0000000000000002\",\"set\":{}}]");
        changes("row is a number", "[{\"row\":12,\"texts\":\"0000000000000002\",\"set\":{}}]");
        changes("occurrence", "[{" + row + ",\"n\":-1,\"set\":{}}]");
        for (const char* number : {"0.5", "1e300", "18446744073709551615", "\"1\""})
            changes(number, "[{" + row + ",\"n\":" + number + ",\"set\":{\"excluded\":true}}]");
        changes("no state", "[{" + row + "}]");
        changes("state", "[{" + row + ",\"set\":3}]");
        changes("tags", "[{" + row + ",\"set\":{\"tags\":7}}]");
        changes("vote", "[{" + row + ",\"set\":{\"vote\":{\"vote\":\"x\"}}}]");
        changes("strength", "[{" + row + ",\"set\":{\"vote\":{\"vote\":\"tie\",\"strength\":\"x\"}}}]");
        QTest::newRow("action") << QByteArray("UPDATE journal SET action = 'fly'");
        QTest::newRow("number") << QByteArray("UPDATE journal SET number = 2");
        QTest::newRow("undo of nothing") << QByteArray("UPDATE journal SET action = 'undo', of = 1");
    }

    void recordsThatCannotBeReadAreNamed()
    {
        QFETCH(QByteArray, sql);
        QVERIFY(m_journal->apply(JournalAction::Exclude, {1}, exclude));
        QVERIFY(this->sql(sql.toStdString()));
        const auto journal = Journal::open(m_project, dataset());
        QVERIFY(!journal);
        QVERIFY2(sentence(journal.error()).find("record 1 of the journal") != std::string::npos,
                 sentence(journal.error()).c_str());
    }

    // The file may have lost rows since.
    void rowsThatAreGoneAreCounted()
    {
        QVERIFY(m_journal->apply(JournalAction::Exclude, {1}, exclude));
        QVERIFY(m_journal->apply(JournalAction::Exclude, {2, 7}, exclude));
        Dataset less = test::madeUpDataset(kSource, 7);
        const auto opened = Journal::open(m_project, less);
        QCOMPARE(problemOf(opened), QString());
        QCOMPARE((*opened)->view().absentRows, std::uint64_t{1});
        QCOMPARE((*opened)->view().states.rows(), (std::vector<std::uint32_t>{1, 2}));
        QCOMPARE(Journal::read(*m_project, less)->absentRows, std::uint64_t{1});
        QCOMPARE(Journal::read(*m_project, dataset())->absentRows, std::uint64_t{0});
    }

    void statesSurviveJson()
    {
        RowState state;
        state.edited = std::make_shared<const Row>(Row{RowKind::Preference,
                                                       Messages{{"user", "na\xC3\xAFve\n\"q\"", "{\"name\":\"Ann\"}"}},
                                                       std::string("a"), std::string("b")});
        state.isSwapped = true;
        state.note = "look again";
        state.tags = {"x", "y"};
        state.vote = VoteRecord{Vote::Tie, false, false, VoteStrength::Clearly, {"helpful", "honest"}};
        const auto back = changed({}, changeJson({}, state));
        QVERIFY(back && areEqual(*back, state));
        const auto nothing = changed(state, changeJson(state, {}));
        QVERIFY(nothing && nothing->isUntouched());
        QVERIFY(changeJson(state, state).empty());
        for (const RowKind kind : {RowKind::Text, RowKind::PromptCompletion}) {
            RowState other;
            other.edited = std::make_shared<const Row>(Row{kind, {}, std::string("t"), {}});
            const auto read = changed({}, changeJson({}, other));
            QVERIFY(read && areEqual(*read, other));
        }
    }

    void aFailedPostTakesThoseBehindItAlong()
    {
        QVERIFY(m_journal->apply(JournalAction::Edit, {0}, chosenText("one")));
        QVERIFY(sql("CREATE TRIGGER refuse BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no room'); END"));
        // Posted before the first of them can be answered; the trigger goes while the second waits.
        std::atomic<int> failed = 0;
        std::atomic<int> answered = 0;
        const auto count = [&](const Result<JournalRecord>& record) {
            if (!record) ++failed;
            ++answered;
        };
        std::promise<void> go;
        m_project->database().post(Durability::Full, [started = go.get_future().share()](Connection&) -> Result<> {
            started.wait();
            return {};
        });
        m_journal->post(JournalAction::Edit, {0}, chosenText("two"), count);
        m_project->database().post(Durability::Full, [](Connection& connection) -> Result<> {
            connection.execute("DROP TRIGGER refuse");
            return {};
        });
        m_journal->post(
            JournalAction::Note, {0}, [](std::uint32_t, RowState& state) { state.note = "n"; }, count);
        go.set_value();
        QTRY_COMPARE(answered.load(), 2);
        QCOMPARE(failed.load(), 2);
        QCOMPARE(textNow(), std::string("one"));
        QVERIFY(m_journal->apply(JournalAction::Edit, {0}, chosenText("three")));
        reopen();
        QCOMPARE(textNow(), std::string("three"));
        QCOMPARE(m_journal->latest(9).size(), std::size_t(2));
        QVERIFY(m_journal->view().states.find(0)->note.empty());
    }

    void earlierStatesCanBeRead()
    {
        QVERIFY(m_journal->apply(JournalAction::Edit, {0}, chosenText("one")));
        QVERIFY(m_journal->apply(JournalAction::Exclude, {4}, exclude));
        const std::int64_t position = m_journal->view().position;
        QVERIFY(m_journal->apply(JournalAction::Edit, {0}, chosenText("two")));
        const auto then = Journal::read(*m_project, dataset(), position);
        QVERIFY(then && then->states.find(4) != nullptr);
        QCOMPARE(std::get<std::string>(then->states.find(0)->edited->chosen), std::string("one"));
        QCOMPARE(then->position, position);
        QCOMPARE(*Journal::lastPosition(*m_project), m_journal->view().position);
        // Labels do not change what is trained on.
        const std::int64_t data = m_journal->view().dataPosition;
        QVERIFY(m_journal->apply(JournalAction::Note, {0}, [](std::uint32_t, RowState& state) { state.note = "n"; }));
        QVERIFY(m_journal->view().position > data);
        QCOMPARE(m_journal->view().dataPosition, data);
        QCOMPARE(*Journal::lastPosition(*m_project), m_journal->view().position);
    }

    void votesAreAcceptedInOneRecord()
    {
        const auto file =
            test::writeFile(*m_folder / "pairs.jsonl", "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\"}\n"
                                                       "{\"prompt\":\"q\",\"chosen\":\"c\",\"rejected\":\"d\"}\n"
                                                       "{\"prompt\":\"r\",\"chosen\":\"e\",\"rejected\":\"f\"}\n");
        const auto data = Dataset::open(file, {*m_folder / "cache"});
        QCOMPARE(problemOf(data), QString());
        const Vote votes[] = {Vote::RejectedBetter, Vote::Tie, Vote::ChosenBetter};
        QVERIFY(m_journal->apply(JournalAction::Vote, {0, 1, 2}, [&](std::uint32_t row, RowState& state) {
            state.vote = VoteRecord{votes[row], true, false};
        }));
        // A vote alone changes nothing.
        QCOMPARE(m_journal->view().dataPosition, std::int64_t(0));
        const VoteCounts counts = countVotes(m_journal->view().states);
        QVERIFY((counts == VoteCounts{.chosen = 1, .rejected = 1, .ties = 1}));
        QVERIFY(openVotesText(counts, "pairs.jsonl")
                    .starts_with("2 votes on pairs of pairs.jsonl are not applied (rejected is better: 1, tie: 1); "));
        const auto follow = [this](const VoteRules& rules) {
            const auto rows = rowsChangedBy(rules, m_journal->view().states);
            const auto record = m_journal->apply(JournalAction::Accept, rows,
                                                 [&](std::uint32_t, RowState& state) { acceptVote(state, rules); });
            return record ? record->changes.size() : std::size_t(99);
        };
        QCOMPARE(follow({false, false, false}), std::size_t(0));
        QCOMPARE(follow({}), std::size_t(2));
        QCOMPARE(follow({}), std::size_t(0));  // pairs follow their votes by now
        QVERIFY((countVotes(m_journal->view().states) == VoteCounts{.chosen = 2, .excluded = 1}));
        QCOMPARE(openVotesText(countVotes(m_journal->view().states), "pairs.jsonl"), std::string());
        reopen();
        const RowStates states = m_journal->view().states;
        QCOMPARE(std::get<std::string>(makeEditedRows(data->rows, states)->row(0)->chosen), std::string("b"));
        QVERIFY(states.find(0)->vote->vote == Vote::ChosenBetter);
        QVERIFY(states.find(1)->isExcluded && !states.find(2)->isExcluded);
        undoOnce();
        const RowStates before = m_journal->view().states;
        QVERIFY(before.find(0)->vote->vote == Vote::RejectedBetter && !before.find(1)->isExcluded);
    }

    void aLargeBulkChangeIsWhole()
    {
        std::vector<std::uint32_t> rows(100'000);
        for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
        QVERIFY(m_journal->apply(JournalAction::Exclude, rows, exclude));
        reopen();
        QCOMPARE(m_journal->view().states.size(), rows.size());
        for (std::uint32_t row = 0; row < 200; ++row)
            QVERIFY(
                m_journal->apply(JournalAction::Note, {row}, [](std::uint32_t, RowState& state) { state.note = "n"; }));
    }

private:
    void reopen()
    {
        m_journal.reset();
        m_project.reset();
        auto project = Project::open(*m_folder / "p");
        QCOMPARE(problemOf(project), QString());
        m_project = *std::move(project);
        auto journal = Journal::open(m_project, dataset());
        QCOMPARE(problemOf(journal), QString());
        m_journal = *std::move(journal);
    }

    Result<> sql(const std::string& text)
    {
        return m_project->database().call(Durability::Full, [&](Connection& connection) -> Result<> {
            connection.execute(text);
            return {};
        });
    }

    std::string textNow() const
    {
        const JournalView view = m_journal->view();
        const RowState* state = view.states.find(0);
        return state != nullptr && state->edited ? std::get<std::string>(state->edited->chosen) : std::string();
    }

    std::string textAfter(void (Journal::*move)(Journal::Acknowledgement))
    {
        std::promise<void> done;
        ((*m_journal).*move)([&](const Result<JournalRecord>&) { done.set_value(); });
        done.get_future().wait();
        return textNow();
    }
    std::string undoOnce() { return textAfter(&Journal::undo); }
    std::string redoOnce() { return textAfter(&Journal::redo); }

    std::optional<test::ScratchFolder> m_folder;
    std::shared_ptr<Project> m_project;
    std::unique_ptr<Journal> m_journal;
};

QTEST_GUILESS_MAIN(JournalTest)
#include "journal_test.moc"
