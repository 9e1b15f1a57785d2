// SPDX-License-Identifier: GPL-3.0-or-later
// Collation and statistics of a batch against their definitions.
#include "core/train/engine/batch.h"
#include "core/train/engine/log_probs.h"
#include "support/label_sums.h"
#include "support/naive_decoder.h"
#include "support/random_decoder.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros.h>
#include <ATen/Parallel.h>

#include <QtTest>

#include <cmath>

using namespace preflab;
using namespace preflab::test;

namespace {

TokenPair pairOf(const TokenIds& prompt, const TokenIds& chosen, const TokenIds& rejected)
{
    const auto answered = [&prompt](const TokenIds& answer) {
        TokenIds ids = prompt;
        ids.insert(ids.end(), answer.begin(), answer.end());
        return TokenSequence::afterPrompt(std::move(ids), prompt.size());
    };
    return {0, answered(chosen), answered(rejected)};
}

/// The example of trl-spec 1.4.
const std::vector<TokenPair> kPairs = {pairOf({1, 2, 3}, {4, 5}, {6}), pairOf({7, 8}, {9}, {10, 11})};

std::vector<double> numbers(const Tensor& tensor)
{
    const Tensor wide = tensor.detach().to(at::kDouble).contiguous();
    return {wide.const_data_ptr<double>(), wide.const_data_ptr<double>() + wide.numel()};
}

}  // namespace

class BatchCollateTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { at::set_num_threads(1); }  // a second thread only costs at this size

    void chosenComeBeforeRejected()
    {
        const Batch batch = collate(kPairs, BatchSides::Both);
        QVERIFY(batch.ids.equal(idTensor({{1, 2, 3, 4, 5}, {7, 8, 9, 0, 0}, {1, 2, 3, 6, 0}, {7, 8, 10, 11, 0}})));
        QCOMPARE(numbers(batch.lengths), (std::vector<double>{5, 3, 4, 4}));
        QCOMPARE(numbers(batch.labels),
                 (std::vector<double>{0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0}));
        QCOMPARE(batch.pairs, std::int64_t{2});
        QCOMPARE(batch.tokens, std::int64_t{16});
    }

    void chosenOnlyLeavesRejectedOut()
    {
        const Batch batch = collate(kPairs, BatchSides::ChosenOnly);
        QVERIFY(batch.ids.equal(idTensor({{1, 2, 3, 4, 5}, {7, 8, 9, 0, 0}})));
        QCOMPARE(batch.pairs, std::int64_t{2});
        QCOMPARE(batch.tokens, std::int64_t{8});
    }

    void labelsMayBeSeveralRuns()
    {
        TokenPair pair;
        pair.chosen = {{1, 2, 3, 4, 5, 6}, {{1, 2}, {4, 6}}};
        const Batch batch = collate(std::vector{pair}, BatchSides::ChosenOnly);
        QCOMPARE(numbers(batch.labels), (std::vector<double>{0, 1, 0, 0, 1, 1}));
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        QCOMPARE(numbers(forwardBatch(weights, batch).completionMask), (std::vector<double>{1, 0, 0, 1, 1}));
    }

    void masksFollowThePredictedToken()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        const Batch batch = collate(kPairs, BatchSides::Both);
        const ForwardOutput forward = forwardBatch(weights, batch);
        QCOMPARE(numbers(forward.completionMask),
                 (std::vector<double>{0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0}));
        QCOMPARE(numbers(forward.tokenMask), (std::vector<double>{1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0}));
        const SequenceSums sums = sequenceSums(forward, batch, {});
        QCOMPARE(numbers(sums.labels), (std::vector<double>{2, 1, 1, 2}));
        QCOMPARE(numbers(sums.completion), (std::vector<double>{2, 1, 1, 2}));
        QCOMPARE(numbers(sums.predicted), (std::vector<double>{4, 2, 3, 3}));
        QCOMPARE(forward.completionMask.scalar_type(), at::kFloat);
        QCOMPARE(sums.tokens, std::int64_t{16});
    }

    void withoutPromptEveryPredictedTokenCounts()
    {
        TokenPair text;
        text.chosen = TokenSequence::afterPrompt({1, 2, 3, 4}, 0);
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        const Batch batch = collate(std::span(&text, 1), BatchSides::ChosenOnly);
        const SequenceSums sums = sequenceSums(forwardBatch(weights, batch), batch, {});
        QCOMPARE(numbers(sums.labels), (std::vector<double>{3}));
        QCOMPARE(numbers(sums.completion), (std::vector<double>{4}));
        QCOMPARE(double(text.chosen.predictedLabels()), 3.0);
    }

    void statisticsAreTheirDefinitions()
    {
        DecoderSizes sizes;
        const DecoderWeights weights = randomDecoder(sizes, Precision::Float64);
        const ForwardOutput forward = forwardBatch(weights, collate(kPairs, BatchSides::Both));
        const std::vector<std::int64_t> ids = {1, 2, 3, 4, 5};  // row 0
        const std::vector<Vector> logits = naiveLogits(weights, ids);
        for (std::size_t t = 0; t + 1 < ids.size(); ++t) {
            double sum = 0.0, entropy = 0.0, mean = 0.0;
            for (const double z : logits[t]) sum += std::exp(z);
            for (const double z : logits[t]) {
                entropy -= std::exp(z) / sum * (z - std::log(sum));
                mean += z / static_cast<double>(logits[t].size());
            }
            const auto label = static_cast<std::size_t>(ids[t + 1]);
            const auto top = std::max_element(logits[t].begin(), logits[t].end()) - logits[t].begin();
            QVERIFY(std::abs(numbers(forward.logProbs)[t] - (logits[t][label] - std::log(sum))) < 1e-12);
            QVERIFY(std::abs(numbers(forward.entropy)[t] - entropy) < 1e-12);
            QVERIFY(std::abs(numbers(forward.meanLogit)[t] - mean) < 1e-12);
            QCOMPARE(numbers(forward.isTop1)[t], top == static_cast<std::ptrdiff_t>(label) ? 1.0 : 0.0);
        }
        const std::vector<double> logProbs = numbers(forward.logProbs);
        const auto sums = labelSums(weights, kPairs);
        QVERIFY(std::abs(numbers(sums.chosen)[0] - (logProbs[2] + logProbs[3])) < 1e-12);
    }

    void onlyLogProbsCarryGradients()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        const Batch batch = collate(kPairs, BatchSides::Both);
        const ForwardOutput forward = forwardBatch(weights, batch);
        QVERIFY(forward.logProbs.requires_grad());
        QVERIFY(!forward.entropy.requires_grad() && !forward.meanLogit.requires_grad());
        QVERIFY(!forward.isTop1.requires_grad() && !forward.completionMask.requires_grad());
        const at::NoGradGuard noGrad;
        const ForwardOutput frozen = forwardBatch(weights, batch);
        QVERIFY(!frozen.logProbs.requires_grad());
        // Rewards are exactly 0 at step 1 only if both passes run the same kernels.
        QVERIFY(frozen.logProbs.equal(forward.logProbs));
    }

    void firstOfEqualLogitsIsTheTop()
    {
        DecoderSizes sizes;
        DecoderWeights weights = randomDecoder(sizes, Precision::Float32);
        weights.head.weight = at::zeros({sizes.vocabulary, sizes.hidden});
        const Tensor hidden = decoderHidden(weights, idTensor({{1, 2, 3}}));
        const TokenStatistics statistics = tokenStatistics(weights, hidden, idTensor({{0, 1, 0}}));
        QCOMPARE(numbers(statistics.isTop1), (std::vector<double>{1, 0, 1}));
        QVERIFY(std::abs(numbers(statistics.entropy)[0] - std::log(13.0)) < 1e-6);
    }

    void chunksChangeNothing()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float64);
        const Tensor ids = idTensor({{1, 2, 3, 4, 5, 6, 7}, {8, 9, 10, 11, 12, 0, 1}});
        const Tensor hidden = decoderHidden(weights, ids);
        const TokenStatistics whole = tokenStatistics(weights, hidden, ids);
        whole.logProbs.sum().backward({}, /*retain_graph=*/true);
        const Tensor gradient = weights.head.weight.grad().clone();
        weights.head.weight.mutable_grad().zero_();
        for (const std::int64_t elements : {1, 13 * 5, 13 * 14}) {
            const TokenStatistics parts = tokenStatistics(weights, hidden, ids, elements);
            QVERIFY(largestDifference(parts.logProbs, whole.logProbs) < 1e-13);
            QVERIFY(largestDifference(parts.entropy, whole.entropy) < 1e-13);
            QVERIFY(largestDifference(parts.meanLogit, whole.meanLogit) < 1e-13);
            QVERIFY(parts.isTop1.equal(whole.isTop1));
            parts.logProbs.sum().backward({}, /*retain_graph=*/true);
            QVERIFY(largestDifference(weights.head.weight.grad(), gradient) < 1e-12);
            weights.head.weight.mutable_grad().zero_();
        }
    }

    void sequencesOfOneTokenPredictNothing()
    {
        const std::vector<TokenPair> pairs = {pairOf({}, {3}, {4})};
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        const ForwardOutput forward = forwardBatch(weights, collate(pairs, BatchSides::Both));
        QCOMPARE(forward.logProbs.sizes().vec(), (std::vector<std::int64_t>{2, 0}));
        const PairTensors sums = labelSums(weights, pairs);
        QCOMPARE(numbers(sums.chosen), (std::vector<double>{0}));
        QCOMPARE(numbers(sums.rejected), (std::vector<double>{0}));
    }
};

QTEST_GUILESS_MAIN(BatchCollateTest)
#include "batch_collate_test.moc"
