// SPDX-License-Identifier: GPL-3.0-or-later
// The list of recent projects: none, one, many, gone ones, and what the open one does.
#include "support/fake_backend.h"
#include "support/files.h"
#include "support/run_project.h"
#include "ui/models/app/app_settings.h"
#include "ui/models/app/recent_projects_model.h"
#include "ui/models/app/workspace.h"
#include "ui/models/runs/run_center.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace preflab;

class RecentProjectsTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;
    test::FakeBackend m_backend{test::longRuns()};

    std::unique_ptr<AppSettings> settings(const std::string& name) const
    {
        return std::make_unique<AppSettings>(QString::fromStdString((m_folder / name).string()));
    }

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void noneOneAndMany()
    {
        const auto settings = this->settings("many.ini");
        Workspace workspace(m_backend, *settings);
        RecentProjectsModel model(workspace);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        for (int i = 1; i <= 12; ++i) {
            settings->noteRecent(
                {m_folder / ("p" + std::to_string(i)), QStringLiteral("2020-06-12T10:00:00Z"), 2354, 7});
            QCOMPARE(model.rowCount(), std::min(i, 10));
        }
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("p12"));
        QVERIFY(model.index(0).data(RecentProjectsModel::WhenRole).toString().contains(QStringLiteral("2020")));
        model.forget(0);
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("p11"));
        QCOMPARE(model.rowCount(), 9);
    }

    void saysWhichAreGone()
    {
        QVERIFY(test::openProject(m_folder / "there") != nullptr);
        const auto settings = this->settings("gone.ini");
        settings->noteRecent({m_folder / "there", {}, 96, 1});
        settings->noteRecent({m_folder / "gone", {}, 5, 0});
        Workspace workspace(m_backend, *settings);
        const RecentProjectsModel model(workspace);
        QTRY_VERIFY(model.index(0).data(RecentProjectsModel::IsGoneRole).toBool());
        QVERIFY(!model.index(1).data(RecentProjectsModel::IsGoneRole).toBool());
        QVERIFY(model.index(1).data(RecentProjectsModel::ContentsRole).toString().startsWith(QStringLiteral("96")));
        QCOMPARE(model.index(0).data(RecentProjectsModel::ContentsRole).toString(),
                 QStringLiteral("not there any more"));
    }

    void theOpenOneShowsItsRun()
    {
        const auto settings = this->settings("open.ini");
        Workspace workspace(m_backend, *settings);
        RecentProjectsModel model(workspace);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        workspace.openProject(m_folder / "open");
        QTRY_VERIFY(workspace.runs() != nullptr && workspace.runs()->isLoaded());
        QCOMPARE(model.rowCount(), 1);
        QVERIFY(model.index(0).data(RecentProjectsModel::IsOpenRole).toBool());
        QCOMPARE(model.index(0).data(RecentProjectsModel::JobRole).toString(), QString());
        QSignalSpy changes(&model, &RecentProjectsModel::dataChanged);
        workspace.runs()->start({test::fakeSpec()});
        QTRY_VERIFY(
            model.index(0).data(RecentProjectsModel::JobRole).toString().startsWith(QStringLiteral("training, ")));
        QVERIFY(!changes.isEmpty());
        QVERIFY(model.index(0).data(RecentProjectsModel::ContentsRole).toString().startsWith(QStringLiteral("1 run")));
        workspace.runs()->active()->cancel();
        QTRY_COMPARE(model.index(0).data(RecentProjectsModel::JobRole).toString(), QString());
    }

    void momentsAsOneRemembersThem()
    {
        const QDateTime now(QDate(2026, 6, 14), QTime(18, 0));
        QCOMPARE(whenText(QDateTime(QDate(2026, 6, 14), QTime(14, 20)), now), QStringLiteral("today, 14:20"));
        QCOMPARE(whenText(QDateTime(QDate(2026, 6, 13), QTime(23, 59)), now), QStringLiteral("yesterday"));
        QCOMPARE(whenText(QDateTime(QDate(2026, 6, 12), QTime(9, 0)), now), QStringLiteral("12 June"));
        QCOMPARE(whenText(QDateTime(QDate(2025, 6, 14), QTime(9, 0)), now), QStringLiteral("14 June 2025"));
        QCOMPARE(whenText(QDateTime(), now), QString());
    }
};

QTEST_GUILESS_MAIN(RecentProjectsTest)
#include "recent_projects_test.moc"
