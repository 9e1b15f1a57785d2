// SPDX-License-Identifier: GPL-3.0-or-later
// What became of the rows of a data file on their way to training, scoring or export.
#pragma once

#include "core/data/ingest/data_doubts.h"
#include "core/data/journal/edited_dataset.h"
#include "core/text/recipe.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Every row of a file is counted once: as used, or under what kept it from being used.
struct RowCounts {
    std::uint64_t used = 0;
    std::uint64_t heldOut = 0;     ///< kept for evaluation
    std::uint64_t unreadable = 0;  ///< the loader could not read them
    std::uint64_t excluded = 0;    ///< the user left them out
    std::map<DropReason, std::uint64_t> dropped = {};
    std::uint64_t unmatched = 0;  ///< the other method of a comparison cannot use them
    std::uint64_t tooLong = 0;    ///< of the used ones: longer than the positions the model was made for
    std::uint64_t shortened = 0;  ///< of the used ones: a side loses tokens at the maximum length
    /// Parts of rows that do not reach the model: keys of messages with the rows that have them, and whether there is a
    /// column of tools. The built-in chat templates write role and content alone.
    std::map<std::string, std::uint64_t> messageKeys = {};
    bool hasToolsColumn = false;
    std::vector<DataDoubt> doubts = {};  ///< about the file, and about rows that are used all the same
    std::vector<std::string> editNotes =
        {};  ///< on edits and votes that do not count, as EditedDataset::notes has them

    /// All that were not used and are not held out.
    std::uint64_t leftOut() const;
    std::uint64_t total() const { return used + heldOut + leftOut(); }
    bool operator==(const RowCounts&) const = default;
    /// Takes from `opened` what holds whatever becomes of its rows: unreadable ones, keys of messages, tools, doubts,
    /// edits that do not count.
    void takeLosses(const EditedDataset& opened);
};

/// Why rows were left out: "10 because the prompt fills the maximum length, 2 because they could not be read"; empty if
/// none were.
std::string leftOutText(const RowCounts& counts);
/// Which parts of rows are not rendered: "tool_calls of messages (3 rows), the column tools"; empty if none are.
std::string unrenderedText(const RowCounts& counts);

}  // namespace preflab
