// SPDX-License-Identifier: GPL-3.0-or-later
// The datasets that a project has edits of. A file's present content is a version of one. Used on the storage thread;
// everything throws DatabaseFault.
#pragma once

#include "core/base/statement.h"
#include "core/data/rows/row_identity.h"

#include <cstdint>
#include <string>
#include <vector>

namespace preflab {

/// What a file is, as the registry looks for it.
struct DatasetFile {
    std::string path;         ///< as the project stores paths
    std::string contentHash;  ///< of its bytes
    const RowIdentities& rows;
};

/// The dataset that was at that path, or else the one that had that content; 0: neither is known.
std::int64_t findDataset(Connection& connection, const DatasetFile& file);
/// All datasets that have changes.
std::vector<std::int64_t> changedDatasets(Connection& connection);
/// Where a dataset was last, as the project stores paths; empty: not known.
std::string lastPath(Connection& connection, std::int64_t dataset);
/// True if more than half of what the dataset last consisted of is in the file.
bool isLikeDataset(Connection& connection, const DatasetFile& file, std::int64_t dataset);
/// A dataset without a file.
std::int64_t addDataset(Connection& connection);
/// True if that path and content are noted as the dataset's.
bool isNoted(Connection& connection, const DatasetFile& file, std::int64_t dataset);
/// Notes the file as what the dataset is now.
void noteFile(Connection& connection, const DatasetFile& file, std::int64_t dataset);

}  // namespace preflab
