// SPDX-License-Identifier: GPL-3.0-or-later
// Runs side by side: what is shared, what differs, who is better, and when the comparison is not fair.
#include "core/runs/comparison.h"
#include "core/runs/held_out_use.h"
#include "core/runs/prepare.h"
#include "support/fake_backend.h"
#include "support/made_up_runs.h"

#include <QtTest>

#include <functional>

using namespace preflab;
using namespace preflab::test;

namespace {

ComparedRun described(const std::string& method, unsigned seed)
{
    ComparedRun run = madeUpRun(method, 40, 4, 1.0, seed);
    run.method.metrics = madeUpHeldOutMetrics();
    run.record.modelHash = "77aa";
    return run;
}

std::vector<std::string> keysOf(const std::vector<ComparedSetting>& settings)
{
    std::vector<std::string> keys;
    for (const ComparedSetting& setting : settings) keys.push_back(setting.key);
    return keys;
}

bool has(const std::vector<std::string>& list, const std::string& word)
{
    return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

class ComparisonTest : public QObject {
    Q_OBJECT

private slots:
    void aMatchedPairDiffersOnPurposeOnly()
    {
        const Comparison comparison = compareRuns({described("dpo", 1), described("orpo", 2)});
        QCOMPARE(comparison.unmatched, std::vector<std::string>());
        QVERIFY(comparison.isMatched());
        QCOMPARE(keysOf(comparison.differing), (std::vector<std::string>{"beta", "lambda", "learning_rate"}));
        const ComparedSetting& beta = comparison.differing.front();
        QCOMPARE(beta.title, std::string("Beta"));
        QVERIFY(beta.values[0].has_value() && !beta.values[1].has_value());
        QVERIFY(has(keysOf(comparison.shared), "seed"));
    }

    void aDefaultThatIsGivenIsNoDifference()
    {
        ComparedRun other = described("orpo", 2);
        for (const ParamSpec& spec : trainingParams()) other.record.spec.params.emplace(spec.key, spec.defaultValue);
        const Comparison comparison = compareRuns({described("dpo", 1), other});
        QVERIFY(comparison.isMatched());
        QCOMPARE(keysOf(comparison.differing), (std::vector<std::string>{"beta", "lambda", "learning_rate"}));
    }

    void everythingUnfairIsNamed_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("index");
        int index = 0;
        for (const char* name :
             {"starting model", "training data", "training data", "held-out data", "rows allowed", "number of steps",
              "number of steps", "step of the last measurement", "step of the last measurement", "batch size",
              "batch size", "seed", "row order", "maximum length", "reading of the data"})
            QTest::addRow("%d %s", index, name) << QString(name) << index, ++index;
    }
    void everythingUnfairIsNamed()
    {
        QFETCH(QString, name);
        QFETCH(int, index);
        ComparedRun other = described("orpo", 2);
        ParamValues& params = other.record.spec.params;
        const std::vector<std::function<void()>> changes{
            [&] { other.record.modelHash = "other"; },
            [&] { other.record.dataHash = "other"; },
            [&] { other.record.journalPosition = 3; },
            [&] { params["eval_fraction"] = 0.2; },
            [&] { other.record.spec.usableBy.clear(); },
            [&] { other.record.steps = 41; },
            [&] {
                other.record.outcome = "cancelled";  // its learning rate fell as that of a longer run
                params["max_steps"] = std::int64_t{80};
            },
            [&] { other.log = madeUpLog("orpo", 40, 3, 1.0, 2); },  // the last one after 39 steps
            [&] { other.log = madeUpLog("orpo", 40, 0, 1.0, 2); },
            [&] { params["per_device_train_batch_size"] = std::int64_t{4}; },
            [&] { params["gradient_accumulation_steps"] = std::int64_t{2}; },
            [&] { params["seed"] = std::int64_t{7}; },
            [&] { params["shuffle"] = false; },
            [&] { params["max_length"] = std::int64_t{64}; },
            [&] { params["split"] = std::string("trl"); },
        };
        changes.at(static_cast<std::size_t>(index))();
        const Comparison comparison = compareRuns({described("dpo", 1), other});
        QCOMPARE(comparison.unmatched, (std::vector<std::string>{name.toStdString()}));
        QVERIFY(!comparison.isMatched());
    }

    void sourcesWithoutHashesGoByTheirPaths()
    {
        ComparedRun first = described("dpo", 1);
        ComparedRun second = described("orpo", 2);
        second.record.spec.model = "elsewhere/small-talker";  // a copy
        QVERIFY(compareRuns({first, second}).isMatched());
        first.record.modelHash.clear();
        QCOMPARE(compareRuns({first, second}).unmatched, (std::vector<std::string>{"starting model"}));
    }

    void heldOutFilesGoByTheirContents()
    {
        ComparedRun first = described("dpo", 1);
        ComparedRun second = described("orpo", 2);
        for (ComparedRun* run : {&first, &second}) {
            run->record.spec.evalData = "held.jsonl";
            run->record.heldOutHash = "h1";
        }
        second.record.spec.evalData = "copy/of/held.jsonl";
        QVERIFY(compareRuns({first, second}).isMatched());
        const std::vector<std::string> heldOut{"held-out data"};
        second.record.heldOutPosition = 7;
        QCOMPARE(compareRuns({first, second}).unmatched, heldOut);
        second.record.heldOutPosition = 0;
        second.record.spec.evalData = "held.jsonl";
        second.record.heldOutHash = "h2";  // the file was exchanged between the runs
        QCOMPARE(compareRuns({first, second}).unmatched, heldOut);
        second.record.heldOutHash.clear();  // stored before contents were recorded
        QVERIFY(compareRuns({first, second}).isMatched());
    }

    void whatTheDataWasKnownAsIsNoSetting()
    {
        const ComparedRun first = described("dpo", 1);
        ComparedRun second = described("dpo", 1);
        second.record.spec.dataHash = "1f0c";
        const Comparison comparison = compareRuns({first, second});
        QVERIFY(comparison.isMatched() && comparison.differing.empty());
    }

    void saysWhoIsBetterAtWhat()
    {
        const Comparison comparison = compareRuns({described("dpo", 1), described("orpo", 2)});
        QCOMPARE(comparison.heldOut.size(), 7U);
        for (const ComparedMetric& metric : comparison.heldOut) {
            QVERIFY(metric.values[0] && metric.values[1]);
            const bool isFirstHigher = metric.values[0]->after > metric.values[1]->after;
            QVERIFY(metric.best.has_value());
            QCOMPARE(*metric.best, isFirstHigher == metric.metric.isHigherBetter ? 0U : 1U);
        }
        // Equal ends have no winner, and neither has a run alone or a metric that nobody describes.
        for (const ComparedMetric& metric : compareRuns({described("dpo", 1), described("dpo", 1)}).heldOut)
            QVERIFY(!metric.best);
        ComparedRun bare = described("dpo", 1);
        ComparedRun bare2 = described("dpo", 2);
        bare.method.metrics.clear();
        bare2.method.metrics.clear();
        for (const ComparedMetric& metric : compareRuns({bare, bare2}).heldOut) QVERIFY(!metric.best);
    }

    void figuresOnDifferentPairsHaveNoBest()
    {
        ComparedRun other = described("orpo", 2);
        other.record.spec.params["eval_fraction"] = 0.2;
        for (const ComparedMetric& metric : compareRuns({described("dpo", 1), other}).heldOut) QVERIFY(!metric.best);
    }

    void whoTrainedOnHeldOutPairsIsNamed()
    {
        const ComparedRun first = described("dpo", 1);
        ComparedRun second = described("orpo", 2);
        second.record.number = 2;
        const auto saw = [&] { return heldOutUse({first, second}).trained; };
        const std::vector<std::size_t> nobody;
        QCOMPARE(saw(), nobody);
        QCOMPARE(heldOutText({first, second}), std::string("Pairs that no run was trained on."));
        // Another share of the same file: each was trained on pairs that the other held out.
        second.record.spec.params["seed"] = std::int64_t{7};
        QCOMPARE(saw(), (std::vector<std::size_t>{0, 1}));
        // Of another file nothing is known.
        second.record.dataHash = "other";
        QCOMPARE(saw(), nobody);
        QCOMPARE(heldOutUse({first, second}).unknown, (std::vector<std::size_t>{0, 1}));
        QCOMPARE(heldOutText({first, second}),
                 std::string("Whether runs 0 (0001-dpo-courtesy), 2 (0002-orpo-courtesy) were trained on some of the "
                             "pairs that are held out here was not looked at."));
        // The whole file, without a share: only the second has seen what the first holds out.
        second.record.dataHash = first.record.dataHash;
        second.record.spec.evalData = "held.jsonl";
        second.record.heldOutHash = "h1";
        QCOMPARE(saw(), (std::vector<std::size_t>{1}));
        QVERIFY(
            heldOutText({first, second}).starts_with("Run 2 (0002-orpo-courtesy) was trained on some of the pairs"));
        // The held-out file is the other one's training data, under another name.
        second.record.heldOutHash = first.record.dataHash;
        QCOMPARE(saw(), (std::vector<std::size_t>{0, 1}));
        second.log = nullptr;
        QCOMPARE(saw(), (std::vector<std::size_t>{1}));
    }

    void aLargerShareHoldsOutMore()
    {
        const ComparedRun first = described("dpo", 1);
        ComparedRun second = described("orpo", 2);
        second.record.spec.params["eval_fraction"] = 0.3;  // of the same draw: all that the first holds out, and more
        QCOMPARE(heldOutUse({first, second}).trained, (std::vector<std::size_t>{0}));
        QVERIFY(heldOutUse({first, second}).unknown.empty());
    }

    void rowsThatComeTwiceAreTrainedOn()
    {
        const auto withCount = [](const Json& counts) {
            ComparedRun run = described("dpo", 1);
            auto log = std::make_shared<RunLog>();
            log->setAutoCommit();
            logEvent(*log, RunEvent::Kind::Note, "Trains on 4 pairs.", counts);
            logStep(*log, 0, {{"heldout/accuracy_mean", 0.9}});
            logStep(*log, 40, {{"heldout/accuracy_mean", 0.9}});
            run.log = log;
            return run;
        };
        const ComparedRun doubled = withCount({{"pairs", 4U}, {kHeldOutInTraining, 2U}});
        QCOMPARE(heldOutUse({doubled}).trained, (std::vector<std::size_t>{0}));
        const ComparedRun older = withCount({{"pairs", 4U}});
        QVERIFY(heldOutUse({older}).trained.empty());
        QCOMPARE(heldOutUse({older}).unknown, (std::vector<std::size_t>{0}));
        QCOMPARE(heldOutText({withCount({{"pairs", 4U}, {kHeldOutInTraining, 0U}})}),
                 std::string("Pairs that no run was trained on."));
    }

    void runsThatWereNotMeasuredAfterTrainingAreNotJudged()
    {
        ComparedRun first = described("dpo", 1);
        ComparedRun second = described("orpo", 2);
        for (ComparedRun* run : {&first, &second}) {
            auto log = std::make_shared<RunLog>();
            log->setAutoCommit();
            logStep(*log, 0, {{"heldout/accuracy_mean", run == &first ? 0.9 : 0.8}});
            logStep(*log, 40, {{"loss", 0.5}});
            run->log = log;
            run->record.outcome = "failed";
        }
        const Comparison comparison = compareRuns({first, second});
        QVERIFY(!comparison.isMatched());
        QCOMPARE(comparison.unmatched, std::vector<std::string>());
        QCOMPARE(comparison.unjudged.size(), 2U);
        QVERIFY(!comparison.heldOut.front().best);
        QCOMPARE(unjudgedText(comparison.unjudged[1], {first, second}),
                 std::string("Run 0 (0002-orpo-courtesy) was not measured after training, so nothing is known of what "
                             "it learned."));
        // Nor is one judged that ended before it could measure anything, or the other one beside it.
        first.log = std::make_shared<RunLog>();
        QVERIFY(unjudgedRuns({first, described("orpo", 2)}).size() == 1U);
        for (const ComparedMetric& metric : compareRuns({second, described("dpo", 1)}).heldOut)
            QVERIFY(!metric.best || !metric.values[0]);
    }

    void unreadableSettingsMatchNothing()
    {
        ComparedRun first = described("dpo", 1);
        ComparedRun second = described("dpo", 1);
        second.record.spec = RunSpec();
        second.record.areSettingsReadable = false;
        QVERIFY(completedParams(second).empty());
        for (const auto& runs : {std::vector{first, second}, std::vector{second, second}}) {
            const Comparison comparison = compareRuns(runs);
            QVERIFY(!comparison.isMatched() && comparison.unmatched.empty());
            QVERIFY(comparison.unjudged.front().reason == Unjudged::Reason::SettingsUnreadable);
            QVERIFY(unjudgedText(comparison.unjudged.front(), runs).find("cannot be read") != std::string::npos);
        }
    }

    void oneRunOrNoneIsNoTrouble()
    {
        QVERIFY(unmatchedConditions({}).empty());
        QVERIFY(compareRuns({described("dpo", 1)}).isMatched());
        QVERIFY(compareRuns({}).heldOut.empty());
        ComparedRun withoutLog = described("dpo", 1);
        withoutLog.log = nullptr;
        QVERIFY(compareRuns({withoutLog, described("orpo", 2)}).heldOut.front().values[0] == std::nullopt);
    }

    void anUnknownMethodStillHasAName()
    {
        const FakeBackend backend;
        QCOMPARE(methodOrUnknown(backend, "orpo").title, std::string("ORPO"));
        QCOMPARE(methodOrUnknown(backend, "kto").title, std::string("kto"));
        QVERIFY(methodOrUnknown(backend, "kto").metrics.empty());
    }
};

QTEST_GUILESS_MAIN(ComparisonTest)
#include "comparison_test.moc"
