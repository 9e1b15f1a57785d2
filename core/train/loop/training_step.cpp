// SPDX-License-Identifier: GPL-3.0-or-later
// One optimizer step.
#include "core/train/loop/training_step.h"

#include "core/train/engine/batch.h"
#include "core/train/loop/pair_batches.h"
#include "core/train/optimizers/clip.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace preflab {
namespace {

tl::unexpected<Error> notFinite(std::int64_t step, const std::string& what)
{
    return fail(ErrorCode::LossNotFinite, {{"step", std::to_string(step)}, {"what", what}});
}

}  // namespace

double accumulationDivisor(AccumulationDivisor kind, const std::vector<std::vector<TokenPair>>& microBatches)
{
    if (kind == AccumulationDivisor::MicroBatches) return static_cast<double>(microBatches.size());
    std::size_t labels = 0;
    for (const auto& pairs : microBatches) {
        for (const TokenPair& pair : pairs) labels += pair.chosen.predictedLabels();
    }
    return static_cast<double>(std::max<std::size_t>(1, labels));
}

TrainingStep::TrainingStep(const MethodInfo& method, const ParamValues& params, const PairSource& pairs,
                           const DecoderWeights& weights, const ReferenceLogProbs* reference)
    : m_method(method), m_params(params), m_pairs(pairs), m_weights(weights), m_reference(reference)
{
}

void TrainingStep::addMicroBatch(const std::vector<TokenPair>& pairs, const std::vector<std::uint32_t>& indices,
                                 double divisor, MetricAverage& average, StepResult& result) const
{
    const Batch batch = collate(pairs, m_method.hasRejected ? BatchSides::Both : BatchSides::ChosenOnly);
    const ForwardOutput forward = forwardBatch(m_weights, batch);
    PairLogProbs reference;
    if (m_reference) reference = m_reference->of(indices, forward.logProbs.scalar_type());
    const StepOutput output = m_method.step(forward, reference, m_params);
    const Tensor loss = output.loss / divisor;
    result.loss += loss.item().toDouble();
    result.tokens += forward.tokens;
    average.add(output.metrics);
    if (std::isfinite(result.loss)) loss.backward();
}

Result<StepResult> TrainingStep::run(const StepBatches& batches, AdamW& optimizer, double learningRate,
                                     double maxGradNorm, const StepHooks& hooks) const
{
    std::vector<std::vector<TokenPair>> drawn;
    for (const auto& indices : batches.microBatches) {
        TRY(drawn.emplace_back(), drawPairs(m_pairs, indices));
    }
    const double divisor = accumulationDivisor(m_method.divisor, drawn);

    StepResult result;
    MetricAverage average;
    optimizer.clearGradients();
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        if (hooks.isCancelled && hooks.isCancelled()) return fail(ErrorCode::Cancelled);
        addMicroBatch(drawn[i], batches.microBatches[i], divisor, average, result);
        if (!std::isfinite(result.loss)) return notFinite(batches.step, "the loss");
    }
    if (hooks.onGradients) hooks.onGradients();

    std::vector<Tensor> gradients = gradientsOf(optimizer.parameters());
    result.gradientNorm = globalNorm(gradients);
    if (!std::isfinite(result.gradientNorm)) return notFinite(batches.step, "the gradient norm");
    clipGradients(gradients, result.gradientNorm, maxGradNorm);
    optimizer.step(learningRate);
    result.metrics = average.result();
    return result;
}

}  // namespace preflab
