// SPDX-License-Identifier: GPL-3.0-or-later
// The queue: one job at a time, an outcome that is stored, and a clean end from every state.
#include "core/runs/run_queue.h"
#include "support/made_up_dataset.h"
#include "support/results.h"
#include "support/run_bench.h"

#include <QtTest>

#include <algorithm>
#include <atomic>
#include <random>
#include <sys/resource.h>
#include <unistd.h>

using namespace preflab;
using namespace std::chrono_literals;
using test::Bench;
using test::FakeScript;
using test::Gate;
using test::problemOf;
using test::stepsOf;
using test::waitForSteps;

namespace {

/// The data.
const Dataset& dataset()
{
    static const Dataset data = test::madeUpDataset("the data", 8);
    return data;
}

/// An engine that looks at the edits each run would train on.
class EditCounter : public test::FakeBackend {
public:
    using FakeBackend::FakeBackend;

    Outcome train(const RunSpec& spec, const RunFolders& folders, const RunData& rows, RunControl& control,
                  RunLog& log) override
    {
        const auto edits = rows.editsOf(dataset());
        counts.push_back(edits ? edits->states.size() : 999);
        return FakeBackend::train(spec, folders, rows, control, log);
    }

    std::vector<std::size_t> counts;  ///< runs follow each other: read it when all are over
};

/// What a starter of threads says on a system without room for one.
tl::unexpected<Error> noMoreThreads()
{
    return fail(ErrorCode::SystemLimit, {{"what", "threads"}, {"reason", "test"}, {"remedy", "close something"}});
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

    // The first run ends as failed with the reason, what was asked of it is answered, and the next one starts.
    void aRunWithoutAThreadEndsAndTheNextStarts()
    {
        std::atomic<int> threads = 0;
        const ThreadStarter starter = [&threads](std::function<void()> work) -> Result<std::jthread> {
            if (threads++ == 1) return noMoreThreads();  // the queue's own comes first
            return startThread(std::move(work));
        };
        Bench bench({}, starter);
        QVERIFY(bench.queue);
        const auto first = bench.start("first", 5);
        const auto second = bench.start("second", 5);
        QVERIFY(first && second);
        const Outcome outcome = first->wait();
        QVERIFY(std::holds_alternative<Failed>(outcome));
        QVERIFY(std::get<Failed>(outcome).error.code == ErrorCode::SystemLimit);
        QCOMPARE(bench.storedOutcome(first->id()), std::string("failed"));
        QVERIFY(bench.queue->store().find(first->id())->reason.find("no more threads") != std::string::npos);
        QCOMPARE(stepsOf(second->wait()), 5);
        QCOMPARE(problemOf(bench.queue->generate(test::ask(1), [](std::string_view) { return true; }, {})), QString());
    }

    void aQueueWithoutAThreadSaysSoAndServesRequests()
    {
        std::atomic<bool> isAllowed = false;
        const ThreadStarter starter = [&isAllowed](std::function<void()> work) -> Result<std::jthread> {
            if (!isAllowed) return noMoreThreads();
            return startThread(std::move(work));
        };
        Bench bench({}, starter);
        QVERIFY(bench.queue);
        QCOMPARE(test::codeOf(bench.queue->start(test::fakeSpec("run", 5))), QString("system-limit"));
        QCOMPARE(bench.queue->store().list()->size(), std::size_t{0});
        QCOMPARE(problemOf(bench.queue->generate(test::ask(1), [](std::string_view) { return true; }, {})), QString());
        isAllowed = true;
        QCOMPARE(stepsOf(bench.start("run", 5)->wait()), 5);
    }

    void aRunTrainsOnTheEditsOfItsStart()
    {
        Gate gate;
        FakeScript script;
        script.onStep = [&gate](std::int64_t) { gate.pass(); };
        const test::ScratchFolder folder;
        const std::shared_ptr<Project> project = test::openProject(folder.path());
        QVERIFY(project);
        const auto journal = Journal::open(project, dataset());
        QVERIFY(journal);
        const auto exclude = [](std::uint32_t, RowState& state) { state.isExcluded = true; };
        QVERIFY((*journal)->apply(JournalAction::Exclude, {1}, exclude));
        EditCounter backend(script);
        RunQueue queue(backend, *project);
        std::vector<std::shared_ptr<Run>> runs;
        for (const char* name : {"first", "second"}) runs.push_back(*queue.start(test::fakeSpec(name, 3)));
        gate.waitForArrival();
        QVERIFY((*journal)->apply(JournalAction::Exclude, {2}, exclude));
        runs.push_back(*queue.start(test::fakeSpec("third", 3)));
        gate.open();
        for (const auto& run : runs) QVERIFY(std::holds_alternative<Finished>(run->wait()));
        QCOMPARE(backend.counts, (std::vector<std::size_t>{1, 1, 2}));
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

    void runsYieldToTheWindow()
    {
        std::atomic<int> nice = -100;
        FakeScript script;
        script.onStep = [&nice](std::int64_t) { nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())); };
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
                Run run(
                    "alone",
                    [](RunControl& control, RunLog& log) -> Outcome {
                        log.setAutoCommit();
                        std::int64_t step = 0;
                        for (; !control.isCancelRequested(); ++step) log.append(MetricRow{step, 0.0, {}});
                        return Cancelled{step};
                    },
                    [&ends](const Outcome&) { ++ends; });
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
