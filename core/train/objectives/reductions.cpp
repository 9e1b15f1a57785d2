// SPDX-License-Identifier: GPL-3.0-or-later
// Sums and means over sides, positions and pairs.
#include "core/train/objectives/reductions.h"

#include "core/train/engine/batch.h"

#include <ATen/TensorOperators.h>

namespace preflab {

Tensor chosenHalf(const Tensor& rows, const ForwardOutput& forward)
{
    return rows.narrow(0, 0, forward.pairs);
}

Tensor rejectedHalf(const Tensor& rows, const ForwardOutput& forward)
{
    return rows.narrow(0, forward.pairs, forward.pairs);
}

Tensor maskedSum(const Tensor& values, const Tensor& mask)
{
    return (values * mask).sum();
}

Tensor maskedMean(const Tensor& values, const Tensor& mask)
{
    return maskedSum(values, mask) / mask.sum();
}

double meanOf(const Tensor& values)
{
    return values.detach().mean().item().toDouble();
}

double shareLarger(const Tensor& first, const Tensor& second)
{
    return meanOf(first.detach().gt(second.detach()).to(at::kDouble));
}

PolicyLogProbs policyLogProbs(const ForwardOutput& forward)
{
    const Tensor sums = sequenceLogProbs(forward);          // (B)
    const Tensor means = sums / completionCounts(forward);  // (B)
    return {{chosenHalf(sums, forward), rejectedHalf(sums, forward)},
            {chosenHalf(means, forward), rejectedHalf(means, forward)}};
}

}  // namespace preflab
