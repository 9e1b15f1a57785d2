// SPDX-License-Identifier: GPL-3.0-or-later
// CSV to rows, of which each stands in the line in which its record begins.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/findings.h"
#include "core/data/ingest/row_writer.h"

#include <stop_token>

namespace preflab {

/// Writes a JSON object per record of `source` (a header, then RFC 4180) into `target`, without committing it: every
/// field a text, or a list of messages where the answers of the first records are such lists. A record that begins in
/// line 17 is line 17 of `target`, whose other lines are blank. The value holds the lines that were left out, and why:
/// other fields than the header's, bytes that are no UTF-8, a quotation mark without a partner or with a wrong one.
/// ConversionFailed without a header, Cancelled, WriteFailed, FileUnreadable.
Result<Findings> writeCsvRows(const FileReader& source, RowWriter& target, const ProgressSink& progress,
                              std::stop_token stop);

}  // namespace preflab
