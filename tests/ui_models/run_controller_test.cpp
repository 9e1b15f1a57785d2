// SPDX-License-Identifier: GPL-3.0-or-later
// One run as the window sees it: news gathered into few signals, verbs, ends, and what is shown after a restart.
#include "support/results.h"
#include "support/run_bench.h"
#include "ui/models/runs/run_controller.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <filesystem>

using namespace preflab;

namespace {

/// A run of a given number of steps that lets the test in at one of them.
struct Stage {
    explicit Stage(std::int64_t steps, std::int64_t gateAt = 0, test::FakeScript script = {})
    {
        if (gateAt > 0) {
            script.onStep = [this, gateAt](std::int64_t step) {
                if (step == gateAt) gate.pass();
            };
        }
        bench = std::make_unique<test::Bench>(std::move(script));
        run = bench->start("Run", steps);
        if (run) controller = std::make_unique<RunController>(*bench->queue->store().find(run->id()), run);
    }
    /// A test that failed leaves nobody waiting.
    ~Stage() { gate.open(); }

    std::filesystem::path folder() const { return bench->project->runFolder(run->id()); }

    test::Gate gate;
    std::unique_ptr<test::Bench> bench;
    std::shared_ptr<Run> run;
    std::unique_ptr<RunController> controller;
};

test::FakeScript slow()
{
    test::FakeScript script;
    script.stepTime = std::chrono::milliseconds(1);
    return script;
}

}  // namespace

class RunControllerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void followsARunToItsEnd()
    {
        Stage stage(20);
        RunController& controller = *stage.controller;
        QSignalSpy ended(&controller, &RunController::ended);
        QVERIFY(controller.isActive());
        QCOMPARE(controller.totalSteps(), std::int64_t{20});
        controller.watch();
        QTRY_COMPARE(controller.state(), RunState::Finished);
        QCOMPARE(ended.count(), 1);
        QVERIFY(!controller.isActive());
        QCOMPARE(controller.step(), std::int64_t{20});
        QCOMPARE(controller.share(), 1.0);
        QCOMPARE(controller.metrics().rowCount(), std::size_t{20});
        QCOMPARE(controller.metrics().last("loss"), 0.7 / 20);
        QCOMPARE(controller.record().outcome, std::string("finished"));
        QVERIFY(!controller.failure());
        QVERIFY(controller.memoryBytes() > 0);
        // Views may ask for more; there is nothing that could still be steered.
        controller.pause();
        controller.saveNow();
        controller.drain();
        QCOMPARE(controller.state(), RunState::Finished);
    }

    void fiftyThousandStepsComeInFewSignals()
    {
        Stage stage(50'000);
        RunController& controller = *stage.controller;
        controller.watch();
        QSignalSpy metrics(&controller, &RunController::metricsArrived);
        QTRY_COMPARE_WITH_TIMEOUT(controller.state(), RunState::Finished, 120'000);
        QCOMPARE(controller.metrics().rowCount(), std::size_t{50'000});
        QCOMPARE(controller.metrics().find("step_copy")->last(), 50'000.0);
        QVERIFY2(metrics.count() < 100, qPrintable(QString::number(metrics.count())));
    }

    void oneSignalForWhateverCame()
    {
        Stage stage(30, 12);
        stage.gate.waitForArrival();
        test::waitForSteps(*stage.run, 12);
        QSignalSpy metrics(stage.controller.get(), &RunController::metricsArrived);
        QSignalSpy events(stage.controller.get(), &RunController::eventsArrived);
        stage.controller->drain();
        QCOMPARE(metrics.count(), 1);
        QCOMPARE(events.count(), 1);
        QCOMPARE(stage.controller->step(), std::int64_t{12});
        QCOMPARE(stage.controller->state(), RunState::Running);
        stage.controller->drain();
        QCOMPARE(metrics.count(), 1);
        QCOMPARE(events.count(), 1);
    }

    void saysWhyARunWaitsWithItsWeights()
    {
        Stage stage(30, 12);
        stage.gate.waitForArrival();
        RunController& controller = *stage.controller;
        controller.drain();
        QCOMPARE(controller.hindrance(), QString());
        RunLog& log = stage.run->log();
        controller.watch();
        log.append(RunEvent{RunEvent::Kind::Warning, {}, 12, "The disk is full.", {}});
        QTRY_VERIFY(!controller.events().empty() && controller.events().back().text == "The disk is full.");
        QCOMPARE(controller.hindrance(), QString());
        log.setProgress({"Waiting to save", 12, 30, -1.0});
        QTRY_COMPARE(controller.hindrance(), QStringLiteral("The disk is full."));
        stage.gate.open();
        QTRY_COMPARE(controller.state(), RunState::Finished);
        QCOMPARE(controller.hindrance(), QString());
    }

    void pausesAndGoesOn()
    {
        Stage stage(40, 3);
        RunController& controller = *stage.controller;
        stage.gate.waitForArrival();
        test::waitForSteps(*stage.run, 3);
        controller.drain();
        controller.pause();
        QCOMPARE(controller.state(), RunState::Paused);
        stage.gate.open();
        const double elapsed = controller.elapsedSeconds();
        controller.drain();
        QCOMPARE(controller.step(), std::int64_t{3});
        QCOMPARE(controller.elapsedSeconds(), elapsed);
        controller.resume();
        QCOMPARE(controller.state(), RunState::Running);
        QTRY_COMPARE(controller.state(), RunState::Finished);
        QCOMPARE(controller.step(), std::int64_t{40});
    }

    void savesAndGoesOn()
    {
        Stage stage(40, 5);
        RunController& controller = *stage.controller;
        stage.gate.waitForArrival();
        controller.saveNow();
        stage.gate.open();
        QTRY_COMPARE(controller.state(), RunState::Finished);
        QCOMPARE(controller.step(), std::int64_t{40});
        QCOMPARE(controller.checkpoints().size(), std::size_t{1});
        QCOMPARE(controller.checkpoints()[0].step, std::int64_t{5});
        QVERIFY(std::filesystem::is_directory(stage.folder() / controller.checkpoints()[0].folder));
    }

    void savesWhilePaused()
    {
        Stage stage(40, 5);
        RunController& controller = *stage.controller;
        stage.gate.waitForArrival();
        controller.pause();
        stage.gate.open();
        controller.saveNow();
        QTRY_COMPARE(controller.checkpoints().size(), std::size_t{1});
        QCOMPARE(controller.state(), RunState::Paused);
        controller.cancel();
        QTRY_COMPARE(controller.state(), RunState::Cancelled);
    }

    void stopsAndSaves()
    {
        Stage stage(40, 5);
        RunController& controller = *stage.controller;
        stage.gate.waitForArrival();
        controller.stopAndSave();
        QCOMPARE(controller.state(), RunState::Stopping);
        stage.gate.open();
        QTRY_COMPARE(controller.state(), RunState::Cancelled);
        QCOMPARE(controller.step(), std::int64_t{5});
        QCOMPARE(controller.record().outcome, std::string("cancelled"));
        QCOMPARE(controller.checkpoints().size(), std::size_t{1});
        QVERIFY(std::filesystem::is_directory(stage.folder() / controller.checkpoints()[0].folder));
    }

    void cancelsWithoutSaving()
    {
        Stage stage(40, 5);
        stage.gate.waitForArrival();
        stage.controller->cancel();
        stage.gate.open();
        QTRY_COMPARE(stage.controller->state(), RunState::Cancelled);
        QVERIFY(stage.controller->checkpoints().empty());
    }

    void waitsForItsTurnAndCanBeEndedThere()
    {
        Stage stage(40, 1);
        const auto second = stage.bench->start("Second", 5);
        RunController waiting(*stage.bench->queue->store().find(second->id()), second);
        stage.gate.waitForArrival();
        waiting.drain();
        QCOMPARE(waiting.state(), RunState::Waiting);
        waiting.cancel();
        QTRY_COMPARE(waiting.state(), RunState::Cancelled);
        QCOMPARE(waiting.step(), std::int64_t{0});
    }

    void aFailureIsASentence()
    {
        test::FakeScript script;
        script.failAtStep = 4;
        Stage stage(10, 0, script);
        QTRY_COMPARE(stage.controller->state(), RunState::Failed);
        QVERIFY(stage.controller->failure());
        QCOMPARE(stage.controller->failure()->step, std::int64_t{3});
        QVERIFY(stage.controller->failure()->sentence.contains(QLatin1String("4")));
        QCOMPARE(stage.controller->record().reason, stage.controller->failure()->sentence.toStdString());
    }

    void whatTheEngineThrowsIsAFailureToo()
    {
        test::FakeScript script;
        script.throwAtStep = 2;
        Stage stage(10, 0, script);
        QTRY_COMPARE(stage.controller->state(), RunState::Failed);
        QVERIFY(stage.controller->failure()->sentence.contains(QLatin1String("thrown at a step")));
    }

    void speedTimeAndMemoryComeFromWhatWasLogged()
    {
        test::FakeScript script;
        script.curves = test::FakeCurves::Plausible;
        Stage stage(30, 20, script);
        RunController& controller = *stage.controller;
        stage.gate.waitForArrival();
        QTRY_COMPARE(controller.step(), std::int64_t{20});
        double sum = 0.0;
        const MetricSeries& speed = *controller.metrics().find("pair_tokens_per_second");
        for (std::size_t i = 10; i < 20; ++i) sum += speed.value(i);
        QVERIFY(std::abs(controller.tokensPerSecond() - sum / 10.0) < 1e-6);
        QVERIFY(controller.learningRate() > 0.0);
        QVERIFY(controller.gradientNorm() > 0.0);
        QVERIFY(controller.epoch() > 0.0);
        QVERIFY(controller.elapsedSeconds() >= controller.metrics().lastSeconds());
        stage.gate.open();
        QTRY_COMPARE(controller.state(), RunState::Finished);
    }

    void aReopenedRunShowsTheSame()
    {
        test::FakeScript script;
        script.curves = test::FakeCurves::Plausible;
        Stage stage(25, 0, script);
        QTRY_COMPARE(stage.controller->state(), RunState::Finished);
        RunStore& store = stage.bench->queue->store();
        RunController again(*store.find(stage.run->id()));
        QCOMPARE(again.state(), RunState::Loading);
        QSignalSpy metrics(&again, &RunController::metricsArrived);
        again.adopt(replayOf(*store.load(stage.run->id())));
        QCOMPARE(metrics.count(), 1);
        QCOMPARE(again.state(), RunState::Finished);
        QCOMPARE(again.metrics().names(), stage.controller->metrics().names());
        QCOMPARE(again.metrics().find("loss")->values(), stage.controller->metrics().find("loss")->values());
        QCOMPARE(again.step(), std::int64_t{25});
        QCOMPARE(again.totalSteps(), std::int64_t{25});
        QCOMPARE(again.share(), 1.0);
        QCOMPARE(again.checkpoints().size(), std::size_t{1});
        // What the run said itself, and how it ended.
        QCOMPARE(again.events().size(), stage.controller->events().size());
    }

    void aReopenedFailureKeepsItsSentence()
    {
        test::FakeScript script;
        script.failAtStep = 4;
        Stage stage(10, 0, script);
        QTRY_COMPARE(stage.controller->state(), RunState::Failed);
        RunStore& store = stage.bench->queue->store();
        RunController again(*store.find(stage.run->id()));
        again.adopt(replayOf(*store.load(stage.run->id())));
        QCOMPARE(again.state(), RunState::Failed);
        QCOMPARE(again.failure()->sentence, stage.controller->failure()->sentence);
        QCOMPARE(again.failure()->step, std::int64_t{3});
    }

    void anUnreadableLogIsTold()
    {
        Stage stage(2);
        RunController old(*stage.bench->queue->store().find(stage.run->id()));
        const auto missing = stage.bench->queue->store().load("no such run");
        QVERIFY(!missing);
        QSignalSpy changed(&old, &RunController::stateChanged);
        old.setUnreadable(missing.error());
        QCOMPARE(old.state(), RunState::Unreadable);
        QCOMPARE(changed.count(), 1);
        QVERIFY(old.trouble());
    }

    void aNewNameIsAnnouncedOnce()
    {
        Stage stage(2);
        RunRecord record = stage.controller->record();
        QSignalSpy changed(stage.controller.get(), &RunController::recordChanged);
        stage.controller->setRecord(record);
        QCOMPARE(changed.count(), 0);
        record.name = "Another name";
        stage.controller->setRecord(record);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(stage.controller->name(), QStringLiteral("Another name"));
    }

    void destroyingItWhileTheRunComputes()
    {
        Stage stage(100'000, 0, slow());
        for (int i = 0; i < 50; ++i) {
            RunController controller(stage.controller->record(), stage.run);
            controller.watch();
            QSignalSpy metrics(&controller, &RunController::metricsArrived);
            if (i % 10 == 0) QTRY_VERIFY(metrics.count() > 0);
        }
        QVERIFY(!stage.run->isOver());
    }
};

QTEST_GUILESS_MAIN(RunControllerTest)
#include "run_controller_test.moc"
