// SPDX-License-Identifier: GPL-3.0-or-later
// The queue: one job at a time, requests between steps, and a clean end from every state.
#include "core/runs/run_queue.h"
#include "support/fake_backend.h"
#include "support/results.h"
#include "support/run_project.h"

#include <QtTest>

#include <condition_variable>
#include <random>
#include <sys/resource.h>
#include <unistd.h>

using namespace preflab;
using namespace std::chrono_literals;
using test::codeOf;
using test::FakeBackend;
using test::FakeScript;
using test::problemOf;

namespace {

/// A project, an engine and a queue.
struct Bench {
    explicit Bench(FakeScript script = {}) : backend(std::move(script)), project(test::openProject(folder.path()))
    {
        if (project) queue = std::make_unique<RunQueue>(backend, *project);
    }

    std::shared_ptr<Run> start(const std::string& name, std::int64_t steps)
    {
        auto run = queue->start(test::fakeSpec(name, steps));
        return run ? *run : nullptr;
    }
    std::string storedOutcome(const std::string& id)
    {
        const auto record = queue->store().find(id);
        return record ? record->outcome : sentence(record.error());
    }

    test::ScratchFolder folder;
    FakeBackend backend;
    std::unique_ptr<Project> project;
    std::unique_ptr<RunQueue> queue;
};

/// A step that waits for the test.
class Gate {
public:
    void pass()
    {
        std::unique_lock lock(m_mutex);
        ++m_arrivals;
        m_changed.notify_all();
        m_changed.wait(lock, [this] { return m_isOpen; });
    }
    void waitForArrival()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_arrivals > 0; });
    }
    void open()
    {
        const std::lock_guard lock(m_mutex);
        m_isOpen = true;
        m_changed.notify_all();
    }

private:
    std::mutex m_mutex;  // protects what follows
    std::condition_variable m_changed;
    int m_arrivals = 0;
    bool m_isOpen = false;
};

std::int64_t stepsOf(const Outcome& outcome)
{
    if (const auto* finished = std::get_if<Finished>(&outcome)) return finished->steps;
    const auto* cancelled = std::get_if<Cancelled>(&outcome);
    return cancelled ? cancelled->steps : -1;
}

void waitForSteps(const Run& run, std::size_t steps)
{
    RunCursor cursor;
    while (run.log().committed().metrics < steps && !run.isOver()) (void)run.log().waitForNews(cursor, 100ms);
}

GenerateRequest ask(std::int64_t tokens)
{
    GenerateRequest request;
    request.prompt = "word";
    request.maxNewTokens = tokens;
    return request;
}

}  // namespace

class RunQueueTest : public QObject {
    Q_OBJECT

private slots:
    void runsGoOneAfterTheOther()
    {
        std::mutex mutex;
        std::vector<std::int64_t> steps;
        FakeScript script;
        script.onStep = [&](std::int64_t step) {
            const std::lock_guard lock(mutex);
            steps.push_back(step);
        };
        Bench bench(script);
        QVERIFY(bench.queue);
        std::vector<std::shared_ptr<Run>> runs;
        for (const std::int64_t count : {30, 20, 10}) runs.push_back(bench.start("run", count));
        for (const auto& run : runs) QVERIFY(std::holds_alternative<Finished>(run->wait()));
        QCOMPARE(bench.backend.overlaps(), 0);
        std::vector<std::int64_t> expected;
        for (const std::int64_t count : {30, 20, 10}) {
            for (std::int64_t step = 1; step <= count; ++step) expected.push_back(step);
        }
        QVERIFY(steps == expected);
    }

    void theOutcomeIsStoredBeforeTheRunIsOver()
    {
        Bench bench;
        QVERIFY(bench.queue);
        const auto run = bench.start("run", 50);
        QCOMPARE(stepsOf(run->wait()), 50);
        QCOMPARE(bench.storedOutcome(run->id()), std::string("finished"));
        QCOMPARE(run->log().committed().metrics, std::size_t{50});
        QCOMPARE((*bench.queue->store().load(run->id()))->series("loss").size(), std::size_t{50});
    }

