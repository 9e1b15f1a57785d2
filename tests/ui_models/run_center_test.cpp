// SPDX-License-Identifier: GPL-3.0-or-later
// The queue behind signals: runs started, followed, changed, taken away and put back; jobs between two steps; ends.
#include "support/results.h"
#include "support/run_bench.h"
#include "ui/models/runs/run_center.h"

#include <QSignalSpy>
#include <QTest>

#include <filesystem>

using namespace preflab;

namespace {

/// A center over an engine whose runs wait at one step for the test.
struct Window {
    explicit Window(std::int64_t gateAt = 0, test::FakeScript script = {})
    {
        if (gateAt > 0) {
            script.onStep = [this, gateAt](std::int64_t step) {
                if (step == gateAt) gate.pass();
            };
        }
        backend = std::make_unique<test::FakeBackend>(std::move(script));
        project = test::openProject(folder.path());
        open();
    }
    ~Window()
    {
        gate.open();
        center.reset();
    }

    void open() { center = std::make_unique<RunCenter>(project, *backend); }
    /// As after a restart of the program.
    void reopen()
    {
        center.reset();
        open();
    }

    /// The ids of runs, once they were started.
    QStringList start(const std::vector<RunSpec>& specs)
    {
        QSignalSpy started(center.get(), &RunCenter::started);
        center->start(specs);
        return started.wait(20'000) ? started[0][0].toStringList() : QStringList();
    }
    QString start(const std::string& name, std::int64_t steps) { return start({test::fakeSpec(name, steps)}).value(0); }

    /// Runs one to its end and waits until the list says so.
    QString finish(const std::string& name, std::int64_t steps)
    {
        const QString run = start(name, steps);
        (void)QTest::qWaitFor([&] { return center->unfinished().empty() && outcome(run) == "finished"; }, 20'000);
        return run;
    }
    std::string outcome(const QString& run) const
    {
        const RunEntry* entry = center->find(run);
        return entry == nullptr ? std::string() : entry->record.outcome;
    }

    test::ScratchFolder folder;
    test::Gate gate;
    std::unique_ptr<test::FakeBackend> backend;
    std::shared_ptr<Project> project;
    std::unique_ptr<RunCenter> center;
};

test::FakeScript slow()
{
    test::FakeScript script;
    script.stepTime = std::chrono::milliseconds(1);
    script.onWord = [](std::int64_t) { std::this_thread::sleep_for(std::chrono::microseconds(200)); };
    return script;
}

}  // namespace

class RunCenterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEmptyProject()
    {
        Window window;
        QVERIFY(!window.center->isLoaded());
        QTRY_VERIFY(window.center->isLoaded());
        QVERIFY(window.center->runs().empty());
        QVERIFY(window.center->active() == nullptr);
        QVERIFY(window.center->controller(QStringLiteral("0001-none")) == nullptr);
        QVERIFY(window.center->method("dpo") != nullptr);
        QVERIFY(window.center->method("none") == nullptr);
    }

    void aRunFromStartToEnd()
    {
        Window window(5);
        QSignalSpy ended(window.center.get(), &RunCenter::ended);
        QSignalSpy active(window.center.get(), &RunCenter::activeChanged);
        const QString run = window.start("First", 12);
        QVERIFY(!run.isEmpty());
        window.gate.waitForArrival();
        QTRY_VERIFY(window.center->active() != nullptr);
        QCOMPARE(window.center->active()->id(), run);
        QVERIFY(active.count() > 0);
        QCOMPARE(window.center->controller(run), window.center->active());
        QCOMPARE(window.center->live(run), window.center->active());
        window.gate.open();
        QTRY_COMPARE(ended.count(), 1);
        QCOMPARE(ended[0][0].toString(), run);
        QVERIFY(window.center->active() == nullptr);
        QTRY_COMPARE(window.outcome(run), std::string("finished"));
        const RunEntry& entry = *window.center->find(run);
        QCOMPARE(entry.record.steps, std::int64_t{12});
        QCOMPARE(entry.summary.sparkline.size(), std::size_t{12});
    }

    void runsAreComputedInTheirOrder()
    {
        Window window(1);
        const QStringList runs = window.start({test::fakeSpec("A", 4), test::fakeSpec("B", 4), test::fakeSpec("C", 4)});
        QCOMPARE(runs.size(), 3);
        QCOMPARE(window.center->unfinished().size(), std::size_t{3});
        window.gate.waitForArrival();
        QTRY_VERIFY(window.center->active() != nullptr);
        QCOMPARE(window.center->active()->id(), runs[0]);
        QCOMPARE(window.center->live(runs[2])->state(), RunState::Waiting);
        QSignalSpy ended(window.center.get(), &RunCenter::ended);
        window.gate.open();
        QTRY_COMPARE(ended.count(), 3);
        for (int i = 0; i < 3; ++i) QCOMPARE(ended[i][0].toString(), runs[i]);
        QVERIFY(window.center->unfinished().empty());
    }

