// SPDX-License-Identifier: GPL-3.0-or-later
// Sums and means over sides, tokens and pairs.
#include "core/train/objectives/reductions.h"

#include <ATen/TensorOperators.h>

namespace preflab {

namespace {

LogProbs perToken(const PairTensors& sums, const PairTensors& labels)
{
    return {sums, {sums.chosen / labels.chosen, sums.rejected / labels.rejected}};
}

}  // namespace

LogProbs policyLogProbs(const SequenceSums& policy)
{
    return perToken(policy.sides(policy.of(kLabelSum)), policy.sides(policy.labels));
}

LogProbs referenceLogProbs(const SequenceSums& policy, const PairTensors& sums)
{
    return perToken(sums, policy.sides(policy.labels));
}

Tensor weightedLoss(const std::vector<LossTerm>& terms, const LossInput& input, const ParamValues& params)
{
    Tensor total;
    for (const LossTerm& term : terms) {
        const Tensor loss = term.loss->compute(input, params).perPair.mean() * term.weight;
        total = total.defined() ? total + loss : loss;
    }
    return total;
}

Tensor pooledMean(const Tensor& sums, const Tensor& counts)
{
    return sums.sum() / counts.sum();
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
