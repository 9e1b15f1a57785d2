// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of a run's page and the filtered list of runs under Qt's own tester: empty, with one row, with many.
#include "support/made_up_runs.h"
#include "support/run_bench.h"
#include "ui/models/app/table_roles.h"
#include "ui/models/runs/run_center.h"
#include "ui/models/runs/runs_model.h"
#include "ui/pages/runs/run_tables.h"
#include "ui/pages/runs/runs_proxy.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

#include <memory>

using namespace preflab;
using namespace preflab::test;

namespace {

using Tester = QAbstractItemModelTester;

/// The controller of a run that is over, with `notes` notes in its log.
std::shared_ptr<RunController> replayed(int notes, RunRecord record = {})
{
    auto log = std::make_shared<RunLog>();
    log->setAutoCommit();
    for (int i = 0; i < notes; ++i) logEvent(*log, RunEvent::Kind::Note, "Note " + std::to_string(i));
    auto controller = std::make_shared<RunController>(std::move(record));
    controller->adopt(replayOf(log));
    return controller;
}

}  // namespace

class RunTablesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theLogTellsWhatHappened_data()
    {
        QTest::addColumn<int>("notes");
        for (const int notes : {0, 1, 500}) QTest::addRow("%d", notes) << notes;
    }

    void theLogTellsWhatHappened()
    {
        QFETCH(int, notes);
        RunLogModel model(replayed(notes));
        Tester tester(&model, Tester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), notes);
        if (notes > 0) QCOMPARE(model.index(notes - 1, 3).data().toString(), QStringLiteral("Note %1").arg(notes - 1));
    }

    void theLogGrowsWhenItIsRead()
    {
        auto controller = std::make_shared<RunController>(RunRecord{});
        RunLogModel model(controller);
        Tester tester(&model, Tester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        auto log = std::make_shared<RunLog>();
        log->setAutoCommit();
        logEvent(*log, RunEvent::Kind::Warning, "The loss is not finite.");
        controller->adopt(replayOf(log));
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0, 2).data(ToneRole).toString(), QStringLiteral("warning"));
    }

    void settingsNameWhatDiffers()
    {
        const ComponentDescription method = madeUpMethod("dpo");
        RunRecord record;
        record.spec.method = "dpo";
        record.spec.params["beta"] = 0.3;
        const RunSettingsModel model(*replayed(0, record), method);
        Tester tester(const_cast<RunSettingsModel*>(&model), Tester::FailureReportingMode::QtTest);
        const QModelIndexList found =
            model.match(model.index(0, 0), Qt::DisplayRole, QStringLiteral("Beta"), 1, Qt::MatchExactly);
        QCOMPARE(found.size(), 1);
        QCOMPARE(found.front().siblingAtColumn(1).data().toString().toDouble(), 0.3);
        QCOMPARE(found.front().siblingAtColumn(2).data().toString().toDouble(), 0.1);
        QCOMPARE(found.front().siblingAtColumn(1).data(ToneRole).toString(), QStringLiteral("accent"));
        const QModelIndex rate =
            model.match(model.index(0, 0), Qt::DisplayRole, QStringLiteral("Learning rate"), 1).value(0);
        QVERIFY(rate.isValid());
        QCOMPARE(rate.siblingAtColumn(2).data().toString(), QString());
    }

    void theListIsFilteredByWords()
    {
        ScratchFolder folder;
        FakeBackend backend;
        RunCenter center(openProject(folder.path()), backend);
        RunsProxy proxy;
        Tester tester(&proxy, Tester::FailureReportingMode::QtTest);
        proxy.setSourceModel(&center.model());
        QCOMPARE(proxy.rowCount(), 0);
        center.start({fakeSpec("First of all", 3)});
        QTRY_COMPARE(proxy.rowCount(), 1);
        std::vector<RunSpec> more;
        for (int i = 0; i < 20; ++i) more.push_back(fakeSpec("Number " + std::to_string(i), 2));
        center.start(more);
        QTRY_COMPARE(proxy.rowCount(), 21);
        proxy.setWords(QStringLiteral("all first"));
        QCOMPARE(proxy.rowCount(), 1);
        proxy.setWords(QStringLiteral("nobody"));
        QCOMPARE(proxy.rowCount(), 0);
        proxy.setWords({});
        QCOMPARE(proxy.rowCount(), 21);
        QTRY_VERIFY_WITH_TIMEOUT(center.unfinished().empty(), 60'000);
    }
};

QTEST_GUILESS_MAIN(RunTablesTest)
#include "run_tables_test.moc"
