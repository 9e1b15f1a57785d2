// SPDX-License-Identifier: GPL-3.0-or-later
// The words for what the loader found, which every command and every run uses.
#pragma once

#include "core/data/ingest/dataset.h"

#include <cstdint>
#include <string>
#include <vector>

namespace preflab {

/// What is doubtful of a file or of rows that are loaded all the same.
struct DataDoubt {
    Finding::Kind kind = Finding::Kind::EmptySide;
    std::uint64_t rows = 0;  ///< how many; 1 where it is of the file
    std::string text;        ///< "3 pairs of pairs.jsonl have an empty answer (lines 3, 17, 20)."
    bool operator==(const DataDoubt&) const = default;
};

/// All doubts about a dataset, by kind, with the places of the first rows. `findings` are the dataset's own, or those of
/// its rows as they were edited. Rows that could not be read are no doubts: they are left out, and counted as that.
std::vector<DataDoubt> doubtsOf(const Dataset& data, const Findings& findings);

}  // namespace preflab
