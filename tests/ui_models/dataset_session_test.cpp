// SPDX-License-Identifier: GPL-3.0-or-later
// A dataset opened in the background: rows first, figures later, views that overtake each other, token counts.
#include "core/project/project.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"
#include "support/tiny_model.h"
#include "support/turn_meter.h"
#include "ui/models/data/dataset_session.h"
#include "ui/models/data/dataset_table_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <optional>

using namespace preflab;

namespace {

std::string lines(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) {
        const std::string chosen = i % 10 == 3 ? "the same" : std::string(static_cast<std::size_t>(i % 37 + 1), 'c');
        const std::string rejected = i % 10 == 3 ? "the same" : "no number " + std::to_string(i);
        text += "{\"prompt\": \"Question " + std::to_string(i) + "?\", \"chosen\": \"" + chosen +
                "\", \"rejected\": \"" + rejected + "\"}\n";
    }
    return text;
}

ViewQuery searchFor(const std::string& text)
{
    ViewQuery query;
    query.search = text;
    return query;
}

}  // namespace

class DatasetSessionTest : public QObject {
    Q_OBJECT

private:
    std::optional<test::ScratchFolder> m_scratch;
    std::shared_ptr<Project> m_project;

    std::unique_ptr<DatasetSession> sessionOf(const std::string& text)
    {
        const auto path = test::writeFile(*m_scratch / "rows.jsonl", text);
        return std::make_unique<DatasetSession>(m_project, path);
    }

    static bool isReady(DatasetSession& session)
    {
        return QTest::qWaitFor([&] { return session.areColumnsReady(); }, 20000);
    }

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    // A project for each test: edits of one would follow their rows into the next one's file.
    void init()
    {
        m_project.reset();
        m_scratch.emplace();
        auto project = Project::open(*m_scratch / "project");
        QCOMPARE(test::problemOf(project), QString());
        m_project = *std::move(project);
    }

