// SPDX-License-Identifier: GPL-3.0-or-later
// A file of lines, read front to back in blocks of whole lines.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/hash.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preflab {

/// A longer record is hostile or broken; it is reported and skipped, not read.
inline constexpr std::uint64_t kMaxRecordBytes = std::uint64_t{64} << 20;
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Bytes at the beginning of a file by which its kind is told.
inline constexpr std::size_t kHeadBytes = std::size_t{64} << 10;

/// The first kHeadBytes, without a byte order mark.
Result<std::string> readHead(const FileReader& file);

/// Consecutive whole lines of a file.
struct LineBlock {
    std::uint64_t offset = 0;  ///< where the block begins in the file
    std::uint64_t bytes = 0;   ///< how much of the file it covers
    std::string text;          ///< its lines with their ends; empty if `isOverlong`
    bool isOverlong = false;   ///< one line of more than kMaxRecordBytes
};

/// Reads blocks one after the other. The last line may lack its end.
class LineBlocks {
public:
    /// `file` must outlive this.
    explicit LineBlocks(const FileReader& file) : m_file(file) {}
    /// The next block, or nothing at the end of the file.
    Result<std::optional<LineBlock>> next();
    /// XXH3-128 of all bytes read so far; of the file once `next` gave nothing.
    std::string hash() const { return m_hash.hex(); }

private:
    Result<std::size_t> append(std::string& text);
    Result<std::optional<LineBlock>> skipOverlong();

    const FileReader& m_file;
    std::uint64_t m_readTo = 0;  ///< everything before is in blocks or in m_rest
    ContentHash m_hash;
    std::string m_rest;  ///< the beginning of a line whose end has not been read
};

/// A line without "\n" or "\r\n".
std::string_view withoutLineEnd(std::string_view line);
/// True if there is nothing but spaces, tabs and line ends.
bool isBlank(std::string_view text);

}  // namespace preflab
