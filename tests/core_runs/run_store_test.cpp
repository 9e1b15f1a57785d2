// SPDX-License-Identifier: GPL-3.0-or-later
// Runs in the database: what was logged comes back, nothing shows before its commit, and trouble in one run or on
// the disk loses nothing.
#include "core/runs/run_log_table.h"
#include "core/runs/run_store.h"
#include "support/results.h"
#include "support/run_project.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace preflab;
using namespace std::chrono_literals;
using test::argumentOf;
using test::codeOf;
using test::problemOf;

namespace {

Result<> execute(Project& project, const std::string& sql)
{
    return project.database().call(Durability::Full, [&sql](Connection& connection) -> Result<> {
        connection.execute(sql);
        return {};
    });
}

void appendStep(RunLog& log, std::int64_t step, double loss)
{
    log.append(MetricRow{step, static_cast<double>(step) * 0.5, {{log.nameOf("loss"), loss}}});
}

/// Waits until `rows` are committed.
bool isCommitted(const RunLog& log, std::size_t rows)
{
    RunCursor cursor;
    for (int i = 0; i < 100 && log.committed().metrics < rows; ++i) (void)log.waitForNews(cursor, 100ms);
    return log.committed().metrics == rows;
}

}  // namespace

class RunStoreTest : public QObject {
    Q_OBJECT

private slots:
    void givesIdsThatPathsAndPeopleLike()
    {
        const test::ScratchFolder folder;
        const auto project = test::openProject(folder.path());
        QVERIFY(project);
        RunStore store(*project);
        const auto first = store.create(test::fakeSpec());
        QCOMPARE(problemOf(first), QString());
        QCOMPARE(first->id, std::string("0001-dpo-helpful-pairs"));
        QCOMPARE(first->name, std::string("DPO on Helpful Pairs"));
        QVERIFY(std::filesystem::is_directory(project->runFolder(first->id)));
        const auto second = store.create(test::fakeSpec("../../Ümlaut & Co. (a very long name that goes on and on)"));
        QCOMPARE(problemOf(second), QString());
        QCOMPARE(second->id, std::string("0002-dpo-mlaut-co-a-very-long-name-that-g"));
        QCOMPARE(store.create(test::fakeSpec("日本"))->id, std::string("0003-dpo-run"));
    }

    void numbersAreNeverUsedAgain()
    {
        const test::ScratchFolder folder;
        const auto project = test::openProject(folder.path());
        QVERIFY(project);
        RunStore store(*project);
        QVERIFY(store.create(test::fakeSpec()) && store.create(test::fakeSpec()));
        QCOMPARE(problemOf(execute(*project, "DELETE FROM runs WHERE number = 2")), QString());
        QCOMPARE(store.create(test::fakeSpec())->number, 3);
    }

    void whatWasLoggedComesBack()
    {
        const test::ScratchFolder folder;
        std::string id;
        {
            const auto project = test::openProject(folder.path());
            QVERIFY(project);
            RunStore store(*project);
            RunSpec spec = test::fakeSpec("mine", 7);
            spec.evalData = "/data/held-out.jsonl";
            spec.samplePrompts = {"Hello?"};
            id = store.create(spec)->id;
            RunLog log;
            store.follow(id, log);
            QCOMPARE(problemOf(store.begin(id)), QString());
            log.append(RunEvent{RunEvent::Kind::Sample, "2025", 0, "said", {{"prompt", "Hello?"}, {"answer", "\xff"}}});
            appendStep(log, 1, 0.69);
            log.append(MetricRow{2, 1.5, {{log.nameOf("loss"), std::nan("")}, {log.nameOf("x"), 1e308}}});
            log.append(RunEvent{
                RunEvent::Kind::Note, "2025", 2, "hashes", {{"data_hash", "of no account"}}, RunSources{"dd", "mm"}});
            QCOMPARE(problemOf(store.finish(id, log, Finished{2})), QString());
            QCOMPARE(log.committed().metrics, std::size_t{2});
        }
        const auto project = test::openProject(folder.path());
        QVERIFY(project);
        RunStore store(*project);
        const auto record = store.find("mine");
        QCOMPARE(problemOf(record), QString());
        QCOMPARE(record->outcome, std::string("finished"));
        QCOMPARE(record->steps, 2);
        QCOMPARE(record->dataHash, std::string("dd"));
        QCOMPARE(record->modelHash, std::string("mm"));
        QCOMPARE(record->spec.evalData.value(), std::filesystem::path("/data/held-out.jsonl"));
        QCOMPARE(std::get<std::int64_t>(record->spec.params.at("max_steps")), 7);
        const auto log = store.load(id);
        QCOMPARE(problemOf(log), QString());
        RunCursor cursor;
        const RunNews news = (*log)->news(cursor);
        QCOMPARE(news.metrics.size(), std::size_t{2});
        QCOMPARE(news.metrics[0].values[0].value, 0.69);
        QCOMPARE(news.metrics[1].seconds, 1.5);
        QVERIFY(std::isnan(news.metrics[1].values[0].value));
        QCOMPARE(news.metrics[1].values[1].value, 1e308);
        QCOMPARE((*log)->metricNames()[1], std::string("x"));
        QCOMPARE(news.events.size(), std::size_t{3});
        QVERIFY(news.events[0].kind == RunEvent::Kind::Sample);
        QCOMPARE(news.events[0].data.at("prompt").get<std::string>(), std::string("Hello?"));
        QVERIFY(news.events[2].kind == RunEvent::Kind::End);
    }

