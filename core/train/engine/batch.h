// SPDX-License-Identifier: GPL-3.0-or-later
// Token pairs as right-padded tensors: all chosen sequences, then all rejected ones (trl-spec 1.4).
#pragma once

#include "core/text/recipe.h"
#include "core/train/decoder_forward.h"
#include "core/train/objectives/method.h"
#include "core/train/tensor.h"

#include <span>

namespace preflab {

/// A collated micro-batch.
struct Batch {
    Tensor ids;               // (B, T) int64, padded with 0
    Tensor lengths;           // (B) int64
    Tensor labels;            // (B, T) bool: the token is trained or scored
    std::int64_t pairs = 0;   ///< P; B = 2P, or P when there are no rejected sides
    std::int64_t tokens = 0;  ///< unpadded
};

/// Pads and stacks. `hasRejected` false: chosen sequences only.
enum class BatchSides { Both, ChosenOnly };
Batch collate(std::span<const TokenPair> pairs, BatchSides sides);

/// Forward pass of a batch with everything methods and metrics look at. Statistics are float32 whatever the
/// products' dtype (float64 in fp64 runs), as TRL's fused head computes them (trl-spec 1.5). Masks and isTop1 are
/// 0 or 1 in the same dtype. Under at::NoGradGuard nothing is kept for a backward pass.
ForwardOutput forwardBatch(const DecoderWeights& weights, const Batch& batch);

/// Sum of log-probs over completion positions: (B, T-1) -> (B).
Tensor sequenceLogProbs(const ForwardOutput& forward);
/// Number of completion positions with a prediction: (B).
Tensor completionCounts(const ForwardOutput& forward);

}  // namespace preflab
