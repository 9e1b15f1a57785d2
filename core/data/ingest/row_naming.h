// SPDX-License-Identifier: GPL-3.0-or-later
// How a row is called, so that everybody who names one means the same place in the user's file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace preflab {

/// What the numbers of rows count, everywhere and for ever in a file.
enum class RowNaming {
    Line,    ///< lines of the user's own file, in which the row begins: "line 17, column 3: ..."
    Record,  ///< rows of a file that has no lines: "row 17: ..."
};

/// "line 17", "row 17".
std::string placeText(RowNaming naming, std::uint64_t number);

/// "line 3", "rows 3, 17, 20 and 1,205 more": where `total` rows are of which the `first` are known; at most five are
/// named.
std::string placesText(RowNaming naming, const std::vector<std::uint64_t>& first, std::uint64_t total);

}  // namespace preflab
