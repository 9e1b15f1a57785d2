// SPDX-License-Identifier: GPL-3.0-or-later
// Between tensors, wherever they lie, and plain numbers.
#pragma once

#include "core/base/result.h"
#include "core/text/tokenizer.h"
#include "core/train/tensor.h"

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace preflab {

/// The elements in row-major order. Doubles hold float32 numbers exactly.
std::vector<double> numbersOf(const Tensor& tensor);
/// (N) tensor of these numbers, with the dtype and device of `like`.
Tensor tensorOf(std::span<const double> numbers, const Tensor& like);
/// One sequence of token ids: (1, T) int64.
Tensor rowOf(std::span<const TokenId> ids);

/// The elements' bytes in row-major order, as files hold them; `into` has exactly their size.
void copyBytes(const Tensor& tensor, std::span<std::byte> into);
/// A new tensor of that shape and dtype whose bytes `fill` writes; its errors.
Result<Tensor> filledTensor(const std::vector<std::int64_t>& shape, at::ScalarType type,
                            const std::function<Result<>(std::span<std::byte>)>& fill);

}  // namespace preflab
