// SPDX-License-Identifier: GPL-3.0-or-later
// From the database's records to the states of a file's rows.
#pragma once

#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/data/journal/dataset_registry.h"
#include "core/data/journal/journal.h"
#include "core/data/journal/journal_replay.h"
#include "core/project/project.h"

#include <cstdint>
#include <limits>
#include <optional>

namespace preflab {

/// Beyond the last position of any journal.
inline constexpr std::int64_t kWholeJournal = std::numeric_limits<std::int64_t>::max();

/// A dataset's journal, and what the file is to the project.
struct LoadedJournal {
    std::int64_t dataset = 0;  ///< 0: the project has no changes of it
    KeyReplay::OfRows ofRows;
    std::uint64_t waitingRecords = 0;       ///< as in JournalView
    std::optional<SimilarDataset> similar;  ///< as in JournalView
    JournalView view() const;
};

/// Reads and replays the records up to a position. Old records of the file's content are translated for good, or, where
/// the project can only be read, for this time. `dataset`: as in Journal::open. Not from the storage thread.
Result<LoadedJournal> loadJournal(Project& project, const Dataset& data, std::int64_t position, std::int64_t dataset);

/// Notes `data` as what the dataset is now, if that is news; nothing for dataset 0.
Result<> noteVersion(Project& project, const Dataset& data, std::int64_t dataset);

}  // namespace preflab
