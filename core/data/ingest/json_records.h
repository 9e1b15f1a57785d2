// SPDX-License-Identifier: GPL-3.0-or-later
// JSON arrays and pretty-printed JSON objects to rows, without ever holding more than one of them.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/findings.h"
#include "core/data/ingest/row_writer.h"

#include <stop_token>

namespace preflab {

/// Writes each element of a JSON array, or each of the objects that follow one another, into a line of `target` (see
/// strictLine), without committing it: what is wrong within an element is for the reader of lines to say. The value
/// holds elements that are missing or longer than kMaxRecordBytes, which are blank lines, and what is wrong with the
/// file as a whole. Cancelled, WriteFailed, FileUnreadable.
Result<Findings> writeJsonRecords(const FileReader& source, RowWriter& target, const ProgressSink& progress,
                                  std::stop_token stop);

}  // namespace preflab
