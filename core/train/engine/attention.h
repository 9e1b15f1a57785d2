// SPDX-License-Identifier: GPL-3.0-or-later
// One layer's attention in ATen, and which tokens see which.
#pragma once

#include "core/train/engine/decoder_weights.h"
#include "core/train/engine/rotary.h"
#include "core/train/tensor.h"

#include <cstdint>
#include <optional>

namespace preflab {

/// Which keys a query sees. An undefined mask with isCausal false means all.
struct Visibility {
    Tensor mask;  // (T, S) or (B, 1, T, S) bool: S keys, those of the cache first
    bool isCausal = false;
};

/// All earlier keys and itself, with `lengths` (B) no padding, with `window` only so many last ones. The `count`
/// queries follow `past` tokens of a cache. The mask lies on `device`.
Visibility visibilityOf(std::int64_t past, std::int64_t count, const Tensor& lengths,
                        std::optional<std::int64_t> window, at::Device device);

/// Keys and values of one layer's tokens so far. (B, K, T, D) each; undefined at first
struct LayerCache {
    Tensor keys, values;
};

/// Grouped-query attention, arXiv:1706.03762 eq. 1 and arXiv:2305.13245. `hidden` is normalised already; `table` is
/// empty for attention without positions. (B, T, H) -> (B, T, H)
Tensor attend(const Tensor& hidden, const AttentionDescription& attention, const DecoderWeights::Layer& layer,
              const std::optional<RotaryTable>& table, const Visibility& visibility, LayerCache* cache,
              Precision precision);

}  // namespace preflab
