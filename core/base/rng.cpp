// SPDX-License-Identifier: GPL-3.0-or-later
// Seeds by purpose and torch's random permutation.
#include "core/base/rng.h"

#include <numeric>
#include <random>
#include <utility>

namespace preflab {

std::uint64_t seedFor(std::uint64_t seed, SeedPurpose purpose)
{
    if (purpose == SeedPurpose::RowOrder) return seed;
    // SplitMix64 (Steele, Lea, Flood 2014), at a position of its own for each purpose.
    std::uint64_t mixed = seed + 0x9E3779B97F4A7C15ULL * static_cast<std::uint64_t>(purpose);
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31);
}

std::vector<std::uint32_t> randomPermutation(std::uint32_t count, std::uint64_t seed)
{
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    // torch's generator keeps the low 32 bits of a seed.
    std::mt19937 generator(static_cast<std::uint32_t>(seed));
    for (std::uint32_t i = 0; i + 1 < count; ++i) {
        const auto step = static_cast<std::uint32_t>(generator() % (count - i));
        std::swap(order[i], order[i + step]);
    }
    return order;
}

}  // namespace preflab
