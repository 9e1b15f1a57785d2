// SPDX-License-Identifier: GPL-3.0-or-later
// The journal's table. Used on the storage thread; everything throws DatabaseFault.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/statement.h"
#include "core/data/journal/journal_record.h"
#include "core/data/rows/row_identity.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// A row's change as it is stored: what it sets. Undo and redo set what the record says that they are of.
struct StoredChange {
    RowKey key;
    Json set;
};

/// A record as it is stored; `changes` of its base are empty.
struct StoredRecord : JournalRecord {
    std::vector<StoredChange> stored;
};

/// Takes something apart; the error is the reason why it cannot.
using RecordTaker = std::function<tl::expected<void, std::string>(StoredRecord)>;

/// Calls `take` with every record of a dataset up to a position, oldest first. ProjectInvalid, naming `file` and the
/// record, for one that cannot be read or taken.
Result<> readRecords(Connection& connection, const std::filesystem::path& file, std::int64_t dataset,
                     std::int64_t position, const RecordTaker& take);

/// A record's changes as lists of JSON that follow each other, each small enough for the database; at least one.
class ChangeLists {
public:
    /// `set` is what changes; nothing for undo and redo.
    void add(const RowKey& key, const Json* set);
    std::vector<std::string> take();

private:
    std::vector<std::string> m_lists{"["};
};

/// The lists of a record that was just made; `keys` are those of its changes' rows.
std::vector<std::string> listsOf(const JournalRecord& record, std::span<const RowKey> keys);
/// Appends a record, or puts it where its position says; returns its position.
std::int64_t insertRecord(Connection& connection, std::int64_t dataset, const JournalRecord& record,
                          const std::vector<std::string>& lists);

/// The action of that id; nothing for others.
std::optional<JournalAction> journalActionFrom(std::string_view id);

/// The changes of the record at `position`: a first list and `more` others, which `selectParts` finds by position. Calls
/// `take` with each change; the error is the reason why it cannot be read.
tl::expected<void, std::string> visitChanges(std::int64_t position, const std::string& first, std::int64_t more,
                                             Statement& selectParts,
                                             const std::function<tl::expected<void, std::string>(const Json&)>& take);

/// The ProjectInvalid that names the record.
tl::unexpected<Error> unreadableRecord(const std::filesystem::path& file, std::int64_t position,
                                       const std::string& reason);

}  // namespace preflab
