// SPDX-License-Identifier: GPL-3.0-or-later
// The longest common subsequence of two sequences of ids, in linear memory and bounded time.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace preflab {

/// Positions of equal ids in `left` and `right`, both ascending. A shortest edit script (Myers 1986, with the middle
/// snake) where less than some thousand ids differ, a good one otherwise.
std::vector<std::pair<std::uint32_t, std::uint32_t>> matchSequences(std::span<const std::uint32_t> left,
                                                                    std::span<const std::uint32_t> right);

}  // namespace preflab
