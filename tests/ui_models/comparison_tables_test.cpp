// SPDX-License-Identifier: GPL-3.0-or-later
// The two tables of a comparison: of no run, of one, of many; columns come and go with the runs, names follow them.
#include "support/run_bench.h"
#include "ui/models/app/table_roles.h"
#include "ui/models/compare/comparison_set.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace preflab;

namespace {

RunSpec specOf(const std::string& name, const std::string& method, double learningRate)
{
    RunSpec spec = test::fakeSpec(name, 20);
    spec.method = method;
    spec.params["learning_rate"] = learningRate;
    spec.params["eval_fraction"] = 0.1;
    return spec;
}

test::FakeScript plausible()
{
    test::FakeScript script;
    script.curves = test::FakeCurves::Plausible;
    return script;
}

/// Finished runs, and their comparison under the eyes of Qt's testers.
struct Tables {
    Tables() : backend(plausible()), center(test::openProject(folder.path()), backend), held(set), settings(set)
    {
        set.setCenter(&center);
    }

    bool finish(const std::vector<RunSpec>& specs)
    {
        center.start(specs);
        const bool areOver = QTest::qWaitFor(
            [&] {
                return center.runs().size() == specs.size() &&
                       std::ranges::all_of(center.runs(), [](const RunEntry& entry) {
                           return entry.record.outcome == "finished" && !entry.summary.metrics.empty();
                       });
            },
            20'000);
        for (const RunEntry& entry : center.runs()) ids.push_back(QString::fromStdString(entry.record.id));
        ids.sort();
        return areOver;
    }
    bool compare(qsizetype count)
    {
        set.setRuns(ids.first(count));
        return QTest::qWaitFor([this] { return set.comparison().has_value(); }, 20'000);
    }
    static QString text(const QAbstractItemModel& model, int row, int column)
    {
        return model.index(row, column).data().toString();
    }
    static QString header(const QAbstractItemModel& model, int column)
    {
        return model.headerData(column, Qt::Horizontal).toString();
    }
    /// The row whose first cell says this; -1 if there is none.
    static int rowOf(const QAbstractItemModel& model, const char* title)
    {
        for (int row = 0; row < model.rowCount(); ++row)
            if (text(model, row, 0) == QLatin1String(title)) return row;
        return -1;
    }

    test::ScratchFolder folder;
    test::FakeBackend backend;
    RunCenter center;
    ComparisonSet set;
    HeldOutModel held;
    ComparedSettingsModel settings;
    QAbstractItemModelTester heldTester{&held, QAbstractItemModelTester::FailureReportingMode::QtTest};
    QAbstractItemModelTester settingsTester{&settings, QAbstractItemModelTester::FailureReportingMode::QtTest};
    QStringList ids;
};

}  // namespace

class ComparisonTablesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void noRunAndOne()
    {
        Tables tables;
        QCOMPARE(tables.held.rowCount(), 0);
        QCOMPARE(tables.held.columnCount(), 3);
        QCOMPARE(tables.settings.rowCount(), 0);
        QCOMPARE(tables.settings.columnCount(), 1);
        QVERIFY(tables.finish({specOf("Alone", "dpo", 1e-5)}));
        tables.set.setRuns(tables.ids);
        QCOMPARE(tables.held.columnCount(), 4);
        QCOMPARE(tables.settings.columnCount(), 2);
        QCOMPARE(Tables::header(tables.held, 2), QStringLiteral("Alone"));
        QTRY_VERIFY(tables.set.controllers()[0]->log() != nullptr);
        QCOMPARE(tables.held.rowCount(), 0);  // one run is nothing to compare
        QCOMPARE(tables.settings.rowCount(), 0);
    }

