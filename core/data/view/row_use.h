// SPDX-License-Identifier: GPL-3.0-or-later
// What training takes of a dataset once rows were left out and edited.
#pragma once

#include "core/data/view/view_index.h"

#include <cstdint>
#include <string>

namespace preflab {

/// Counted over the rows that were touched, however many others there are.
struct RowUse {
    std::uint32_t leftOut = 0;  ///< rows
    /// What edits and exclusions add to the loader's counts of these findings; 0 until the columns are measured.
    std::int64_t identicalSides = 0;
    std::int64_t emptySides = 0;
    /// Another one whenever other rows are used, or texts of other lengths: tags, notes and votes leave it. Empty: all
    /// rows, as the source has them.
    std::string key = {};
    bool operator==(const RowUse&) const = default;

    /// The loader's findings as they are for the rows in use.
    Findings adjusted(Findings findings) const;
};

/// Some 100 ms for a million touched rows: not on the UI thread.
RowUse rowUseOf(const ViewInputs& inputs);

}  // namespace preflab
