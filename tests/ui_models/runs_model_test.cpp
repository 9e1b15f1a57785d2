// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of a project as a table: none, one, many; what stands where; rows that come and go while views hold on.
#include "support/run_bench.h"
#include "ui/models/app/table_roles.h"
#include "ui/models/runs/run_center.h"
#include "ui/models/runs/runs_model.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QPointF>
#include <QSignalSpy>
#include <QTest>

using namespace preflab;

namespace {

test::FakeScript plausible(std::function<void(std::int64_t)> onStep = {})
{
    test::FakeScript script;
    script.curves = test::FakeCurves::Plausible;
    script.onStep = std::move(onStep);
    return script;
}

RunSpec orpo(double lambda)
{
    RunSpec spec = test::fakeSpec("Weighed", 40);
    spec.method = "orpo";
    spec.params["lambda"] = lambda;
    spec.params["eval_fraction"] = 0.1;
    return spec;
}

/// A center with its model under the eyes of Qt's tester.
struct Table {
    explicit Table(test::FakeScript script = {}) : backend(std::move(script))
    {
        project = test::openProject(folder.path());
        center = std::make_unique<RunCenter>(project, backend);
        tester = std::make_unique<QAbstractItemModelTester>(&center->model(),
                                                            QAbstractItemModelTester::FailureReportingMode::QtTest);
    }

    RunsModel& model() const { return center->model(); }
    QVariant at(int row, int column, int role = Qt::DisplayRole) const { return model().index(row, column).data(role); }
    QString textAt(int row, int column) const { return at(row, column).toString(); }
    /// Starts runs, and waits until they are over and listed as such.
    void finish(const std::vector<RunSpec>& specs)
    {
        const int before = model().rowCount();
        center->start(specs);
        (void)QTest::qWaitFor([&] { return model().rowCount() == before + static_cast<int>(specs.size()); }, 20'000);
        (void)QTest::qWaitFor([this] { return isQuiet(); }, 20'000);
    }
    bool isQuiet() const
    {
        return center->unfinished().empty() && std::ranges::all_of(center->runs(), [](const RunEntry& entry) {
                   return entry.record.outcome == "finished" && !entry.summary.metrics.empty();
               });
    }

    test::ScratchFolder folder;
    test::FakeBackend backend;
    std::shared_ptr<Project> project;
    std::unique_ptr<RunCenter> center;
    std::unique_ptr<QAbstractItemModelTester> tester;
};

}  // namespace

class RunsModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void noRuns()
    {
        Table table;
        QTRY_VERIFY(table.center->isLoaded());
        QCOMPARE(table.model().rowCount(), 0);
        QCOMPARE(table.model().rowOf(QStringLiteral("0001-none")), -1);
        QVERIFY(table.model().runAt(0).isEmpty());
        QVERIFY(table.model().runAt(-1).isEmpty());
        for (int column = 0; column < RunsModel::ColumnCount; ++column)
            QVERIFY(!table.model().headerData(column, Qt::Horizontal).toString().isEmpty());
    }

    void oneRun()
    {
        Table table(plausible());
        table.finish({orpo(0.25)});
        QCOMPARE(table.model().rowCount(), 1);
        const RunEntry& entry = table.center->runs()[0];
        QCOMPARE(table.textAt(0, RunsModel::Name), QStringLiteral("Weighed"));
        QCOMPARE(table.textAt(0, RunsModel::Method), QStringLiteral("ORPO, lambda 0.25"));
        QCOMPARE(table.textAt(0, RunsModel::Outcome), QStringLiteral("finished"));
        QCOMPARE(table.textAt(0, RunsModel::Steps), QStringLiteral("40"));
        QVERIFY(table.textAt(0, RunsModel::Accuracy).endsWith(QLatin1Char('%')));
        QCOMPARE(table.at(0, RunsModel::Loss, RunsModel::SortRole).toDouble(), entry.summary.find("loss")->last);
        QVERIFY(table.at(0, RunsModel::Loss, RunsModel::BestRole).toString().contains(QLatin1String("at step")));
        QVERIFY(!table.textAt(0, RunsModel::Created).isEmpty());
        QCOMPARE(table.at(0, 0, RunsModel::RunIdRole).toString().toStdString(), entry.record.id);
        QCOMPARE(table.at(0, 0, SeriesIndexRole).toInt(), 0);
        QCOMPARE(table.at(0, 0, RunsModel::StateRole).toString(), QStringLiteral("finished"));
    }

    void theUsualBetaIsNamedToo()
    {
        Table table;
        table.finish({test::fakeSpec("Usual", 2)});
        QCOMPARE(table.textAt(0, RunsModel::Method), QStringLiteral("DPO, beta 0.1"));
    }

    void aLongRunHasAShortCurve()
    {
        Table table;
        table.finish({test::fakeSpec("Long", 3000)});
        const auto curve = table.at(0, RunsModel::Curve, SparklineRole).value<QList<QPointF>>();
        QCOMPARE(curve.size(), qsizetype{60});
        QVERIFY(curve.first().y() > curve.last().y());
        QVERIFY(curve.first().x() < curve.last().x());
    }