    void twoRuns()
    {
        Tables tables;
        QVERIFY(tables.finish({specOf("First", "dpo", 1e-5), specOf("Second", "orpo", 2e-5)}));
        QVERIFY(tables.compare(2));
        QCOMPARE(tables.held.columnCount(), 5);
        QVERIFY(tables.held.rowCount() > 1);
        QCOMPARE(Tables::header(tables.held, 1), QStringLiteral("Base"));
        QCOMPARE(Tables::header(tables.held, 4), QStringLiteral("Result"));
        for (int row = 0; row < tables.held.rowCount(); ++row) {
            for (int column = 0; column < 5; ++column) QVERIFY(!Tables::text(tables.held, row, column).isEmpty());
            const QString result = Tables::text(tables.held, row, 4);
            const ComparedMetric& metric = tables.set.comparison()->heldOut[std::size_t(row)];
            QCOMPARE(result, metric.best ? (*metric.best == 0 ? QStringLiteral("First is better")
                                                              : QStringLiteral("Second is better"))
                                         : QStringLiteral("no difference"));
            QCOMPARE(tables.held.index(row, 1).data(ToneRole).toString(), QStringLiteral("text.muted"));
        }
        const int rate = Tables::rowOf(tables.settings, "Learning rate");
        QVERIFY(rate >= 0);
        QCOMPARE(Tables::text(tables.settings, rate, 1), QStringLiteral("1e-5"));
        QCOMPARE(Tables::text(tables.settings, rate, 2), QStringLiteral("2e-5"));
        // A setting that only one of the methods has.
        const int beta = Tables::rowOf(tables.settings, "Beta");
        QVERIFY(beta >= 0);
        QCOMPARE(Tables::text(tables.settings, beta, 2), QStringLiteral("–"));
    }

    void sharedSettingsCanBeShownToo()
    {
        Tables tables;
        QVERIFY(tables.finish({specOf("First", "dpo", 1e-5), specOf("Second", "dpo", 2e-5)}));
        QVERIFY(tables.compare(2));
        QCOMPARE(tables.settings.rowCount(), static_cast<int>(tables.set.comparison()->differing.size()));
        tables.settings.setShown(ComparedSettingsModel::Shown::All);
        const auto all = tables.set.comparison()->differing.size() + tables.set.comparison()->shared.size();
        QCOMPARE(tables.settings.rowCount(), static_cast<int>(all));
        QVERIFY(tables.settings.rowCount() > 3);
        const int beta = Tables::rowOf(tables.settings, "Beta");
        QCOMPARE(Tables::text(tables.settings, beta, 1), Tables::text(tables.settings, beta, 2));
    }

    void manyRunsComeAndGo()
    {
        Tables tables;
        std::vector<RunSpec> specs;
        for (int i = 0; i < 12; ++i)
            specs.push_back(specOf("Run " + std::to_string(i), i % 2 == 0 ? "dpo" : "orpo", 1e-5 * (i + 1)));
        QVERIFY(tables.finish(specs));
        for (const qsizetype count : {12, 3, 7}) {
            QVERIFY(tables.compare(count));
            QCOMPARE(tables.held.columnCount(), static_cast<int>(count) + 3);
            QCOMPARE(tables.settings.columnCount(), static_cast<int>(count) + 1);
            QVERIFY(tables.held.rowCount() > 1 && tables.settings.rowCount() > 1);
        }
        tables.set.remove(tables.ids[3]);
        QTRY_VERIFY(tables.set.comparison().has_value());
        QCOMPARE(tables.settings.columnCount(), 7);
        QCOMPARE(Tables::header(tables.settings, 4), QStringLiteral("Run 4"));
        tables.set.setRuns({});
        QCOMPARE(tables.held.rowCount(), 0);
        QCOMPARE(tables.held.columnCount(), 3);
    }

    void aNewNameIsTold()
    {
        Tables tables;
        QVERIFY(tables.finish({specOf("First", "dpo", 1e-5), specOf("Second", "orpo", 2e-5)}));
        QVERIFY(tables.compare(2));
        const QSignalSpy headers(&tables.held, &QAbstractItemModel::headerDataChanged);
        const QSignalSpy headersOfSettings(&tables.settings, &QAbstractItemModel::headerDataChanged);
        const QSignalSpy results(&tables.held, &QAbstractItemModel::dataChanged);
        tables.center.rename(tables.ids[0], QStringLiteral("Renamed"));
        QTRY_COMPARE(Tables::header(tables.held, 2), QStringLiteral("Renamed"));
        QVERIFY(!headers.isEmpty() && !headersOfSettings.isEmpty());
        QVERIFY(!results.isEmpty());
    }
};

QTEST_GUILESS_MAIN(ComparisonTablesTest)
#include "comparison_tables_test.moc"
