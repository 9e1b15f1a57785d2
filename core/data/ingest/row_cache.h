// SPDX-License-Identifier: GPL-3.0-or-later
// Any data file as a row file: as it is, or made once in the cache and found there again by content hash.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/base/scratch_folder.h"
#include "core/data/ingest/dataset.h"
#include "core/data/ingest/row_file.h"
#include "core/data/ingest/source_kind.h"

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

namespace preflab {

/// Where a data file's rows can be read.
struct RowFile {
    std::filesystem::path path;
    RowNaming naming = RowNaming::Line;
    Findings findings = {};  ///< what inflating and converting found
    /// XXH3-128 of a file of the cache as it was written; empty for the user's own file. It is compared with what the
    /// pass over the rows reads anyway.
    std::string hash = {};
    std::shared_ptr<const ScratchFolder> spare = {};  ///< where it lies if the cache cannot be written to
};

/// The row file of `source`, which is of `kind`: the file itself for lines; else a cached file of the size it was
/// written with, or one that is made, in a spare folder if the cache cannot be written to. `contentHash` is of `source`,
/// and not asked for lines. NotTheContent, EmptyDataset, UnknownDataFormat, DataInvalid (gzip), ConversionFailed,
/// Cancelled, WriteFailed, DiskFull.
Result<RowFile> rowFileOf(const FileReader& source, SourceKind kind, const std::string& contentHash,
                          const std::filesystem::path& cacheFolder, const ProgressSink& progress, std::stop_token stop);

/// Takes a file of the cache out of use, so that it is made anew.
void forgetRowFile(const RowFile& file);

}  // namespace preflab
