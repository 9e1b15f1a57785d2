// SPDX-License-Identifier: GPL-3.0-or-later
// What PrefLab proposes for a run that leaves it open, and how shares become whole rows.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace preflab {

/// The share of the data that is held out where nothing else is said: without it nothing could be compared.
inline constexpr double kSuggestedHeldOutShare = 0.1;

/// How many of so many rows a share holds out: rounded, at least one of two and never all; 0 for no share, and for a file
/// of one row, of which nothing can be held out.
std::uint32_t heldOutRows(std::uint32_t rows, double share);
/// So many rows in the order in which that seed holds them out: the first heldOutRows of them are.
std::vector<std::uint32_t> heldOutOrder(std::uint32_t rows, std::uint64_t seed);

/// A learning rate for a model of so many parameters where TRL's default, meant for billions, would hardly move it;
/// nothing where the default is right or the size unknown.
std::optional<double> suggestedLearningRate(std::int64_t parameters);

/// Steps from one evaluation to the next so that a run of `steps` has about ten: 1, 2, 5, 10, 20, 50, ...
std::int64_t suggestedEvaluationInterval(std::int64_t steps);

}  // namespace preflab
