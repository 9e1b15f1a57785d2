// SPDX-License-Identifier: GPL-3.0-or-later
// Sums and means over sides, positions and pairs that methods share.
#pragma once

#include "core/train/objectives/method.h"
#include "core/train/tensor.h"

namespace preflab {

/// The rows of the chosen sides: (B, ...) -> (P, ...).
Tensor chosenHalf(const Tensor& rows, const ForwardOutput& forward);
/// The rows of the rejected sides: (B, ...) -> (P, ...).
Tensor rejectedHalf(const Tensor& rows, const ForwardOutput& forward);

/// Sum of `values` where `mask` is 1, over everything: (...), (...) -> ().
Tensor maskedSum(const Tensor& values, const Tensor& mask);
/// Mean of `values` where `mask` is 1, pooled over everything: (...), (...) -> ().
Tensor maskedMean(const Tensor& values, const Tensor& mask);
/// The mean over all elements as a number.
double meanOf(const Tensor& values);
/// Share of pairs whose first number is strictly larger: ties count 0, as in TRL.
double shareLarger(const Tensor& first, const Tensor& second);

/// Log-probs of a batch's pairs, with gradient: summed over the completion, and per completion token.
struct PolicyLogProbs {
    PairLogProbs sum;
    PairLogProbs mean;
};
PolicyLogProbs policyLogProbs(const ForwardOutput& forward);

}  // namespace preflab
