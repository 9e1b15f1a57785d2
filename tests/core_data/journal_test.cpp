// SPDX-License-Identifier: GPL-3.0-or-later
// Edits, labels, undo and redo; over restarts, in bulk, and with records that nobody can read.
#include "core/base/database.h"
#include "core/data/journal/edited_rows.h"
#include "core/data/journal/journal.h"
#include "core/data/journal/side_changes.h"
#include "core/project/project_schema.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <atomic>
#include <future>

using namespace preflab;
using test::problemOf;

namespace {

constexpr const char* kSource = "0123456789abcdef";
constexpr std::uint32_t kRows = 1'000'000;

void exclude(std::uint32_t, RowState& state)
{
    state.isExcluded = true;
}

Journal::Modify chosenText(const std::string& text)
{
    return [text](std::uint32_t, RowState& state) {
        Row row = state.edited.value_or(Row());
        row.chosen = text;
        state.edited = row;
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

    void aReaderLearnsThatOthersHaveEdits()
    {
        QVERIFY(!Journal::read(*m_project, "another content", kRows)->areOthersEdited);
        QVERIFY(m_journal->apply(JournalAction::Exclude, {2}, exclude));
        QVERIFY(Journal::read(*m_project, "another content", kRows)->areOthersEdited);
        QVERIFY(!Journal::read(*m_project, kSource, kRows)->areOthersEdited);
        QVERIFY(!Journal::read(*m_project, "another content", kRows, 0)->areOthersEdited);  // before that edit
    }

    void datasetsDoNotMeet()
    {
        QVERIFY(m_journal->apply(JournalAction::Exclude, {1}, exclude));
        const auto other = Journal::open(m_project, "another", kRows);
        QVERIFY(other);
        QCOMPARE((*other)->view().states.size(), std::size_t(0));
        const auto view = Journal::read(*m_project, kSource, kRows);
        QVERIFY(view && view->states.size() == 1);
    }

    void editedRowsStandInForTheSource()
    {
        const auto file = test::writeFile(*m_folder / "pairs.jsonl",
                                          "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\",\"extra\": 1}\n"
                                          "{\"prompt\":\"q\",\"chosen\":\"c\",\"rejected\":\"d\"}\n");
        const auto data = Dataset::open(file, {*m_folder / "cache"});
        QCOMPARE(problemOf(data), QString());
        QVERIFY(m_journal->apply(JournalAction::Swap, {1}, [&](std::uint32_t row, RowState& state) {
            state.edited = swapped(*data->rows->row(row));
        }));
        const auto rows = makeEditedRows(data->rows, m_journal->view().states);
        QCOMPARE(*rows->rawRow(0), *data->rows->rawRow(0));
        QCOMPARE(std::get<std::string>(rows->row(1)->chosen), std::string("d"));
        QCOMPARE(*rows->rawRow(1), std::string("{\"prompt\":\"q\",\"chosen\":\"d\",\"rejected\":\"c\"}"));
    }

    void recordsThatCannotBeReadAreNamed_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("cut") << QByteArray("UPDATE journal SET changes = substr(changes, 1, 20)");
        QTest::newRow("no list") << QByteArray("UPDATE journal SET changes = '{}'");
        QTest::newRow("no row") << QByteArray("UPDATE journal SET changes = '[{\"before\":{},\"after\":{}}]'");
        QTest::newRow("state") << QByteArray("UPDATE journal SET changes = '[{\"row\":1,\"before\":3,\"after\":{}}]'");
        QTest::newRow("tags") << QByteArray(
            "UPDATE journal SET changes = '[{\"row\":1,\"before\":{},\"after\":{\"tags\":7}}]'");
        QTest::newRow("vote") << QByteArray(
            "UPDATE journal SET changes = '[{\"row\":1,\"before\":{},\"after\":{\"vote\":{\"vote\":\"x\"}}}]'");
        QTest::newRow("strength") << QByteArray(
            "UPDATE journal SET changes = "
            "'[{\"row\":1,\"before\":{},\"after\":{\"vote\":{\"vote\":\"tie\",\"strength\":\"x\"}}}]'");
        QTest::newRow("row too large") << QByteArray(
            "UPDATE journal SET changes = '[{\"row\":4294967296,\"before\":{},\"after\":{}}]'");
        QTest::newRow("action") << QByteArray("UPDATE journal SET action = 'fly'");
        QTest::newRow("number") << QByteArray("UPDATE journal SET number = 2");
        QTest::newRow("undo of nothing") << QByteArray("UPDATE journal SET action = 'undo', of = 1");
    }

    void recordsThatCannotBeReadAreNamed()
    {
        QFETCH(QByteArray, sql);
        QVERIFY(m_journal->apply(JournalAction::Exclude, {1}, exclude));
        QVERIFY(this->sql(sql.toStdString()));
        const auto journal = Journal::open(m_project, kSource, kRows);
        QVERIFY(!journal);
        QVERIFY2(sentence(journal.error()).find("record 1 of the journal") != std::string::npos,
                 sentence(journal.error()).c_str());
    }

    void rowsThatTheDatasetDoesNotHaveAreNamed()
    {
        QVERIFY(m_journal->apply(JournalAction::Exclude, {1}, exclude));
        QVERIFY(m_journal->apply(JournalAction::Exclude, {2, 7}, exclude));
        QVERIFY(Journal::open(m_project, kSource, 8));
        const auto opened = Journal::open(m_project, kSource, 7);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::ProjectInvalid);
        QVERIFY(problemOf(opened).contains(QStringLiteral("record 2")));
        QVERIFY(problemOf(opened).contains(QStringLiteral("row 8 of 7")));
        // Neither a run nor an export takes the rest of such a journal.
        const auto read = Journal::read(*m_project, kSource, 7);
        QVERIFY(!read);
        QCOMPARE(problemOf(read), problemOf(opened));
    }

