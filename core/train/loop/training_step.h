// SPDX-License-Identifier: GPL-3.0-or-later
// One optimizer step: micro-batches forward and backward, then clipping and the update.
#pragma once

#include "core/base/result.h"
#include "core/runs/batch_plan.h"
#include "core/text/pair_source.h"
#include "core/train/decoder_forward.h"
#include "core/train/loop/metric_values.h"
#include "core/train/loop/reference.h"
#include "core/train/objectives/method.h"
#include "core/train/optimizers/optimizer.h"

#include <cstdint>
#include <functional>
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
    /// `reference` may be null if the method needs none.
    TrainingStep(const MethodInfo& method, const ParamValues& params, const PairSource& pairs,
                 const DecoderWeights& weights, const ReferenceLogProbs* reference);

    /// Gradients of `batches` are added up in the weights and the optimizer moves them. LossNotFinite (arguments
    /// step and what) before anything moved; Cancelled between micro-batches; errors of the pair source.
    Result<StepResult> run(const StepBatches& batches, AdamW& optimizer, double learningRate, double maxGradNorm,
                           const StepHooks& hooks) const;

private:
    void addMicroBatch(const std::vector<TokenPair>& pairs, const std::vector<std::uint32_t>& indices, double divisor,
                       MetricAverage& average, StepResult& result) const;

    const MethodInfo& m_method;
    const ParamValues& m_params;
    const PairSource& m_pairs;
    const DecoderWeights& m_weights;
    const ReferenceLogProbs* m_reference;
};

/// The divisor of one accumulation group (trl-spec section 3 and 7.4); label tokens count as at least 1.
double accumulationDivisor(AccumulationDivisor kind, const std::vector<std::vector<TokenPair>>& microBatches);

}  // namespace preflab