    void manyRunsLatestFirst()
    {
        Table table;
        std::vector<RunSpec> specs;
        for (int i = 1; i <= 40; ++i) specs.push_back(test::fakeSpec("Run " + std::to_string(i), 2));
        table.finish(specs);
        QCOMPARE(table.model().rowCount(), 40);
        for (int row = 0; row < 40; ++row) {
            QCOMPARE(table.textAt(row, RunsModel::Name), QStringLiteral("Run %1").arg(40 - row));
            QCOMPARE(table.model().rowOf(table.model().runAt(row)), row);
            QCOMPARE(table.at(row, 0, SeriesIndexRole).toInt(), (39 - row) % 8);
        }
    }

    void rowsComeAndGoAndTheOthersStay()
    {
        Table table;
        table.finish({test::fakeSpec("A", 2), test::fakeSpec("B", 2), test::fakeSpec("C", 2)});
        QSignalSpy resets(&table.model(), &RunsModel::modelReset);
        const QPersistentModelIndex selected = table.model().index(2, 0);
        const QString b = table.model().runAt(1), c = table.model().runAt(0);
        table.center->remove({b, c});
        QTRY_COMPARE(table.model().rowCount(), 1);
        QCOMPARE(selected.row(), 0);
        QCOMPARE(selected.data().toString(), QStringLiteral("A"));
        table.center->restore({b, c});
        QTRY_COMPARE(table.model().rowCount(), 3);
        QCOMPARE(table.textAt(1, RunsModel::Name), QStringLiteral("B"));
        table.finish({test::fakeSpec("D", 2)});
        QCOMPARE(selected.row(), 3);
        QCOMPARE(selected.data().toString(), QStringLiteral("A"));
        QCOMPARE(resets.count(), 0);
    }

    void aNameIsEditedInPlace()
    {
        Table table;
        table.finish({test::fakeSpec("Old", 2)});
        const QModelIndex name = table.model().index(0, RunsModel::Name);
        QVERIFY(name.flags() & Qt::ItemIsEditable);
        QVERIFY(!(table.model().index(0, RunsModel::Loss).flags() & Qt::ItemIsEditable));
        QCOMPARE(name.data(Qt::EditRole).toString(), QStringLiteral("Old"));
        QVERIFY(!table.model().setData(name, QStringLiteral("  ")));
        QVERIFY(!table.model().setData(name, QStringLiteral("Old")));
        QVERIFY(!table.model().setData(table.model().index(0, RunsModel::Loss), QStringLiteral("1")));
        QSignalSpy changed(&table.model(), &RunsModel::dataChanged);
        QVERIFY(table.model().setData(name, QStringLiteral(" New ")));
        QTRY_COMPARE(table.textAt(0, RunsModel::Name), QStringLiteral("New"));
        QVERIFY(changed.count() > 0);
    }

    void whatComputesNowIsUpToDate()
    {
        test::Gate gate;
        Table table(plausible([&gate](std::int64_t step) {
            if (step == 7) gate.pass();
        }));
        table.center->start({orpo(0.1), test::fakeSpec("Next", 3)});
        gate.waitForArrival();
        QTRY_COMPARE(table.textAt(1, RunsModel::Steps), QStringLiteral("7"));
        QCOMPARE(table.at(1, 0, RunsModel::StateRole).toString(), QStringLiteral("running"));
        QVERIFY(table.textAt(1, RunsModel::Loss) != QStringLiteral("–"));
        // What sorts and sums up is what the cells show.
        const auto live = table.center->active();
        QCOMPARE(table.at(1, RunsModel::Steps, RunsModel::SortRole).toInt(), 7);
        QCOMPARE(table.at(1, RunsModel::Loss, RunsModel::SortRole).toDouble(), live->metrics().last("loss"));
        QCOMPARE(table.at(1, RunsModel::Accuracy, RunsModel::SortRole).toDouble(),
                 live->metrics().last("heldout/accuracy_sum"));
        QVERIFY(table.at(1, RunsModel::Duration, RunsModel::SortRole).toDouble() > 0.0);
        const auto losses = table.model().summaryOf(table.center->runs()[0], "loss");
        QVERIFY(losses && losses->firstStep == 1 && losses->lastStep == 7 && losses->lowest <= losses->last);
        QVERIFY(table.at(1, RunsModel::Loss, RunsModel::BestRole)
                    .toString()
                    .contains(QStringLiteral("at step %1").arg(losses->lowestStep)));
        QVERIFY(!table.model().summaryOf(table.center->runs()[1], "loss"));
        QCOMPARE(table.at(0, RunsModel::Loss, RunsModel::SortRole).toDouble(), -1e300);
        QCOMPARE(table.at(0, 0, RunsModel::StateRole).toString(), QStringLiteral("waiting"));
        QCOMPARE(table.textAt(0, RunsModel::Loss), QStringLiteral("–"));
        table.center->active()->pause();
        QCOMPARE(table.at(1, 0, RunsModel::StateRole).toString(), QStringLiteral("paused"));
        table.center->active()->resume();
        gate.open();
        QTRY_VERIFY(table.isQuiet());
    }

    void aFailureShowsItsReason()
    {
        test::FakeScript script;
        script.failAtStep = 2;
        Table table(script);
        table.center->start({test::fakeSpec("Broken", 5)});
        QTRY_VERIFY(table.model().rowCount() == 1 && table.center->unfinished().empty());
        QTRY_COMPARE(table.textAt(0, RunsModel::Outcome), QStringLiteral("failed"));
        QVERIFY(!table.at(0, RunsModel::Name, Qt::ToolTipRole).toString().isEmpty());
    }
};

QTEST_GUILESS_MAIN(RunsModelTest)
#include "runs_model_test.moc"
