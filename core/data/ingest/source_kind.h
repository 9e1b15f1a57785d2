// SPDX-License-Identifier: GPL-3.0-or-later
// What a data file is, judged by its content; the name decides only where the content leaves it open.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/result.h"

namespace preflab {

/// Kinds of data files.
enum class SourceKind {
    Lines,  ///< newline-delimited JSON: a row file as it is
    JsonArray,
    Csv,
    Parquet,
    Gzip,
    Empty,  ///< nothing, or nothing but white space
    Unknown,
};

/// The kind of a file.
Result<SourceKind> sniffSource(const FileReader& file);

}  // namespace preflab
