// SPDX-License-Identifier: GPL-3.0-or-later
// The step contract: sums over tokens in, derivatives by those sums out, whatever lies behind.
#include "core/train/engine/batch.h"
#include "core/train/engine/readable_engine.h"
#include "core/train/objectives/objective.h"
#include "support/label_sums.h"
#include "support/loop_run.h"
#include "support/naive_decoder.h"

#include <ATen/ops/sort.h>
#include <ATen/ops/tensor.h>
#include <ATen/Parallel.h>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

/// Pairs of several lengths; those at odd places have identical sides.
std::vector<TokenPair> mixedPairs()
{
    const auto pair = [](std::uint32_t row, std::size_t prompt, const TokenIds& chosen, const TokenIds& rejected) {
        return TokenPair{row, TokenSequence::afterPrompt(chosen, prompt), TokenSequence::afterPrompt(rejected, prompt)};
    };
    return {pair(0, 2, {1, 2, 3, 4, 5}, {1, 2, 6}), pair(1, 1, {1, 7, 8, 9}, {1, 7, 8, 9}),
            pair(2, 3, {3, 4, 5, 6}, {3, 4, 5, 2, 1, 7}), pair(3, 2, {2, 2, 10}, {2, 2, 10})};
}

std::vector<TokenPair> identicalPairs()
{
    std::vector<TokenPair> pairs = mixedPairs();
    for (TokenPair& pair : pairs) pair.rejected = pair.chosen;
    return pairs;
}

/// Gradients by parameter, moved out of the weights.
std::vector<Tensor> takeGradients(const DecoderWeights& weights)
{
    std::vector<Tensor> gradients;
    for (auto& [name, parameter] : weights.parameters()) {
        gradients.push_back(parameter.grad().clone());
        Tensor(parameter).mutable_grad().reset();
    }
    return gradients;
}

double largestDifference(const std::vector<Tensor>& a, const std::vector<Tensor>& b)
{
    double largest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, (a[i] - b[i]).abs().max().item<double>());
    return largest;
}

/// A reference that differs from pair to pair.
PairTensors someReference(const SequenceSums& policy)
{
    const PairTensors sums = policy.sides(policy.of(kLabelSum).detach());
    if (!sums.rejected.defined()) return {};
    return {sums.chosen * 1.1, sums.rejected * 0.9};
}

/// What Engine::accumulate gives for a method.
BatchShare accumulate(Engine& engine, const Objective& objective, const std::vector<TokenPair>& pairs)
{
    GroupCounts group;
    group.add(pairs);
    const auto evaluate = [&](const SequenceSums& policy) {
        return objective.evaluate(policy, someReference(policy), group);
    };
    return engine.accumulate({pairs, objective.sides()}, objective.sums(), {evaluate, objective.couplesPairs()});
}

/// Statistics of a sequence's tokens but the first, in plain loops.
struct NaiveTokens {
    std::vector<double> logProbs, logSquares;
};

NaiveTokens naiveTokens(const DecoderWeights& weights, const TokenSequence& sequence)
{
    const std::vector<Vector> logits = naiveLogits(weights, {sequence.ids.begin(), sequence.ids.end()});
    NaiveTokens tokens;
    for (std::size_t t = 1; t < sequence.ids.size(); ++t) {
        double sum = 0.0, squares = 0.0;
        for (const double logit : logits[t - 1]) sum += std::exp(logit);
        for (const double logit : logits[t - 1]) squares += std::exp(logit) / sum * (std::exp(logit) / sum);
        tokens.logProbs.push_back(logits[t - 1][static_cast<std::size_t>(sequence.ids[t])] - std::log(sum));
        tokens.logSquares.push_back(std::log(squares));
    }
    return tokens;
}

}  // namespace

class EngineContractTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { at::set_num_threads(1); }

    void twoStagesAreOneGraph_data()
    {
        QTest::addColumn<QString>("method");
        for (const MethodInfo* method : methods())
            QTest::newRow(method->id.c_str()) << QString::fromStdString(method->id);
    }
    void twoStagesAreOneGraph()
    {
        QFETCH(QString, method);
        const MethodInfo& info = **findMethod(method.toStdString());
        const ParamValues params = defaultsOf(info.params());
        const Objective objective(info, params);
        const DecoderWeights weights = randomDecoder({}, Precision::Float64);
        const std::vector<TokenPair> pairs = mixedPairs();

        const BatchShare share = accumulate(*makeReadableEngine(weights), objective, pairs);
        const std::vector<Tensor> found = takeGradients(weights);

        const Batch batch = collate(pairs, objective.sides());
        const SequenceSums policy = sequenceSums(forwardBatch(weights, batch), batch, objective.sums());
        GroupCounts group;
        group.add(pairs);
        const ObjectiveOutput whole = objective.evaluate(policy, someReference(policy), group);
        whole.loss.backward();
        QCOMPARE(share.loss, whole.loss.item<double>());
        QCOMPARE(share.tokens, batch.tokens);
        QCOMPARE(share.metrics.size(), info.metrics.size());
        QVERIFY(largestDifference(found, takeGradients(weights)) < 1e-14);
        QVERIFY(std::ranges::any_of(found,
                                    [](const Tensor& gradient) { return gradient.abs().max().item<double>() > 1e-3; }));
    }

    // Batches of a step add up.
    void gradientsAreAdded()
    {
        const MethodInfo& dpo = **findMethod("dpo");
        const ParamValues params = defaultsOf(dpo.params());
        const Objective objective(dpo, params);
        const DecoderWeights weights = randomDecoder({}, Precision::Float64);
        const auto engine = makeReadableEngine(weights);
        accumulate(*engine, objective, mixedPairs());
        std::vector<Tensor> once = takeGradients(weights);
        for (Tensor& gradient : once) gradient = gradient * 2.0;
        accumulate(*engine, objective, mixedPairs());
        accumulate(*engine, objective, mixedPairs());
        QVERIFY(largestDifference(takeGradients(weights), once) < 1e-14);
    }

    void aLossThatIsNotFiniteAddsNothing()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        const auto engine = makeReadableEngine(weights);
        const std::vector<TokenPair> pairs = mixedPairs();
        const auto evaluate = [](const SequenceSums& sums) {
            return ObjectiveOutput{sums.of(kLabelSum).sum() * std::numeric_limits<double>::quiet_NaN(), {}};
        };
        const BatchShare share = engine->accumulate({pairs}, kLabelSumOnly, {evaluate});
        QVERIFY(std::isnan(share.loss));
        for (const auto& [name, parameter] : weights.parameters()) QVERIFY(!parameter.grad().defined());
    }

    // The two sides of such a pair lie in different rows of the batch, where kernels may round differently.
    void identicalSidesHaveEqualNumbers()
    {
        for (const Precision precision : {Precision::Float32, Precision::BFloat16, Precision::Float64}) {
            const PairTensors sums = labelSums(randomDecoder({}, precision), mixedPairs());
            for (const int pair : {1, 3})
                QCOMPARE(sums.chosen[pair].item<double>(), sums.rejected[pair].item<double>());
            for (const int pair : {0, 2})
                QVERIFY(sums.chosen[pair].item<double>() != sums.rejected[pair].item<double>());
        }
    }

    void identicalPairsHaveNoGradient()
    {
        const MethodInfo& dpo = **findMethod("dpo");
        const ParamValues params = defaultsOf(dpo.params());
        const Objective objective(dpo, params);
        for (const Precision precision : {Precision::Float32, Precision::BFloat16, Precision::Float64}) {
            const DecoderWeights weights = randomDecoder({}, precision);
            const std::vector<TokenPair> pairs = identicalPairs();
            GroupCounts group;
            group.add(pairs);
            const auto evaluate = [&](const SequenceSums& policy) {
                return objective.evaluate(policy, policy.sides(policy.of(kLabelSum).detach()), group);
            };
            makeReadableEngine(weights)->accumulate({pairs}, objective.sums(), {evaluate});
            for (const Tensor& gradient : takeGradients(weights)) QCOMPARE(gradient.abs().max().item<double>(), 0.0);
        }
    }

    // trl#1311: loss ln 2 at every step, no gradient, and the weights stay.
    void identicalPairsTrainNothing()
    {
        TrainingJob training = job("dpo", {{"num_train_epochs", 3.0}, {"weight_decay", 0.0}});
        training.train = std::make_shared<FixedPairs>(identicalPairs());
        std::vector<Tensor> before;
        for (const auto& [name, parameter] : training.weights.parameters())
            before.push_back(parameter.detach().clone());
        Ran ran;
        ran.run(training);
        QVERIFY(std::holds_alternative<Finished>(ran.outcome));
        QCOMPARE(ran.series("loss"), std::vector<double>(6, 0.6931471824645996));
        for (const char* key : {"grad_norm", "rewards/margins", "rewards/accuracies"})
            QCOMPARE(ran.series(key), std::vector<double>(6, 0.0));
        const auto after = training.weights.parameters();
        for (std::size_t i = 0; i < before.size(); ++i) QVERIFY(after[i].second.equal(before[i]));
    }

    // DFT: each log-probability times the probability itself, which is a constant to the derivative.
    void tokensMayWeighTheirOwnProbability()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float64);
        const std::vector<TokenPair> pairs = mixedPairs();
        const Batch batch = collate(pairs, BatchSides::ChosenOnly);
        const ForwardOutput forward = forwardBatch(weights, batch);
        const TokenSum weighted{TokenSelection::Labels, TokenWeight::OwnProbability};
        const Tensor sum = sequenceSums(forward, batch, {{weighted}}).logProbs[0];
        const Tensor logProbs = forward.logProbs.detach() * forward.completionMask;
        const Tensor expected = (forward.logProbs.detach().exp() * logProbs).sum(1);
        QVERIFY((sum.detach() - expected).abs().max().item<double>() < 1e-14);
        sum.sum().backward();
        const std::vector<Tensor> found = takeGradients(weights);
        const ForwardOutput again = forwardBatch(weights, batch);
        (again.logProbs * again.logProbs.detach().exp() * again.completionMask).sum().backward();
        QVERIFY(largestDifference(found, takeGradients(weights)) < 1e-14);
    }

    void matchedAndUnmatchedLabelsAreAllLabels()
    {
        const std::vector<TokenSum> wanted{
            kLabelSum, {TokenSelection::MatchedLabels}, {TokenSelection::UnmatchedLabels}};
        const auto engine = makeReadableEngine(randomDecoder({}, Precision::Float64));
        const std::vector<TokenPair> pairs = mixedPairs();
        for (const BatchSides sides : {BatchSides::Both, BatchSides::ChosenOnly}) {
            const SequenceSums sums = engine->evaluate({pairs, sides}, {wanted});
            const Tensor parts = sums.of(wanted[1]) + sums.of(wanted[2]);
            QVERIFY((parts - sums.of(kLabelSum)).abs().max().item<double>() < 1e-14);
        }
    }

    // The log-probabilities themselves, against plain loops; labels add up to the sums.
    void tokensHaveTheirLogProbs()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float64);
        const auto engine = makeReadableEngine(weights);
        const std::vector<TokenPair> pairs = mixedPairs();
        const std::vector<PairTokenLogProbs> found = engine->tokenLogProbs({pairs});
        const PairTensors sums = labelSums(weights, pairs);
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const std::vector<double> expected = naiveTokens(weights, pairs[i].chosen).logProbs;
            QCOMPARE(found[i].chosen.size(), expected.size());
            double sum = 0.0;
            for (std::size_t t = 0; t < expected.size(); ++t) {
                QVERIFY(std::abs(found[i].chosen[t] - expected[t]) < 1e-12);
                if (t + 1 >= pairs[i].chosen.labels.front().begin) sum += found[i].chosen[t];
            }
            QVERIFY(std::abs(sum - sums.chosen[static_cast<std::int64_t>(i)].item<double>()) < 1e-12);
            QCOMPARE(found[i].rejected.size(), pairs[i].rejected.ids.size() - 1);
        }
        for (const std::size_t identical : {1, 3}) QVERIFY(found[identical].chosen == found[identical].rejected);
        for (const PairTokenLogProbs& pair : engine->tokenLogProbs({pairs, BatchSides::ChosenOnly}))
            QVERIFY(pair.rejected.empty() && !pair.chosen.empty());
    }

    // WPO's statistic, against plain loops.
    void squaresAreThoseOfTheVocabulary()
    {
        const std::vector<TokenPair> pairs = mixedPairs();
        for (const auto& [precision, tolerance] :
             {std::pair{Precision::Float64, 1e-12}, std::pair{Precision::Float32, 1e-4}}) {
            const DecoderWeights weights = randomDecoder({}, precision);
            const auto engine = makeReadableEngine(weights);
            const SequenceSums sums = engine->evaluate({pairs}, {{kLabelSum}, true});
            const PairTensors squares = sums.sides(sums.logSquares);
            for (std::size_t i = 0; i < pairs.size(); ++i) {
                const auto at = static_cast<std::int64_t>(i);
                for (const auto& [sequence, side] :
                     {std::pair{pairs[i].chosen, squares.chosen}, std::pair{pairs[i].rejected, squares.rejected}}) {
                    const NaiveTokens naive = naiveTokens(weights, sequence);
                    double expected = 0.0;
                    for (std::size_t t = sequence.labels.front().begin; t < sequence.ids.size(); ++t)
                        expected += naive.logSquares[t - 1];
                    QVERIFY(std::abs(side[at].item<double>() - expected) < tolerance);
                }
            }
            QVERIFY(!engine->evaluate({pairs}, kLabelSumOnly).logSquares.defined());
        }
    }

    // An engine may cut a batch as it likes: loss, metrics and gradients stay.
    void chunksChangeNoNumber()
    {
        const std::vector<TokenPair> pairs = mixedPairs();
        for (const MethodInfo* method : methods()) {
            const ParamValues params = defaultsOf(method->params());
            const Objective objective(*method, params);
            const DecoderWeights weights = randomDecoder({}, Precision::Float64);
            const BatchShare whole = accumulate(*makeReadableEngine(weights), objective, pairs);
            const std::vector<Tensor> expected = takeGradients(weights);
            for (const std::int64_t chunk : {1, 2, 3}) {
                const BatchShare parts = accumulate(*makeReadableEngine(weights, chunk), objective, pairs);
                QVERIFY(std::abs(parts.loss - whole.loss) < 1e-13);
                QCOMPARE(parts.tokens, whole.tokens);
                for (std::size_t i = 0; i < whole.metrics.size(); ++i)
                    QVERIFY2(std::abs(parts.metrics[i].value - whole.metrics[i].value) < 1e-12,
                             whole.metrics[i].key.c_str());
                QVERIFY(largestDifference(takeGradients(weights), expected) < 1e-12);
            }
        }
    }

    // What sorts over the batch needs all sums before the first derivative, and says so.
    void coupledPairsAreKnownBeforehand()
    {
        std::vector<TokenPair> pairs = mixedPairs();
        for (const TokenPair& pair : mixedPairs()) pairs.push_back(pair);
        pairs.resize(6);
        const auto sorted = [](const SequenceSums& sums) {
            const PairTensors sides = sums.sides(sums.of(kLabelSum));
            const Tensor chosen = std::get<0>(sides.chosen.sort()), rejected = std::get<0>(sides.rejected.sort());
            return ObjectiveOutput{(chosen - rejected).square().mean(), {}};
        };
        const DecoderWeights weights = randomDecoder({}, Precision::Float64);
        const auto gradients = [&](std::int64_t chunk, bool couplesPairs) {
            makeReadableEngine(weights, chunk)->accumulate({pairs}, kLabelSumOnly, {sorted, couplesPairs});
            return takeGradients(weights);
        };
        const std::vector<Tensor> whole = gradients(0, true);
        QVERIFY(largestDifference(gradients(2, true), whole) < 1e-12);
        QVERIFY(largestDifference(gradients(2, false), whole) > 1e-3);
    }

    // More threads may add up in another order, but never another thing.
    void threadsChangeNoNumber()
    {
        const MethodInfo& orpo = **findMethod("orpo");
        const ParamValues params = defaultsOf(orpo.params());
        const Objective objective(orpo, params);
        const DecoderWeights weights = randomDecoder({}, Precision::Float64);
        std::vector<TokenPair> pairs;
        for (int i = 0; i < 16; ++i) {
            for (const TokenPair& pair : mixedPairs()) pairs.push_back(pair);
        }
        const double alone = accumulate(*makeReadableEngine(weights), objective, pairs).loss;
        const std::vector<Tensor> expected = takeGradients(weights);
        for (const int threads : {2, 3, 8}) {
            at::set_num_threads(threads);
            const double together = accumulate(*makeReadableEngine(weights), objective, pairs).loss;
            QVERIFY(std::abs(together - alone) < 1e-13);
            QVERIFY(largestDifference(takeGradients(weights), expected) < 1e-12);
        }
    }
};

QTEST_GUILESS_MAIN(EngineContractTest)
#include "engine_contract_test.moc"
