// SPDX-License-Identifier: GPL-3.0-or-later
// Counting a decoder's weights.
#include "core/model/decoder.h"

#include <functional>
#include <numeric>

namespace preflab {

std::int64_t WeightSpec::count() const
{
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t parameterCount(const std::vector<WeightSpec>& weights)
{
    return std::accumulate(weights.begin(), weights.end(), std::int64_t{0},
                           [](std::int64_t sum, const WeightSpec& weight) { return sum + weight.count(); });
}

}  // namespace preflab
