// SPDX-License-Identifier: GPL-3.0-or-later
// What a user made of one row: its texts, whether it is used, what was said of it.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/data/rows/row.h"
#include "core/data/rows/shared_rows.h"

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

/// By how much.
enum class VoteStrength : std::uint8_t { Unsaid, Slightly, Clearly, Much };

/// "slightly", "clearly", "much"; empty for Unsaid.
std::string_view voteStrengthId(VoteStrength strength);

/// A vote with how it came about. It says something of the row and changes nothing of it.
struct VoteRecord {
    Vote vote = Vote::Skipped;
    bool wasBlind = false;    ///< sides were hidden
    bool wasSwapped = false;  ///< the rejected answer was shown first, as A
    VoteStrength strength = VoteStrength::Unsaid;
    std::vector<std::string> reasons = {};
    bool operator==(const VoteRecord&) const = default;
};

/// One row beside its source. The source itself is never changed.
struct RowState {
    std::optional<Row> edited;  ///< the row as it is now; absent: as the source has it
    bool isExcluded = false;    ///< left out of training and export
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

/// JSON round trip; an error is the reason as text.
Json toJson(const RowState& state);
tl::expected<RowState, std::string> rowStateFromJson(const Json& json);
/// A row in TRL's columns: prompt, chosen and rejected, prompt and completion, or text; texts or message lists.
Json toJson(const Row& row);

/// The states of all rows that were touched.
using RowStates = SharedRows<RowState>;

}  // namespace preflab
