// SPDX-License-Identifier: GPL-3.0-or-later
// One optimizer step.
#include "core/train/loop/training_step.h"

#include "core/plan/pair_batches.h"
#include "core/train/optimizers/clip.h"

#include <ATen/ops/zeros_like.h>

#include <array>
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
                           const ReferenceLogProbs* reference, Communicator& communicator)
    : m_objective(objective), m_pairs(pairs), m_engine(engine), m_reference(reference), m_communicator(communicator)
{
}

BatchShare TrainingStep::accumulate(std::span<const TokenPair> pairs, std::span<const std::uint32_t> indices,
                                    const GroupCounts& group) const
{
    const auto evaluate = [&](const SequenceSums& policy) {
        PairTensors reference;
        if (m_reference) reference = m_reference->of(indices, policy.labels);
        return m_objective.evaluate(policy, reference, group);
    };
    return m_engine.accumulate({pairs, m_objective.sides()}, m_objective.sums(),
                               {evaluate, m_objective.couplesPairs()});
}

Result<> TrainingStep::sumUp(GroupCounts& group) const
{
    std::array numbers{static_cast<double>(group.batches), static_cast<double>(group.labelTokens)};
    TRY_VOID(m_communicator.sum(std::span<double>(numbers)));
    group.batches = static_cast<std::int64_t>(numbers[0]);
    group.labelTokens = static_cast<std::int64_t>(numbers[1]);
    return {};
}

Result<> TrainingStep::sumUp(StepResult& result, MetricAverage& average) const
{
    std::vector<double> numbers = average.sums(m_objective.metrics());
    numbers.insert(numbers.end(), {result.loss, static_cast<double>(result.tokens)});
    TRY_VOID(m_communicator.sum(std::span<double>(numbers)));
    result.tokens = static_cast<std::int64_t>(numbers.back());
    result.loss = numbers[numbers.size() - 2];
    average.setSums(numbers);
    return {};
}

Result<> TrainingStep::sumUpGradients(const std::vector<Tensor>& parameters) const
{
    if (m_communicator.size() == 1) return {};
    for (const Tensor& parameter : parameters) {
        // A process without a micro-batch has no gradients of its own.
        if (!parameter.grad().defined()) parameter.mutable_grad() = at::zeros_like(parameter.detach());
    }
    return m_communicator.sum(std::span<const Tensor>(gradientsOf(parameters)));
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
    TRY_VOID(sumUp(group));

    StepResult result;
    MetricAverage average;
    optimizer.clearGradients();
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        if (hooks.isCancelled && hooks.isCancelled()) return fail(ErrorCode::Cancelled);
        const BatchShare share = accumulate(drawn[i], batches.microBatches[i], group);
        result.loss += share.loss;
        result.tokens += share.tokens;
        average.add(share.metrics);
        if (!std::isfinite(result.loss)) break;
    }
    TRY_VOID(sumUp(result, average));
    if (!std::isfinite(result.loss)) return notFinite(batches.step, "the loss");
    TRY_VOID(sumUpGradients(optimizer.parameters()));
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