    void aStepIsSeenOnlyAfterItsCommit()
    {
        FakeScript script;
        script.stepTime = 500us;
        Bench bench(script);
        QVERIFY(bench.queue);
        const auto run = bench.start("run", 200);
        RunCursor cursor;
        while (cursor.metrics < 200) {
            if (run->log().waitForNews(cursor, 100ms).metrics.empty()) continue;
            const auto stored = bench.queue->store().load(run->id());
            QCOMPARE(problemOf(stored), QString());
            QVERIFY((*stored)->committed().metrics >= cursor.metrics);
        }
    }

    void stopAndSaveLeavesACheckpoint()
    {
        FakeScript script;
        script.stepTime = 1ms;
        Bench bench(script);
        QVERIFY(bench.queue);
        const auto run = bench.start("run", 1'000'000);
        waitForSteps(*run, 3);
        run->control().stopAndSave();
        const Outcome outcome = run->wait();
        QVERIFY(std::holds_alternative<Cancelled>(outcome));
        const auto checkpoint = "checkpoint-" + std::to_string(stepsOf(outcome));
        QVERIFY(std::filesystem::exists(bench.project->runFolder(run->id()) / checkpoint / "size"));
        QCOMPARE(bench.storedOutcome(run->id()), std::string("cancelled"));
        QCOMPARE(run->log().committed().metrics, static_cast<std::size_t>(stepsOf(outcome)));
    }

    void cancelLeavesNone()
    {
        FakeScript script;
        script.stepTime = 1ms;
        Bench bench(script);
        QVERIFY(bench.queue);
        const auto run = bench.start("run", 1'000'000);
        waitForSteps(*run, 3);
        run->control().cancel();
        QVERIFY(std::holds_alternative<Cancelled>(run->wait()));
        QCOMPARE(test::entriesIn(bench.project->runFolder(run->id())), 0);
    }

    void aWaitingRunCanBeStopped()
    {
        Gate gate;
        FakeScript script;
        script.onStep = [&gate](std::int64_t) { gate.pass(); };
        Bench bench(script);
        QVERIFY(bench.queue);
        const auto first = bench.start("first", 5);
        const auto second = bench.start("second", 5);
        const auto third = bench.start("third", 5);
        const auto fourth = bench.start("fourth", 5);
        gate.waitForArrival();
        second->control().cancel();
        third->control().stopAndSave();
        QCOMPARE(stepsOf(second->wait()), 0);
        QCOMPARE(stepsOf(third->wait()), 0);
        QVERIFY(!first->isOver());
        QVERIFY(!fourth->isOver());
        QCOMPARE(bench.storedOutcome("second"), std::string("cancelled"));
        QCOMPARE(bench.storedOutcome("first"), std::string("running"));
        QCOMPARE(bench.storedOutcome("fourth"), std::string("waiting"));
        gate.open();
        QCOMPARE(stepsOf(first->wait()), 5);
        QCOMPARE(stepsOf(fourth->wait()), 5);
    }

    void failuresEndTheirRunOnly()
    {
        FakeScript script;
        script.throwAtStep = 20;
        script.failAtStep = 10;
        Bench bench(script);
        QVERIFY(bench.queue);
        const auto failing = bench.start("failing", 15);
        const auto fine = bench.start("fine", 5);
        const Outcome outcome = failing->wait();
        QVERIFY(std::holds_alternative<Failed>(outcome));
        QVERIFY(std::get<Failed>(outcome).error.code == ErrorCode::LossNotFinite);
        QVERIFY(bench.queue->store().find("failing")->reason.find("step 10") != std::string::npos);
        QCOMPARE(stepsOf(fine->wait()), 5);
    }

    void anExceptionIsAFailure()
    {
        FakeScript script;
        script.throwAtStep = 3;
        Bench bench(script);
        QVERIFY(bench.queue);
        const auto run = bench.start("throwing", 5);
        const Outcome outcome = run->wait();
        QVERIFY(std::holds_alternative<Failed>(outcome));
        QVERIFY(std::get<Failed>(outcome).error.code == ErrorCode::Internal);
        QCOMPARE(bench.storedOutcome("throwing"), std::string("failed"));
        QCOMPARE((*bench.queue->store().load("throwing"))->series("loss").size(), std::size_t{2});
    }

