// SPDX-License-Identifier: GPL-3.0-or-later
// From sums over tokens to what losses and metrics are made of: means over tokens and pairs.
#pragma once

#include "core/train/objectives/method.h"

#include <vector>

namespace preflab {

/// Label sums of the pairs and their means per label token, with the gradient of the sums.
LogProbs policyLogProbs(const SequenceSums& policy);
/// The same of a frozen reference's label sums.
LogProbs referenceLogProbs(const SequenceSums& policy, const PairTensors& sums);

/// Sum of the losses' means over the pairs, each times its weight.
Tensor weightedLoss(const std::vector<LossTerm>& terms, const LossInput& input, const ParamValues& params);

/// Mean per token of per-sequence sums, pooled over all of them: (S), (S) -> ().
Tensor pooledMean(const Tensor& sums, const Tensor& counts);
/// The mean over all elements as a number.
double meanOf(const Tensor& values);
/// Share of pairs whose first number is strictly larger: ties count 0, as in TRL.
double shareLarger(const Tensor& first, const Tensor& second);

}  // namespace preflab
