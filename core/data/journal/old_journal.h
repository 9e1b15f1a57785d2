// SPDX-License-Identifier: GPL-3.0-or-later
// Records of projects up to version 4, which name a row by its number in a file of one content. They wait until that
// very file is opened.
#pragma once

#include "core/base/result.h"
#include "core/base/statement.h"
#include "core/data/ingest/dataset.h"
#include "core/data/journal/journal_table.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace preflab {

/// A record as it was stored, with whole states.
struct OldRecord : JournalRecord {
    struct Change {
        std::uint32_t row = 0;
        RowState before;
        RowState after;
    };
    std::vector<Change> old;
};

/// How many old records wait for files, whatever they are. Storage thread, as what follows.
std::int64_t waitingRecords(Connection& connection);
/// Those of a content, oldest first. ProjectInvalid naming `file` and the record for one that cannot be read.
Result<std::vector<OldRecord>> readOldRecords(Connection& connection, const std::filesystem::path& file,
                                              const std::string& contentHash);
/// The same records, naming rows by what they are; `data` is of that content. ProjectInvalid for a record that names a
/// row that the file never had. Any thread.
Result<std::vector<StoredRecord>> translated(const std::vector<OldRecord>& records, const Dataset& data,
                                             const std::filesystem::path& file);
/// Numbers both kinds of records in the order of their positions; what they are of goes with it.
void numberTogether(std::vector<StoredRecord>& known, std::vector<StoredRecord>& joining);
/// Makes them the dataset's, at their positions, and forgets the old ones of that content.
Result<> storeTranslated(Connection& connection, const std::filesystem::path& file, std::int64_t dataset,
                         const std::string& contentHash, std::vector<StoredRecord> records);

}  // namespace preflab
