// SPDX-License-Identifier: GPL-3.0-or-later
// Downloads that are not the file: a Git LFS pointer, a web page, a server's error, a Parquet file cut short.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preflab {

/// What lies in a file's place, in words for ErrorCode::NotTheContent.
struct WrongContent {
    std::string found;   ///< "a web page titled \"Sign in\""
    std::string remedy;  ///< "download the file itself"
};

/// Judges a file by its first bytes (4 KiB are enough) and its size in bytes. Nothing if it may be the real file.
std::optional<WrongContent> wrongContent(std::string_view head, std::uint64_t fileBytes);

/// NotTheContent for a file that stands for another one, or is half of one; the reader's errors. Reads a few KiB.
Result<> checkContent(const FileReader& file);

}  // namespace preflab
