// SPDX-License-Identifier: GPL-3.0-or-later
// Records in, states of rows out.
#pragma once

#include "core/data/journal/journal_record.h"
#include "core/data/journal/journal_table.h"
#include "core/data/rows/row_identity.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace preflab {

/// The state of a file's rows after some records, with what can be undone.
struct JournalReplay {
    RowStates states;
    std::int64_t position = 0;
    std::int64_t dataPosition = 0;  ///< as in JournalView
    /// All, in order; copies of a replay share them.
    std::vector<std::shared_ptr<const JournalRecord>> records;
    /// What undo (redo) reverses: indices of records that changed rows of the file, latest last. They are edits and redos
    /// (undos).
    std::vector<std::size_t> undoable;
    std::vector<std::size_t> redoable;

    /// The rows' states once `record` is applied: the part of `take` that is long for records of many rows.
    RowStates statesAfter(const JournalRecord& record) const;
    /// Applies one more record, whose `statesAfter` are at hand.
    void take(JournalRecord record, RowStates after);
    /// The record that undo (redo) would append, without position and time; nothing if there is nothing to do.
    std::optional<JournalRecord> undo() const;
    std::optional<JournalRecord> redo() const;
    /// The edit that undo (redo) would take back (do again); nullptr: there is none.
    std::shared_ptr<const JournalRecord> nextUndo() const;
    std::shared_ptr<const JournalRecord> nextRedo() const;
};

/// A replay over rows by what they are, wherever they stand, which then meets a file.
class KeyReplay {
public:
    /// Applies the next stored record; the error is the reason why it cannot follow.
    tl::expected<void, std::string> take(StoredRecord record);

    /// What it is for the rows of a file.
    struct OfRows {
        JournalReplay replay;
        std::unordered_map<std::uint32_t, RowKey> keys;  ///< of the rows that records name
        std::uint64_t absentRows = 0;                    ///< that were changed and are not in the file
        std::uint64_t otherColumnsRows = 0;              ///< that were changed as they are read by other columns
    };
    OfRows ofRows(const RowIdentities& rows) &&;

    /// How many rows have changes, and how many of these a file has.
    struct Presence {
        std::uint64_t changedRows = 0;
        std::uint64_t presentRows = 0;
    };
    Presence presenceIn(const RowIdentities& rows) const;

private:
    struct KeyHash {
        std::size_t operator()(const RowKey& key) const
        {
            return (RecordPartHasher()({key.record, key.part}) * 31 + key.occurrence) * 31 + key.texts;
        }
    };
    std::uint32_t slotOf(const RowKey& key);
    tl::expected<void, std::string> derive(const StoredRecord& stored, JournalRecord& record);

    std::unordered_map<RowKey, std::uint32_t, KeyHash> m_slots;
    std::vector<RowKey> m_keys;            ///< by slot
    std::vector<SharedState> m_states;     ///< by slot
    std::vector<JournalRecord> m_records;  ///< changes name slots
    std::vector<bool> m_isUndone;          ///< by record
};

}  // namespace preflab
