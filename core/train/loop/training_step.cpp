// SPDX-License-Identifier: GPL-3.0-or-later
// One optimizer step.
#include "core/train/loop/training_step.h"

#include "core/plan/pair_batches.h"
#include "core/train/optimizers/clip.h"

#include <cmath>
#include <string>

namespace preflab {
namespace {

tl::unexpected<Error> notFinite(std::int64_t step, const std::string& what)
{
    return fail(ErrorCode::LossNotFinite, {{"step", std::to_string(step)}, {"what", what}});
}

}  // namespace

TrainingStep::TrainingStep(const Objective& objective, const PairSource& pairs, Engine& engine,
                           const ReferenceLogProbs* reference)
    : m_objective(objective), m_pairs(pairs), m_engine(engine), m_reference(reference)
{
}

BatchShare TrainingStep::accumulate(std::span<const TokenPair> pairs, std::span<const std::uint32_t> indices,
                                    const GroupCounts& group) const
{
    return m_engine.accumulate({pairs, m_objective.sides()}, m_objective.sums(), [&](const SequenceSums& policy) {
        PairTensors reference;
        if (m_reference) reference = m_reference->of(indices, policy.labels);
        return m_objective.evaluate(policy, reference, group);
    });
}

Result<StepResult> TrainingStep::run(const StepBatches& batches, Optimizer& optimizer, double learningRate,
                                     double maxGradNorm, const StepHooks& hooks) const
{
    std::vector<std::vector<TokenPair>> drawn;
    GroupCounts group;
    for (const auto& indices : batches.microBatches) {
        TRY(drawn.emplace_back(), drawPairs(m_pairs, indices));
        group.add(drawn.back());
    }

    StepResult result;
    MetricAverage average;
    optimizer.clearGradients();
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        if (hooks.isCancelled && hooks.isCancelled()) return fail(ErrorCode::Cancelled);
        const BatchShare share = accumulate(drawn[i], batches.microBatches[i], group);
        result.loss += share.loss;
        result.tokens += share.tokens;
        average.add(share.metrics);
        if (!std::isfinite(result.loss)) return notFinite(batches.step, "the loss");
    }
    if (hooks.onGradients) hooks.onGradients();

    std::vector<Tensor> gradients = gradientsOf(optimizer.parameters());
    result.gradientNorm = globalNorm(gradients);
    if (!std::isfinite(result.gradientNorm)) return notFinite(batches.step, "the gradient norm");
    clipGradients(gradients, result.gradientNorm, maxGradNorm);
    optimizer.step(learningRate);
    m_engine.parametersChanged();
    result.metrics = average.result();
    return result;
}

}  // namespace preflab