    void aRunThatCannotBeStoredHasFailed()
    {
        Gate gate;
        FakeScript script;
        script.onStep = [&gate](std::int64_t) { gate.pass(); };
        Bench bench(script);
        QVERIFY(bench.queue);
        const auto run = bench.start("run", 3);
        gate.waitForArrival();
        const auto broken = bench.project->database().call(Durability::Full, [](Connection& connection) -> Result<> {
            connection.execute("DROP TABLE metrics");
            return {};
        });
        QCOMPARE(problemOf(broken), QString());
        gate.open();
        const Outcome outcome = run->wait();
        QVERIFY(std::holds_alternative<Failed>(outcome));
        QVERIFY(std::get<Failed>(outcome).error.code == ErrorCode::DatabaseFailed);
        QVERIFY(run->log().storeError().has_value());
    }

    void pausesAreLeftOutOfTheClock()
    {
        FakeScript script;
        script.stepTime = 200us;
        Bench bench(script);
        QVERIFY(bench.queue);
        QElapsedTimer total;
        total.start();
        const auto run = bench.start("run", 200);
        run->control().pause();
        // Answered by the run itself, so it is between two steps, and stays there.
        const auto answered = bench.queue->generate(ask(1), [](std::string_view) { return true; }, {});
        QCOMPARE(problemOf(answered), QString());
        QVERIFY(bench.backend.lastServingThread() != std::this_thread::get_id());
        QElapsedTimer pause;
        pause.start();
        const std::size_t before = run->log().committed().metrics;
        QThread::msleep(100);
        QVERIFY(run->log().committed().metrics <= before + 1);
        const double paused = static_cast<double>(pause.nsecsElapsed()) / 1e9;
        run->control().resume();
        QCOMPARE(stepsOf(run->wait()), 200);
        RunCursor cursor;
        const auto news = run->log().news(cursor);
        const double elapsed = static_cast<double>(total.nsecsElapsed()) / 1e9;
        QVERIFY(news.metrics.back().seconds <= elapsed - paused);
    }

    void requestsAreServedWithAndWithoutARun()
    {
        FakeScript script;
        script.stepTime = 100us;
        Bench bench(script);
        QVERIFY(bench.queue);
        std::string text;
        const auto sink = [&text](std::string_view piece) {
            text += piece;
            return text.size() < 20;
        };
        QCOMPARE(problemOf(bench.queue->generate(ask(100), sink, {})), QString());
        QCOMPARE(text, std::string("word 0word 1word 2word 3").substr(0, text.size()));
        QVERIFY(bench.backend.lastServingThread() == std::this_thread::get_id());

        const auto run = bench.start("run", 1'000'000);
        waitForSteps(*run, 1);
        std::uint32_t pairs = 0;
        const auto scored = bench.queue->score({}, [&pairs](const PairScore&) { ++pairs; }, {}, {});
        QCOMPARE(problemOf(scored), QString());
        QCOMPARE(pairs, std::uint32_t{5});
        QVERIFY(bench.backend.lastServingThread() != std::this_thread::get_id());
        run->control().cancel();
    }

