// SPDX-License-Identifier: GPL-3.0-or-later
// What a data file is, judged by its content; the name decides only where the content leaves it open.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/result.h"

#include <filesystem>
#include <string>

namespace preflab {

/// Kinds of data files.
enum class SourceKind {
    Lines,        ///< newline-delimited JSON: a row file as it is
    JsonRecords,  ///< an array, or objects that run over several lines each
    Csv,
    Parquet,
    Gzip,
    Utf16,
};

/// The extension of a file's name in lower case: ".jsonl".
std::string lowerExtension(const std::filesystem::path& path);
/// The same of what is packed in a gzip file: ".csv" of "data.csv.gz".
std::string unpackedExtension(const std::filesystem::path& path);

/// The kind of a file that holds rows. NotTheContent (a download that is not the file), EmptyDataset,
/// UnknownDataFormat, ConversionFailed (UTF-32), FileUnreadable.
Result<SourceKind> sourceKindOf(const FileReader& file);

}  // namespace preflab
