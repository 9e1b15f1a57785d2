// SPDX-License-Identifier: GPL-3.0-or-later
// Linear maps, norms and MLP of a block in ATen.
#pragma once

#include "core/model/decoder.h"
#include "core/train/engine/decoder_weights.h"
#include "core/train/tensor.h"

#include <optional>

namespace preflab {

/// What enters a matrix product: rounded in bfloat16 runs. Rounded once, it is kept once for the backward pass.
Tensor rounded(const Tensor& factor, Precision precision);
/// x W^T + b, and what an adapter adds: (..., in) -> (..., out). In bfloat16 runs both factors are rounded and the
/// product is widened again.
Tensor linear(const Tensor& input, const LinearWeight& weight, Precision precision);
/// The norm over the last dimension, with its factors; the values as they are where there is no norm.
Tensor normalised(const Tensor& values, const std::optional<NormDescription>& norm, const NormWeight& weight);

/// The MLP of a layer; `hidden` is normalised already. (B, T, H) -> (B, T, H)
Tensor feedForward(const Tensor& hidden, const MlpDescription& mlp, const DecoderWeights::Layer& layer,
                   Precision precision);

}  // namespace preflab
