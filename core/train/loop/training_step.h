// SPDX-License-Identifier: GPL-3.0-or-later
// One optimizer step: micro-batches forward and backward, then clipping and the update.
#pragma once

#include "core/base/result.h"
#include "core/plan/metric_values.h"
#include "core/runs/batch_plan.h"
#include "core/text/pair_source.h"
#include "core/train/engine/engine.h"
#include "core/train/loop/communicator.h"
#include "core/train/loop/reference.h"
#include "core/train/objectives/objective.h"
#include "core/train/optimizers/optimizer.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace preflab {

/// What one step measured.
struct StepResult {
    double loss = 0.0;                ///< TRL's: mean of the micro-batches (SFT: mean over the step's label tokens)
    double gradientNorm = 0.0;        ///< before clipping
    std::vector<StepMetric> metrics;  ///< averaged over micro-batches
    std::int64_t tokens = 0;          ///< of all sequences, padding left out
};

/// Callbacks of one step; all may be empty.
struct StepHooks {
    std::function<bool()> isCancelled;  ///< asked between micro-batches
    std::function<void()> onGradients;  ///< gradients are complete, not yet clipped
};

/// Everything that steps of one run share. The referred-to objects outlive it.
class TrainingStep {
public:
    /// `reference` may be null if the objective needs none. With several processes each runs its own micro-batches.
    TrainingStep(const Objective& objective, const PairSource& pairs, Engine& engine,
                 const ReferenceLogProbs* reference, Communicator& communicator = oneProcess());

    /// Gradients of `batches` are added up in the parameters and the optimizer moves them. LossNotFinite (arguments
    /// step and what) before anything moved; Cancelled between batches; errors of pair source and communicator.
    Result<StepResult> run(const StepBatches& batches, Optimizer& optimizer, double learningRate, double maxGradNorm,
                           const StepHooks& hooks) const;

private:
    BatchShare accumulate(std::span<const TokenPair> pairs, std::span<const std::uint32_t> indices,
                          const GroupCounts& group) const;
    /// Adds up over all processes what their micro-batches gave.
    Result<> sumUp(GroupCounts& group) const;
    Result<> sumUp(StepResult& result, MetricAverage& average) const;
    Result<> sumUpGradients(const std::vector<Tensor>& parameters) const;

    const Objective& m_objective;
    const PairSource& m_pairs;
    Engine& m_engine;
    const ReferenceLogProbs* m_reference;
    Communicator& m_communicator;
};

}  // namespace preflab
