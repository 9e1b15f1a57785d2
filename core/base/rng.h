// SPDX-License-Identifier: GPL-3.0-or-later
// Seeds split by purpose, so that evaluation or sampling never changes the order of training rows.
#pragma once

#include <cstdint>
#include <vector>

namespace preflab {

/// What randomness is for. Each purpose has its own stream.
enum class SeedPurpose { RowOrder, HeldOutSplit, Sampling, Initialisation, Dropout };

/// The seed of a purpose. RowOrder is the user's seed itself, because TRL's order is defined by it.
std::uint64_t seedFor(std::uint64_t seed, SeedPurpose purpose);

/// torch.randperm(count) of a CPU generator seeded `seed` (trl-spec section 3): the order in which TRL draws
/// the rows of epoch e is randomPermutation(n, seed + e). Equal to torch's for count < 2^32 / 20.
std::vector<std::uint32_t> randomPermutation(std::uint32_t count, std::uint64_t seed);

}  // namespace preflab