    void opensInTheBackground()
    {
        const auto session = sessionOf(lines(5000));
        QCOMPARE(session->phase(), DatasetSession::Phase::Opening);
        QCOMPARE(session->table()->rowCount(), 0);
        const QAbstractItemModelTester tester(session->table(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy opened(session.get(), &DatasetSession::opened);
        QSignalSpy progress(session.get(), &DatasetSession::progressChanged);
        QVERIFY(opened.wait(20000));
        QCOMPARE(session->phase(), DatasetSession::Phase::Open);
        QCOMPARE(session->rowCount(), 5000U);
        QCOMPARE(session->table()->rowCount(), 5000);
        QCOMPARE(session->currentRow().value(), 0U);
        QCOMPARE(session->dataset()->findings.identicalSides, std::uint64_t{500});
        QVERIFY(isReady(*session));
        QVERIFY(!progress.isEmpty());
        QCOMPARE(session->table()->index(36, DatasetTableModel::ChosenLength).data().toString(), QStringLiteral("37"));
    }

    void whatCannotBeOpenedSaysWhy()
    {
        DatasetSession session(m_project, *m_scratch / "nowhere.jsonl");
        QSignalSpy failed(&session, &DatasetSession::failed);
        QVERIFY(failed.wait());
        QCOMPARE(session.phase(), DatasetSession::Phase::Failed);
        QCOMPARE(session.error()->code, ErrorCode::FileNotFound);
        session.setQuery(searchFor("x"));
        QVERIFY(session.view() == nullptr);
    }

    void openingCanBeCancelled()
    {
        const auto session = sessionOf(lines(20000));
        session->cancelOpening();
        QTRY_COMPARE(session->phase(), DatasetSession::Phase::Failed);
        QCOMPARE(session->error()->code, ErrorCode::Cancelled);
    }

    void aQueryChangesTheTableInOneReset()
    {
        const auto session = sessionOf(lines(3000));
        QVERIFY(isReady(*session));
        const QAbstractItemModelTester tester(session->table(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy changed(session.get(), &DatasetSession::viewChanged);
        QSignalSpy resets(session->table(), &QAbstractItemModel::modelReset);
        session->setQuery(searchFor("number 29"));
        QVERIFY(session->isQuerying());
        QVERIFY(changed.wait());
        QCOMPARE(resets.size(), 1);
        QVERIFY(!session->isQuerying());
        // 29, 290-299, 2900-2999 and none of those with identical sides.
        QCOMPARE(session->table()->rowCount(), 1 + 9 + 90);
        session->setQuery({});
        QVERIFY(changed.wait());
        QCOMPARE(session->table()->rowCount(), 3000);
    }

    void staleQueriesAreDropped()
    {
        const auto session = sessionOf(lines(3000));
        QVERIFY(isReady(*session));
        QSignalSpy changed(session.get(), &DatasetSession::viewChanged);
        QSignalSpy resets(session->table(), &QAbstractItemModel::modelReset);
        for (const char* text : {"n", "nu", "num", "numb", "number", "number 5"}) session->setQuery(searchFor(text));
        QVERIFY(changed.wait());
        QCOMPARE(QString::fromStdString(session->view()->query().search), QStringLiteral("number 5"));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(resets.size(), 1);
    }

    void aQueryBeforeTheColumnsIsAnsweredTwice()
    {
        const auto session = sessionOf(lines(3000));
        ViewQuery query;
        query.sort = ViewColumn::ChosenLength;
        query.order = ViewOrder::Descending;
        session->setQuery(query);
        QVERIFY(isReady(*session));
        QTRY_COMPARE(session->table()->index(0, DatasetTableModel::ChosenLength).data().toString(),
                     QStringLiteral("37"));
        QCOMPARE(session->view()->row(0), 36U);
    }

    void theCurrentRowStays()
    {
        const auto session = sessionOf(lines(1000));
        QVERIFY(isReady(*session));
        session->setCurrentRow(295);
        QSignalSpy changed(session.get(), &DatasetSession::viewChanged);
        QSignalSpy moved(session.get(), &DatasetSession::currentRowChanged);
        session->setQuery(searchFor("number 29"));
        QVERIFY(changed.wait());
        QCOMPARE(session->currentRow().value(), 295U);
        QVERIFY(session->table()->positionOf(295) > 0);
        QVERIFY(moved.isEmpty());
        session->setQuery(searchFor("number 77"));
        QVERIFY(changed.wait());
        QVERIFY(session->table()->positionOf(session->currentRow().value()) >= 0);
        QCOMPARE(moved.size(), 1);
        session->setQuery(searchFor("nowhere"));
        QVERIFY(changed.wait());
        QVERIFY(!session->currentRow());
    }

    void aWrongExpressionLeavesTheView()
    {
        const auto session = sessionOf(lines(100));
        QVERIFY(isReady(*session));
        QSignalSpy failed(session.get(), &DatasetSession::queryFailed);
        session->setQuery(searchFor("/(/"));
        QVERIFY(failed.wait());
        QCOMPARE(failed.first()[0].value<Error>().code, ErrorCode::PatternInvalid);
        QCOMPARE(session->table()->rowCount(), 100);
        QVERIFY(!session->isQuerying());
    }

    void findingsCanBeShown()
    {
        const auto session = sessionOf(lines(100));
        QVERIFY(isReady(*session));
        QVERIFY(!DatasetSession::queryFor(Finding::Kind::BadRow));
        session->setQuery(*DatasetSession::queryFor(Finding::Kind::IdenticalSides));
        QTRY_COMPARE(session->table()->rowCount(), 10);
        QCOMPARE(session->view()->row(0), 3U);
    }

    void aPairIsReadAndCompared()
    {
        const auto session = sessionOf(lines(100));
        QVERIFY(isReady(*session));
        auto future = session->pair(5);
        QTRY_VERIFY(future.isFinished());
        const auto pair = future.result();
        QCOMPARE(test::problemOf(pair), QString());
        QCOMPARE(pair->sourceNumber, std::uint64_t{6});
        QCOMPARE(pair->rejectedText, std::string("no number 5"));
        QCOMPARE(pair->diff.rejectedMarks.size(), std::size_t{1});
        QCOMPARE(pair->figures.chosenLength, 6U);
    }

    void changesAreShownOnceTheJournalHasThem()
    {
        const auto session = sessionOf(lines(50));
        QVERIFY(isReady(*session));
        const QAbstractItemModelTester tester(session->table(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy changed(session.get(), &DatasetSession::rowChanged);
        const std::int64_t before = session->journalPosition();
        session->edit(7, {RowKind::Preference, "A new prompt?", "an answer with zebras", "no"});
        QCOMPARE(session->pendingChanges(), 1);
        QVERIFY(!session->stateOf(7).isEdited());
        QVERIFY(changed.wait());
        QCOMPARE(changed.takeFirst()[0].toUInt(), 7U);
        QVERIFY(session->journalPosition() > before);
        QCOMPARE(session->pendingChanges(), 0);
        QVERIFY(session->stateOf(7).isEdited());
        QCOMPARE(session->table()->index(7, DatasetTableModel::ChosenLength).data().toString(), QStringLiteral("21"));
        QTRY_COMPARE(session->table()->index(7, DatasetTableModel::Prompt).data().toString(),
                     QStringLiteral("A new prompt?"));
        QCOMPARE(session->undoText(), QStringLiteral("edit of pair 8"));

        // Filter and order see the text as it is now.
        ViewQuery query = searchFor("zebra");
        QSignalSpy views(session.get(), &DatasetSession::viewChanged);
        session->setQuery(query);
        QVERIFY(views.wait());
        QCOMPARE(session->view()->rows(), std::vector<std::uint32_t>{7});
        query = {};
        query.sort = ViewColumn::RejectedLength;
        session->setQuery(query);
        QVERIFY(views.wait());
        QCOMPARE(session->view()->row(0), 7U);

        session->undo();
        QVERIFY(changed.wait());
        QVERIFY(!session->stateOf(7).isEdited());
        QVERIFY(session->undoText().isEmpty());
        QCOMPARE(session->redoText(), QStringLiteral("edit of pair 8"));
        session->setQuery(searchFor("zebra"));
        QVERIFY(views.wait());
        QCOMPARE(session->view()->size(), 0U);
        session->redo();
        QVERIFY(changed.wait());
        QVERIFY(session->stateOf(7).isEdited());
    }

    void everyVerbLeavesItsTrace()
    {
        const std::string text = lines(60);
        const auto session = sessionOf(text);
        QVERIFY(isReady(*session));
        QSignalSpy changed(session.get(), &DatasetSession::rowChanged);
        const auto settled = [&] { return session->pendingChanges() == 0; };
        session->vote(4, VoteRecord{Vote::RejectedBetter, true, false});
        session->swapSides({4, 5});
        session->exclude({5, 6, 9});
        session->restore({6});
        session->addTag({5}, QStringLiteral(" long  text "));
        session->addTag({5}, QStringLiteral("long text"));
        session->setNote(5, QStringLiteral("look again"));
        QVERIFY(QTest::qWaitFor(settled, 20000));
        QCOMPARE(session->stateOf(4).vote->vote, Vote::ChosenBetter);
        QCOMPARE(std::get<std::string>(session->inputs().rows->row(4)->chosen), std::string("no number 4"));
        QVERIFY(session->stateOf(5).isExcluded && session->stateOf(9).isExcluded && !session->stateOf(6).isExcluded);
        QCOMPARE(session->stateOf(5).tags, std::vector<std::string>{"long text"});
        QCOMPARE(session->stateOf(5).note, std::string("look again"));
        QCOMPARE(session->undoText(), QStringLiteral("note on pair 6"));
        QVERIFY(session->latestChanges(10).size() >= 6);
        session->swapSides({4, 5});
        session->removeTag({5}, QStringLiteral("long text"));
        QVERIFY(QTest::qWaitFor(settled, 20000));
        QVERIFY(!session->stateOf(4).isEdited() && session->stateOf(5).tags.empty());

        session->vote(20, VoteRecord{Vote::RejectedBetter, false, false});
        session->vote(21, VoteRecord{Vote::BothBad, false, false});
        session->vote(22, VoteRecord{Vote::Tie, false, false});
        QVERIFY(QTest::qWaitFor(settled, 20000));
        // Row 4 has a vote from above, and its sides were exchanged since.
        QCOMPARE(session->votes().open(), std::uint64_t(4));
        session->acceptVotes({.areSidesExchanged = true, .areTiesLeftOut = false, .areBadPairsLeftOut = true});
        QVERIFY(QTest::qWaitFor(settled, 20000));
        QVERIFY(session->stateOf(20).isEdited() && session->stateOf(21).isExcluded);
        QVERIFY(!session->stateOf(22).isEdited() && !session->stateOf(22).isExcluded);
        QCOMPARE(session->votes().open(), std::uint64_t(1));

        // All of it is there again after a restart.
        const auto again = sessionOf(text);
        QVERIFY(isReady(*again));
        QVERIFY(again->stateOf(9).isExcluded);
        QCOMPARE(again->stateOf(4).vote->vote, Vote::ChosenBetter);  // its sides were exchanged as it said
        QVERIFY(again->votes() == session->votes());
        QCOMPARE(again->undoText(), session->undoText());
    }

    void changesOfManyRowsAreOneStep()
    {
        const auto session = sessionOf(lines(3100));
        QVERIFY(isReady(*session));
        QSignalSpy changed(session.get(), &DatasetSession::rowChanged);
        QSignalSpy data(session->table(), &QAbstractItemModel::dataChanged);
        std::vector<std::uint32_t> rows;
        for (std::uint32_t row = 0; row < 3000; ++row) rows.push_back(row);
        session->exclude(rows);
        QTRY_COMPARE_WITH_TIMEOUT(changed.size(), 3000, 20000);
        QVERIFY(data.size() < 5);
        QCOMPARE(session->undoText(), session->tr("exclusion of %n pair(s)", nullptr, 3000));
        session->undo();
        QTRY_COMPARE_WITH_TIMEOUT(changed.size(), 6000, 20000);
        QVERIFY(!session->stateOf(2999).isExcluded);
    }

    void tokensOfEditedRowsAreTheirOwn()
    {
        test::writeTinyModel(*m_scratch / "model");
        const auto session = sessionOf(lines(40));
        QVERIFY(isReady(*session));
        session->countTokens({*m_scratch / "model", "dpo", {}});
        QTRY_VERIFY(session->inputs().tokens != nullptr);
        const auto before = session->inputs().tokenLengths(8)->chosen;
        QSignalSpy changed(session.get(), &DatasetSession::rowChanged);
        session->edit(8, {RowKind::Preference, "p", std::string(400, 'q'), "no"});
        QVERIFY(changed.wait());
        QVERIFY(session->inputs().tokenLengths(8)->chosen > before);
        const auto pairs = session->truncation(10000)->pairs;
        session->exclude({8});
        QVERIFY(changed.wait());
        QCOMPARE(session->truncation(10000)->pairs, pairs - 1);
    }

    void tokensAreCountedAndFoundAgain()
    {
        test::writeTinyModel(*m_scratch / "model");
        const auto session = sessionOf(lines(2000));
        session->countTokens({*m_scratch / "model", "dpo", {}});
        QTRY_VERIFY_WITH_TIMEOUT(session->inputs().tokens != nullptr, 20000);
        QVERIFY(!session->isCountingTokens());
        QVERIFY(session->table()->areLengthsTokens());
        QVERIFY(session->inputs().tokens->front().isKnown());
        QCOMPARE(session->truncation(100000)->pairs, std::uint64_t{2000});
        QCOMPARE(session->truncation(100000)->lostTokens, std::uint64_t{0});
        QVERIFY(session->truncation(8)->shortened + session->truncation(8)->leftOut > 0);

        QSignalSpy failed(session.get(), &DatasetSession::failed);
        session->countTokens({*m_scratch / "no model", "dpo", {}});
        QVERIFY(failed.wait());
        QCOMPARE(failed.first()[0].value<Error>().code, ErrorCode::NoTokenizer);
        QVERIFY(session->inputs().tokens != nullptr);
    }

    void theUiThreadIsNotHeldUp()
    {
        const auto session = sessionOf(lines(60000));
        QSignalSpy ready(session.get(), &DatasetSession::columnsChanged);
        QSignalSpy changed(session.get(), &DatasetSession::viewChanged);
        test::TurnMeter meter;
        QVERIFY(ready.wait(20000));
        for (const char* text : {"number", "1", "question 5", ""}) {
            session->setQuery(searchFor(text));
            QVERIFY(changed.wait());
        }
        meter.print("a dataset of 60 000 rows");
        QVERIFY(meter.turns() > 5);
    }

    void destroyedWhileItWorks()
    {
        for (int round = 0; round < 30; ++round) {
            const auto session = sessionOf(lines(2000));
            (void)QTest::qWaitFor([&] { return session->phase() == DatasetSession::Phase::Open || round % 3 == 0; });
            session->setQuery(searchFor("number"));
            (void)session->pair(0);
            session->exclude({static_cast<std::uint32_t>(round)});
        }
    }
};

QTEST_GUILESS_MAIN(DatasetSessionTest)
#include "dataset_session_test.moc"
