// SPDX-License-Identifier: GPL-3.0-or-later
// The one readable network: executes a decoder description in ATen, with autograd, in float32, float64, or
// bfloat16 products over float32 master weights. It is the oracle for faster engines.
#pragma once

#include "core/train/engine/attention.h"
#include "core/train/engine/decoder_weights.h"
#include "core/train/tensor.h"

#include <cstdint>
#include <vector>

namespace preflab {

/// Keys and values of the tokens seen so far, for generation; grows along positions.
struct KeyValueCache {
    std::vector<LayerCache> layers;
    std::int64_t positions = 0;
};

/// Hidden states after the final norm. `ids` (B, T) int64, right-padded: causal attention never lets a real token
/// see padding, so real positions need no mask. With a cache, `ids` continue it. `lengths` (B) int64 hides padding
/// keys from padded positions too, as Hugging Face's attention mask does; ORPO's logits/* metrics average over those
/// positions (trl-spec 2.4). Returns (B, T, H).
Tensor decoderHidden(const DecoderWeights& weights, const Tensor& ids, KeyValueCache* cache = nullptr,
                     const Tensor& lengths = {});

/// Logits of hidden states, float32 (float64 in fp64): (..., H) -> (..., V).
Tensor decoderLogits(const DecoderWeights& weights, const Tensor& hidden);

}  // namespace preflab
