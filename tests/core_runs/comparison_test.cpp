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

/// A measured run that noted these counts when it began.
ComparedRun counted(const std::string& method, std::int64_t number, const Json& counts)
{
    ComparedRun run = described(method, 1);
    run.record.number = number;
    auto log = std::make_shared<RunLog>();
    log->setAutoCommit();
    logEvent(*log, RunEvent::Kind::Note, "Trains on 4 pairs.", counts);
    logStep(*log, 0, {{"heldout/accuracy_mean", 0.9}});
    logStep(*log, 40, {{"heldout/accuracy_mean", 0.9}});
    run.log = log;
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
        // A share that another seed drew has other pairs, and so has one of other data.
        ComparedRun drawn = described("orpo", 2);
        drawn.record.spec.params["seed"] = std::int64_t{7};
        ComparedRun elsewhere = described("orpo", 2);
        elsewhere.record.dataHash = "other";
        for (const ComparedRun& run : {drawn, elsewhere})
            for (const ComparedMetric& metric : compareRuns({described("dpo", 1), run}).heldOut) QVERIFY(!metric.best);
        // A file of its own is the same whatever the seed.
        ComparedRun first = described("dpo", 1);
        for (ComparedRun* run : {&first, &drawn}) run->record.spec.evalData = "held.jsonl";
        for (const ComparedMetric& metric : compareRuns({first, drawn}).heldOut) QVERIFY(metric.best.has_value());
    }

    void whoTrainedOnHeldOutPairsIsNamed()
    {
        const ComparedRun clean = counted("dpo", 1, {{kHeldOutTrainedOn, 0U}});
        const ComparedRun doubled = counted("orpo", 2, {{kHeldOutTrainedOn, 2U}});
        QCOMPARE(heldOutText({clean}), std::string("The run was not trained on what it is measured on."));
        QCOMPARE(heldOutText({clean, clean}), std::string("No run was trained on what it is measured on."));
        QCOMPARE(heldOutUse({clean, doubled}).trained, (std::vector<std::size_t>{1}));
        QVERIFY(heldOutUse({clean, doubled}).unknown.empty());
        QCOMPARE(
            heldOutText({clean, doubled}),
            std::string("Run 2 (0002-orpo-courtesy) was trained on some of what it is measured on, so its held-out "
                        "figures do not tell learning from memorising."));
        QVERIFY(heldOutText({doubled, doubled}).find("so their held-out figures do not tell") != std::string::npos);
        // Without figures there is nothing to doubt.
        ComparedRun waiting = doubled;
        waiting.log = nullptr;
        QVERIFY(heldOutUse({clean, waiting}).trained.empty());
    }

    // Each run has looked at its own held-out pairs, which is all that its figures are about.
    void heldOutPairsOfOtherRunsDoNotMatter()
    {
        ComparedRun first = counted("dpo", 1, {{kHeldOutTrainedOn, 0U}});
        ComparedRun second = counted("dpo", 2, {{kHeldOutTrainedOn, 0U}});
        for (ComparedRun* run : {&first, &second}) {
            run->record.spec.evalData = "held.jsonl";
            run->record.heldOutHash = "h1";
        }
        // On other data, with the same held-out pairs.
        second.record.dataHash = "other";
        QCOMPARE(heldOutText({first, second}), std::string("No run was trained on what it is measured on."));
        // On the same data, with a held-out file that has some of them.
        ComparedRun third = counted("dpo", 3, {{kHeldOutTrainedOn, 2U}});
        third.record.spec.evalData = "mixed.jsonl";
        third.record.heldOutHash = "h2";
        QCOMPARE(heldOutUse({first, third}).trained, (std::vector<std::size_t>{1}));
        // Shares of one file.
        second = counted("orpo", 2, {{kHeldOutTrainedOn, 0U}});
        second.record.spec.params["eval_fraction"] = 0.3;
        QCOMPARE(heldOutText({first, second}), std::string("No run was trained on what it is measured on."));
    }

    // They did not look at what is trained on, and what they counted instead is not believed.
    void olderRunsAreNotSaidToBeClean()
    {
        ComparedRun older = counted("dpo", 1, {{"held_out_in_training", 0U}});
        QVERIFY(heldOutUse({older}).trained.empty());
        QCOMPARE(heldOutText({older, counted("dpo", 2, {{kHeldOutTrainedOn, 0U}})}),
                 std::string("Whether run 1 (0001-dpo-courtesy) was trained on some of what it is measured on was not "
                             "looked at."));
        older.record.spec.evalData = "copy.jsonl";
        older.record.heldOutHash = older.record.dataHash;
        QCOMPARE(heldOutUse({older}).trained, (std::vector<std::size_t>{0}));
    }

    // Of rows that are no pairs the loss is compared; nothing else is measured.
    void heldOutTextsAreComparedByTheirLoss()
    {
        const auto measured = [](double loss) {
            ComparedRun run = described("dpo", 1);
            auto log = std::make_shared<RunLog>();
            log->setAutoCommit();
            logStep(*log, 0, {{"eval_loss", 2.0}, {"eval_mean_token_accuracy", 0.1}});
            logStep(*log, 40, {{"eval_loss", loss}, {"eval_mean_token_accuracy", 0.2}});
            run.log = log;
            return run;
        };
        const Comparison comparison = compareRuns({measured(1.0), measured(1.5)});
        QCOMPARE(comparison.heldOut.size(), 1U);
        QCOMPARE(comparison.heldOut.front().metric.key, std::string("eval_loss"));
        QCOMPARE(comparison.heldOut.front().values[1]->after.value_or(0.0), 1.5);
        for (const ComparedMetric& metric : compareRuns({described("dpo", 1)}).heldOut)
            QVERIFY(metric.metric.key.starts_with("heldout/"));
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