    void coloursGoByOrderOfCreation()
    {
        Window window;
        std::vector<RunSpec> specs(9, test::fakeSpec("Run", 1));
        const QStringList runs = window.start(specs);
        QCOMPARE(runs.size(), 9);
        for (int i = 0; i < 9; ++i) QCOMPARE(window.center->seriesIndexOf(runs[i]), i % 8);
    }

    void aReopenedRunIsReadOnceForEverybody()
    {
        Window window;
        const QString run = window.finish("Old", 30);
        window.reopen();
        QTRY_VERIFY(window.center->isLoaded());
        const auto controller = window.center->controller(run);
        QVERIFY(controller != nullptr);
        QCOMPARE(controller->state(), RunState::Loading);
        QCOMPARE(window.center->controller(run), controller);
        QTRY_COMPARE(controller->state(), RunState::Finished);
        QCOMPARE(controller->metrics().rowCount(), std::size_t{30});
        QVERIFY(window.center->live(run) == nullptr);
    }

    void nobodyWaitsForALogAnyMore()
    {
        Window window;
        const QString run = window.finish("Old", 30);
        window.reopen();
        QTRY_VERIFY(window.center->isLoaded());
        window.center->controller(run).reset();
        const auto again = window.center->controller(run);
        QTRY_COMPARE(again->state(), RunState::Finished);
    }

    void aRunThatWasKilledIsInterrupted()
    {
        Window window;
        {
            RunStore store(*window.project);
            const auto record = store.create(test::fakeSpec("Killed", 10));
            QVERIFY(record && store.begin(record->id));
        }
        window.center.reset();
        window.project.reset();
        window.project = test::openProject(window.folder.path());
        window.open();
        QTRY_VERIFY(window.center->isLoaded());
        const QString run = QString::fromStdString(window.center->runs().at(0).record.id);
        const auto controller = window.center->controller(run);
        QTRY_COMPARE(controller->state(), RunState::Interrupted);
    }

    void namesAndNotesSurviveARestart()
    {
        Window window;
        const QString run = window.finish("Old name", 2);
        const auto controller = window.center->controller(run);
        QSignalSpy changed(controller.get(), &RunController::recordChanged);
        window.center->rename(run, QStringLiteral("  Néw name "));
        QTRY_COMPARE(controller->name(), QStringLiteral("Néw name"));
        window.center->setNote(run, QStringLiteral("Twice the learning rate."));
        QTRY_COMPARE(window.center->find(run)->record.note, std::string("Twice the learning rate."));
        QTRY_COMPARE(changed.count(), 2);
        window.reopen();
        QTRY_VERIFY(window.center->isLoaded());
        QCOMPARE(window.center->find(run)->record.name, std::string("Néw name"));
        QCOMPARE(window.center->find(run)->record.note, std::string("Twice the learning rate."));
    }

    void anEmptyNameIsRefused()
    {
        Window window;
        const QString run = window.finish("Name", 2);
        QSignalSpy failed(window.center.get(), &RunCenter::failed);
        window.center->rename(run, QStringLiteral("   "));
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(window.center->find(run)->record.name, std::string("Name"));
    }

    void removedRunsComeBackAsTheyWere()
    {
        Window window;
        const QString first = window.finish("First", 3), second = window.finish("Second", 4);
        window.center->remove({first});
        QTRY_VERIFY(window.center->find(first) == nullptr);
        QVERIFY(window.center->find(second) != nullptr);
        QVERIFY(std::filesystem::is_directory(window.project->runFolder(first.toStdString())));
        window.reopen();
        QTRY_VERIFY(window.center->isLoaded());
        QVERIFY(window.center->find(first) == nullptr);
        window.center->restore({first});
        QTRY_VERIFY(window.center->find(first) != nullptr);
        QCOMPARE(QString::fromStdString(window.center->runs()[0].record.id), first);
        QCOMPARE(window.center->find(first)->summary.lastStep, std::int64_t{3});
        // A number is not given twice.
        const QString third = window.finish("Third", 2);
        QCOMPARE(window.center->find(third)->record.number, std::int64_t{3});
    }

