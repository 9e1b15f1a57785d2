// SPDX-License-Identifier: GPL-3.0-or-later
// A run in few numbers, its curves as a table, and the demo's plan.
#include "core/base/resources.h"
#include "core/runs/curves_csv.h"
#include "core/runs/demo_plan.h"
#include "core/runs/run_summary.h"
#include "core/text/recipe.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <limits>

using namespace preflab;
using test::codeOf;
using test::problemOf;

namespace {

void append(RunLog& log, std::int64_t step, const std::vector<std::pair<std::string, double>>& values)
{
    MetricRow row{step, 0.25 * static_cast<double>(step), {}};
    for (const auto& [name, value] : values) row.values.push_back({log.nameOf(name), value});
    log.append(std::move(row));
}

}  // namespace

class RunSummaryTest : public QObject {
    Q_OBJECT

private slots:
    // What was measured before training only says nothing of training, however the run ended.
    void oneMeasurementHasNoAfter()
    {
        RunLog log;
        log.setAutoCommit();
        append(log, 0, {{"heldout/accuracy_mean", 0.9}});
        append(log, 3, {{"loss", 0.2}});
        const std::vector<BeforeAfter> rows = heldOutBeforeAfter(log);
        QCOMPARE(rows.front().before, 0.9);
        QVERIFY(!rows.front().after);
        append(log, 4, {{"heldout/accuracy_mean", std::numeric_limits<double>::quiet_NaN()}});
        QVERIFY(std::isnan(heldOutBeforeAfter(log).front().after.value_or(0.0)));
    }

    // Held-out pairs have measures of their own, and other rows only the loss.
    void theLossIsWhatIsMeasuredOfRowsThatAreNoPairs()
    {
        RunLog log;
        log.setAutoCommit();
        append(log, 0, {{"eval_loss", 2.0}});
        append(log, 3, {{"eval_loss", 1.0}});
        QCOMPARE(heldOutBeforeAfter(log).size(), 1U);
        QCOMPARE(heldOutBeforeAfter(log).front().metric, std::string("eval_loss"));
        append(log, 4, {{"heldout/accuracy_mean", 0.5}});
        QCOMPARE(heldOutBeforeAfter(log).size(), 1U);
        QCOMPARE(heldOutBeforeAfter(log).front().metric, std::string("heldout/accuracy_mean"));
    }

    void knowsFirstLastAndExtremes()
    {
        RunLog log;
        log.setAutoCommit();
        append(log, 0, {{"heldout/nll_chosen", 2.0}});
        append(log, 1, {{"loss", 0.7}});
        append(log, 2, {{"loss", 0.2}});
        append(log, 3, {{"loss", std::numeric_limits<double>::quiet_NaN()}});
        append(log, 4, {{"loss", 0.9}});
        append(log, 4, {{"heldout/nll_chosen", 1.5}});
        log.append(RunEvent{RunEvent::Kind::Checkpoint, "", 2, "checkpoint-2", {}});
        log.append(RunEvent{RunEvent::Kind::Checkpoint, "", 4, "model", {}});
        log.append(RunEvent{RunEvent::Kind::Checkpoint, "", 4, "../../elsewhere", {}});
        const RunSummary summary = summarize(log);
        QCOMPARE(summary.lastStep, 4);
        QCOMPARE(summary.seconds, 1.0);
        QCOMPARE(summary.metrics.size(), 2U);
        const MetricSummary* loss = summary.find("loss");
        QVERIFY(loss);
        QCOMPARE(loss->first, 0.7);
        QCOMPARE(loss->last, 0.9);
        QCOMPARE(loss->lowest, 0.2);
        QCOMPARE(loss->lowestStep, 2);
        QCOMPARE(loss->highest, 0.9);
        QCOMPARE(loss->highestStep, 4);
        QCOMPARE(summary.find("heldout/nll_chosen")->firstStep, 0);
        QVERIFY(!summary.find("rewards/margins"));
        QCOMPARE(summary.sparkline.size(), 3U);
        QCOMPARE(summary.checkpoints, (std::vector<std::string>{"checkpoint-2", "model"}));
        QCOMPARE(heldOutBeforeAfter(log).front().after.value_or(0.0), 1.5);
    }

    void anEmptyLogIsNoTrouble()
    {
        RunLog log;
        log.setAutoCommit();
        const RunSummary summary = summarize(log);
        QVERIFY(summary.metrics.empty() && summary.sparkline.empty() && summary.checkpoints.empty());
        QCOMPARE(summary.lastStep, 0);
    }

    void aSparklineKeepsShapeAndEnd()
    {
        RunLog log;
        log.setAutoCommit();
        for (std::int64_t step = 1; step <= 1000; ++step) append(log, step, {{"loss", static_cast<double>(step)}});
        const auto line = summarize(log).sparkline;
        QCOMPARE(line.size(), kSparklinePoints);
        QCOMPARE(line.back().first, 1000);
        QVERIFY(std::is_sorted(line.begin(), line.end()));
        QVERIFY(line.front().second > 1.0 && line.back().second < 1000.0);
    }

    void curvesAreOneRowAStep()
    {
        RunLog log;
        log.setAutoCommit();
        append(log, 1, {{"loss", 0.1}});
        append(log, 2, {{"loss", 1.0 / 3.0}});
        append(log, 2, {{"eval_loss", 2.0}});
        QCOMPARE(curvesCsv(log), std::string("step,seconds,loss,eval_loss\n1,0.25,0.1,\n2,0.5,0.3333333333333333,2\n"));
    }

    void theDemoIsAMatchedPair()
    {
        const auto plan = readDemoPlan(std::filesystem::path(PREFLAB_SOURCE_FOLDER) / "resources/demo");
        QCOMPARE(problemOf(plan), QString());
        QCOMPARE(plan->size(), 2U);
        QCOMPARE(plan->front().method, std::string("dpo"));
        QCOMPARE(plan->back().method, std::string("orpo"));
        for (const RunSpec& spec : *plan) {
            QCOMPARE(spec.usableBy, matchedRecipes());
            QCOMPARE(spec.usableBy, (std::vector<std::string>{"dpo", "orpo"}));
            QVERIFY(std::filesystem::exists(spec.data) && std::filesystem::exists(spec.model));
            QVERIFY(!spec.samplePrompts.empty());
        }
    }

    void aBrokenPlanNamesTheKey()
    {
        const test::ScratchFolder folder;
        test::writeFile(folder / "demo.json", R"({"model": "m", "data": "d", "samplePrompts": ["a"], "runs": []})");
        const auto plan = readDemoPlan(folder.path());
        QCOMPARE(codeOf(plan), QString("config-invalid"));
        QCOMPARE(plan.error().arguments.at("key"), std::string("runs"));
    }

    void resourcesLieBesideTheBuild()
    {
        const std::filesystem::path source(PREFLAB_SOURCE_FOLDER);
        QCOMPARE(*resourceFolder(source / "build/preset/preflab"), source / "resources");
        QCOMPARE(codeOf(resourceFolder("/nowhere/bin/preflab")), QString("file-not-found"));
        QVERIFY(std::filesystem::exists(executablePath()));
    }
};

QTEST_GUILESS_MAIN(RunSummaryTest)
#include "run_summary_test.moc"
