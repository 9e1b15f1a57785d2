// SPDX-License-Identifier: GPL-3.0-or-later
// Loss, gradient and metrics of every method on the golden vectors of trl-spec 1.10 and 2.5: fake logits, so that
// only the methods are judged.
#include "core/train/engine/batch.h"
#include "core/train/objectives/objective.h"
#include "support/results.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>
#include <ATen/TensorOperators.h>

#include <QTest>

#include <cmath>
#include <map>
#include <span>
#include <string>
#include <vector>

using namespace preflab;
using preflab::test::codeOf;

namespace {

TokenPair pair(TokenIds prompt, const TokenIds& chosen, const TokenIds& rejected)
{
    TokenPair result;
    for (auto [side, answer] : {std::pair{&result.chosen, &chosen}, std::pair{&result.rejected, &rejected}}) {
        TokenIds ids = prompt;
        ids.insert(ids.end(), answer->begin(), answer->end());
        *side = TokenSequence::afterPrompt(std::move(ids), prompt.size());
    }
    return result;
}

const std::vector<TokenPair>& goldenPairs()
{
    static const std::vector<TokenPair> pairs{pair({1, 2}, {3, 4, 0}, {2, 1}), pair({3}, {1}, {4, 2, 2, 0}),
                                              pair({0, 4, 2}, {2, 3}, {1, 1, 3})};
    return pairs;
}

/// Logits (B, 6, 5): f(row, position, vocabulary entry), rounded to float.
template <class F>
Tensor fakeLogits(std::int64_t rows, F&& f)
{
    Tensor logits = at::empty({rows, 6, 5}, at::kFloat);
    float* out = logits.mutable_data_ptr<float>();
    for (int b = 0; b < rows; ++b)
        for (int t = 0; t < 6; ++t)
            for (int v = 0; v < 5; ++v) *out++ = static_cast<float>(f(b, t, v));
    return logits;
}

Tensor policyLogits(std::int64_t rows)
{
    return fakeLogits(rows, [](int b, int t, int v) { return 2 * std::sin(0.7 * b + 1.3 * t + 2.1 * v + 0.5); });
}

/// What a forward pass with these logits gives.
ForwardOutput forwardOf(const Tensor& logits, const Batch& batch)
{
    const Tensor z = logits.narrow(1, 0, 5);
    const Tensor next = batch.ids.narrow(1, 1, 5);
    const Tensor logSoftmax = z.log_softmax(-1);
    const Tensor position = at::arange(1, 6, at::kLong);
    const Tensor isToken = position.lt(batch.lengths.unsqueeze(1));
    ForwardOutput forward;
    forward.logProbs = logSoftmax.gather(-1, next.unsqueeze(-1)).squeeze(-1);
    forward.tokenMask = isToken.to(at::kFloat);
    forward.completionMask = batch.labels.narrow(1, 1, 5).to(at::kFloat);
    forward.entropy = (logSoftmax.exp() * logSoftmax).sum(-1).neg().detach();
    forward.meanLogit = z.mean(-1).detach();
    forward.isTop1 = z.argmax(-1).eq(next).to(at::kFloat);
    forward.logSquares = (logSoftmax * 2.0).logsumexp(-1).detach();
    return forward;
}

PairTensors referenceSums(const Batch& batch, const Objective& objective)
{
    const Tensor logits =
        fakeLogits(6, [](int b, int t, int v) { return 1.5 * std::cos(0.4 * b + 0.9 * t + 1.7 * v); });
    return objective.answerLogProbs(sequenceSums(forwardOf(logits, batch), batch, objective.answerSums()));
}

struct Computed {
    double loss = 0.0;
    double gradient = 0.0;  ///< norm of the gradient with respect to the logits
    std::map<std::string, double> metrics;
};

Computed compute(const std::string& id, ParamValues params)
{
    const MethodInfo& method = **findMethod(id);
    params.merge(defaultsOf(method.params()));
    const Batch batch = collate(goldenPairs(), method.hasRejected ? BatchSides::Both : BatchSides::ChosenOnly);
    Tensor logits = policyLogits(batch.ids.size(0)).requires_grad_(true);
    // Chosen rows alone are padded to five tokens; the fake logits are for six.
    Batch padded = batch;
    padded.ids = at::constant_pad_nd(batch.ids, {0, 6 - batch.ids.size(1)}, 0);
    padded.labels = at::constant_pad_nd(batch.labels, {0, 6 - batch.labels.size(1)}, 0);
    PairTensors reference;
    const Objective objective(method, params);
    if (method.needsReference) reference = referenceSums(padded, objective);
    GroupCounts group;
    group.add(goldenPairs());
    const SequenceSums policy = sequenceSums(forwardOf(logits, padded), padded, objective.sums());
    const ObjectiveOutput output = objective.evaluate(policy, reference, group);
    output.loss.backward();
    Computed computed{output.loss.item<double>(), logits.grad().norm().item<double>(), {}};
    for (const StepMetric& metric : output.metrics) computed.metrics[metric.key] = metric.value;
    return computed;
}

void compare(const std::map<std::string, double>& actual, const std::map<std::string, double>& expected)
{
    QCOMPARE(actual.size(), expected.size());
    for (const auto& [key, value] : expected) {
        QVERIFY2(actual.contains(key), key.c_str());
        const double found = actual.at(key);
        QVERIFY2(std::abs(found - value) < 1e-6, (key + ": " + std::to_string(found)).c_str());
    }
}

}  // namespace

class MethodGoldenTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void collatesAsTrl()
    {
        const Batch batch = collate(goldenPairs(), BatchSides::Both);
        QCOMPARE(batch.ids.size(0), 6);
        QCOMPARE(batch.ids.size(1), 6);
        QCOMPARE(batch.tokens, 27);
    }

    void dpo()
    {
        const Computed computed = compute("dpo", {{"beta", 0.3}});
        QVERIFY(std::abs(computed.loss - 0.7186952) < 1e-6);
        QVERIFY(std::abs(computed.gradient - 0.1810990) < 1e-6);
        compare(computed.metrics, {{"entropy", 1.0552978},
                                   {"num_tokens", 27},
                                   {"logits/chosen", -0.043015},
                                   {"logits/rejected", -0.0124536},
                                   {"mean_token_accuracy", 0.1666667},
                                   {"rewards/chosen", -0.2655717},
                                   {"rewards/rejected", -0.379553},
                                   {"rewards/accuracies", 0.6666667},
                                   {"rewards/margins", 0.1139813},
                                   {"logps/chosen", -5.3148794},
                                   {"logps/rejected", -5.7131515}});
    }

    // Length-desensitised DPO: tokens beyond the shorter answer's length weigh less (trl-spec 1.10).
    void ldAlpha()
    {
        const Computed none = compute("dpo", {{"beta", 0.3}, {"ld_alpha", 0.0}});
        QVERIFY(std::abs(none.loss - 0.7027792) < 1e-6);
        QVERIFY(std::abs(none.gradient - 0.1455904) < 1e-6);
        const std::pair<const char*, double> expected[] = {{"logps/chosen", -3.9971762},
                                                           {"logps/rejected", -3.2131901},
                                                           {"rewards/chosen", -0.1940818},
                                                           {"rewards/rejected", -0.2742508}};
        for (const auto& [key, value] : expected) QVERIFY2(std::abs(none.metrics.at(key) - value) < 1e-6, key);
        const Computed half = compute("dpo", {{"beta", 0.3}, {"ld_alpha", 0.5}});
        QVERIFY(std::abs(half.loss - 0.7049648) < 1e-6);
        QVERIFY(std::abs(half.gradient - 0.1551356) < 1e-6);
    }

    // WPO: pairs weigh as much as the policy itself would write them (trl-spec 1.10).
    void weighting()
    {
        const Computed weighted = compute("dpo", {{"beta", 0.3}, {"use_weighting", true}});
        QVERIFY(std::abs(weighted.loss - 0.0841726) < 1e-6);
        QVERIFY(std::abs(weighted.gradient - 0.0231673) < 1e-6);
    }

    void orpo()
    {
        const Computed computed = compute("orpo", {{"lambda", 0.1}});
        QVERIFY(std::abs(computed.loss - 2.9263613) < 1e-6);
        QVERIFY(std::abs(computed.gradient - 0.3655710) < 1e-6);
        compare(computed.metrics, {{"nll_loss", 2.7598791},
                                   {"log_odds_ratio", -1.6648227},
                                   {"log_odds_chosen", -1.2822765},
                                   {"rewards/chosen", -0.2682177},
                                   {"rewards/rejected", -0.1697597},
                                   {"rewards/accuracies", 0},
                                   {"rewards/margins", -0.098458},
                                   {"logps/chosen", -2.6821766},
                                   {"logps/rejected", -1.6975971},
                                   {"logits/chosen", 0.0118151},
                                   {"logits/rejected", -0.0074647},
                                   {"num_tokens", 27}});
        const Computed strong = compute("orpo", {{"lambda", 1.0}});
        QVERIFY(std::abs(strong.loss - 4.4247017) < 2e-6);
        QVERIFY(std::abs(strong.gradient - 0.7375873) < 1e-6);
    }

    // SFT on the chosen answers is the value of TRL's loss "sft" for the same rows.
    void sft()
    {
        const Computed computed = compute("sft", {});
        QVERIFY(std::abs(computed.loss - 2.6574397) < 1e-6);
        QVERIFY(std::abs(computed.gradient - 0.4216087) < 1e-6);
        QVERIFY(std::abs(computed.metrics.at("mean_token_accuracy") - 0.1666667) < 1e-6);
        QCOMPARE(computed.metrics.at("num_tokens"), 12.0);  // 5 + 2 + 5 tokens of the chosen sequences
    }

    void describeThemselves()
    {
        for (const MethodInfo* method : methods()) {
            QCOMPARE(*findMethod(method->id), method);
            const ParamValues defaults = defaultsOf(method->params());
            QVERIFY(completeParams({}, method->id, method->params(), method->defaults));
            for (const LossTerm& term : method->terms(defaults)) QVERIFY(term.loss != nullptr);
            const Computed computed = compute(method->id, {});
            QCOMPARE(computed.metrics.size(), method->metrics.size());
            for (const MetricDescription& metric : method->metrics) {
                QVERIFY2(computed.metrics.contains(metric.key), metric.key.c_str());
                QVERIFY(!metric.title.empty() && !metric.help.empty());
            }
        }
        QCOMPARE(codeOf(findMethod("ppo")), "unknown-method");
    }

    void curvesAreWeightedSums()
    {
        const MethodInfo& dpo = **findMethod("dpo");
        const auto atZero = methodCurve(dpo, {{"loss_type", std::string("sigmoid")}, {"beta", 0.5}}, 0.0);
        QVERIFY(std::abs(*atZero - std::log(2.0)) < 1e-15);
        const MethodInfo& orpo = **findMethod("orpo");
        QVERIFY(std::abs(*methodCurve(orpo, {{"lambda", 0.25}}, 0.0) - 0.25 * std::log(2.0)) < 1e-15);
        QCOMPARE(codeOf(methodCurve(**findMethod("sft"), {}, 0.0)), "wrong-use");
    }

    // trl-spec 7.4: every label token of a step weighs the same; DPO and ORPO average micro-batches.
    void divisors()
    {
        const std::span<const TokenPair> pairs = goldenPairs();
        GroupCounts group;
        group.add(pairs.first(1));
        group.add(pairs.last(2));
        const auto lossOf = [&](const char* id, const GroupCounts& counts) {
            const MethodInfo& method = **findMethod(id);
            const ParamValues params = defaultsOf(method.params());
            const Objective objective(method, params);
            const Batch batch = collate(pairs, BatchSides::Both);
            const ForwardOutput forward = forwardOf(policyLogits(6), batch);
            const SequenceSums sums = sequenceSums(forward, batch, objective.sums());
            return objective.evaluate(sums, {}, counts).loss.item<double>();
        };
        const GroupCounts one{1, 1}, none{1, 0};
        QVERIFY(std::abs(lossOf("orpo", one) / lossOf("orpo", group) - 2.0) < 1e-6);
        QVERIFY(std::abs(lossOf("sft", one) / lossOf("sft", group) - 6.0) < 1e-6);
        QCOMPARE(lossOf("sft", none), lossOf("sft", one));
    }
};

QTEST_GUILESS_MAIN(MethodGoldenTest)
#include "method_golden_test.moc"
