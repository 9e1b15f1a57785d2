// SPDX-License-Identifier: GPL-3.0-or-later
// The one file that rows are read from: newline-delimited JSON, addressed by byte offsets, parsed per row.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/data/ingest/format.h"
#include "core/data/rows/row_identity.h"

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// What a row of a row file is called in messages.
enum class RowNaming {
    Line,    ///< the user's own file: "line 17, column 3: ..."
    Record,  ///< a converted file: "record 17: ..."
};

/// Where the lines of a row file are, and which of them are rows. 8 bytes a line.
struct RowIndex {
    std::vector<std::uint64_t> starts;   ///< of every line
    std::vector<std::uint32_t> skipped;  ///< lines that are blank or bad, ascending
    std::uint64_t end = 0;               ///< of the last line
    std::uint32_t size() const { return static_cast<std::uint32_t>(starts.size() - skipped.size()); }
    /// The 0-based line of a row.
    std::uint32_t lineOf(std::uint32_t row) const;
};

/// What is wrong with a line, before its number is known.
struct RowFault {
    std::uint64_t column = 0;  ///< 1-based, in characters; 0: the row as a whole
    std::string reason;
};

/// A line read by a format, or why it is not a row. `text` is without line end and byte order mark. `record` gets the
/// hash of its record.
tl::expected<Row, RowFault> readRow(std::string_view text, const FormatInfo& format, Hash128* record = nullptr);

/// Random access to the rows of a scanned file.
std::shared_ptr<const RowSource> makeRowSource(FileReader file, RowIndex index, const FormatInfo& format);

}  // namespace preflab
