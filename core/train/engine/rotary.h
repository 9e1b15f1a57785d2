// SPDX-License-Identifier: GPL-3.0-or-later
// Rotary position embedding in ATen.
#pragma once

#include "core/model/decoder.h"
#include "core/train/tensor.h"

#include <cstdint>

namespace preflab {

/// Cosines and sines of a range of positions, each frequency twice because halves rotate together. (T, width) each
struct RotaryTable {
    Tensor cosine, sine;
};

/// The table of `count` positions from `first` on, with these options' dtype and device.
RotaryTable rotaryTable(const RotaryPositions& rotary, std::int64_t first, std::int64_t count,
                        const at::TensorOptions& options);

/// Rotates pairs (x_i, x_{i+width/2}) of the first `width` numbers of each head: the half-split layout of Hugging
/// Face. (B, A or K, T, D) -> the same
Tensor rotate(const Tensor& vectors, const RotaryTable& table);

}  // namespace preflab
