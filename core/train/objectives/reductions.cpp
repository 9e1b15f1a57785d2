// SPDX-License-Identifier: GPL-3.0-or-later
// Sums and means over sides, tokens and pairs.
#include "core/train/objectives/reductions.h"

#include <ATen/TensorOperators.h>

namespace preflab {

LogProbs perToken(const SequenceSums& policy, const PairTensors& sums)
{
    const PairTensors labels = policy.sides(policy.labels);
    return {sums, {sums.chosen / labels.chosen, sums.rejected / labels.rejected}};
}

Tensor ownProbabilityWeights(const SequenceSums& policy)
{
    const Tensor excess = policy.of(kLabelSum).detach() - policy.logSquares;  // (S)
    const PairTensors weights = policy.sides((excess / policy.labels.clamp_min(1.0)).exp());
    return weights.chosen * weights.rejected;
}

Tensor weightedLoss(const std::vector<LossTerm>& terms, const LossInput& input, const ParamValues& params)
{
    Tensor total;
    for (const LossTerm& term : terms) {
        const Tensor perPair = term.loss->compute(input, params).perPair;  // (P)
        const Tensor weighed = input.pairWeights.defined() ? perPair * input.pairWeights : perPair;
        const Tensor loss = weighed.mean() * term.weight;
        total = total.defined() ? total + loss : loss;
    }
    return total;
}

Tensor pooledMean(const Tensor& sums, const Tensor& counts)
{
    return sums.sum() / counts.sum();
}

std::vector<StepMetric> rewardMetrics(const Tensor& chosen, const Tensor& rejected)
{
    return {{"rewards/chosen", meanOf(chosen)},
            {"rewards/rejected", meanOf(rejected)},
            {"rewards/accuracies", shareLarger(chosen, rejected)},
            {"rewards/margins", meanOf(chosen - rejected)}};
}

double meanOf(const Tensor& values)
{
    return values.detach().mean().item().toDouble();
}

double shareLarger(const Tensor& first, const Tensor& second)
{
    return meanOf(first.detach().gt(second.detach()).to(at::kDouble));
}

}  // namespace preflab
