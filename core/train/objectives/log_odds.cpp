// SPDX-License-Identifier: GPL-3.0-or-later
// Stable log(1 - exp(x)) and the log-odds ratio built from it.
#include "core/train/objectives/log_odds.h"

#include <ATen/ops/where.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace preflab {

// Below -ln 2 log1p(-exp x) keeps the digits, above it log(-expm1 x) does. `where` sends zeros into the branch that
// was not taken, and 0 times that branch's infinite derivative is NaN; so each branch gets a harmless argument where
// it is not used (the "double where").
Tensor log1mExp(const Tensor& x)
{
    const Tensor clamped = x.clamp_max(kCertainLogProb);
    const Tensor isNearOne = clamped.ge(-std::numbers::ln2);
    const Tensor near = at::where(isNearOne, clamped, -1.0);
    const Tensor far = at::where(isNearOne, -1.0, clamped);
    return at::where(isNearOne, near.expm1().neg().log(), far.exp().neg().log1p());
}

double log1mExp(double x)
{
    const double clamped = std::min(x, kCertainLogProb);
    return clamped >= -std::numbers::ln2 ? std::log(-std::expm1(clamped)) : std::log1p(-std::exp(clamped));
}

Tensor logOddsRatio(const Tensor& chosenMean, const Tensor& rejectedMean)
{
    return (chosenMean - rejectedMean) - (log1mExp(chosenMean) - log1mExp(rejectedMean));
}

double logOddsRatio(double chosenMean, double rejectedMean)
{
    return (chosenMean - rejectedMean) - (log1mExp(chosenMean) - log1mExp(rejectedMean));
}

}  // namespace preflab
