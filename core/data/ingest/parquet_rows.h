// SPDX-License-Identifier: GPL-3.0-or-later
// Parquet to rows, through DuckDB.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/row_writer.h"

#include <filesystem>
#include <stop_token>

namespace preflab {

/// Writes a JSON object per row of a Parquet file into `target`, without committing it. Columns keep their own types,
/// nested lists and structs are JSON. NaN and infinities become null, and so do columns of bytes that are no text
/// (UTF-8). ConversionFailed, Cancelled, WriteFailed.
Result<> writeParquetRows(const std::filesystem::path& source, RowWriter& target, const ProgressSink& progress,
                          std::stop_token stop);

}  // namespace preflab
