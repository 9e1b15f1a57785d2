// SPDX-License-Identifier: GPL-3.0-or-later
// Reference log-probs: which pairs are computed, and a cache that trusts nothing but an intact file.
#include "core/plan/pair_batches.h"
#include "core/train/loop/reference.h"
#include "support/files.h"
#include "support/label_sums.h"
#include "support/random_decoder.h"
#include "support/results.h"

#include <ATen/ops/tensor.h>

#include <QTest>

#include <cmath>
#include <string>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

FixedPairs tenPairs()
{
    std::vector<TokenPair> pairs;
    for (std::uint32_t i = 0; i < 10; ++i) {
        const auto id = static_cast<TokenId>(i);
        pairs.push_back({i, TokenSequence::afterPrompt({1, 2, id, 3}, 2), TokenSequence::afterPrompt({1, 2, id}, 2)});
    }
    return FixedPairs(std::move(pairs));
}

BatchPlanOptions plan(std::int64_t maxSteps)
{
    return {10, 3, 1, 1.0, maxSteps, 42, true};
}

/// DPO as it is unless told otherwise.
Objective dpo()
{
    static const MethodInfo& method = **findMethod("dpo");
    static const ParamValues params = defaultsOf(method.params());
    return Objective(method, params);
}

Result<> noTick(std::int64_t, std::int64_t)
{
    return {};
}

}  // namespace

class ReferenceCacheTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void visitsTheFirstEpochsBatches()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        const FixedPairs pairs = tenPairs();
        const BatchPlan epochs(plan(9));
        std::int64_t ticks = 0;
        const auto reference = computeReference(
            *makeReadableEngine(weights), dpo(), pairs, epochs, [&](std::int64_t done, std::int64_t total) {
                ++ticks;
                return done <= total && total == 4 ? Result<>() : fail(ErrorCode::Internal);
            });
        QCOMPARE(problemOf(reference), QString());
        QCOMPARE(ticks, 4);
        QVERIFY(coversFirstEpoch(*reference, epochs));

        // Bit for bit what the same micro-batch gives again.
        const auto batch = epochs.batchesOf(2).microBatches.front();
        const PairTensors again = labelSums(weights, *drawPairs(pairs, batch));
        const PairTensors kept = reference->of(batch, again.chosen);
        QVERIFY(kept.chosen.equal(again.chosen) && kept.rejected.equal(again.rejected));
    }

    void leavesOutWhatIsNotDrawn()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float64);
        const auto reference =
            computeReference(*makeReadableEngine(weights), dpo(), tenPairs(), BatchPlan(plan(2)), noTick);
        QVERIFY(coversFirstEpoch(*reference, BatchPlan(plan(2))));
        QVERIFY(!coversFirstEpoch(*reference, BatchPlan(plan(3))));
        int missing = 0;
        for (std::uint32_t i = 0; i < 10; ++i) missing += std::isnan(reference->chosen(i)) ? 1 : 0;
        QCOMPARE(missing, 4);
    }

    void stopsWhenAsked()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        const auto stopped = computeReference(*makeReadableEngine(weights), dpo(), tenPairs(), BatchPlan(plan(9)),
                                              [](auto, auto) -> Result<> { return fail(ErrorCode::Cancelled); });
        QCOMPARE(codeOf(stopped), "cancelled");
    }

    void comesBackFromDisk()
    {
        ScratchFolder folder;
        ReferenceLogProbs reference(3);
        const std::vector<std::uint32_t> some{2, 0};
        reference.set(some, {at::tensor({-1.5F, -0.1F}), at::tensor({-2.5F, -0.2F})});
        const auto file = folder / "reference" / "a.bin";
        QCOMPARE(problemOf(reference.save(file)), QString());
        const auto back = ReferenceLogProbs::load(file, 3);
        QVERIFY(back && back->covers(some));
        QVERIFY(!back->covers(std::vector<std::uint32_t>{1}));
        QCOMPARE(back->chosen(0), static_cast<double>(-0.1F));
        QCOMPARE(back->rejected(2), -2.5);
        QVERIFY(!ReferenceLogProbs::load(file, 4));
        QVERIFY(!ReferenceLogProbs::load(folder / "none.bin", 3));
    }

    void ignoresDamage()
    {
        ScratchFolder folder;
        const auto file = folder / "a.bin";
        QVERIFY(ReferenceLogProbs(3).save(file));
        const std::string intact = readFile(file);
        for (std::size_t i = 0; i < intact.size(); ++i) {
            std::string damaged = intact;
            damaged[i] = static_cast<char>(damaged[i] ^ 1);
            writeFile(file, damaged);
            QVERIFY(!ReferenceLogProbs::load(file, 3));
        }
        writeFile(file, intact.substr(0, intact.size() - 1));
        QVERIFY(!ReferenceLogProbs::load(file, 3));
    }

    void keyKnowsWhatDecidesTheBits()
    {
        const ReferenceKey key{"model", "data", "ld_alpha=1", "float32", plan(2), 1};
        const auto file = referenceFile("/cache", key);
        QCOMPARE(referenceFile("/cache", key), file);
        std::vector<ReferenceKey> others(7, key);
        others[0].modelHash = "other";
        others[1].dataKey = "other";
        others[2].dtype = "float64";
        others[3].plan.batchSize = 4;
        others[4].plan.seed = 1;
        others[5].threads = 2;
        others[6].answerKey = "ld_alpha=0.5";
        for (const ReferenceKey& other : others) QVERIFY(referenceFile("/cache", other) != file);
        ReferenceKey longer = key;
        longer.plan.maxSteps = 7;  // more of the same batches: the file is checked for coverage
        QCOMPARE(referenceFile("/cache", longer), file);
    }
};

QTEST_GUILESS_MAIN(ReferenceCacheTest)
#include "reference_cache_test.moc"
