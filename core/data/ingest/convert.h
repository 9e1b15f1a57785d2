// SPDX-License-Identifier: GPL-3.0-or-later
// Parquet, CSV and JSON arrays to rows, through DuckDB, which infers no types: texts stay texts.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/data/ingest/row_writer.h"
#include "core/data/ingest/source_kind.h"

#include <filesystem>
#include <stop_token>

namespace preflab {

/// Writes a JSON object per row of `source` into `target`, without committing it. Parquet keeps its own types, with
/// nested lists and structs as JSON; CSV (a header, RFC 4180) gives texts; elements of JSON arrays keep their text. NaN
/// and infinities become null everywhere, and so do Parquet columns of bytes that are no text (UTF-8). The value holds CSV records that were left out. ConversionFailed, Cancelled, WriteFailed.
Result<Findings> convertToRows(const std::filesystem::path& source, SourceKind kind, RowWriter& target,
                               const ProgressSink& progress, std::stop_token stop);

}  // namespace preflab
