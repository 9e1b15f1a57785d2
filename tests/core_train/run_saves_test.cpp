// SPDX-License-Identifier: GPL-3.0-or-later
// When a run saves, and what becomes of weights that cannot be saved.
#include "core/train/backend/torch_border.h"
#include "core/train/checkpoint.h"
#include "support/loop_run.h"
#include "support/results.h"

#include <QElapsedTimer>
#include <QTest>

#include <thread>

using namespace preflab;
using namespace preflab::test;

namespace {

/// A run on a thread of its own, in whose way a file lies where it wants to save at its end.
struct BlockedRun {
    ScratchFolder folder;
    Ran ran;

    /// `isStopped`: by stop-and-save in its second step; otherwise it does all of them.
    explicit BlockedRun(bool isStopped) : m_demo(folder, {})
    {
        std::filesystem::create_directory(runFolder());
        m_demo.job.folders.run = runFolder();
        m_thread = std::thread([this, isStopped] {
            applyThreads(1);
            Hook hook([&](std::int64_t step, const DecoderWeights&) {
                if (step != 2) return;
                std::filesystem::rename(runFolder(), folder / "aside");
                writeFile(runFolder(), "in the way");
                if (isStopped) ran.control.stopAndSave();
            });
            ran.run(m_demo.job, hook);
        });
    }
    ~BlockedRun()
    {
        ran.control.cancel();
        join();
    }
    std::filesystem::path runFolder() const { return folder / "run"; }
    void unblock()
    {
        std::filesystem::remove(runFolder());
        std::filesystem::rename(folder / "aside", runFolder());
    }
    void join()
    {
        if (m_thread.joinable()) m_thread.join();
    }

private:
    DemoRun m_demo;
    std::thread m_thread;
};

}  // namespace

class RunSavesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The matrices are so small that threads only wait for each other.
    void initTestCase() { applyThreads(1); }

    void savesWhenAskedAndGoesOn()
    {
        const ScratchFolder folder;
        DemoRun demo(folder, {});
        Ran ran;
        Hook hook([&](std::int64_t step, const DecoderWeights&) {
            if (step == 2) ran.control.saveNow();
        });
        ran.run(demo.job, hook);
        QVERIFY(std::holds_alternative<Finished>(ran.outcome));
        const auto saved = ran.events(RunEvent::Kind::Checkpoint);
        QCOMPARE(saved.size(), 2U);
        QCOMPARE(saved.front().text, std::string("checkpoint-2"));
        QCOMPARE(saved.back().text, std::string(kFinalModelFolder));
        QCOMPARE(verifyCheckpoint(folder / "checkpoint-2")->step, 2);
        QVERIFY(ran.series("loss").size() > 2U);
        // The loop is gone: nobody is left to save.
        ran.control.saveNow();
        ran.control.betweenSteps();
        QCOMPARE(ran.events(RunEvent::Kind::Checkpoint).size(), 2U);
    }

    void aSaveBeforeTheFirstStepSaysThatThereIsNothing()
    {
        TrainingJob training = job("sft", {});
        Ran ran;
        ran.control.saveNow();
        ran.run(training);
        QVERIFY(ran.events(RunEvent::Kind::Checkpoint).empty());
        QCOMPARE(ran.events(RunEvent::Kind::Note).size(), 1U);
    }

    // A model on a stick that is pulled out costs nothing: what a save needs is read when the run starts.
    void savesWhenTheModelsFolderIsGone()
    {
        const ScratchFolder folder;
        DemoRun demo(folder, {{"save_steps", std::int64_t{3}}});
        Ran ran;
        Hook hook([&](std::int64_t step, const DecoderWeights&) {
            if (step == 2) std::filesystem::rename(folder / "source", folder / "moved");
        });
        ran.run(demo.job, hook);
        QVERIFY(std::holds_alternative<Finished>(ran.outcome));
        QVERIFY(ran.events(RunEvent::Kind::Warning).empty());
        QCOMPARE(problemOf(verifyCheckpoint(folder / "checkpoint-3")), QString());
        QCOMPARE(problemOf(ModelFolder::open(folder / kFinalModelFolder)), QString());
    }

    void waitsWithTheLastModelUntilItCanBeSaved_data()
    {
        QTest::addColumn<QString>("wish");
        QTest::addColumn<bool>("isStopped");
        for (const char* wish : {"", "resume", "save", "stop"}) QTest::newRow(wish) << QString(wish) << false;
        QTest::newRow("after a stop") << QString("resume") << true;
    }
    void waitsWithTheLastModelUntilItCanBeSaved()
    {
        QFETCH(QString, wish);
        QFETCH(bool, isStopped);
        BlockedRun blocked(isStopped);
        QTRY_VERIFY(!blocked.ran.events(RunEvent::Kind::Warning).empty());
        const QString warning = QString::fromStdString(blocked.ran.events(RunEvent::Kind::Warning).front().text);
        QVERIFY2(warning.startsWith("The run waits"), qPrintable(warning));
        QTRY_VERIFY(blocked.ran.control.isPaused());
        QTRY_COMPARE(blocked.ran.log.progress().phase, std::string("Waiting to save"));
        blocked.unblock();
        if (wish == "resume") blocked.ran.control.resume();
        if (wish == "save") blocked.ran.control.saveNow();
        if (wish == "stop") blocked.ran.control.stopAndSave();
        blocked.join();
        QVERIFY(!blocked.ran.control.isPaused());
        QCOMPARE(blocked.ran.events(RunEvent::Kind::Warning).size(), 1U);
        QCOMPARE(blocked.ran.events(RunEvent::Kind::Checkpoint).size(), 1U);
        const auto folder = blocked.runFolder() / (isStopped ? checkpointFolder(2) : kFinalModelFolder);
        QCOMPARE(problemOf(verifyCheckpoint(folder)), QString());
        // Nothing is left to be stopped once every step is done.
        if (isStopped)
            QCOMPARE(std::get<Cancelled>(blocked.ran.outcome).steps, 2);
        else
            QVERIFY(std::holds_alternative<Finished>(blocked.ran.outcome));
    }

    void aSaveOnTheWayThatFailsSaysThatTheRunGoesOn()
    {
        const ScratchFolder folder;
        DemoRun demo(folder, {{"save_steps", std::int64_t{1}}});
        demo.job.folders.run = folder / "run";
        std::filesystem::create_directory(folder / "run");
        Ran ran;
        Hook hook([&](std::int64_t step, const DecoderWeights&) {
            if (step == 3) {
                std::filesystem::rename(folder / "run", folder / "aside");
                writeFile(folder / "run", "in the way");
            } else if (step == 6) {
                std::filesystem::remove(folder / "run");
                std::filesystem::rename(folder / "aside", folder / "run");
            }
        });
        ran.run(demo.job, hook);
        QVERIFY(std::holds_alternative<Finished>(ran.outcome));
        const auto warnings = ran.events(RunEvent::Kind::Warning);
        QCOMPARE(warnings.size(), 1U);
        QVERIFY2(warnings.front().text.starts_with("Step 3 was not saved, and the run goes on: "),
                 warnings.front().text.c_str());
        // Once for all of them, and once that it is over.
        const auto notes = ran.events(RunEvent::Kind::Note);
        QCOMPARE(std::count_if(notes.begin(), notes.end(),
                               [](const RunEvent& note) {
                                   return note.step == 6 &&
                                          note.text ==
                                              "Step 6 could be saved again, after 3 checkpoints that could not.";
                               }),
                 1);
    }

    // A folder that was deleted or moved away does not come back by itself.
    void aVanishedFolderEndsTheRun_data()
    {
        QTest::addColumn<bool>("isProject");
        QTest::addColumn<bool>("isReplaced");
        QTest::newRow("the run's folder") << false << false;
        QTest::newRow("the whole project") << true << false;
        QTest::newRow("the run's folder, another in its place") << false << true;
        QTest::newRow("the whole project, another in its place") << true << true;
    }
    void aVanishedFolderEndsTheRun()
    {
        QFETCH(bool, isProject);
        QFETCH(bool, isReplaced);
        const ScratchFolder folder;
        DemoRun demo(folder, {{"save_steps", std::int64_t{2}}});
        const std::filesystem::path project = folder / "project";
        demo.job.folders.run = project / "runs/0001";
        std::filesystem::create_directories(demo.job.folders.run);
        Ran ran;
        Hook hook([&](std::int64_t step, const DecoderWeights&) {
            if (step != 2) return;
            const std::filesystem::path gone = isProject ? project : demo.job.folders.run;
            std::filesystem::rename(gone, folder / "moved");
            if (isReplaced) std::filesystem::create_directories(demo.job.folders.run);
        });
        ran.run(demo.job, hook);
        const auto* failed = std::get_if<Failed>(&ran.outcome);
        QVERIFY(failed);
        QCOMPARE(failed->error.code, isProject ? ErrorCode::ProjectGone : ErrorCode::RunFolderGone);
        const auto gone = isProject ? project : demo.job.folders.run;
        QCOMPARE(QString::fromStdString(failed->error.arguments.at("path")), QString::fromStdString(gone.string()));
        QVERIFY(ran.events(RunEvent::Kind::Checkpoint).empty());
        QVERIFY(ran.events(RunEvent::Kind::Warning).empty());
        QVERIFY(!isReplaced || std::filesystem::is_empty(demo.job.folders.run));
        // Nothing that it would go on to compute could be kept.
        QCOMPARE(ran.series("loss").size(), std::size_t(2));
    }

    // What can be stored nowhere any more need not be computed; the weights so far are kept where the run's folder is.
    void aVanishedDatabaseEndsTheRun()
    {
        const ScratchFolder folder;
        DemoRun demo(folder, {});
        Ran ran;
        Hook hook([&](std::int64_t step, const DecoderWeights&) {
            if (step == 2) ran.log.setStoreError(Error{ErrorCode::ProjectGone, {{"path", "project"}}, {}});
        });
        ran.run(demo.job, hook);
        const auto* failed = std::get_if<Failed>(&ran.outcome);
        QVERIFY(failed);
        QCOMPARE(QString::fromStdString(std::string(errorId(failed->error.code))), QString("project-gone"));
        QCOMPARE(ran.series("loss").size(), std::size_t(2));
        QCOMPARE(ran.events(RunEvent::Kind::Checkpoint).size(), 1U);
    }

    // Weights that are given up are no silent end.
    void cancellingTheWaitIsAFailure()
    {
        for (const bool isStopped : {false, true}) {
            BlockedRun blocked(isStopped);
            QTRY_VERIFY(blocked.ran.control.isPaused());
            if (!isStopped) blocked.ran.control.stopAndSave();  // tries again at once, and goes on waiting
            blocked.ran.control.cancel();
            blocked.join();
            const auto* failed = std::get_if<Failed>(&blocked.ran.outcome);
            QVERIFY(failed && failed->error.code == ErrorCode::WriteFailed);
            QVERIFY(blocked.ran.events(RunEvent::Kind::Checkpoint).empty());
        }
    }
};

QTEST_GUILESS_MAIN(RunSavesTest)
#include "run_saves_test.moc"
