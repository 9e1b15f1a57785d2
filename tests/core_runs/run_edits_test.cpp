// SPDX-License-Identifier: GPL-3.0-or-later
// What a user changes about stored runs, and how fast a long list of them reads.
#include "core/runs/run_store.h"
#include "support/fake_backend.h"
#include "support/fake_curves.h"
#include "support/results.h"
#include "support/run_project.h"

#include <QtTest>

using namespace preflab;
using test::codeOf;
using test::problemOf;

namespace {

/// A finished run with curves of `steps` steps and an evaluation every `evalEvery`.
RunRecord storedRun(RunStore& store, const std::string& name, std::int64_t steps, std::int64_t evalEvery)
{
    const RunSpec spec = test::fakeSpec(name, steps);
    const RunRecord record = *store.create(spec);
    RunLog log;
    const auto append = [&log](std::int64_t step, const test::FakeValues& values) {
        MetricRow row{step, 0.5 * static_cast<double>(step), {}};
        for (const auto& [metric, value] : values) row.values.push_back({log.nameOf(metric), value});
        log.append(std::move(row));
    };
    append(0, test::fakeEvaluation(spec, 0, steps));
    for (std::int64_t step = 1; step <= steps; ++step) {
        append(step, test::fakeStep(spec, step, steps));
        if (step % evalEvery == 0) append(step, test::fakeEvaluation(spec, step, steps));
    }
    log.append(RunEvent{RunEvent::Kind::Checkpoint, "", steps, "model", {}});
    (void)store.finish(record.id, log, Finished{steps});
    return record;
}

}  // namespace

class RunEditsTest : public QObject {
    Q_OBJECT

private slots:
    void namesAndNotesAreKept()
    {
        const test::ScratchFolder folder;
        std::string id;
        {
            const auto project = test::openProject(folder.path());
            QVERIFY(project);
            RunStore store(*project);
            id = store.create(test::fakeSpec())->id;
            QCOMPARE(problemOf(store.rename(id, "Größer, \"besser\"")), QString());
            QCOMPARE(problemOf(store.setNote(id, "Beta too large?\nTry 0.05.")), QString());
            QCOMPARE(codeOf(store.rename(id, " \n")), QString("parameter-out-of-range"));
            QCOMPARE(codeOf(store.rename("0009-nothing", "x")), QString("run-not-found"));
            QCOMPARE(codeOf(store.setNote("0009-nothing", "x")), QString("run-not-found"));
        }
        const auto project = test::openProject(folder.path());
        const auto record = RunStore(*project).find(id);
        QCOMPARE(problemOf(record), QString());
        QCOMPARE(record->name, std::string("Größer, \"besser\""));
        QCOMPARE(record->note, std::string("Beta too large?\nTry 0.05."));
        QCOMPARE(RunStore(*project).find("Größer, \"besser\"")->id, id);
    }

    void aDeletedRunComesBackWhole()
    {
        const test::ScratchFolder folder;
        const auto project = test::openProject(folder.path());
        QVERIFY(project);
        RunStore store(*project);
        const RunRecord first = storedRun(store, "first", 12, 4);
        const RunRecord second = storedRun(store, "second", 3, 1);
        QCOMPARE(problemOf(store.remove(first.id)), QString());
        QCOMPARE(store.list()->size(), 1U);
        QCOMPARE(store.list()->front().id, second.id);
        QCOMPARE(codeOf(store.find("1")), QString("run-not-found"));
        QVERIFY(std::filesystem::is_directory(project->runFolder(first.id)));
        // A number stays taken.
        QCOMPARE(store.create(test::fakeSpec())->number, 3);
        QCOMPARE(problemOf(store.restore(first.id)), QString());
        QCOMPARE(store.list()->size(), 3U);
        QCOMPARE((*store.load(first.id))->series("loss").size(), 12U);
        QCOMPARE(codeOf(store.restore("0009-nothing")), QString("run-not-found"));
    }

    void whatWaitsOrRunsIsNotDeleted()
    {
        const test::ScratchFolder folder;
        const auto project = test::openProject(folder.path());
        RunStore store(*project);
        const std::string id = store.create(test::fakeSpec())->id;
        QCOMPARE(codeOf(store.remove(id)), QString("run-is-active"));
        QVERIFY(store.begin(id));
        QCOMPARE(codeOf(store.remove(id)), QString("run-is-active"));
        RunLog log;
        QVERIFY(store.finish(id, log, Cancelled{}));
        QCOMPARE(problemOf(store.remove(id)), QString());
        QCOMPARE(codeOf(store.remove("0009-nothing")), QString("run-not-found"));
    }

    void journalPositionComesFromTheLog()
    {
        const test::ScratchFolder folder;
        const auto project = test::openProject(folder.path());
        RunStore store(*project);
        const std::string id = store.create(test::fakeSpec())->id;
        QCOMPARE(store.find(id)->journalPosition, 0);
        RunLog log;
        QCOMPARE(store.find(id)->heldOutHash, std::string());
        log.append(RunEvent{RunEvent::Kind::Note, "", 0, "ready", {}, RunSources{"abc", "", 1545}});
        log.append(RunEvent{RunEvent::Kind::Note, "", 0, "held", {}, RunSources{"", "model", 0, "def", 12}});
        QVERIFY(store.finish(id, log, Finished{}));
        QCOMPARE(store.find(id)->heldOutHash, std::string("def"));
        QCOMPARE(store.find(id)->heldOutPosition, 12);
        QCOMPARE(store.find(id)->journalPosition, 1545);
        // What a later event does not know stays as it is.
        QCOMPARE(store.find(id)->dataHash, std::string("abc"));
        QCOMPARE(store.find(id)->modelHash, std::string("model"));
    }

    void aSummaryIsThatOfTheWholeLog()
    {
        const test::ScratchFolder folder;
        const auto project = test::openProject(folder.path());
        RunStore store(*project);
        const RunRecord record = storedRun(store, "one", 100, 20);
        const auto summary = store.summary(record.id);
        QCOMPARE(problemOf(summary), QString());
        const auto log = *store.load(record.id);
        const RunSummary whole = summarize(*log);
        QCOMPARE(summary->metrics.size(), whole.metrics.size());
        QCOMPARE(summary->sparkline, whole.sparkline);
        QCOMPARE(summary->checkpoints, (std::vector<std::string>{"model"}));
        QCOMPARE(summary->lastStep, 100);
        QCOMPARE(summary->seconds, 50.0);
        QCOMPARE(summary->find("loss")->first, log->series("loss").front().second);
        QCOMPARE(codeOf(store.summary("0009-nothing")), QString("run-not-found"));
    }

    // A hundred runs of five hundred steps, as the list of runs shows them.
    void aLongListHasASummaryOfEach()
    {
        const test::ScratchFolder folder;
        const auto project = test::openProject(folder.path());
        RunStore store(*project);
        for (int i = 0; i < 100; ++i) storedRun(store, "run " + std::to_string(i), 500, 50);
        const auto records = store.list();
        QCOMPARE(records->size(), 100U);
        for (const RunRecord& record : *records) QCOMPARE(store.summary(record.id)->sparkline.size(), kSparklinePoints);
    }
};

QTEST_GUILESS_MAIN(RunEditsTest)
#include "run_edits_test.moc"
