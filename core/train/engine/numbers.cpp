// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of numbers.
#include "core/train/engine/numbers.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstring>

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

Tensor rowOf(std::span<const TokenId> ids)
{
    const Tensor row = at::empty({1, std::ssize(ids)}, at::kLong);
    std::ranges::copy(ids, row.mutable_data_ptr<std::int64_t>());
    return row;
}

void copyBytes(const Tensor& tensor, std::span<std::byte> into)
{
    const Tensor values = tensor.detach().to(at::kCPU).contiguous();
    std::memcpy(into.data(), values.const_data_ptr(), into.size());
}

Result<Tensor> filledTensor(const std::vector<std::int64_t>& shape, at::ScalarType type,
                            const std::function<Result<>(std::span<std::byte>)>& fill)
{
    const Tensor values = at::empty(shape, type);
    TRY_VOID(fill({static_cast<std::byte*>(values.mutable_data_ptr()), values.nbytes()}));
    return values;
}

}  // namespace preflab