    void manyRequestsAndRunsNeverComputeTogether()
    {
        FakeScript script;
        script.stepTime = 50us;
        Bench bench(script);
        QVERIFY(bench.queue);
        std::atomic<int> failures = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 3; ++i) {
            threads.emplace_back([&] {
                for (int k = 0; k < 60; ++k) {
                    int words = 0;
                    const auto sink = [&words](std::string_view) { return ++words < 1000; };
                    if (!bench.queue->generate(ask(20), sink, {}) || words != 20) ++failures;
                }
            });
        }
        std::vector<std::shared_ptr<Run>> runs;
        for (int i = 0; i < 20; ++i) runs.push_back(bench.start("run", 5 + i % 7));
        for (const auto& run : runs) QVERIFY(std::holds_alternative<Finished>(run->wait()));
        for (auto& thread : threads) thread.join();
        QCOMPARE(failures.load(), 0);
        QCOMPARE(bench.backend.overlaps(), 0);
    }

    void aRequestCanBeGivenUpBeforeItsTurn()
    {
        Gate gate;
        FakeScript script;
        script.onStep = [&gate](std::int64_t) { gate.pass(); };
        Bench bench(script);
        QVERIFY(bench.queue);
        const auto run = bench.start("run", 3);
        gate.waitForArrival();
        std::stop_source stop;
        Result<> answer;
        bool isTouched = false;
        std::thread caller([&] {
            answer = bench.queue->generate(ask(1), [&isTouched](std::string_view) { return isTouched = true; },
                                           stop.get_token());
        });
        stop.request_stop();
        caller.join();  // hangs if it waits for the step
        QCOMPARE(codeOf(answer), QString("cancelled"));
        gate.open();
        QCOMPARE(stepsOf(run->wait()), 3);
        QVERIFY(!isTouched);
    }

    void aRequestThatThrowsHarmsNobody()
    {
        FakeScript script;
        script.stepTime = 200us;
        Bench bench(script);
        QVERIFY(bench.queue);
        const auto run = bench.start("run", 300);
        waitForSteps(*run, 1);
        const auto answer =
            bench.queue->generate(ask(1), [](std::string_view) -> bool { throw std::runtime_error("sink"); }, {});
        QCOMPARE(codeOf(answer), QString("internal"));
        QCOMPARE(stepsOf(run->wait()), 300);
    }

    void runsYieldToTheWindow()
    {
        std::atomic<int> nice = -100;
        FakeScript script;
        script.onStep = [&nice](std::int64_t) {
            nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
        };
        Bench bench(script);
        QVERIFY(bench.queue);
        const int own = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
        (void)bench.start("run", 1)->wait();
        QCOMPARE(nice.load(), std::max(own, 10));
        QCOMPARE(::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())), own);
    }

    void destroyedWhileRunning()
    {
        std::mt19937 random(11);
        FakeScript script;
        script.stepTime = 100us;
        script.saveEvery = 7;
        Bench bench(script);
        QVERIFY(bench.queue);
        for (int round = 0; round < 50; ++round) {
            const auto first = bench.start("first", 100'000);
            const auto second = bench.start("second", 100'000);
            if (round % 3 == 0) first->control().pause();
            if (round % 5 == 0) first->control().stopAndSave();
            if (round % 7 == 0) second->control().cancel();
            QThread::usleep(random() % 5000);
            bench.queue.reset();
            QVERIFY(first->isOver() && second->isOver());
            bench.queue = std::make_unique<RunQueue>(bench.backend, *bench.project);
        }
        const auto records = bench.queue->store().list();
        QCOMPARE(problemOf(records), QString());
        QCOMPARE(records->size(), std::size_t{100});
        for (const RunRecord& record : *records) QCOMPARE(record.outcome, std::string("cancelled"));
        QCOMPARE(bench.backend.overlaps(), 0);
    }

    void aRunAloneEndsWithItsObject()
    {
        for (int round = 0; round < 50; ++round) {
            std::atomic<int> ends = 0;
            {
                Run run("alone", [](RunControl& control, RunLog& log) -> Outcome {
                    log.setAutoCommit();
                    std::int64_t step = 0;
                    for (; !control.isCancelRequested(); ++step) log.append(MetricRow{step, 0.0, {}});
                    return Cancelled{step};
                }, [&ends](const Outcome&) { ++ends; });
                run.start();
                if (round % 2 == 0) waitForSteps(run, 1);
            }
            QCOMPARE(ends.load(), 1);
        }
        Run never("never", [](RunControl&, RunLog&) -> Outcome { return Finished{}; }, {});
        QVERIFY(!never.isOver());
    }
};

QTEST_GUILESS_MAIN(RunQueueTest)
#include "run_queue_test.moc"
