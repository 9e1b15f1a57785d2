// SPDX-License-Identifier: GPL-3.0-or-later
// Files in UTF-16, as spreadsheets and PowerShell write them, to UTF-8.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/row_writer.h"

#include <stop_token>
#include <string_view>

namespace preflab {

/// True if a file that begins so is UTF-32: it has the byte order mark, or its first two characters are ASCII as UTF-32
/// has them.
bool isUtf32(std::string_view head);

/// True if a file that begins so, and for whose beginning isUtf32 does not hold, is UTF-16: it has the byte order mark, or, without one, its first two characters are ASCII
/// as UTF-16 has them, which no text in UTF-8 is.
bool isUtf16(std::string_view head);

/// Writes the text of `source`, for whose beginning isUtf16 holds, without its mark as UTF-8 into `target`, without
/// committing it. Surrogates without a partner and half a unit at the end become bytes that are no UTF-8, by which the
/// rows they stand in are left out. Cancelled, WriteFailed, FileUnreadable.
Result<> writeAsUtf8(const FileReader& source, RowWriter& target, const ProgressSink& progress, std::stop_token stop);

}  // namespace preflab
