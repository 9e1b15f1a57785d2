// SPDX-License-Identifier: GPL-3.0-or-later
// Drawing the pairs of a batch from their source.
#include "core/plan/pair_batches.h"

#include <algorithm>

namespace preflab {

Result<std::vector<TokenPair>> drawPairs(const PairSource& source, std::span<const std::uint32_t> indices)
{
    std::vector<TokenPair> pairs;
    pairs.reserve(indices.size());
    for (const std::uint32_t index : indices) {
        TRY(pairs.emplace_back(), source.pair(index));
    }
    return pairs;
}

std::vector<std::vector<std::uint32_t>> batchesInOrder(std::uint32_t pairs, std::int64_t batchSize)
{
    std::vector<std::vector<std::uint32_t>> batches;
    for (std::uint32_t pair = 0; pair < pairs; ++pair) {
        if (batches.empty() || std::ssize(batches.back()) >= std::max<std::int64_t>(1, batchSize))
            batches.emplace_back();
        batches.back().push_back(pair);
    }
    return batches;
}

}  // namespace preflab
