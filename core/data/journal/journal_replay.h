// SPDX-License-Identifier: GPL-3.0-or-later
// Records in, states of rows out.
#pragma once

#include "core/base/statement.h"
#include "core/data/journal/journal.h"

#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// The state of a dataset's rows after some records, with what can be undone.
struct JournalReplay {
    RowStates states;
    std::int64_t position = 0;
    std::int64_t dataPosition = 0;  ///< as in JournalView
    /// All, in order; copies of a replay share them.
    std::vector<std::shared_ptr<const JournalRecord>> records;
    std::vector<std::size_t> undoable;  ///< indices of records, latest last
    std::vector<std::size_t> redoable;

    JournalView view() const { return {states, position, dataPosition, false}; }
    /// True if a stored record can follow: numbers go up by one, undo and redo act on the record whose turn it is.
    bool canTake(const JournalRecord& record) const;
    /// The rows' states once `record` is applied: the part of `take` that is long for records of many rows.
    RowStates statesAfter(const JournalRecord& record) const;
    /// Applies one more record, whose `statesAfter` are at hand.
    void take(JournalRecord record, RowStates after);
    /// The record that undo (redo) would append, without position and time; nothing if there is nothing to do.
    std::optional<JournalRecord> undo() const;
    std::optional<JournalRecord> redo() const;
};

/// Beyond the last position of any journal.
inline constexpr std::int64_t kWholeJournal = std::numeric_limits<std::int64_t>::max();

/// Reads and replays the records of a dataset of so many rows up to a position. Storage thread; throws DatabaseFault.
Result<JournalReplay> replayJournal(Connection& connection, const std::filesystem::path& file,
                                    const std::string& contentHash, std::uint32_t rowCount, std::int64_t position);
/// Appends a record; returns its position. Storage thread; throws DatabaseFault.
std::int64_t insertRecord(Connection& connection, const std::string& contentHash, const JournalRecord& record);

}  // namespace preflab
