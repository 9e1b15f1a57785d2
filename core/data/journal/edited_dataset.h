// SPDX-License-Identifier: GPL-3.0-or-later
// The one way to open a dataset: with the journal applied.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/data/journal/journal.h"
#include "core/project/project.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace preflab {

/// Where the edits of a dataset come from; empty: nowhere, rows are as the file has them.
using EditSource = std::function<Result<JournalView>(const Dataset& data)>;

/// Edits from a project's journal as it is, or as it was after the record at `position`. The project must outlive it.
EditSource editsIn(Project& project, std::optional<std::int64_t> position = {});

/// A dataset with what the user made of it.
struct EditedDataset {
    Dataset data;                           ///< its rows are as the file has them
    std::shared_ptr<const RowSource> rows;  ///< as they are now; excluded ones are still there
    std::vector<std::uint32_t> used;        ///< those that are not excluded, ascending
    JournalView edits;
    Findings findings;  ///< of the rows in use as they are now, and of the file

    /// NoUsableRows if every row is excluded.
    Result<> checkUsed() const;
    std::uint64_t excludedRows() const { return data.rows->size() - used.size(); }
    /// How many of `used` do not have the file's texts.
    std::uint64_t editedRows() const;
    /// "12 edited rows are no longer in pairs.jsonl; ...": sentences on edits that do not count here, and on
    /// votes that rows do not follow.
    std::vector<std::string> notes() const;
};

/// Opens a dataset and applies its edits. Errors of Dataset::open and Journal::read.
Result<EditedDataset> openEditedDataset(const std::filesystem::path& path, const DatasetOptions& options,
                                        const EditSource& edits, const ProgressSink& progress, std::stop_token stop);

}  // namespace preflab
