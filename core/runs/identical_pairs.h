// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs whose two sides are the same tokens: no method can learn a preference from them.
#pragma once

#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/text/pair_source.h"

#include <cstdint>
#include <string>
#include <vector>

namespace preflab {

/// The pairs of a source with equal sides.
struct IdenticalPairs {
    std::uint32_t pairs = 0;                     ///< of the whole source
    std::uint32_t identical = 0;                 ///< those with equal sides
    std::vector<std::uint64_t> firstSourceRows;  ///< where the first ten of them stand in the file
    RowNaming naming = RowNaming::Line;          ///< what those numbers count

    /// Nothing is left to learn from.
    bool isEverything() const { return identical == pairs; }
    /// "4 of 4 pairs have identical sides and can teach no preference (lines 1, 2, 3, 4)."
    std::string text() const;
    /// The same of held-out pairs: "All 3 held-out pairs have identical sides (lines 1, 2, 3), so no ..."
    std::string heldOutText() const;
};

/// Compares both sides as they reach the model, after truncation. `data` is what the pairs are of.
/// Errors of the source.
Result<IdenticalPairs> findIdenticalPairs(const PairSource& source, const Dataset& data);

/// NoUsableRows where every pair of the file at `path` has identical sides. For training on preferences; a user who
/// wants such a run all the same says so (RunSpec::areIdenticalPairsWanted), and then this is not asked.
Result<> requireDifferentSides(const IdenticalPairs& found, const std::filesystem::path& path);

}  // namespace preflab
