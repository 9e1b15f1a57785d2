// SPDX-License-Identifier: GPL-3.0-or-later
// From sums over tokens to what losses and metrics are made of: means over tokens and pairs.
#pragma once

#include "core/train/objectives/method.h"

#include <vector>

namespace preflab {

/// Log-probs of answers and their means per label token of the batch `policy`, with the gradient that they have.
LogProbs perToken(const SequenceSums& policy, const PairTensors& sums);

/// WPO's weights of the pairs, arXiv:2406.11827 as TRL has it (trl-spec 1.7): of each answer the mean over its
/// labels of log p(y) - log sum p^2, as the product of both sides' exponentials. Without gradient. (P)
Tensor ownProbabilityWeights(const SequenceSums& policy);

/// Sum of the losses' means over the pairs, each times its weight; the input's weights of pairs count in the means.
Tensor weightedLoss(const std::vector<LossTerm>& terms, const LossInput& input, const ParamValues& params);

/// Mean per token of per-sequence sums, pooled over all of them: (S), (S) -> ().
Tensor pooledMean(const Tensor& sums, const Tensor& counts);
/// rewards/chosen, rejected, accuracies and margins of a batch's rewards, as DPO and ORPO log them: (P), (P).
std::vector<StepMetric> rewardMetrics(const Tensor& chosen, const Tensor& rejected);

/// The mean over all elements as a number.
double meanOf(const Tensor& values);
/// Share of pairs whose first number is strictly larger: ties count 0, as in TRL.
double shareLarger(const Tensor& first, const Tensor& second);

}  // namespace preflab
