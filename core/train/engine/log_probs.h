// SPDX-License-Identifier: GPL-3.0-or-later
// From hidden states to what losses and metrics look at per predicted token: the numerically delicate part.
#pragma once

#include "core/plan/placement.h"
#include "core/train/engine/decoder_forward.h"
#include "core/train/tensor.h"

#include <cstdint>

namespace preflab {

/// Statistics of the predicting positions, all (B, T'), float32 (float64 in fp64 runs).
struct TokenStatistics {
    Tensor logProbs;    // log softmax(z)_y in nats, with gradient
    Tensor entropy;     // -sum p log p in nats, no gradient
    Tensor meanLogit;   // mean of z over the vocabulary, no gradient
    Tensor isTop1;      // 1 where y is the first maximum of z, no gradient
    Tensor logSquares;  // log sum p^2, no gradient; undefined unless it is wanted
};

/// Statistics of `nextIds` (B, T') under the logits z of `hidden` (B, T', H). `chunkElements` bounds temporaries.
TokenStatistics tokenStatistics(const DecoderWeights& weights, const Tensor& hidden, const Tensor& nextIds,
                                std::int64_t chunkElements = kLogitChunkElements, bool hasLogSquares = false);

}  // namespace preflab
