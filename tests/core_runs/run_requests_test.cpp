// SPDX-License-Identifier: GPL-3.0-or-later
// Generate and score requests beside runs: served between two steps, one computation at a time.
#include "core/runs/run_queue.h"
#include "support/results.h"
#include "support/run_bench.h"

#include <QtTest>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace preflab;
using namespace std::chrono_literals;
using test::ask;
using test::Bench;
using test::codeOf;
using test::FakeScript;
using test::Gate;
using test::problemOf;
using test::stepsOf;
using test::waitForSteps;

class RunRequestsTest : public QObject {
    Q_OBJECT

private slots:
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
            answer = bench.queue->generate(
                ask(1), [&isTouched](std::string_view) { return isTouched = true; }, stop.get_token());
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
};

QTEST_GUILESS_MAIN(RunRequestsTest)
#include "run_requests_test.moc"
