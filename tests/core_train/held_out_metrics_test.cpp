// SPDX-License-Identifier: GPL-3.0-or-later
// The method-independent metrics by hand, and what evaluations compare with.
#include "core/train/engine/readable_engine.h"
#include "core/train/loop/evaluate.h"
#include "support/random_decoder.h"
#include "support/results.h"

#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>

#include <QTest>

#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

TokenSequence tokens(TokenIds ids, std::size_t prompt)
{
    return TokenSequence::afterPrompt(std::move(ids), prompt);
}

std::vector<TokenPair> somePairs()
{
    return {{0, tokens({1, 2, 3, 4}, 2), tokens({1, 2, 5}, 2)},
            {1, tokens({1, 6, 7}, 1), tokens({1, 8, 9, 10, 11}, 1)},
            {2, tokens({3, 3, 3, 12, 2}, 3), tokens({3, 3, 3, 4}, 3)}};
}

std::map<std::string, double> byName(const NamedValues& values)
{
    return {values.begin(), values.end()};
}

Result<> noTick(std::int64_t, std::int64_t)
{
    return {};
}

}  // namespace

class HeldOutMetricsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void areAsDefined()
    {
        // Pair 0 loses by sum and wins by mean, pair 1 ties both ways, pair 2 wins both.
        const HeldOutLogProbs start{{-8, -2, -1}, {-5, -2, -4}, {4, 2, 1}, {2, 2, 2}};
        HeldOutLogProbs now = start;
        now.chosen = {-6, -2, -1};
        now.rejected = {-5, -2, -8};
        const auto values = byName(heldOutMetrics(now, start));
        const auto isNear = [&](const char* key, double expected) {
            return std::abs(values.at(key) - expected) < 1e-12;
        };
        QVERIFY(isNear("heldout/accuracy_sum", 1.5 / 3));
        QVERIFY(isNear("heldout/accuracy_mean", 2.5 / 3));
        QVERIFY(isNear("heldout/margin_mean", ((-1.5 + 2.5) + 0 + (-1 + 4)) / 3));
        QVERIFY(isNear("heldout/nll_chosen", 9.0 / 7));
        QVERIFY(isNear("heldout/drift_chosen", (2.0 / 4) / 3));
        QVERIFY(isNear("heldout/drift_rejected", (-4.0 / 2) / 3));
        const auto odds = [](double x) { return std::log(std::exp(x) / (1 - std::exp(x))); };
        QVERIFY(isNear("heldout/log_odds", (odds(-1.5) - odds(-2.5) + odds(-1) - odds(-4)) / 3));
        QCOMPARE(heldOutDescriptions().size(), values.size());
        for (const auto& description : heldOutDescriptions()) QVERIFY(values.contains(description.key));
    }

    void measuresAgainstTheFirstEvaluation()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        const MethodInfo& dpo = **findMethod("dpo");
        const ParamValues params = defaultsOf(dpo.params());
        const auto pairs = std::make_shared<FixedPairs>(somePairs());
        const Objective objective(dpo, params);
        const Evaluator evaluator(objective, pairs, pairs, 2);
        EvaluationBaselines baselines;
        const auto engine = makeReadableEngine(weights);
        RunningTotals totals;
        totals.add({{"num_tokens", 40.0, StepMetric::Kind::Total}});

        const auto before = byName(*evaluator.run(*engine, totals, baselines, noTick));
        QCOMPARE(before.at("eval_loss"), 0.6931471824645996);
        QCOMPARE(before.at("eval_rewards/margins"), 0.0);
        QCOMPARE(before.at("heldout/drift_chosen"), 0.0);
        QCOMPARE(before.at("heldout/drift_rejected"), 0.0);
        QCOMPARE(before.at("eval_num_tokens"), 40.0);
        {
            const c10::NoGradGuard noGrad;
            weights.parameters().front().second.mul_(1.1);
        }
        const auto after = byName(*evaluator.run(*engine, totals, baselines, noTick));
        QVERIFY(after.at("heldout/drift_chosen") != 0.0);
        QVERIFY(after.at("eval_rewards/margins") != 0.0);
        QVERIFY(!evaluator.run(*engine, totals, baselines,
                               [](auto, auto) -> Result<> { return fail(ErrorCode::Cancelled); }));
    }

    // eval_loss weighs rows, the other eval_* weigh batches (trl-spec 1.8).
    void averagesAsTrl()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float64);
        const MethodInfo& orpo = **findMethod("orpo");
        const ParamValues params = defaultsOf(orpo.params());
        const auto evaluate = [&](std::vector<TokenPair> pairs, std::int64_t batchSize) {
            const Objective objective(orpo, params);
            EvaluationBaselines baselines;
            const Evaluator evaluator(objective, std::make_shared<FixedPairs>(std::move(pairs)), nullptr, batchSize);
            return byName(*evaluator.run(*makeReadableEngine(weights), {}, baselines, noTick));
        };
        const auto pairs = somePairs();
        const auto first = evaluate({pairs[0], pairs[1]}, 2), second = evaluate({pairs[2]}, 2),
                   both = evaluate(pairs, 2);
        QVERIFY(std::abs(both.at("eval_loss") - (2 * first.at("eval_loss") + second.at("eval_loss")) / 3) < 1e-12);
        const char* key = "eval_log_odds_chosen";
        QVERIFY(std::abs(both.at(key) - (first.at(key) + second.at(key)) / 2) < 1e-12);
    }

    // The comparison is the same for every method and precision.
    void heldOutDependsOnWeightsOnly()
    {
        const auto pairs = std::make_shared<FixedPairs>(somePairs());
        const auto copy = std::make_shared<FixedPairs>(somePairs());
        const auto heldOut = [&](const char* id, Precision precision, const std::shared_ptr<FixedPairs>& eval) {
            const DecoderWeights weights = randomDecoder({}, precision);
            const MethodInfo& method = **findMethod(id);
            const ParamValues params = defaultsOf(method.params());
            const Objective objective(method, params);
            EvaluationBaselines baselines;
            const Evaluator evaluator(objective, eval, pairs, 8);
            std::map<std::string, double> values =
                byName(*evaluator.run(*makeReadableEngine(weights), {}, baselines, noTick));
            std::erase_if(values, [](const auto& value) { return !value.first.starts_with("heldout/"); });
            return values;
        };
        const auto expected = heldOut("dpo", Precision::Float32, pairs);
        QCOMPARE(expected.size(), heldOutDescriptions().size());
        QCOMPARE(heldOut("dpo", Precision::Float32, copy), expected);
        QCOMPARE(heldOut("dpo", Precision::BFloat16, pairs), expected);
        QCOMPARE(heldOut("orpo", Precision::Float32, copy), expected);
        QCOMPARE(heldOut("sft", Precision::Float32, pairs), expected);
    }
};

QTEST_GUILESS_MAIN(HeldOutMetricsTest)
#include "held_out_metrics_test.moc"