    void followsInManySmallCommits()
    {
        const test::ScratchFolder folder;
        const auto project = test::openProject(folder.path());
        QVERIFY(project);
        RunStore store(*project);
        const auto id = store.create(test::fakeSpec())->id;
        RunLog log;
        store.follow(id, log);
        for (std::int64_t step = 1; step <= 5000; ++step) appendStep(log, step, 1.0 / static_cast<double>(step));
        QVERIFY(isCommitted(log, 5000));
        QCOMPARE(store.find(id)->steps, 5000);
        QCOMPARE(problemOf(store.finish(id, log, Cancelled{5000})), QString());
        QVERIFY((*store.load(id))->series("loss") == log.series("loss"));
        QCOMPARE(store.find("1")->outcome, std::string("cancelled"));
    }

    void nothingShowsThatIsNotStored()
    {
        const test::ScratchFolder folder;
        const auto project = test::openProject(folder.path());
        QVERIFY(project);
        RunStore store(*project);
        const auto id = store.create(test::fakeSpec())->id;
        RunLog log;
        store.follow(id, log);
        appendStep(log, 1, 0.7);
        QVERIFY(isCommitted(log, 1));
        QCOMPARE(problemOf(execute(*project, "ALTER TABLE metrics RENAME TO hidden")), QString());
        appendStep(log, 2, 0.6);
        QTRY_VERIFY(log.storeError().has_value());
        QCOMPARE(log.committed().metrics, std::size_t{1});
        QCOMPARE(problemOf(execute(*project, "ALTER TABLE hidden RENAME TO metrics")), QString());
        appendStep(log, 3, 0.5);
        QVERIFY(isCommitted(log, 3));
        QVERIFY(!log.storeError());
        QCOMPARE((*store.load(id))->series("loss").size(), std::size_t{3});
    }

    void aFailureKeepsItsSentence()
    {
        const test::ScratchFolder folder;
        const auto project = test::openProject(folder.path());
        QVERIFY(project);
        RunStore store(*project);
        const auto id = store.create(test::fakeSpec())->id;
        RunLog log;
        store.follow(id, log);
        appendStep(log, 4, 0.7);
        const Error error{ErrorCode::LossNotFinite, {{"step", "5"}, {"what", "the loss"}, {"checkpoint", "none"}}, {}};
        QCOMPARE(problemOf(store.finish(id, log, Failed{error})), QString());
        const auto record = store.find(id);
        QCOMPARE(record->outcome, std::string("failed"));
        QCOMPARE(record->reason, sentence(error));
        QCOMPARE(record->steps, 4);
    }

    void unfinishedRunsCountAsInterrupted()
    {
        const test::ScratchFolder folder;
        {
            const auto project = test::openProject(folder.path());
            QVERIFY(project);
            RunStore store(*project);
            QVERIFY(store.create(test::fakeSpec("waits")));
            const auto id = store.create(test::fakeSpec("runs"))->id;
            QCOMPARE(problemOf(store.begin(id)), QString());
            QCOMPARE(store.find("waits")->outcome, std::string("waiting"));
            QCOMPARE(store.find("runs")->outcome, std::string("running"));
            RunLog done;
            QVERIFY(store.finish(store.create(test::fakeSpec("done"))->id, done, Finished{1}));
        }
        const auto project = test::openProject(folder.path());
        QVERIFY(project);
        RunStore store(*project);
        QCOMPARE(store.find("waits")->outcome, std::string("interrupted"));
        QCOMPARE(store.find("runs")->outcome, std::string("interrupted"));
        QCOMPARE(store.find("done")->outcome, std::string("finished"));
        QCOMPARE(store.list()->size(), std::size_t{3});
    }