    void whatComputesIsNotRemoved()
    {
        Window window(1);
        const QString run = window.start("Busy", 4);
        window.gate.waitForArrival();
        QSignalSpy failed(window.center.get(), &RunCenter::failed);
        window.center->remove({run});
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed[0][0].value<Error>().code, ErrorCode::RunIsActive);
        QVERIFY(window.center->find(run) != nullptr);
    }

    void stoppingAllSavesOneAndBeginsNone()
    {
        Window window(2);
        const QStringList runs = window.start({test::fakeSpec("A", 9), test::fakeSpec("B", 9)});
        window.gate.waitForArrival();
        const auto first = window.center->controller(runs[0]), second = window.center->controller(runs[1]);
        QSignalSpy ended(window.center.get(), &RunCenter::ended);
        window.center->stopAndSaveAll();
        window.gate.open();
        QTRY_COMPARE(ended.count(), 2);
        QCOMPARE(first->state(), RunState::Cancelled);
        QCOMPARE(first->checkpoints().size(), std::size_t{1});
        QCOMPARE(second->state(), RunState::Cancelled);
        QCOMPARE(second->step(), std::int64_t{0});
        QVERIFY(second->checkpoints().empty());
    }

    void aTextArrivesWhileARunComputes()
    {
        Window window(0, slow());
        const QString run = window.start("Busy", 100'000);
        const auto job = window.center->generate(test::ask(5));
        QSignalSpy pieces(job.get(), &ComputeJob::textArrived);
        QSignalSpy ended(job.get(), &ComputeJob::ended);
        QTRY_COMPARE(ended.count(), 1);
        QVERIFY(job->isOver());
        QVERIFY(!job->error());
        QCOMPARE(job->text(), QStringLiteral("word 0word 1word 2word 3word 4"));
        QCOMPARE(job->pieces(), qint64{5});
        QString together;
        for (const auto& piece : pieces) together += piece[0].toString();
        QCOMPARE(together, job->text());
        QVERIFY(window.center->live(run)->isActive());
        QCOMPARE(window.backend->overlaps(), 0);
    }

    void aCancelledTextKeepsWhatItHas()
    {
        Window window(0, slow());
        const auto job = window.center->generate(test::ask(1'000'000'000));
        QTRY_VERIFY(!job->text().isEmpty());
        job->cancel();
        QTRY_VERIFY(job->isOver());
        QVERIFY(!job->text().isEmpty());
    }

    void aJobThatWaitsIsCancelledAtOnce()
    {
        Window window(1);
        window.start("Busy", 3);
        window.gate.waitForArrival();
        const auto job = window.center->generate(test::ask(3));
        job->cancel();
        QTRY_VERIFY(job->isOver());
        QVERIFY(job->error());
        QCOMPARE(job->error()->code, ErrorCode::Cancelled);
        QVERIFY(job->text().isEmpty());
    }

    void pairsAreScoredWithProgress()
    {
        Window window;
        const auto job = window.center->score({});
        QSignalSpy progressed(job.get(), &ComputeJob::progressed);
        QTRY_VERIFY(job->isOver());
        QCOMPARE(job->scores().size(), std::size_t{5});
        QVERIFY(progressed.count() > 0);
        QCOMPARE(progressed.last()[1].toLongLong(), 5);
    }

    void anEstimate()
    {
        Window window;
        const auto job = window.center->estimate(test::fakeSpec("Estimated", 42));
        QTRY_VERIFY(job->isOver());
        QVERIFY(job->estimate());
        QCOMPARE(job->estimate()->steps, std::int64_t{42});
    }

    void destroyingItAtAnyMoment()
    {
        Window window(0, slow());
        for (int i = 0; i < 50; ++i) {
            window.center->start({test::fakeSpec("A", 100'000), test::fakeSpec("B", 10)});
            // At once, after the start, and while news arrive.
            if (i % 3 == 1) QTRY_VERIFY(window.center->active() != nullptr);
            auto job = window.center->generate(test::ask(1'000'000'000));
            if (i % 3 == 2) QTRY_VERIFY(!job->text().isEmpty());
            std::shared_ptr<RunController> kept = window.center->active();
            if (i % 2 == 0) job.reset();
            window.reopen();
            if (kept) QCOMPARE(kept->state(), RunState::Cancelled);
        }
        QTRY_VERIFY(window.center->isLoaded());
        for (const RunEntry& entry : window.center->runs()) QCOMPARE(entry.record.outcome, std::string("cancelled"));
        QCOMPARE(window.backend->overlaps(), 0);
    }
};

QTEST_GUILESS_MAIN(RunCenterTest)
#include "run_center_test.moc"
