// SPDX-License-Identifier: GPL-3.0-or-later
// Which pairs every optimizer step sees, in TRL's order.
#include "core/runs/batch_plan.h"

#include "core/base/rng.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace preflab {

namespace {

std::int64_t ceilDivide(std::int64_t value, std::int64_t divisor)
{
    return (value + divisor - 1) / divisor;
}

std::int64_t batchesPerEpoch(const BatchPlanOptions& options)
{
    return ceilDivide(options.pairs, options.batchSize);
}

}  // namespace

BatchPlanOptions BatchPlanOptions::ofAll() const
{
    BatchPlanOptions all = *this;
    all.gradientAccumulation *= std::max<std::int64_t>(1, size);
    all.rank = 0;
    all.size = 1;
    return all;
}

BatchPlan::BatchPlan(const BatchPlanOptions& options) : m_options(options)
{
    m_options.batchSize = std::max<std::int64_t>(1, options.batchSize);
    m_options.gradientAccumulation = std::max<std::int64_t>(1, options.gradientAccumulation);
    m_options.size = std::max<std::int64_t>(1, options.size);
    if (options.pairs == 0) return;
    m_stepsPerEpoch = ceilDivide(batchesPerEpoch(m_options), m_options.ofAll().gradientAccumulation);
    m_totalSteps = options.maxSteps
                       ? *options.maxSteps
                       : static_cast<std::int64_t>(std::ceil(options.epochs * static_cast<double>(m_stepsPerEpoch)));
}

StepBatches BatchPlan::batchesOf(std::int64_t step) const
{
    const std::int64_t epoch = (step - 1) / m_stepsPerEpoch;
    const std::int64_t stepInEpoch = (step - 1) % m_stepsPerEpoch;
    drawEpoch(epoch);

    const std::int64_t batches = batchesPerEpoch(m_options);
    const std::int64_t groupSize = m_options.ofAll().gradientAccumulation;
    const std::int64_t firstBatch = stepInEpoch * groupSize;
    const std::int64_t lastBatch = std::min(batches, firstBatch + groupSize);

    StepBatches result;
    result.step = step;
    // transformers' Trainer: epochs begun before, plus the share of this epoch's micro-batches seen so far.
    result.epoch = static_cast<double>(epoch) + static_cast<double>(lastBatch) / static_cast<double>(batches);
    for (std::int64_t batch = firstBatch + m_options.rank; batch < lastBatch; batch += m_options.size) {
        const auto begin = m_permutation.begin() + batch * m_options.batchSize;
        const std::int64_t left = m_permutation.end() - begin;
        result.microBatches.emplace_back(begin, begin + std::min(left, m_options.batchSize));
    }
    return result;
}

void BatchPlan::drawEpoch(std::int64_t epoch) const
{
    if (m_cachedEpoch == epoch || (m_cachedEpoch >= 0 && !m_options.isShuffled)) return;
    if (m_options.isShuffled) {
        const std::uint64_t seed = seedFor(m_options.seed, SeedPurpose::RowOrder);
        m_permutation = randomPermutation(m_options.pairs, seed + static_cast<std::uint64_t>(epoch));
    } else {
        m_permutation.resize(m_options.pairs);
        std::iota(m_permutation.begin(), m_permutation.end(), 0U);
    }
    m_cachedEpoch = epoch;
}

}  // namespace preflab
