// SPDX-License-Identifier: GPL-3.0-or-later
// Drawing the pairs of a batch from their source.
#pragma once

#include "core/base/result.h"
#include "core/text/pair_source.h"

#include <cstdint>
#include <span>
#include <vector>

namespace preflab {

/// The pairs at `indices`, in that order; an error of the source (its file changed).
Result<std::vector<TokenPair>> drawPairs(const PairSource& source, std::span<const std::uint32_t> indices);

/// 0 .. pairs-1 in batches of `batchSize`, the last one may be short: the order of evaluations.
std::vector<std::vector<std::uint32_t>> batchesInOrder(std::uint32_t pairs, std::int64_t batchSize);

}  // namespace preflab
