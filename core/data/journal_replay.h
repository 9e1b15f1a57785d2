// SPDX-License-Identifier: GPL-3.0-or-later
// Records in, states of rows out.
#pragma once

#include "core/base/statement.h"
#include "core/data/journal.h"

namespace preflab {

/// The state of a dataset's rows after some records, with what can be undone.
struct JournalReplay {
    RowStates states;
    std::int64_t position = 0;
    std::vector<JournalRecord> records;          ///< all, in order
    std::vector<std::size_t> undoable;           ///< indices of records, latest last
    std::vector<std::size_t> redoable;

    /// Applies one more record.
    void take(JournalRecord record);
    /// The record that undo (redo) would append, without position and time; nothing if there is nothing to do.
    std::optional<JournalRecord> undo() const;
    std::optional<JournalRecord> redo() const;
};

/// Reads and replays the records of a dataset. Storage thread; throws DatabaseFault.
Result<JournalReplay> replayJournal(Connection& connection, const std::filesystem::path& file,
                                    const std::string& contentHash);
/// Appends a record; returns its position. Storage thread; throws DatabaseFault.
std::int64_t insertRecord(Connection& connection, const std::string& contentHash, const JournalRecord& record);

}  // namespace preflab
