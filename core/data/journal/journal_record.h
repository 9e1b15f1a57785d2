// SPDX-License-Identifier: GPL-3.0-or-later
// What the journal consists of.
#pragma once

#include "core/data/journal/row_state.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// One row in a record, before and after; null where it is untouched. Records share states with each other and with
/// whoever shows them.
struct RowChange {
    std::uint32_t row = 0;
    SharedState before;
    SharedState after;
};

/// What one record did.
enum class JournalAction { Edit, Swap, Exclude, Restore, Tag, Note, Vote, Undo, Redo, Accept };

/// "edit", "swap", ...
std::string_view journalActionId(JournalAction action);

/// One record.
struct JournalRecord {
    std::int64_t position = 0;  ///< in the project's journal, over all datasets
    std::int64_t number = 0;    ///< among the records of this dataset, from 1
    std::string time;           ///< UTC
    JournalAction action = JournalAction::Edit;
    std::int64_t of = 0;             ///< Undo, Redo: the number of the record that is taken back or done again
    std::vector<RowChange> changes;  ///< of the rows that are in the file
};

}  // namespace preflab
