// SPDX-License-Identifier: GPL-3.0-or-later
// What a user made of one row: its texts, whether it is used, what was said of it.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/data/row.h"
#include "core/data/shared_rows.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Which answer is better, in terms of the row's sides.
enum class Vote : std::uint8_t { ChosenBetter, RejectedBetter, Tie, BothBad, Skipped };

/// "chosen", "rejected", "tie", "both_bad", "skipped".
std::string_view voteId(Vote vote);

/// A vote with how it came about.
struct VoteRecord {
    Vote vote = Vote::Skipped;
    bool wasBlind = false;      ///< sides were hidden
    bool wasSwapped = false;    ///< the rejected answer was shown first, as A
    bool operator==(const VoteRecord&) const = default;
};

/// One row beside its source. The source itself is never changed.
struct RowState {
    std::optional<Row> edited;          ///< the row as it is now; absent: as the source has it
    bool isExcluded = false;            ///< left out of training and export
    std::vector<std::string> tags;
    std::string note;
    std::optional<VoteRecord> vote;

    /// True if it says nothing that the source does not say.
    bool isUntouched() const { return !edited && !isExcluded && tags.empty() && note.empty() && !vote; }
};

/// True if both say the same.
bool areEqual(const RowState& a, const RowState& b);
bool areEqual(const Row& a, const Row& b);

/// The row with chosen and rejected exchanged.
Row swapped(const Row& row);

/// JSON round trip. ConfigInvalid-free: the error is the reason as text.
Json toJson(const RowState& state);
tl::expected<RowState, std::string> rowStateFromJson(const Json& json);
/// A row in TRL's columns: prompt, chosen, rejected; texts or message lists.
Json toJson(const Row& row);

/// The states of all rows that were touched.
using RowStates = SharedRows<RowState>;

}  // namespace preflab