    void statesSurviveJson()
    {
        RowState state;
        state.edited =
            Row{RowKind::Preference, Messages{{"user", "na\xC3\xAFve\n\"q\""}}, std::string("a"), std::string("b")};
        state.note = "look again";
        state.tags = {"x", "y"};
        state.vote = VoteRecord{Vote::Tie, false, false, VoteStrength::Clearly, {"helpful", "honest"}};
        const auto back = rowStateFromJson(toJson(state));
        QVERIFY(back && areEqual(*back, state));
        for (const RowKind kind : {RowKind::Text, RowKind::PromptCompletion}) {
            RowState other;
            other.edited = Row{kind, {}, std::string("t"), {}};
            const auto read = rowStateFromJson(toJson(other));
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
        const auto then = Journal::read(*m_project, kSource, kRows, position);
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
        const auto rows = contradictedRows(m_journal->view().states);
        QCOMPARE(rows, (std::vector<std::uint32_t>{0, 1}));
        const auto modify = acceptVotes(*data->rows, rows);
        QVERIFY(modify && m_journal->apply(JournalAction::Accept, rows, *modify));
        reopen();
        const RowStates states = m_journal->view().states;
        QCOMPARE(std::get<std::string>(states.find(0)->edited->chosen), std::string("b"));
        QVERIFY(states.find(0)->vote->vote == Vote::ChosenBetter);
        QVERIFY(states.find(1)->isExcluded && !states.find(2)->isExcluded);
        QVERIFY(contradictedRows(states).empty());
        undoOnce();
        QCOMPARE(contradictedRows(m_journal->view().states), rows);
    }

    void aProjectOfTheFirstVersionKeepsItsRuns()
    {
        const auto folder = *m_folder / "old";
        std::filesystem::create_directories(folder);
        {
            const auto old =
                Database::open(folder / "project.db", kProjectApplicationId, {projectMigrations().front()});
            QCOMPARE(problemOf(old), QString());
            QVERIFY((*old)->call(Durability::Full, [](Connection& connection) -> Result<> {
                connection.execute("INSERT INTO runs (id, name, method, created, outcome, spec) VALUES "
                                   "('0001-dpo-a', 'first', 'dpo', '2026-01-01T00:00:00Z', 'finished', '{}')");
                return {};
            }));
        }
        auto project = Project::open(folder);
        QCOMPARE(problemOf(project), QString());
        QVERIFY(std::filesystem::exists(folder / "project.db.backup-v1"));
        std::string run;
        QVERIFY((*project)->database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
            Statement select = connection.prepare("SELECT name || deleted || journal_position || note FROM runs");
            if (select.step()) run = select.text(0);
            return {};
        }));
        QCOMPARE(run, std::string("first00"));
        const auto journal = Journal::open(std::shared_ptr<Project>(*std::move(project)), kSource, kRows);
        QVERIFY(journal && (*journal)->apply(JournalAction::Exclude, {1}, exclude));
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
        auto journal = Journal::open(m_project, kSource, kRows);
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