    void runsAreFoundByManyNames()
    {
        const test::ScratchFolder folder;
        const auto project = test::openProject(folder.path());
        QVERIFY(project);
        RunStore store(*project);
        for (const char* name : {"one", "two", "two", "four", "0002-dpo"}) QVERIFY(store.create(test::fakeSpec(name)));
        QCOMPARE(store.find("1")->number, 1);
        QCOMPARE(store.find("one")->number, 1);
        QCOMPARE(store.find("0003-dpo-two")->number, 3);
        QCOMPARE(store.find("0002")->number, 2);
        // A project may come from a program that let a name be a number: then the number goes before it.
        QCOMPARE(problemOf(execute(*project, "UPDATE runs SET name = '0001' WHERE number = 4")), QString());
        QCOMPARE(store.find("0001")->number, 1);
        QCOMPARE(store.find("0002-dpo")->number, 5);  // and a name before the beginning of an id
        // Whoever meant one of several sees which there are.
        QCOMPARE(codeOf(store.find("two")), QString("run-ambiguous"));
        const QString two = argumentOf(store.find("two"), "matches");
        const auto started = QString::fromStdString(store.find("2")->created);
        QVERIFY2(two.startsWith("2 (0002-dpo-two, started " + started + "), 3 (0003-dpo-two, started "),
                 qPrintable(two));
        QCOMPARE(codeOf(store.find("00")), QString("run-ambiguous"));
        QCOMPARE(codeOf(store.find("")), QString("run-not-found"));
        QCOMPARE(codeOf(store.find("9")), QString("run-not-found"));
        QCOMPARE(codeOf(store.load("9")), QString("run-not-found"));
    }

    // A number means the run that has it: a run of that name could not be found by it.
    void aNumberIsNoName()
    {
        const test::ScratchFolder folder;
        const auto project = test::openProject(folder.path());
        QVERIFY(project);
        RunStore store(*project);
        for (const char* name : {"1", "0001", "77"})
            QCOMPARE(codeOf(store.create(test::fakeSpec(name))), QString("parameter-out-of-range"));
        QVERIFY(store.list()->empty());
        QCOMPARE(store.create(test::fakeSpec("1st"))->number, 1);
        QCOMPARE(codeOf(store.rename("0001-dpo-1st", "2")), QString("parameter-out-of-range"));
    }

    void sourcesInsideTheProjectMoveWithIt()
    {
        const test::ScratchFolder folder;
        {
            const auto project = test::openProject(folder / "p");
            QVERIFY(project);
            RunSpec spec = test::fakeSpec();
            spec.data = folder / "p" / "data" / "pairs.jsonl";
            QVERIFY(RunStore(*project).create(spec));
        }
        std::filesystem::rename(folder / "p", folder / "moved");
        const auto project = test::openProject(folder / "moved");
        QVERIFY(project);
        const auto record = RunStore(*project).find("1");
        QCOMPARE(problemOf(record), QString());
        QCOMPARE(record->spec.data, project->folder() / "data" / "pairs.jsonl");
        QCOMPARE(record->spec.model, std::filesystem::path("/models/small"));
    }

    void damagedRowsAreAnErrorOfTheirRunOnly()
    {
        const test::ScratchFolder folder;
        const auto project = test::openProject(folder.path());
        QVERIFY(project);
        RunStore store(*project);
        for (int i = 0; i < 5; ++i) {
            const auto id = store.create(test::fakeSpec())->id;
            RunLog log;
            store.follow(id, log);
            appendStep(log, 1, 0.7);
            QCOMPARE(problemOf(store.finish(id, log, Finished{1})), QString());
        }
        QCOMPARE(problemOf(execute(*project, "UPDATE metrics SET packed = x'000102' WHERE run = 1;"
                                             "UPDATE metrics SET packed = x'ffff0000000000000000' WHERE run = 2;"
                                             "UPDATE events SET data = '{' WHERE run = 3;"
                                             "UPDATE runs SET spec = 'no json' WHERE number = 4")),
                 QString());
        for (const char* run : {"1", "2", "3"}) {
            const auto log = store.load(run);
            QVERIFY(
                !log &&
                sentence(log.error()).starts_with("The run " + store.find(run)->id + " cannot be read: its stored "));
        }
        QCOMPARE(store.list()->size(), std::size_t{5});
        QVERIFY(store.find("4")->reason.find("settings") != std::string::npos);
        QVERIFY(!store.find("4")->areSettingsReadable && store.find("5")->areSettingsReadable);
        QCOMPARE(problemOf(store.load("5")), QString());
    }

    void packedMetricsAreTenBytesEach()
    {
        const std::vector<Metric> values{{0, 0.1}, {65535, -std::numeric_limits<double>::infinity()}};
        const auto packed = packMetrics(values);
        QCOMPARE(packed.size(), std::size_t{20});
        std::vector<Metric> back;
        QVERIFY(unpackMetrics(packed, 65536, back));
        QCOMPARE(back.size(), std::size_t{2});
        QVERIFY(back[1].name == 65535 && back[0].value == 0.1 && std::isinf(back[1].value));
        QVERIFY(!unpackMetrics(packed, 65535, back));
    }
};

QTEST_GUILESS_MAIN(RunStoreTest)
#include "run_store_test.moc"
