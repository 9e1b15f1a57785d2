// SPDX-License-Identifier: GPL-3.0-or-later
// Any data file as a row file: as it is, or made once in the cache and found there again by content hash.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/data/ingest/row_file.h"
#include "core/data/ingest/source_kind.h"

#include <filesystem>
#include <stop_token>
#include <string>

namespace preflab {

/// Where a data file's rows can be read.
struct RowFile {
    std::filesystem::path path;
    RowNaming naming = RowNaming::Line;
    Findings findings;  ///< what inflating and converting found
};

/// The row file of `source`. A cached file is used if its size and hash are those it was written with, and made anew
/// otherwise. NotTheContent, EmptyDataset, UnknownDataFormat, DataInvalid (gzip), ConversionFailed, Cancelled, WriteFailed, DiskFull.
Result<RowFile> rowFileOf(const FileReader& source, const std::string& contentHash,
                          const std::filesystem::path& cacheFolder, const ProgressSink& progress, std::stop_token stop);

}  // namespace preflab
