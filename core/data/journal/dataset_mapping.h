// SPDX-License-Identifier: GPL-3.0-or-later
// The mapping of columns that a project keeps with a dataset, so that its file is read the same way wherever it is opened.
#pragma once

#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/data/rows/column_mapping.h"
#include "core/project/project.h"

#include <filesystem>

namespace preflab {

/// What the project keeps for the file at that path; plain where it keeps nothing. DatabaseFailed, or ProjectInvalid for
/// what is no mapping. Not from the storage thread.
Result<ColumnMapping> keptMapping(Project& project, const std::filesystem::path& path);

/// The columns of held-out pairs: what the project keeps for their file, or else those of the data that is trained on.
/// Errors of keptMapping.
Result<ColumnMapping> keptEvalColumns(Project& project, const std::filesystem::path& path,
                                      const ColumnMapping& trained);

/// Keeps the mapping by which `data` was read, if that is news. ProjectReadOnly, DatabaseFailed.
Result<> keepMapping(Project& project, const Dataset& data);

}  // namespace preflab
