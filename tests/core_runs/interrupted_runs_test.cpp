// SPDX-License-Identifier: GPL-3.0-or-later
// After a kill: unfinished runs count as interrupted, their half-written weights go, and nothing else does.
#include "core/runs/interrupted_runs.h"
#include "core/runs/run_store.h"
#include "support/results.h"
#include "support/run_project.h"

#include <QtTest>

using namespace preflab;
using test::codeOf;
using test::problemOf;

namespace fs = std::filesystem;

namespace {

/// A project with a run that was killed; its id.
std::string leaveRun(const fs::path& folder)
{
    const auto project = Project::open(folder);
    if (!project) return {};
    RunStore store(**project);
    const auto run = store.create(test::fakeSpec("killed"));
    return run && store.begin(run->id) ? run->id : std::string();
}

}  // namespace

class InterruptedRunsTest : public QObject {
    Q_OBJECT

private slots:
    void halfWrittenWeightsGo()
    {
        const test::ScratchFolder folder;
        const std::string id = leaveRun(folder / "p");
        const fs::path run = folder / "p" / "runs" / id;
        const auto half = test::writeFile(run / "checkpoint-20.tmp" / "model.safetensors", "half");
        const auto last = test::writeFile(run / "model.tmp" / "model.safetensors", "half");
        const auto whole = test::writeFile(run / "checkpoint-10" / "model.safetensors", "whole");
        const auto mine = test::writeFile(run / "notes.tmp" / "a.txt", "the user's");
        const auto other = test::writeFile(folder / "p" / "runs" / "other" / "model.tmp" / "a", "not in the database");
        const auto project = openProjectToRun(folder / "p");
        QCOMPARE(problemOf(project), QString());
        QVERIFY(!fs::exists(half.parent_path()) && !fs::exists(last.parent_path()));
        QVERIFY(fs::exists(whole) && fs::exists(mine) && fs::exists(other));
        QCOMPARE(RunStore(**project).find(id)->outcome, std::string("interrupted"));
    }

    void nothingGoesThroughLinks()
    {
        const test::ScratchFolder folder;
        const std::string id = leaveRun(folder / "p");
        const fs::path run = folder / "p" / "runs" / id;
        const auto linked = test::writeFile(folder / "elsewhere" / "model.tmp" / "a", "not ours");
        fs::create_directory_symlink(folder / "elsewhere" / "model.tmp", run / "model.tmp");
        QVERIFY(openProjectToRun(folder / "p"));
        QVERIFY(fs::exists(linked) && fs::is_symlink(run / "model.tmp"));

        const std::string second = leaveRun(folder / "p");
        fs::remove_all(folder / "p" / "runs" / second);
        fs::create_directory_symlink(folder / "elsewhere", folder / "p" / "runs" / second);
        QVERIFY(openProjectToRun(folder / "p"));
        QVERIFY(fs::exists(linked));

        const std::string third = leaveRun(folder / "p");
        fs::rename(folder / "p" / "runs", folder / "runs");
        fs::create_directory_symlink(folder / "runs", folder / "p" / "runs");
        const auto staged = test::writeFile(folder / "runs" / third / "model.tmp" / "a", "where a link leads");
        QVERIFY(openProjectToRun(folder / "p"));
        QVERIFY(fs::exists(staged));
    }

    void aHostileIdLeadsNowhere_data()
    {
        QTest::addColumn<QString>("id");
        for (const char* id : {"..", "", "a/../..", "a/../../../victim", "/victim", ".hidden", "a b", "a\nb"})
            QTest::newRow(id) << QString(id);
        QTest::newRow("long") << QString(201, 'a');
    }
    void aHostileIdLeadsNowhere()
    {
        QFETCH(QString, id);
        const test::ScratchFolder folder;
        QVERIFY(!leaveRun(folder / "p").empty());
        const auto outside = test::writeFile(folder / "p" / "model.tmp" / "a", "not ours");
        {
            const auto project = Project::open(folder / "p");
            QCOMPARE(problemOf((*project)->database().call(
                         Durability::Full,
                         [&id](Connection& connection) -> Result<> {
                             connection.prepare("UPDATE runs SET id = ?1").bind(id.toStdString()).step();
                             return {};
                         })),
                     QString());
            // Also where the project was opened before.
            QCOMPARE(codeOf(RunStore(**project).list()), QString("project-invalid"));
        }
        QCOMPARE(codeOf(openProjectToRun(folder / "p")), QString("project-invalid"));
        QCOMPARE(codeOf(Project::openToRead(folder / "p")), QString("project-invalid"));
        QVERIFY(fs::exists(outside));
    }

    void readersTellInterruptedFromRunning()
    {
        const test::ScratchFolder folder;
        const std::string id = leaveRun(folder / "p");
        QCOMPARE(RunStore(**Project::openToRead(folder / "p")).find(id)->outcome, std::string("interrupted"));
        const auto owner = Project::open(folder / "p");
        QCOMPARE(RunStore(**Project::openToRead(folder / "p")).find(id)->outcome, std::string("running"));
    }
};

QTEST_GUILESS_MAIN(InterruptedRunsTest)
#include "interrupted_runs_test.moc"
