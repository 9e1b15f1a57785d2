// SPDX-License-Identifier: GPL-3.0-or-later
// Views of a file's tensor.
#include "core/train/engine/file_tensor.h"

#include <cstdint>

namespace preflab {
namespace {

/// The slice's part of a tensor, its dimension cut into groups: (..., groups, count, ...).
Tensor slicedView(const Tensor& fileTensor, const WeightSlice& slice)
{
    const auto dimension = static_cast<std::int64_t>(slice.dimension);
    return fileTensor.unflatten(dimension, {slice.groups, slice.groupSize})
        .narrow(dimension + 1, slice.first, slice.count);
}

}  // namespace

Tensor weightIn(const Tensor& fileTensor, const WeightSource& source)
{
    if (!source.slice && !source.isTransposed) return fileTensor;
    Tensor part = fileTensor;
    if (source.slice) {
        const auto dimension = static_cast<std::int64_t>(source.slice->dimension);
        part = slicedView(part, *source.slice).flatten(dimension, dimension + 1);
    }
    if (source.isTransposed) part = part.t();
    return part.clone(at::MemoryFormat::Contiguous);  // a view would keep the whole tensor in memory
}

void storeWeight(Tensor& fileTensor, const WeightSource& source, const Tensor& weight)
{
    const Tensor stored = source.isTransposed ? weight.t() : weight;
    if (!source.slice) {
        fileTensor.copy_(stored);
        return;
    }
    const WeightSlice& slice = *source.slice;
    const auto dimension = static_cast<std::int64_t>(slice.dimension);
    slicedView(fileTensor, slice).copy_(stored.unflatten(dimension, {slice.groups, slice.count}));
}

}  // namespace preflab
