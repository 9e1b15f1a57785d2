// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of numbers.
#include "core/train/engine/numbers.h"

#include <ATen/ops/empty.h>

#include <algorithm>

namespace preflab {

std::vector<double> numbersOf(const Tensor& tensor)
{
    const Tensor doubles = tensor.detach().to(at::kCPU, at::kDouble).contiguous();
    const double* const first = doubles.const_data_ptr<double>();
    return {first, first + doubles.numel()};
}

Tensor tensorOf(std::span<const double> numbers, const Tensor& like)
{
    const Tensor doubles = at::empty({std::ssize(numbers)}, at::kDouble);
    std::ranges::copy(numbers, doubles.mutable_data_ptr<double>());
    return doubles.to(like.options().requires_grad(false));
}

}  // namespace preflab
