// SPDX-License-Identifier: GPL-3.0-or-later
// Token pairs as right-padded tensors, all chosen sequences, then all rejected ones (trl-spec 1.4): how the readable
// engine lays them out. Of the program, only that engine includes this.
#pragma once

#include "core/train/engine/decoder_forward.h"
#include "core/train/engine/engine.h"

#include <cstdint>
#include <span>
#include <vector>

namespace preflab {

/// A collated batch.
struct Batch {
    Tensor ids;                           // (B, T) int64, padded with 0
    Tensor lengths;                       // (B) int64
    Tensor labels;                        // (B, T) bool: the token is trained or scored
    std::int64_t pairs = 0;               ///< P; B = 2P, or P when there are no rejected sides
    std::int64_t tokens = 0;              ///< unpadded
    std::vector<std::int64_t> identical;  ///< pairs whose sides are the same tokens, ascending
};

/// Pads and stacks, on `device`.
Batch collate(std::span<const TokenPair> pairs, BatchSides sides, at::Device device = at::kCPU);

/// The batch of the `count` pairs from `first` on, padded as the whole is.
Batch chunkOf(const Batch& batch, std::int64_t first, std::int64_t count);

/// What one forward pass over a batch gives, for B = 2P (pairs) or B = P (SFT) sequences. Positions are predicting ones:
/// index t predicts token t+1, so there are T-1 of them.
struct ForwardOutput {
    Tensor logProbs;        // (B, T-1) log p of the next token, with gradient
    Tensor completionMask;  // (B, T-1) 1 where the next token belongs to the completion
    Tensor tokenMask;       // (B, T-1) 1 where the next token is not padding
    Tensor entropy;         // (B, T-1) nats, no gradient
    Tensor meanLogit;       // (B, T-1) mean over the vocabulary, no gradient, padded positions included
    Tensor isTop1;          // (B, T-1) 1 where the next token has the highest logit, no gradient
    Tensor logSquares;      // (B, T-1) log sum p^2, no gradient; undefined unless it is wanted
};

/// Forward pass of a batch with everything that sums are made of. Statistics are float32 whatever the products' dtype
/// (float64 in fp64 runs), as TRL's fused head computes them (trl-spec 1.5). Masks and isTop1 are 0 or 1 in the same
/// dtype. Under at::NoGradGuard nothing is kept for a backward pass.
ForwardOutput forwardBatch(const DecoderWeights& weights, const Batch& batch, bool hasLogSquares = false);

/// The sums of a batch, with the gradient of `forward`. Both sides of an identical pair are the chosen sequence's.
SequenceSums sequenceSums(const ForwardOutput& forward, const Batch& batch, const SumRequest& request);

/// What is known of a batch without a forward pass: the counts as they are, every other number 0.
SequenceSums countsAlone(const Batch& batch, const SumRequest& request, at::ScalarType type);

/// The sums of a batch whose chunks, in order, have those of `parts`. Detached.
SequenceSums joined(std::span<const SequenceSums> parts);

}  // namespace preflab
