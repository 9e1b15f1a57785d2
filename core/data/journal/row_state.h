// SPDX-License-Identifier: GPL-3.0-or-later
// What a user made of one row: its texts, whether it is used, what was said of it.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/data/rows/row.h"
#include "core/data/rows/shared_rows.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

/// One row beside its source. The source itself is never changed. Copies share the texts.
struct RowState {
    std::shared_ptr<const Row> edited;  ///< what stands for the source's texts; null: the source's
    bool isSwapped = false;             ///< chosen and rejected of these texts are exchanged
    bool isExcluded = false;            ///< left out of training and export
    std::vector<std::string> tags;
    std::string note;
    std::optional<VoteRecord> vote;

    /// True if the texts are not the source's.
    bool isEdited() const { return edited || isSwapped; }
    /// True if it says nothing that the source does not say.
    bool isUntouched() const { return !isEdited() && !isExcluded && tags.empty() && note.empty() && !vote; }
};

/// True if both say the same.
bool areEqual(const RowState& a, const RowState& b);
bool areEqual(const Row& a, const Row& b);
/// True if both have the same texts, as far as that is known without the source.
bool haveEqualTexts(const RowState& a, const RowState& b);

/// The row with chosen and rejected exchanged.
Row swapped(const Row& row);
/// The row as it is now, of which the file says `source`.
Row rowNow(const RowState& state, const Row& source);

/// What `after` says otherwise than `before`, as JSON: {"row": {...} or null, "swapped": true, "excluded": true,
/// "tags": [...], "note": "...", "vote": {...} or null}, each only if it differs.
Json changeJson(const RowState& before, const RowState& after);
/// `before` with such a change; an error is the reason as text.
tl::expected<RowState, std::string> changed(const RowState& before, const Json& change);
/// A row in TRL's columns: prompt, chosen and rejected, prompt and completion, or text; texts or message lists.
Json toJson(const Row& row);

/// A state that its owners share; null: untouched.
using SharedState = std::shared_ptr<const RowState>;

/// The states of all rows that were touched. A copy is cheap.
class RowStates {
public:
    /// The row's state; nullptr: untouched.
    const RowState* find(std::uint32_t row) const { return shared(row).get(); }
    SharedState shared(std::uint32_t row) const;
    void set(std::uint32_t row, RowState state);
    /// Sets many in one go, in their order.
    void setAll(const std::vector<std::pair<std::uint32_t, SharedState>>& states);
    /// All rows that have a state, ascending.
    std::vector<std::uint32_t> rows() const { return m_states.rows(); }
    std::size_t size() const { return m_states.size(); }

private:
    SharedRows<SharedState> m_states;
};

}  // namespace preflab
