// SPDX-License-Identifier: GPL-3.0-or-later
// Counting weights, and gathering those that share a tensor in the files.
#include "core/model/weight_spec.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <utility>

namespace preflab {
namespace {

/// The weight's shape as the file lays it out.
std::vector<std::int64_t> storedShape(const WeightSpec& weight)
{
    std::vector<std::int64_t> shape = weight.shape;
    if (weight.source.isTransposed) std::reverse(shape.begin(), shape.end());
    return shape;
}

/// The shape of the whole tensor in the file, as one of its weights tells it.
std::vector<std::int64_t> fileShape(const WeightSpec& weight)
{
    std::vector<std::int64_t> shape = storedShape(weight);
    if (weight.source.slice)
        shape.at(weight.source.slice->dimension) = weight.source.slice->groups * weight.source.slice->groupSize;
    return shape;
}

tl::unexpected<Error> contradiction(const FileTensor& tensor, const std::string& reason)
{
    return fail(ErrorCode::Internal, {{"reason", "the weights that share the tensor " + tensor.name + " " + reason}});
}

/// The slices of a tensor follow one another from its group's beginning to its end.
Result<> checkSlices(const FileTensor& tensor)
{
    const auto& first = tensor.parts.front().source.slice;
    if (!first) {
        if (tensor.parts.size() == 1) return {};
        return contradiction(tensor, "overlap");
    }
    std::vector<std::pair<std::int64_t, std::int64_t>> ranges;  // first, count
    for (const WeightSpec& part : tensor.parts) {
        const auto& slice = part.source.slice;
        const bool fits = slice && slice->dimension == first->dimension && slice->groups == first->groups &&
                          slice->groupSize == first->groupSize && fileShape(part) == tensor.shape &&
                          storedShape(part).at(slice->dimension) == slice->groups * slice->count;
        if (!fits) return contradiction(tensor, "see different shapes");
        ranges.emplace_back(slice->first, slice->count);
    }
    std::sort(ranges.begin(), ranges.end());
    std::int64_t end = 0;
    for (const auto& [start, count] : ranges) {
        if (start != end) return contradiction(tensor, "do not follow one another");
        end += count;
    }
    if (end != first->groupSize) return contradiction(tensor, "leave a part of it out");
    return {};
}

}  // namespace

std::int64_t WeightSpec::count() const
{
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t parameterCount(const std::vector<WeightSpec>& weights)
{
    return std::accumulate(weights.begin(), weights.end(), std::int64_t{0},
                           [](std::int64_t sum, const WeightSpec& weight) { return sum + weight.count(); });
}

bool FileTensor::isPlain() const
{
    return parts.size() == 1 && !parts.front().source.slice && !parts.front().source.isTransposed;
}

Result<std::vector<FileTensor>> fileTensorsOf(const std::vector<WeightSpec>& weights)
{
    std::map<std::string, FileTensor> tensors;
    for (const WeightSpec& weight : weights) {
        FileTensor& tensor = tensors[weight.fileName()];
        if (tensor.parts.empty()) tensor.shape = fileShape(weight);
        tensor.parts.push_back(weight);
    }
    std::vector<FileTensor> list;
    for (auto& [name, tensor] : tensors) {
        tensor.name = name;
        TRY_VOID(checkSlices(tensor));
        list.push_back(std::move(tensor));
    }
    return list;
}

}  // namespace preflab
