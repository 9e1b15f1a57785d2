// SPDX-License-Identifier: GPL-3.0-or-later
// Between tensors, wherever they lie, and plain numbers.
#pragma once

#include "core/train/tensor.h"

#include <span>
#include <vector>

namespace preflab {

/// The elements in row-major order. Doubles hold float32 numbers exactly.
std::vector<double> numbersOf(const Tensor& tensor);
/// (N) tensor of these numbers, with the dtype and device of `like`.
Tensor tensorOf(std::span<const double> numbers, const Tensor& like);

}  // namespace preflab
