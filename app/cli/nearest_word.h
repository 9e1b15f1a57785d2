// SPDX-License-Identifier: GPL-3.0-or-later
// "Did you mean": the known word that was probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// The candidate that differs least from `word` in letters inserted, left out, changed or swapped; empty when none
/// is near.
std::string nearestWord(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace preflab
