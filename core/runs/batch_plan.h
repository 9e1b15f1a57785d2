// SPDX-License-Identifier: GPL-3.0-or-later
// Which pairs every optimizer step sees, in TRL's order (trl-spec section 3).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace preflab {

/// How a run walks over its pairs.
struct BatchPlanOptions {
    std::uint32_t pairs = 0;
    std::int64_t batchSize = 8;             ///< pairs a micro-batch, TRL `per_device_train_batch_size`
    std::int64_t gradientAccumulation = 1;  ///< micro-batches an optimizer step and process
    double epochs = 3.0;                    ///< TRL `num_train_epochs`, used when maxSteps is absent
    std::optional<std::int64_t> maxSteps;   ///< TRL `max_steps`; runs over as many epochs as it takes
    std::uint64_t seed = 42;
    bool isShuffled = true;  ///< false: file order in every epoch
    std::int64_t rank = 0;   ///< of this process among those that train together, from 0
    std::int64_t size = 1;   ///< how many they are

    /// What one process alone would do with the same steps.
    BatchPlanOptions ofAll() const;
};

/// One optimizer step: micro-batches of pair indices.
struct StepBatches {
    std::int64_t step = 0;  ///< 1-based
    double epoch = 0.0;     ///< progress after this step, as TRL logs it
    std::vector<std::vector<std::uint32_t>> microBatches;
};

/// Maps a step to its pairs. Epoch e draws randomPermutation(pairs, seed + e); the last batch of an epoch may be
/// short, and so may the last accumulation group. Of the micro-batches of a step, process r of n takes every n-th from
/// the r-th on; in a short group some may have none.
class BatchPlan {
public:
    explicit BatchPlan(const BatchPlanOptions& options);
    std::int64_t stepsPerEpoch() const { return m_stepsPerEpoch; }
    std::int64_t totalSteps() const { return m_totalSteps; }
    /// Step `step`, 1 .. totalSteps(); a plan without pairs has no steps.
    StepBatches batchesOf(std::int64_t step) const;

private:
    void drawEpoch(std::int64_t epoch) const;
    BatchPlanOptions m_options;
    std::int64_t m_stepsPerEpoch = 0;
    std::int64_t m_totalSteps = 0;
    mutable std::int64_t m_cachedEpoch = -1;  ///< permutation of one epoch, used by one thread
    mutable std::vector<std::uint32_t> m_permutation;
};

}  // namespace preflab
